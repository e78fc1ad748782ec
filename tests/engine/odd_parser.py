"""A parser process of the tests that misbehaves by the file's name."""

from __future__ import annotations

import json
import os
import sys
import time

from ragdesk.adapters.parsers import wire
from ragdesk.domain.document import Page, Reading, Verdict

poisoned = False
for line in sys.stdin:
    name = json.loads(line)["path"]
    reading = Reading(Verdict.READY, pages=1)
    if name == "crash" or poisoned:
        os.abort()
    if name == "hang":
        time.sleep(600)
    if name == "poison":
        poisoned = True
    if name == "eat":
        try:
            bytearray(2 << 30)
        except MemoryError:
            reading = Reading(Verdict.TOO_LARGE)
    for number in range(1, 6 if name == "slow pages" else 2):
        time.sleep(0.6 if name == "slow pages" else 0)
        sys.stdout.buffer.write(wire.line(Page(number, "text")))
        sys.stdout.buffer.flush()
    sys.stdout.buffer.write(wire.line(reading))
    sys.stdout.buffer.flush()
