"""RagDesk's own engine adds the same files, in a process of its own.

    python -m tests.benchmarks.ours HOME FILE.pdf...

Prints one JSON line. The engine's libraries are imported before the clock starts; loading the model
comes after. Its children (the readers, the index builder) import within the measured time: how
many there were is counted, so that their imports can be measured apart and left out.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np  # noqa: F401
import onnxruntime  # noqa: F401
import tokenizers  # noqa: F401

from ragdesk.domain.document import Verdict
from ragdesk.engine.build import build_engine
from ragdesk.messages import AddFiles, Event, JobChanged
from ragdesk.store.home import Home
from tests.benchmarks.measure import cpu_seconds, peak_mb

CHILD = "ragdesk.engine.child"
started_children: Counter[str] = Counter()


def note_children(event: str, arguments: tuple[Any, ...]) -> None:
    """An audit hook that counts the engine's children by the module they run."""
    if event == "subprocess.Popen" and CHILD in arguments[1]:
        words = arguments[1][arguments[1].index(CHILD) + 1 :]
        started_children[next(word for word in words if not word.startswith("-"))] += 1


def main(home: str, files: list[str]) -> None:
    """Add the files, wait until all is read, has vectors and lies in the index; print what it took."""
    read = threading.Event()
    read_at = 0.0

    def hear(event: Event) -> None:
        nonlocal read_at
        if isinstance(event, JobChanged) and event.kind == "add" and event.state == "done":
            read_at = time.perf_counter()
            read.set()

    sys.addaudithook(note_children)
    started, cpu = time.perf_counter(), cpu_seconds()
    engine = build_engine(Home(Path(home)), hear)
    engine.start()
    engine.handle(AddFiles(paths=tuple(files)))
    read.wait()
    engine.run_until_idle()
    ended = time.perf_counter()
    documents = [placed.document for placed in engine.documents.all()]
    vectors, waiting = engine.passages.count_vectors(), engine.passages.count_without_vector()
    newer = engine.passages.count_vectors(above=engine.index.covered())
    engine.stop()
    used = cpu_seconds() - cpu
    assert all(found and found.verdict is Verdict.READY for found in documents), documents
    assert waiting == 0
    print(
        json.dumps(
            {
                "files": len(documents),
                "pages": sum(found.pages for found in documents if found),
                "passages": vectors,
                "not_yet_in_the_index": newer,
                "read_seconds": read_at - started,
                "seconds": ended - started,
                "cpu_seconds": used,
                "children": dict(started_children),
                "peak_mb": peak_mb(),
            }
        )
    )


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
