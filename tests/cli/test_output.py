"""What is printed with --json, and where a fault goes."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
from pathlib import Path

from ragdesk.cli.output import answer_record
from ragdesk.domain.conversation import Answer, Citation, Sentence, ShelfChance, Value
from ragdesk.domain.document import Span
from ragdesk.store.home import Home

ANSWER = Answer(
    text="A call-out costs 48 € net. [1]\n\nA call-out costs 45 € net. [2]",
    short="48 €",
    refused=False,
    answerer="quote",
    strength=0.9,
    citations=(
        Citation(1, "new", "lists/2026.pdf", "Prices", True, (Span(3, 0, 26),),
                 "A call-out costs 48 € net.", (Span(3, 17, 4),)),
        Citation(2, "old", "2025.txt", "Prices", False, (Span(1, 0, 26),),
                 "A call-out costs 45 € net.", (Span(1, 17, 4),)),
    ),
    sentences=(
        Sentence("A call-out costs 48 € net.", True, (1,)),
        Sentence("A call-out costs 45 € net.", True, (2,)),
    ),
    kind="words",
    shelves=(ShelfChance("s1", "Prices", 0.81234, ("call-out",)), ShelfChance("s2", "Staff", 0.1)),
)  # fmt: skip
VALUES = (Value("48 €", 1, "2026"), Value("45 €", 2))


def test_json_holds_all_of_it() -> None:
    answer = dataclasses.replace(ANSWER, kind="values", values=VALUES, items=VALUES[:1])
    record = json.loads(json.dumps(answer_record("q1", "How much?", answer)))
    assert record["kind"] == "values"
    assert record["values"] == [
        {"text": "48 €", "number": 1, "dated": "2026"}, {"text": "45 €", "number": 2, "dated": ""},
    ]  # fmt: skip
    assert record["items"] == record["values"][:1]
    assert record["shelves"][0] == {"collection": "Prices", "chance": 0.812, "why": ["call-out"]}
    assert [c["marked"] for c in record["citations"]] == [
        [{"page": 3, "start": 17, "length": 4}], [{"page": None, "start": 17, "length": 4}],
    ]  # fmt: skip
    assert [c["spans"][0]["page"] for c in record["citations"]] == [3, None]


FAULTY = """
import argparse, sys
from ragdesk import cli

def fail(context):
    raise ZeroDivisionError("planted")

cli.parse = lambda argv: argparse.Namespace(home=sys.argv[1], json=False, run=fail)
sys.exit(cli.main(["ask"]))
"""


def test_a_fault_goes_into_the_log_and_never_on_the_screen(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.make()
    ran = subprocess.run(
        [sys.executable, "-c", FAULTY, str(home.folder)],
        check=False,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 5
    assert "planted" in ran.stderr
    assert "Traceback" not in ran.stdout + ran.stderr
    assert "ZeroDivisionError: planted" in home.log.read_text("utf-8")
