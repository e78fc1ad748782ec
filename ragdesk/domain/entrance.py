"""What a language model showed in its entrance exam on this computer."""

from __future__ import annotations

from dataclasses import dataclass

PASSED, FAILED, UNSURE = "passed", "failed", "unsure"


@dataclass(frozen=True, slots=True)
class Share:
    """`right` of `of`, and the range, 0 to 1, in which the true share lies with 95 % certainty."""

    right: int = 0
    of: int = 0
    low: float = 0.0
    high: float = 1.0

    @property
    def value(self) -> float | None:
        """None where nothing was asked that tells."""
        return self.right / self.of if self.of else None


@dataclass(frozen=True, slots=True)
class Entrance:
    """The result of an exam of `asked` questions out of `total`.

    `digest` is of the model's file and of its adapter, `layout` of the prompt: with another of
    either the result says nothing. `ended` is "all", "time" (no more fitted) or "stopped" (by a
    person). The shares: `right` are the answers to questions that the passages answer; `keeps`, the
    answers with nothing in them that stands in no passage; `cites`, the answers that point to the
    right passages and to no others; `refuses`, what is not in the passages and was refused;
    `refuses_wrongly`, what is there and was refused all the same. `seconds` is the median of an
    answer, `words_a_second` are of the answers alone, 0 where nothing was answered.
    """

    model: str
    digest: str
    layout: str
    asked: int
    total: int
    ended: str
    right: Share = Share()
    keeps: Share = Share()
    cites: Share = Share()
    refuses: Share = Share()
    refuses_wrongly: Share = Share()
    seconds: float = 0.0
    words_a_second: float = 0.0
    sat_at: float = 0.0  # seconds since 1970
