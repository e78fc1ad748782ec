"""A child in the place of llama.cpp's that ends as it was told."""

from __future__ import annotations

import json
import os
import signal
import sys


def main() -> None:
    sys.stdin.readline()
    print(json.dumps({"importing": True}), flush=True)
    how = sys.argv[1]
    if how == "illegal":
        os.kill(os.getpid(), signal.SIGILL)
    elif how == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    elif how == "broken":
        os.abort()
    elif how == "garbage":
        print("this is no JSON", flush=True)
    elif how == "missing":
        print(json.dumps({"missing": "No module named 'xllamacpp'"}), flush=True)


if __name__ == "__main__":
    main()
