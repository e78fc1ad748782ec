"""Odd questions and odd collections, through the real program: an answer, or words that say why not.

No second is asserted: an odd question may take a few times as long as the slowest usual one of the
same run.
"""

from __future__ import annotations

import json
import random
import string
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

Lines = list[dict[str, Any]]

LONGEST = 1_000  # characters of a question that is asked
USUAL_TIMES = 10  # what an odd question may take, in slowest usual ones
OTHERS = 40  # leaves of other things that make the library one to search in

LEASE = (
    "# Lease\n\nEither party may end this lease with three months notice to the end of a quarter.\n"
)
LEAVE = (
    "# Staff\n\nEvery employee has 28 days of paid leave a year. Leave is asked four weeks ahead.\n"
)
SAW = "# Tools\n\nThe wet saw is serviced every six months by Brandt Machines.\n"
GEORGIAN = "ფილების გარანტია ათ წელს გრძელდება მიწოდების დღიდან. მაღაზია ცხრა საათზე იღება.\n"
AMHARIC = "የሰድር ዋስትና ከተረከበበት ቀን ጀምሮ ለአሥር ዓመታት ይቆያል። ሱቁ በሦስት ሰዓት ይከፈታል።\n"
EMOJI = "🏖️🗓️✈️ 🧱🧰🔨 💶💶💶\n"
COPY = (
    "The warranty on every tile that we sell lasts ten years from the day of delivery. It covers"
    " cracks that come of the making, and no cracks that come of the laying. Whoever claims it"
    " sends the bill and a picture of the tile, and gets a new one or the money back. " * 3
)

USUAL = [
    "How many days of paid leave does an employee have?",
    "How much notice ends the lease?",
    "Who services the wet saw, and how often?",
]
_CHANCE = random.Random(7)
ODD = {
    "one word": "leave",
    "only small words": "the of and",
    "no word": "??!! ...",
    "two languages": "Wie viele Urlaubstage hat an employee who started in März?",
    "capitals": "HOW MANY DAYS OF PAID LEAVE DOES AN EMPLOYEE HAVE?",
    "operators": '"NEAR(leave, 3)" AND OR NOT * ^ text:leave {a b} \'; DROP TABLE passages; -- ((\\ %',
    "quotes": "\"'«»„“`" * 100,
    "no characters": "how many \udcff days\u0000 of leave",
    "marks that are not seen": "\u202e\u200f\u200b\ufeff",
    "a heap of accents": "a" + "\u0301" * 900,
    "letters without a space": "x" * LONGEST,
    "words, all different": " ".join(
        "".join(_CHANCE.choices(string.ascii_lowercase, k=5)) for _ in range(LONGEST)
    )[:LONGEST],
    "Chinese at its longest": ("员工每年有多少天带薪假期" * LONGEST)[:LONGEST],
    "numbers at their longest": ("1.1" * LONGEST)[:LONGEST],
    "Georgian": "რამდენ წელს გრძელდება ფილების გარანტია?",
    "Amharic": "የሰድር ዋስትና ስንት ዓመት ይቆያል?",
    "emoji": "🏖️🗓️❓",
}


def ragdesk(*arguments: str, home: Path, cwd: Path | None = None) -> tuple[int, Lines]:
    """One command of the real program: exit status and its JSON lines. Never a traceback."""
    done = subprocess.run(
        [sys.executable, "-m", "ragdesk", *arguments, "--home", str(home), "--json"],
        capture_output=True, stdin=subprocess.DEVNULL, cwd=cwd, check=False,
    )  # fmt: skip
    assert b"Traceback" not in done.stderr
    return done.returncode, [json.loads(line) for line in done.stdout.decode().splitlines()]


def ask_all(questions: Sequence[str], folder: Path, home: Path, *more: str) -> Lines:
    """The answers to these questions, asked in one call."""
    file = folder / "questions.jsonl"
    file.write_text("".join(json.dumps({"question": q}) + "\n" for q in questions), "utf-8")
    status, lines = ragdesk("ask", "--questions", str(file), *more, home=home)
    assert status in (0, 1)
    assert len(lines) == len(questions)
    return lines


def is_an_answer_or_says_why_not(line: dict[str, Any]) -> bool:
    """An answer has words and a citation; a refusal, whose words are for people, has neither."""
    return bool(line["answer"]) is bool(line["citations"]) is not line["refused"]


