"""Practice questions from a terminal: listed, reviewed key by key, taken in and written out."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from ragdesk.domain.document import Span
from ragdesk.domain.training import Pair, PairSource, PairState
from ragdesk.services.examine import load_questions
from ragdesk.store.assistants import Assistants
from ragdesk.store.database import Database
from ragdesk.store.home import Home
from ragdesk.store.pairs import Pairs
from tests.store.filling import put

from .test_commands import call, words

TEXTS = ["The notice period is three months.", "Rent is 1,850 euro and due early."]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = Home(tmp_path / "home")
    home.make()
    database = Database.for_writing(home)
    lease = put(database, "papers/lease.txt", TEXTS).document_id
    assert lease is not None
    owner = Assistants(database).create("Leases", None)
    notice = Pair(
        "p1", "How long is the notice period?", "three months", lease, 0, TEXTS[0],
        (Span(1, 0, 34),), 21, 33, kind="definition", usefulness=3.0,
    )  # fmt: skip
    rent = Pair("p2", "Rent", "", lease, 1, TEXTS[1], (Span(2, 0, 33),), kind="faq", usefulness=2.0)
    dogs = Pair("p3", "Are dogs allowed?", "", "", 0, kind="absent", usefulness=1.0)
    old = Pair("p4", "Old?", "x", lease, 0, state=PairState.REJECTED, reason="novelty", kind="faq")
    Pairs(database).add(owner.id, [notice, rent, dogs, old])
    database.close()
    return home.folder


def kept(home: Path) -> dict[str, Pair]:
    database = Database.for_reading(Home(home))
    [owner] = Assistants(database).all()
    found = {pair.id: pair for pair in Pairs(database).all(owner.id)}
    database.close()
    return found


def review(home: Path, keys: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "ragdesk", "pairs", "review", "--home", str(home)],
        input=keys, capture_output=True, check=False, encoding="utf-8",
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    return done


def test_they_are_listed_with_state_answer_and_place(home: Path) -> None:
    status, lines = call("pairs", home=home)
    assert status == 0
    assert [line["id"] for line in lines] == ["p1", "p2", "p3", "p4"]
    assert (lines[0]["path"], lines[0]["answer"]) == ("papers/lease.txt", "three months")
    said = words("pairs", "list", "--assistant", "leases", home=home).splitlines()
    assert said[0] == (
        "[not looked at] How long is the notice period? → three months  (papers/lease.txt)"
    )
    assert said[2] == "[not looked at] Are dogs allowed? → the documents do not say it"
    assert said[3].startswith("[left out: novelty] Old?")
    for before in (["--state", "rejected"], ["list", "--state", "rejected"]):
        assert [line["id"] for line in call("pairs", *before, home=home)[1]] == ["p4"]


def test_of_several_assistants_one_must_be_named(home: Path) -> None:
    database = Database.for_writing(Home(home))
    Assistants(database).create("Staff", None)
    database.close()
    status, (line,) = call("pairs", home=home)
    assert status == 2
    assert "Leases, Staff" in line["message"]
    assert len(call("pairs", "--assistant", "LEASES", home=home)[1]) == 4
    assert call("pairs", "--assistant", "Staff", home=home) == (0, [])


def test_a_person_says_right_wrong_or_skip(home: Path) -> None:
    done = review(home, "r\nw\ns\n")
    assert done.returncode == 0
    assert [kept(home)[name].state for name in ("p1", "p2", "p3")] == ["right", "wrong", "skipped"]
    assert "1 of 3\n  How long is the notice period?\n  → three months" in done.stderr
    assert "The notice period is three months.\n    papers/lease.txt" in done.stderr
    assert "page" not in done.stderr  # a text file has none
    assert done.stdout == "3 practice questions looked at, 0 left.\n"
    assert "no practice questions to look at" in review(home, "").stderr


def test_a_slip_is_undone_whole_and_enough_is_enough(home: Path) -> None:
    done = review(home, "u\nx\nr\nw\nu\nq\n")
    assert "There is nothing to undo." in done.stderr
    assert [kept(home)[name].state for name in ("p1", "p2", "p3")] == ["right", "made", "made"]
    assert done.stdout == "1 practice question looked at, 2 left.\n"


def test_the_end_of_what_is_typed_ends_the_review(home: Path) -> None:
    assert review(home, "r\n").stdout == "1 practice question looked at, 2 left.\n"
    assert review(home, "f\nHow").returncode == 0
    assert kept(home)["p2"].question == "Rent"


def test_a_question_put_right_is_a_persons_and_undone_is_what_it_was(home: Path) -> None:
    before = kept(home)["p1"]
    done = review(home, "f\n\nfour months\nf\nHow long is the notice?\nthe notice period\nq\n")
    assert "four months" in done.stderr  # it says that these words do not stand there
    after = kept(home)["p1"]
    assert (after.question, after.answer) == ("How long is the notice?", "The notice period")
    assert (after.source, after.state) == (PairSource.PERSON, PairState.RIGHT)
    Path(home / "engine.lock").unlink()
    review_home = kept(home)["p2"]
    review(home, "f\nHow much is the rent?\n1,850 euro\nu\nq\n")
    assert kept(home)["p2"] == review_home
    assert before.source is PairSource.DOCUMENT


def test_what_nothing_answers_is_said_with_one_key_and_undone(home: Path) -> None:
    before = kept(home)["p1"]
    assert review(home, "n\nq\n").returncode == 0
    after = kept(home)["p1"]
    assert (after.absent, after.answer, after.state) == (True, "", PairState.RIGHT)
    database = Database.for_writing(Home(home))
    Pairs(database).put(Assistants(database).all()[0].id, before)
    database.close()
    review(home, "n\nu\nq\n")
    assert kept(home)["p1"] == before


def test_a_question_of_ones_own_is_added_with_its_place_or_without_any(home: Path) -> None:
    status, (line,) = call(
        "pairs", "add", "When is the rent due?", "--answer", "early", "--document", "lease.txt",
        home=home,
    )  # fmt: skip
    assert (status, line["answer"], line["quote"]) == (0, "early", TEXTS[1])
    assert (line["source"], line["state"], line["start"]) == (
        "person",
        "right",
        TEXTS[1].index("early"),
    )
    status, (line,) = call("pairs", "add", "Who owns the boat?", "--absent", home=home)
    assert (status, line["kind"], line["document_id"]) == (0, "absent", "")
    assert len(kept(home)) == 6


@pytest.mark.parametrize(
    "said",
    [
        [],
        ["--answer", "early"],
        ["--document", "lease.txt"],
        ["--answer", "early", "--document", "gone.txt"],
        ["--answer", "late", "--document", "lease.txt"],
        ["--answer", "early", "--quote", "Nothing of the kind stands there."],
        ["--absent", "--answer", "early"],
    ],
)
def test_a_question_of_ones_own_must_say_where_its_answer_stands(
    home: Path, said: list[str]
) -> None:
    status, (line,) = call("pairs", "add", "When is the rent due?", *said, home=home)
    assert (status, line["error"] in ("wrong_use", "not_found")) == (2, True)
    assert len(kept(home)) == 4


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_what_is_written_out_is_taken_in_again(home: Path, tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"out.{ending}"
    before = kept(home)
    status, (line,) = call("pairs", "export", file.name, home=home, cwd=tmp_path)
    assert (status, line["exported"]) == (0, 4)
    status, (line,) = call("pairs", "import", str(file), home=home)
    assert (status, line["imported"], line["troubles"]) == (0, 4, [])
    assert kept(home) == before


def test_an_exam_reads_what_is_written_out(home: Path, tmp_path: Path) -> None:
    call("pairs", "export", "out.jsonl", home=home, cwd=tmp_path)
    questions = load_questions(tmp_path / "out.jsonl")
    assert [question.answers for question in questions[:3]] == [
        ("three months",), (TEXTS[1],), (),
    ]  # fmt: skip


def test_what_cannot_be_taken_in_is_said(home: Path, tmp_path: Path) -> None:
    for name in ("gone.csv", "pairs.xlsx"):
        status, (line,) = call("pairs", "import", str(tmp_path / name), home=home)
        assert (status, line["error"]) == (2, "wrong_use")
    file = tmp_path / "in.jsonl"
    file.write_text(json.dumps({"question": "Dogs?", "answer": None}) + "\n{\n", encoding="utf-8")
    status, (line,) = call("pairs", "import", str(file), home=home)
    assert (status, line["imported"]) == (1, 1)
    assert [trouble.split(":")[0] for trouble in line["troubles"]] == ["line 2"]
