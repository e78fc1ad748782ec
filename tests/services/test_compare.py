"""Holding texts against each other."""

from __future__ import annotations

import importlib.util
import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from ragdesk.domain.examination import Evidence
from ragdesk.services.compare import f1, hits, holds, normal, same_file, tokens


def test_equals_the_scoring_script_of_the_document_sets(data_set: Callable[[str], Path]) -> None:
    sets = [data_set(name) for name in ("handbook", "financebench", "multilingual")]
    spec = importlib.util.spec_from_file_location("score", sets[0].parent / "score.py")
    assert spec is not None
    assert spec.loader is not None
    score = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(score)
    texts: list[str | None] = [
        None,
        "",
        " ",
        "...",
        "1,000.5 %",
        "ﬁne–print",
        "日本 語",
        "a\u00a0b",
    ]
    for folder in sets:
        for line in (folder / "questions.jsonl").read_text("utf-8").splitlines():
            question = json.loads(line)
            texts += [question["question"], question["answer"], *question["answers"]]
            texts += [evidence["text"] for evidence in question["evidence"]]
    assert len(texts) > 1000
    for text in texts:
        assert normal(text) == score.norm(text)
        assert tokens(text) == score.toks(text)
    chance = random.Random(1)
    for _ in range(3000):
        one, other = chance.choice(texts), chance.choice(texts)
        assert f1(one, other) == pytest.approx(score.f1(one, other))


def test_f1() -> None:
    assert f1("14 days", "14 Days.") == 1.0
    assert f1("14 days", "within 14 days") == pytest.approx(0.8)
    assert f1("never", "14 days") == f1(None, "x") == f1("", "") == 0.0


@pytest.mark.parametrize(
    ("path", "same"),
    [
        ("docs/a.md", True), ("handbook/docs/a.md", True), ("/x/docs/a.md", True),
        ("otherdocs/a.md", False), ("a.md", False), ("docs/a.md.txt", False),
    ],
)  # fmt: skip
def test_a_file_is_known_by_the_end_of_its_path(path: str, same: bool) -> None:
    assert same_file(path, "docs/a.md") is same


LEASE = "The tenant pays the rent of 900 euros on the first working day of every month in advance."


@pytest.mark.parametrize(
    ("text", "evidence", "held"),
    [
        (f"Before. {LEASE} After.", LEASE, True),
        (LEASE.replace(" ", "  \n"), LEASE, True),
        (LEASE.replace("rent", "re-\nnt"), LEASE, True),
        ("pays the rent of 900 euros on the first", LEASE, True),
        (LEASE[: len(LEASE) * 6 // 10] + " and then quite another end of it all", LEASE, True),
        ("the tenant", LEASE, False),
        ("The owner mends the roof on any day of the year that suits him and the rain.", LEASE, False),
        (LEASE, "900 euros", True),
        ("", LEASE, False),
        ("...", "...", False),
    ],
)  # fmt: skip
def test_half_of_it_is_enough(text: str, evidence: str, held: bool) -> None:
    assert holds(text, evidence) is held


def test_the_file_counts_as_well() -> None:
    assert hits("docs/a.md", LEASE, Evidence("docs/a.md", None, LEASE))
    assert not hits("docs/b.md", LEASE, Evidence("docs/a.md", None, LEASE))