def seconds(lines: Lines) -> list[float]:
    return [float(line["seconds"]["total"]) for line in lines]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A folder of documents and the home that holds them; odd ones lie on shelves of their own."""
    folder = tmp_path_factory.mktemp("desk")
    home, docs = folder / "home", folder / "docs"
    docs.mkdir()
    for name, text in {"lease": LEASE, "staff": LEAVE, "tools": SAW}.items():
        (docs / f"{name}.md").write_text(text, encoding="utf-8")
    for number in range(OTHERS):
        text = f"# Order {number}\n\nOrder {number} of {number + 3} pallets went to yard {number % 7}.\n"
        (docs / f"order-{number}.md").write_text(text, encoding="utf-8")
    assert ragdesk("add", "docs", home=home, cwd=folder)[0] == 0
    for shelf, text in {"Georgian": GEORGIAN, "Amharic": AMHARIC, "Emoji": EMOJI}.items():
        (folder / f"{shelf}.txt").write_text(text, encoding="utf-8")
        status, lines = ragdesk("add", f"{shelf}.txt", "--collection", shelf, home=home, cwd=folder)
        assert status in (0, 1), lines
    return folder, home


def test_odd_questions_are_answered_or_told_why_not_in_the_usual_time(
    desk: tuple[Path, Path],
) -> None:
    folder, home = desk
    # The first three wait for the models; what they take is no measure.
    lines = ask_all([*USUAL, *USUAL, *ODD.values()], folder, home)
    usual, odd = lines[len(USUAL) : 2 * len(USUAL)], lines[2 * len(USUAL) :]
    assert not any(line["refused"] for line in usual)
    wrong = [
        name for name, line in zip(ODD, odd, strict=True) if not is_an_answer_or_says_why_not(line)
    ]
    assert wrong == []
    slowest = USUAL_TIMES * max(seconds(usual))
    slow = {name: s for name, s in zip(ODD, seconds(odd), strict=True) if s > slowest}
    assert slow == {}, f"the slowest usual one: {max(seconds(usual))} s"


@pytest.mark.parametrize(
    "question", ["no word", "no characters", "emoji", "letters without a space"]
)
def test_a_refusal_has_words_for_people(desk: tuple[Path, Path], question: str) -> None:
    asked = ODD[question].replace("\0", " ")
    command = [sys.executable, "-m", "ragdesk", "--home", str(desk[1]), "ask", asked]
    done = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, check=False)
    assert done.returncode in (0, 1)
    assert done.stdout.decode().strip()
    assert b"Traceback" not in done.stderr


def test_capitals_change_nothing(desk: tuple[Path, Path]) -> None:
    folder, home = desk
    plain, loud = ask_all([USUAL[0], USUAL[0].upper()], folder, home)
    assert loud["citations"][0]["path"] == plain["citations"][0]["path"] == "docs/staff.md"


@pytest.mark.parametrize("question", ["", "  \n ", "a" * 100_000, "leave " * 16_000])
@pytest.mark.parametrize("command", ["ask", "search"])
def test_no_question_and_far_too_long_a_one_are_told_so(
    desk: tuple[Path, Path], command: str, question: str
) -> None:
    status, (line,) = ragdesk(command, question, home=desk[1])
    assert status == 2
    assert line["error"] in ("question_empty", "question_too_long")
    assert line["message"]


@pytest.mark.parametrize(
    ("shelf", "question"),
    [("Georgian", ODD["Georgian"]), ("Amharic", ODD["Amharic"])],
)
def test_a_language_that_nobody_expected_is_found_by_its_words(
    desk: tuple[Path, Path], shelf: str, question: str
) -> None:
    _, home = desk
    status, (line,) = ragdesk("search", question, home=home)
    assert status == 0
    assert line["hits"][0]["path"] == f"{shelf}.txt"


@pytest.mark.parametrize("shelf", ["Georgian", "Amharic", "Emoji"])
def test_a_collection_of_one_passage_answers_or_says_why_not(
    desk: tuple[Path, Path], shelf: str
) -> None:
    folder, home = desk
    lines = ask_all([*USUAL, ODD.get(shelf, ODD["emoji"])], folder, home, "--collection", shelf)
    assert all(map(is_an_answer_or_says_why_not, lines))
    named = {place["path"] for line in lines for place in line["citations"]}
    assert named <= {f"{shelf}.txt"}


def test_a_document_that_was_just_removed_answers_no_more(tmp_path: Path) -> None:
    home = tmp_path / "home"
    for name, text in {"lease": LEASE, "staff": LEAVE}.items():
        (tmp_path / f"{name}.md").write_text(text, encoding="utf-8")
    assert ragdesk("add", "lease.md", "staff.md", home=home, cwd=tmp_path)[0] == 0
    (before,) = ask_all([USUAL[0]], tmp_path, home)
    assert before["citations"][0]["path"] == "staff.md"
    assert ragdesk("remove", "staff.md", home=home, cwd=tmp_path)[0] == 0
    (after,) = ask_all([USUAL[0]], tmp_path, home)
    assert is_an_answer_or_says_why_not(after)
    assert "staff.md" not in json.dumps(after)
    assert ragdesk("remove", "lease.md", home=home, cwd=tmp_path)[0] == 0
    (empty,) = ask_all([USUAL[0]], tmp_path, home)
    assert empty["refused"]


def copies(tmp_path: Path, count: int) -> None:
    """So many copies of one passage, with one other: an answer shows each text once."""
    home = tmp_path / "home"
    (tmp_path / "one.txt").write_text(COPY, encoding="utf-8")
    (tmp_path / "copies.txt").write_text("\n\n".join([COPY] * count), encoding="utf-8")
    (tmp_path / "lease.md").write_text(LEASE, encoding="utf-8")
    assert (
        ragdesk("add", "one.txt", "lease.md", "--collection", "One", home=home, cwd=tmp_path)[0]
        == 0
    )
    status, lines = ragdesk("add", "copies.txt", "--collection", "Copies", home=home, cwd=tmp_path)
    assert status == 0
    assert lines[-1]["passages"] >= count / 2
    questions = ["How long does the warranty on a tile last?", USUAL[1], "tile"]
    few = ask_all([*questions, *questions], tmp_path, home, "--collection", "One")[3:]
    many = ask_all([*questions, *questions], tmp_path, home)[3:]
    assert all(map(is_an_answer_or_says_why_not, many))
    assert not many[0]["refused"]
    assert many[1]["citations"][0]["path"] == "lease.md"
    quotes = [place["quote"] for place in many[0]["citations"]]
    assert len(quotes) == len(set(quotes))
    assert max(seconds(many)) <= USUAL_TIMES * max(seconds(few))


def test_a_thousand_copies_of_one_passage(tmp_path: Path) -> None:
    copies(tmp_path, 1_000)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_twenty_thousand_copies_of_one_passage(tmp_path: Path) -> None:
    copies(tmp_path, 20_000)
