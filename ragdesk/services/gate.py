"""Whether a new version is offered, and why, in words. Pure.

The main measure must have risen beyond chance, and nothing else may have fallen. A fall is one of
more than `ALLOWED`. Where a thing was measured on fewer than `ENOUGH` questions, one of them is a
point or more and a fall of 2 points says nothing: there it must besides be beyond chance, its
whole range below nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..card_page import shares, told
from ..domain.assistant import Changed, Measure, Outcome

ALLOWED = 0.02  # what a thing that must not get worse may lose
ENOUGH = 100  # questions, from which on a fall counts by its size alone
TELLING = 150  # exam questions that tell a gain of 10 points from chance nearly always
LEAST = 30  # exam questions below which nothing is said
SLOWER = 1.5  # times as long as before is the most
UNFELT = 0.25  # seconds that nobody notices, however many times as long that is
_LOSING = 1e-9  # of the comparison of rounded shares

# Things that must not get worse, as a sentence says them, and whether more of it is better.
_GUARDED: Mapping[str, tuple[str, bool]] = {
    "found_in_five": ("the right page is among the first five", True),
    "cited": ("a source is shown that holds the answer", True),
    "refused_right": ("it says “not in your documents” where that is right", True),
    "refused_wrong": ("it says “not in your documents” though the answer is there", False),
    "confirmed": ("a question that you confirmed is answered right", True),
}
_OLD_STAYS = "Your old one stays."


def judge(
    measures: Sequence[Measure], questions: int, lost: Sequence[Changed] = ()
) -> tuple[Outcome, str]:
    """The outcome of an exam of so many `questions`, and its reason in whole sentences.

    `measures` and `lost` are those of `contrast.contrast`.
    """
    by_name = {measure.name: measure for measure in measures}
    right = by_name.get("right")
    if right is None or questions < LEAST:
        return Outcome.CANNOT_TELL, (
            f"The exam had {_counted(questions)}, and below {LEAST} nothing can be told."
            f" {_OLD_STAYS} What would help: more documents on this shelf, a larger model that"
            " writes questions, or your own questions about many of its documents."
        )
    fallen = falls(measures)
    rose = _end(right.low) > 0
    if _end(right.high) < 0:
        return Outcome.WORSE, _reason(f"It got worse: {told(right)}.", fallen, lost)
    if fallen:
        opening = "Right answers rose" if rose else "Right answers did not clearly change"
        return Outcome.WORSE, _reason(f"{opening}: {told(right)}.", fallen, lost)
    if not rose:
        opening = f"No clear difference: {told(right)}."
        return Outcome.NO_GAIN, _joined(opening, _OLD_STAYS, _blind(right, questions))
    opening = f"Right answers: {told(right)}."
    return Outcome.BETTER, _joined(
        opening, "Nothing else got clearly worse.", _wrong_now(lost), _unsure(questions)
    )


def falls(measures: Sequence[Measure]) -> list[str]:
    """What must not get worse and did, each as a part of a sentence."""
    found = []
    for measure in measures:
        if measure.before is None or measure.after is None:
            continue
        if measure.name == "seconds":
            longer = measure.after - measure.before
            if measure.after > SLOWER * measure.before and longer > UNFELT:
                found.append(f"an answer takes {measure.before:.1f} → {measure.after:.1f} seconds")
        elif measure.name in _GUARDED and _fell(measure):
            words, more_is_better = _GUARDED[measure.name]
            how = "less often" if more_is_better else "more often"
            found.append(f"{words} {how} ({shares(measure)})")
    return found


def notes_of(measures: Sequence[Measure], questions: int) -> tuple[str, ...]:
    """What a reader of the card is to know besides, in whole sentences."""
    few = [
        measure
        for measure in measures
        if measure.name in _GUARDED and 0 < measure.questions < ENOUGH
    ]
    notes = []
    if few:
        fewest = min(one.questions for one in few)
        notes.append(
            f"Some things were measured on few questions ({fewest} at the least): a fall counts"
            " there when it is more than chance explains."
        )
    if LEAST <= questions < TELLING:
        notes.insert(0, _unsure(questions))
    return tuple(notes)


def _fell(measure: Measure) -> bool:
    """Whether it got worse by more than is allowed, and by more than chance where it was asked little."""
    more_is_better = _GUARDED[measure.name][1]
    gain = _end(measure.after) - _end(measure.before)
    at_best = _end(measure.high)
    if not more_is_better:
        gain, at_best = -gain, -_end(measure.low)
    if gain >= -ALLOWED - _LOSING:
        return False
    return measure.questions >= ENOUGH or at_best < 0


def _reason(opening: str, fallen: Sequence[str], lost: Sequence[Changed]) -> str:
    but = f"But {'; and '.join(fallen)}." if fallen else ""
    return _joined(opening, but, _wrong_now(lost), _OLD_STAYS)


def _wrong_now(lost: Sequence[Changed]) -> str:
    confirmed = sum(one.confirmed for one in lost)
    if not confirmed:
        return ""
    if confirmed == 1:
        return "1 question that you confirmed is now answered wrong; it is listed first."
    return (
        f"{confirmed} questions that you confirmed are now answered wrong; they are listed first."
    )


def _unsure(questions: int) -> str:
    if questions >= TELLING:
        return ""
    return (
        f"With {_counted(questions)} in the exam this is less certain than it should be;"
        f" {TELLING} tell much more."
    )


def _blind(right: Measure, questions: int) -> str:
    """How large a gain would have had to be to be seen."""
    if (
        questions >= TELLING or right.low == right.high
    ):  # nothing moved: there is no range to tell by
        return ""
    least = _end(right.after) - _end(right.before) - _end(right.low)
    return (
        f"With {_counted(questions)} in the exam, a gain of less than about"
        f" {max(1, round(100 * least))} points cannot be seen."
    )


def _counted(questions: int) -> str:
    return "1 question" if questions == 1 else f"{questions} questions"


def _end(value: float | None) -> float:
    return 0.0 if value is None else value


def _joined(*sentences: str) -> str:
    return " ".join(sentence for sentence in sentences if sentence)
