"""What `exam` prints: counts in plain words, and what was left out of them."""

from __future__ import annotations

import re

from ragdesk.cli.exam_words import exam_words
from ragdesk.domain.examination import Evidence, ExamQuestion
from ragdesk.services.score import Outcome, scores_of

PLACE = (Evidence("a.pdf", 1, "words"),)
ASKED = ExamQuestion("1", "q", ("three months",), PLACE)
NO_PLACE = ExamQuestion("2", "q", ("three months",), ())
NOWHERE = ExamQuestion("3", "q", (), ())
NO_SUCH = ExamQuestion("4", "q", ("No",), ())
OUTCOMES = [
    *[Outcome(ASKED, True, 1, page_hit=True, exact=True, f1=1.0, refused=False, right=True)] * 45,
    *[Outcome(ASKED, True, None, page_hit=False, exact=False, f1=0.0, refused=False, right=False)] * 4,
    *[Outcome(ASKED, True, 4, page_hit=True, exact=False, f1=0.0, refused=True, right=True)] * 3,
    *[Outcome(NO_PLACE, False, None, exact=False, f1=0.0, refused=False, right=False)] * 11,
    *[Outcome(NOWHERE, False, None, refused=True, right=False)] * 7,
    *[Outcome(NOWHERE, False, None, refused=False, right=False)] * 2,
]  # fmt: skip


def line(words: str, printed: str) -> str:
    (found,) = [one for one in printed.split("\n") if words in one]
    return " ".join(found.split())


def test_counts_stand_in_plain_words() -> None:
    printed = exam_words(scores_of(OUTCOMES))
    assert printed.startswith("72 questions asked.\n")
    assert line("first five", printed).startswith("found among the first five 48 of 52 (")
    assert line("found first", printed).endswith("45 of 52 (75 to 93 %)")
    assert line("not checked", printed) == (
        "not checked: 11 questions, because the file names no place for them"
    )
    # a refusal is no right answer, and without a place only the very words count
    assert " 45 of 63 (" in line("answer right:", printed)
    assert " 45 of 63 (" in line("word for word", printed)
    assert " 7 of 9 (" in line("rightly refused,", printed)
    assert " 3 of 63 (" in line("wrongly refused", printed)
    assert not re.search(r"hit@|mrr|f1\b|auroc|calibration|precision|recall", printed, re.I)


def test_what_was_not_asked_is_not_spoken_of() -> None:
    printed = exam_words(scores_of([Outcome(NOWHERE, False, None, refused=True, right=False)]))
    assert printed.startswith("1 question asked.\n")
    assert "Finding" not in printed
    assert "Answering" not in printed
    assert "not checked" not in printed
    one = exam_words(scores_of([Outcome(NO_PLACE, False, None, exact=False, refused=False)]))
    assert "not checked: 1 question, because the file names no place for it" in one
    absent = exam_words(scores_of([Outcome(NO_SUCH, False, None, absent_right=True)]))
    assert "1 of 1" in line("no such thing", absent)
    assert "not checked" not in absent
