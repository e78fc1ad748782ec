"""Kill -9 of the engine at random moments: nothing lost, nothing doubled, everything findable."""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from ragdesk.domain.document import Verdict
from ragdesk.engine.build import build_reader
from ragdesk.messages import AddFiles, Ready, decode, encode
from ragdesk.services.match import expression, terms
from ragdesk.store.home import Home

KILLS = 30
FILES = 150


def _write_folder(folder: Path, chance: random.Random) -> None:
    """Texts of five paragraphs; every tenth file has a twin under another name."""
    folder.mkdir()
    sounds = [
        a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "ar", "el", "in", "or")
    ]

    def word() -> str:
        return "".join(chance.choice(sounds) for _ in range(chance.randint(2, 4)))

    for number in range(FILES):
        paragraphs = [" ".join(word() for _ in range(70)).capitalize() + "." for _ in range(5)]
        text = f"# {word().title()} {number}\n\n" + "\n\n".join(paragraphs) + "\n"
        (folder / f"{number:03}.md").write_text(text, encoding="utf-8")
        if number % 10 == 0:
            (folder / f"{number:03} copy.md").write_text(text, encoding="utf-8")


def _start(home: Path) -> subprocess.Popen[bytes]:
    engine = subprocess.Popen(
        [sys.executable, "-m", "ragdesk", "engine", "--home", str(home)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    assert engine.stdout is not None
    while not isinstance(decode(engine.stdout.readline()), Ready):
        continue  # work that was taken up again may tell of itself first
    return engine


def _kill(engine: subprocess.Popen[bytes]) -> None:
    os.kill(engine.pid, signal.SIGKILL)
    engine.communicate()


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is meant")
@pytest.mark.timeout(900)
def test_thirty_kills_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    chance = random.Random(20261124)
    folder, home = tmp_path / "desk", tmp_path / "home"
    _write_folder(folder, chance)
    unfinished = 0
    for round_ in range(KILLS):
        engine = _start(home)
        if round_ == 0:
            assert engine.stdin is not None
            engine.stdin.write(encode(AddFiles("", (str(folder),))).encode() + b"\n")
            engine.stdin.flush()
            time.sleep(0.3)  # the wish itself must have been committed once
        time.sleep(chance.uniform(0.05, 1.2))
        _kill(engine)
        unfinished += _unfinished(home)
    assert unfinished >= KILLS // 2, "most kills came after the work was done: they prove nothing"
    done = subprocess.run(
        [sys.executable, "-m", "ragdesk", "add", str(folder), "--home", str(home), "--json"],
        stdout=subprocess.PIPE, check=True,
    )  # fmt: skip
    files = FILES + FILES // 10
    assert json.loads(done.stdout.splitlines()[-1])["ready"] == files
    _assert_whole(home, files)


def _unfinished(home: Path) -> bool:
    parts = build_reader(Home(home))
    try:
        rows = parts.documents.all()
        return (
            any(row.document is None for row in rows) or parts.passages.count_without_vector() > 0
        )
    finally:
        parts.database.close()


def _assert_whole(home: Path, files: int) -> None:
    parts = build_reader(Home(home))
    rows = parts.documents.all()
    assert len(rows) == files
    assert {row.document.verdict for row in rows if row.document} == {Verdict.READY}
    assert len({row.place.absolute for row in rows}) == files
    for row in rows:
        with open(row.place.absolute, "rb") as file:
            assert hashlib.sha256(file.read()).hexdigest() == row.place.document_id
    assert parts.database.check() == []
    assert parts.passages.check_words() == []
    assert parts.passages.count_without_vector() == 0
    passages = [
        p
        for id_ in {row.place.document_id for row in rows}
        for p in parts.passages.of_document(id_ or "")
    ]
    assert len({p.id for p in passages}) == len(passages)
    misses = [p.id for p in passages if not _found(parts, p.text, p.document_id)]
    assert misses == []
    seqs, matrix = parts.passages.vectors_above(0)
    own = np.argmax(matrix @ matrix.T, axis=1)
    assert np.allclose((matrix * matrix[own]).sum(axis=1), 1.0, atol=1e-4)
    assert len(parts.passages.passages_of_vectors(seqs)) == len(passages)
    parts.database.close()


def _found(parts: object, text: str, document_id: str) -> bool:
    """Whether a passage (or its twin) comes first for its own text, by words and by meaning."""
    by_words = parts.passages.search_words(expression(terms(text)), 1)  # type: ignore[attr-defined]
    number = by_words[0][0]
    stored = parts.passages.get([number])[number]  # type: ignore[attr-defined]
    hits = parts.retriever.retrieve(text, 3)  # type: ignore[attr-defined]
    return stored.passage.text == text and any(hit.text == text for hit in hits)
