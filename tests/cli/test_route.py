"""`ragdesk collections route`: where a question is looked for first, and why."""

from __future__ import annotations

import re
from pathlib import Path

from .test_commands import HANDBOOK, LEASE, call, words


def test_the_shelves_come_with_chances_and_reasons(tmp_path: Path) -> None:
    home = tmp_path / "home"
    for name, text in (("Flats", LEASE), ("Staff", HANDBOOK)):
        file = tmp_path / f"{name}.md"
        file.write_text(text, encoding="utf-8")
        assert call("add", str(file), "--collection", name, home=home)[0] == 0
    question = "Who services the wet saw?"
    status, lines = call("collections", "route", question, home=home)
    assert status == 0
    assert [line["name"] for line in lines] == ["Staff", "Flats"]
    assert lines[0]["chance"] > 0.6
    assert {"wet", "saw"} <= set(lines[0]["why"])
    printed = words("collections", "route", question, home=home)
    assert re.fullmatch(
        r"Staff is looked at first: the answer stands there with a chance of \d\d in 100,\n"
        r"  because it speaks most of “\w+”(, “\w+”)*\n"
        r"Flats: \d{1,2} in 100\n",
        printed,
    )
    assert call("collections", "route", " ", home=home)[0] == 2
    status, lines = call("collections", "route", "saw " * 300, home=home)
    assert (status, lines[0]["error"]) == (2, "question_too_long")


def test_with_one_shelf_there_is_nothing_to_choose(tmp_path: Path) -> None:
    home = tmp_path / "home"
    file = tmp_path / "lease.md"
    file.write_text(LEASE, encoding="utf-8")
    call("add", str(file), home=home)
    assert call("collections", "route", "rent", home=home) == (0, [])
