"""The entrance exam: what a language model does on this computer before its answers are answers.

Forty questions of our own (`assets/entrance.json`), each with three short passages, asked exactly as
questions of people are, until all are asked or no more fit into five minutes. Some are not answered
by their passages, some want yes or no, of some two passages say different things.

The marks that it has to reach are those that RagDesk sets itself for its own model: seven of ten
answers right, nineteen of twenty with nothing in them that stands in no passage, 85 of 100 citing
the right passage, 60 of 100 questions refused that have no answer, and no more than 15 of 100
refused that have one. Below them the exact words of the documents serve a person better, which never
say what is not there. Ranges are given and not judged by: twenty questions leave them too wide.
"""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from ..domain.chat import Message
from ..domain.entrance import FAILED, PASSED, UNSURE, Entrance, Share
from ..domain.protocols import ChatModel
from ..resources import asset
from .arrive import MARKER, clean
from .budget import answer_tokens
from .compare import normal
from .facts import Evidence
from .prompt import NOT_THERE, RULES, messages
from .refuse import refuses
from .score import wilson
from .support import WORDS_LEAST, content

BUDGET = 300.0  # seconds
FEWEST = 12  # questions; fewer tell nothing
_OPENING = re.compile(r"(?:yes|no)\b")
_DENIES = re.compile(r"\b(?:not?|never|cannot|only)\b|n['’]t\b")

RIGHT_LEAST = 0.70
KEEPS_LEAST = 0.95
CITES_LEAST = 0.85
REFUSES_LEAST = 0.60
REFUSES_WRONGLY_MOST = 0.15


@dataclass(frozen=True, slots=True)
class Question:
    """`right` are the numbers, from 1, of the passages that answer, none where none does.

    A right answer holds one of the words of each group of `wanted`; yes and no begin it, or are what
    its sentence comes to.
    """

    kind: str
    question: str
    passages: tuple[tuple[str, str], ...]
    right: frozenset[int]
    wanted: tuple[tuple[str, ...], ...]

    @property
    def absent(self) -> bool:
        return not self.right


@dataclass(frozen=True, slots=True)
class _Given:
    """What an answer showed; None where it does not tell."""

    refused: bool
    right: bool | None
    keeps: bool | None
    cites: bool | None
    words: int
    seconds: float


def load(path: Path | None = None) -> list[Question]:
    """The questions, in the order in which they are asked: every kind comes early."""
    kept = json.loads((path or asset("entrance.json")).read_text(encoding="utf-8"))
    texts = kept["passages"]
    return [
        Question(
            one["kind"],
            one["question"],
            tuple((texts[name][0], texts[name][1]) for name in one["passages"]),
            frozenset(one["passages"].index(name) + 1 for name in one["right"]),
            tuple(tuple(group) for group in one["wanted"]),
        )
        for one in kept["questions"]
    ]


def layout() -> str:
    """A digest of how questions are put; a result holds for one layout."""
    shown = "\n".join(one.text for one in messages("question", [("heading", "text")]))
    return hashlib.sha256(f"{RULES}\n{NOT_THERE}\n{shown}".encode()).hexdigest()[:16]


def sit(
    model: ChatModel,
    digest: str,
    *,
    questions: Sequence[Question] | None = None,
    budget: float = BUDGET,
    stopped: Callable[[], bool] = lambda: False,
    on_progress: Callable[[int, int], None] = lambda asked, total: None,
    clock: Callable[[], float] = time.monotonic,
) -> Entrance:
    """Asks until all are asked, no more fit into `budget` seconds, or a person stops it.

    A question that is broken off does not count. `on_progress` gets how many are asked and of how
    many. Raises what the model raises.
    """
    questions = load() if questions is None else questions
    begun = clock()
    given: list[tuple[Question, _Given]] = []
    longest = 0.0
    ended = "all"
    for question in questions:
        if stopped():
            ended = "stopped"
            break
        if clock() - begun + longest > budget:
            ended = "time"
            break
        answer = _answer(model, messages(question.question, question.passages), stopped, clock)
        if answer is None:
            ended = "stopped"
            break
        longest = max(longest, answer[1])
        given.append((question, _judged(question, *answer)))
        on_progress(len(given), len(questions))
    return _entrance(model.name, digest, given, len(questions), ended)


def verdict(result: Entrance) -> str:
    """`PASSED`, `FAILED`, or `UNSURE` where too little was asked to tell."""
    wrongly = result.refuses_wrongly.value
    if result.asked < FEWEST or wrongly is None or result.refuses.value is None:
        return UNSURE
    enough = all(
        share.value is not None and share.value >= least
        for share, least in (
            (result.right, RIGHT_LEAST),
            (result.keeps, KEEPS_LEAST),
            (result.cites, CITES_LEAST),
            (result.refuses, REFUSES_LEAST),
        )
    )
    return PASSED if enough and wrongly <= REFUSES_WRONGLY_MOST else FAILED


