"""The tables of `quality.py`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ragdesk.services.score import ORDER, Bin

NAMES = {
    "refused_right": "refused rightly",
    "refused_wrong": "refused wrongly",
    "absent_right": "no such thing: right",
    "citation_precision": "citation precision",
    "citation_recall": "citation recall",
    "calibration_error": "calibration error",
    "auroc": "AUROC of strength",
    "f1": "F1",
    "mrr@10": "MRR@10",
    "page_hit@10": "page hit@10",
}
SECONDS = {
    "ready": "seconds to get ready",
    "search_p50": "seconds a search, median",
    "answer_p50": "seconds an answer, median",
}


def side_by_side(sides: Mapping[str, Mapping[str, Any]]) -> str:
    """A line a measure, a column a side; what nobody has is left out."""
    lines = [["", *sides]]
    for name in ORDER[2:]:
        cells = [_cell(scores[name], scores["ranges"].get(name)) for scores in sides.values()]
        if any(cells):
            lines.append([NAMES.get(name, name), *cells])
    for name, words in SECONDS.items():
        cells = [_seconds(scores["seconds"][name]) for scores in sides.values()]
        if any(cells):
            lines.append([words, *cells])
    return columns(lines)


def reading_lines(reading: Mapping[str, Any]) -> str:
    """The reader's figures, one a line."""
    lines = [[f"the reader alone, {reading['questions']} questions", ""]]
    for name in ("right_passage", "exact", "f1", "auroc"):
        words = {"right_passage": "right passage of three", "auroc": "AUROC of there"}.get(name)
        cell = _cell(reading[name], reading["ranges"].get(name))
        if cell:
            lines.append([words or NAMES.get(name, name), cell])
    if reading["left_out"]:
        lines.append(["left out: no passage holds the evidence", str(reading["left_out"])])
    return columns(lines)


def bins_table(bins: Sequence[Bin]) -> str:
    """What share of the answers of each strength is right."""
    lines = [["strength", "questions", "mean", "right"]]
    lines += [
        [f"{one.low:.1f} to {one.low + 0.1:.1f}", str(one.questions), f"{one.strength:.2f}",
         f"{one.right:.2f}"]
        for one in bins
    ]  # fmt: skip
    return columns(lines)


def columns(lines: Sequence[Sequence[str]]) -> str:
    """The first column to the left, the others to the right."""
    widths = [max(len(line[n]) for line in lines) for n in range(len(lines[0]))]
    return "\n".join(
        "  ".join(
            text.rjust(width) if number else text.ljust(width)
            for number, (text, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def _cell(value: float | None, between: Sequence[float] | None) -> str:
    if value is None:
        return ""
    return _short(value) + (f" ({_short(between[0])}-{_short(between[1])})" if between else "")


def _short(share: float) -> str:
    return f"{share:.3f}".removeprefix("0")


def _seconds(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.0f}" if value >= 10 else f"{value:.3f}"
