"""A child of the tests that does as it is told, good or bad."""

from __future__ import annotations

import json
import os
import sys
import time

for line in sys.stdin:
    order = json.loads(line)
    if "say" in order:
        print(json.dumps(order["say"]), flush=True)
    if order.get("do") == "die":
        os.abort()
    if order.get("do") == "hang":
        time.sleep(600)
    if order.get("do") == "garbage":
        print("this is no message", flush=True)
    if order.get("do") == "eat":
        try:
            block = bytearray(order["bytes"])
            print(json.dumps({"ate": len(block)}), flush=True)
        except MemoryError:
            print(json.dumps({"ate": 0}), flush=True)
    if order.get("do") == "write":
        try:
            with open(order["path"], "wb") as file:
                file.write(b"x" * order["bytes"])
            print(json.dumps({"wrote": True}), flush=True)
        except OSError as error:
            print(json.dumps({"wrote": False, "why": error.strerror}), flush=True)