def in_words(result: Entrance) -> str:
    """The result as it stands beside a model's name: "cites well, about 12 seconds an answer"."""
    if not result.asked:
        return "nothing was asked yet"
    said = [_manner(result), _speed(result.seconds)]
    if (wrongly := result.refuses_wrongly.value) is not None and wrongly > REFUSES_WRONGLY_MOST:
        often = "often" if wrongly > 0.4 else "sometimes"
        said.append(f"{often} refuses too early")
    if (refuses := result.refuses.value) is not None and refuses < REFUSES_LEAST:
        often = "seldom" if refuses > 0.2 else "hardly ever"
        said.append(f"{often} says that something is not in your documents")
    if result.asked < result.total:
        said.append(f"{result.asked} of {result.total} questions asked")
    return ", ".join(part for part in said if part)


def _manner(result: Entrance) -> str:
    keeps, right, cites = result.keeps.value, result.right.value, result.cites.value
    if keeps is None or right is None or cites is None:
        return "answers nothing"
    if keeps < KEEPS_LEAST:
        return "says things that stand in no passage"
    if right < RIGHT_LEAST:
        return "often answers wrongly"
    if cites < CITES_LEAST:
        return "answers well, but often points to the wrong passage or to none"
    return "cites well"


def _speed(seconds: float) -> str:
    if seconds < 1.5:
        return "about a second an answer"
    return f"about {seconds:.0f} seconds an answer"


def _answer(
    model: ChatModel,
    asked: Sequence[Message],
    stopped: Callable[[], bool],
    clock: Callable[[], float],
) -> tuple[str, float] | None:
    """The text and how many seconds it took; None where a person stopped it."""
    begun = clock()
    text = ""
    most = answer_tokens(small=True, think=model.thinks)  # some think even where they need not
    for delta in model.chat(asked, most=most, stopped=stopped):
        text += delta.text
        if delta.finish and delta.finish.reason == "stopped":
            return None
    return text, clock() - begun


def _judged(question: Question, raw: str, seconds: float) -> _Given:
    texts = [text for _, text in question.passages]
    shown = clean(raw, texts)
    text = MARKER.sub("", shown.text).strip()
    words = len(text.split())
    if refuses(shown.text):
        return _Given(True, None, None, None, words, seconds)
    # Of what is not there no answer is right and no passage the right one.
    if question.absent:
        return _Given(False, None, _keeps(text, question), None, words, seconds)
    cited = set(shown.cited)
    cites = bool(cited) and cited <= question.right
    return _Given(False, _is_right(text, question), _keeps(text, question), cites, words, seconds)


def _is_right(text: str, question: Question) -> bool:
    plain = normal(text)
    if question.kind == "yes_no":
        opening = _OPENING.match(plain)
        said = opening[0] if opening else "no" if _DENIES.search(text.casefold()) else "yes"
        return bool(plain) and said == question.wanted[0][0]
    return all(
        any(re.search(rf"(?<!\w){re.escape(normal(word))}(?!\w)", plain) for word in group)
        for group in question.wanted
    )


def _keeps(text: str, question: Question) -> bool:
    """Whether its numbers, dates and names, and most of its words, stand in question or passages."""
    shown = [f"{heading}\n{body}" for heading, body in question.passages]
    evidence = Evidence("\n".join([question.question, *shown]))
    if evidence.missing(text):
        return False
    said = content(text)
    return not said or sum(word in evidence.stems for word in said) / len(said) >= WORDS_LEAST


def _entrance(
    name: str, digest: str, given: Sequence[tuple[Question, _Given]], total: int, ended: str
) -> Entrance:
    answers = [one for _, one in given]
    spoken = [one for one in answers if not one.refused]
    seconds = sum(one.seconds for one in spoken)
    return Entrance(
        name,
        digest,
        layout(),
        len(given),
        total,
        ended,
        right=_share(one.right for one in spoken),
        keeps=_share(one.keeps for one in spoken),
        cites=_share(one.cites for one in spoken),
        refuses=_share(one.refused for question, one in given if question.absent),
        refuses_wrongly=_share(one.refused for question, one in given if not question.absent),
        seconds=median(one.seconds for one in answers) if answers else 0.0,
        words_a_second=sum(one.words for one in spoken) / seconds if seconds else 0.0,
        sat_at=time.time(),
    )


def _share(values: Iterable[bool | None]) -> Share:
    known = [value for value in values if value is not None]
    low, high = wilson(known) or (0.0, 1.0)
    return Share(sum(known), len(known), low, high)
