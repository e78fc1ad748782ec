"""A small engine process for tests of the client: speaks the real lines, does what it is told.

The first argument says how it behaves; the second is a file in which it counts its starts.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from ragdesk.messages import AddFiles, Done, Failed, Leave, PauseJob, Ready, decode, encode


def say(*messages: object) -> None:
    for message in messages:
        print(encode(message), flush=True)


def main() -> int:
    how, counter = sys.argv[1], Path(sys.argv[2])
    starts = len(counter.read_text()) + 1 if counter.exists() else 1
    counter.write_text("x" * starts)
    if how == "in_use":
        return 3
    if how == "damaged":
        say(Failed("", "library_damaged", {"home": "/the/home"}))
        return 5
    print("starting", file=sys.stderr, flush=True)
    if how == "trouble":
        say(Failed("", "disk_full", {"home": "/the/home"}))
    say(Ready("0", "/the/home"))
    for line in sys.stdin:
        command = decode(line)
        if isinstance(command, Leave):
            if how == "stuck":
                time.sleep(60)
            say(Done(command.tag))
            return 0
        if isinstance(command, PauseJob):
            return 7  # dies with a command unanswered
        if isinstance(command, AddFiles):
            print("not a message", flush=True)
            say(Done(command.tag, command.paths[0]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
