"""An exam's scores as the terminal prints them: counts in plain words. `--json` has all figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..services.score import wilson

# Each part of an exam: its heading, and for each of its counts the words. A count that no question
# of the file stands behind is left out, a part without any as well.
_PARTS = (
    (
        "Finding the place",
        {
            "hit@1": "found first of all",
            "hit@5": "found among the first five",
            "hit@10": "found among the first ten",
            "page_hit@10": "its page among the first ten",
        },
    ),
    (
        "Answering",
        {
            "right": "answer right: taken from the right place, or in the right words",
            "exact": "answer right word for word",
            "citation_recall": "a source shown holds the right answer",
            "citation_precision": "of all sources shown, those that hold the right answer",
            "refused_wrong": "wrongly refused, though the documents say it",
        },
    ),
    (
        "Refusing",
        {
            "refused_right": "rightly refused, for the documents do not say it",
            "absent_right": "rightly refused or answered with No, for there is no such thing",
        },
    ),
)
_WIDTH = 66  # characters in front of a count
_RANGES = (
    "In brackets: where the share lies with 95 % certainty. More questions make it narrower.\n"
    "All figures: --json"
)


def exam_words(scores: Mapping[str, Any]) -> str:
    """What `score.scores_of` came to."""
    counts, unplaced = scores["counts"], scores["without_evidence"]
    lines = [f"{_questions(scores['questions'])} asked."]
    for heading, names in _PARTS:
        found = [_line(words, *counts[name]) for name, words in names.items() if name in counts]
        if heading == "Finding the place" and unplaced:
            found.append(
                f"  not checked: {_questions(unplaced)}, because the file names no place for"
                f" {'it' if unplaced == 1 else 'them'}"
            )
        lines += ["", heading, *found] if found else []
    lines.append("")
    if (off := scores["calibration_error"]) is not None:
        lines.append(
            f"How sure RagDesk says it is, and how often it is right, differ by {100 * off:.0f} of"
            " 100 on average."
        )
    if (seconds := scores["seconds"]["answer_p50"]) is not None:
        lines.append(f"Half of the questions were answered within {seconds:.1f} seconds.")
    return "\n".join([*lines, _RANGES])


def _questions(count: int) -> str:
    return "1 question" if count == 1 else f"{count} questions"


def _line(words: str, count: int, of: int) -> str:
    between = wilson([True] * count + [False] * (of - count))
    assert between is not None
    low, high = (round(100 * share) for share in between)
    return f"  {words:<{_WIDTH}}{count} of {of}  ({low} to {high} %)"
