"""What a model is to answer from: a question searched for whole, and part by part where it has parts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from ..domain.conversation import Answer, Hit, Step
from .answer import QuoteAnswerer
from .follow_up import Plan

TITLES = 3  # documents named with a search

Ask = Callable[[str, Callable[[str], None]], tuple[Answer, list[Hit]]]


@dataclass(frozen=True, slots=True)
class Sought:
    """What was found: `weak` where the evidence refuses every part, `gaps` where it does some.

    `quote` is the answer in quotes, with the steps taken, `hits` the passages, the best of each part
    first; `strength` is the calibrated chance of the weakest part; `seconds` were spent searching.
    """

    question: str
    quote: Answer
    hits: tuple[Hit, ...]
    strength: float
    weak: bool
    gaps: bool
    seconds: float


def asking(
    quotes: QuoteAnswerer, collection_id: str | None, passages_shown: int, caution: str
) -> Ask:
    """Asks `quotes`: a question and who hears its stages → its answer and the passages found."""

    def ask(question: str, on_stage: Callable[[str], None]) -> tuple[Answer, list[Hit]]:
        hits: list[Hit] = []
        answer = quotes.answer(
            question,
            collection_id,
            passages_shown=passages_shown,
            caution=caution,
            on_stage=on_stage,
            on_found=hits.extend,
        )
        return answer, hits

    return ask


def seek(
    ask: Ask,
    asked: str,
    plan: Plan,
    on_stage: Callable[[str], None],
    on_step: Callable[[Step], None],
) -> Sought:
    """Searches for what is planned for the question `asked`; `on_step` hears each step."""
    steps: list[Step] = []

    def step(kind: str, text: str) -> None:
        steps.append(Step(kind, text))
        on_step(steps[-1])

    if plan.question != asked:
        step("reworded", plan.question)
    quote, hits = ask(plan.question, on_stage)
    quotes: list[Answer] = []
    several: list[list[Hit]] = []
    for part in plan.parts:
        step("part", part)
        own, own_hits = ask(part, lambda stage: None)
        step("search", ", ".join(list(dict.fromkeys(hit.title for hit in own_hits))[:TITLES]))
        quotes.append(own)
        several.append(own_hits)
    parts = quotes or [quote]
    # Where the whole question finds nothing, what one of its parts finds is shown.
    shown = next((one for one in (quote, *quotes) if not one.refused), quote)
    return Sought(
        plan.question,
        replace(shown, steps=tuple(steps)),
        tuple(_joined([*several, hits])),
        min(one.strength for one in parts),
        all(one.refused for one in parts),
        any(one.refused for one in parts),
        sum(one.seconds.search for one in (quote, *quotes)),
    )


def _joined(several: Sequence[Sequence[Hit]]) -> list[Hit]:
    """The passages of several searches, the best of each before the second of any, each once."""
    found: dict[str, Hit] = {}
    for rank in range(max(map(len, several), default=0)):
        for hits in several:
            if rank < len(hits):
                found.setdefault(hits[rank].passage_id, hits[rank])
    return list(found.values())
