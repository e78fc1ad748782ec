"""Questions that nothing in the documents answers, made by changing one thing of one that they do.

Another year or another topic: each only where what is asked then stands together in no passage, and for
a topic in no document. Not another document's name: who asks for it there wants it from where it is. Pure.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from ..domain.training import Fold, Pair
from .draft import Draft, Source, chance, pair_id
from .match import stem, terms, words

SHARE = 4  # answered questions for each of these
YEARS = 9  # how far off another year may be
TRIED = 12  # other topics a question
HALF = 0.5  # of the other words of a question: with more of them a passage may answer

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_ASKING = frozenset(  # words of the questions' own forms: that a document lacks them says nothing
    ("shown", "under", "stand", "mean", "meant", "according", "figure", "time", "long")
)


class Stems:
    """Which passages hold which stems."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self._holders: defaultdict[str, set[str]] = defaultdict(set)
        self._of_document: dict[str, set[str]] = {}
        known: dict[str, str] = {}
        for source in sources:
            held = self._of_document.setdefault(source.document.id, set())
            held.update(map(stem, words(source.path)))
            for passage in source.passages:
                said = set(words(f"{passage.context}\n{passage.text}"))
                known |= {word: stem(word) for word in said - known.keys()}
                stems = {known[word] for word in said}
                held |= stems
                for one in stems:
                    self._holders[one].add(passage.id)

    def together(self, changed: str, rest: str) -> bool:
        """Whether a passage holds all that was changed and more than half of the rest."""
        new, others = _stems(changed), _stems(rest) - _stems(changed)
        holding = [self._holders.get(one, set()) for one in new]
        passages = set.intersection(*holding) if holding else set()
        return any(
            sum(passage in self._holders.get(one, ()) for one in others) > HALF * len(others)
            for passage in passages
        )

    def in_a_document(self, asked: str) -> bool:
        """Whether any document says all the words that are asked for, wherever in it."""
        return any(_stems(asked) <= held for held in self._of_document.values())


def ask_absent(
    pairs: Sequence[Pair],
    drafts: Mapping[str, Draft],
    sources: Sequence[Source],
    names: Mapping[str, str],
    seed: int,
) -> list[Pair]:
    """One in five of the questions with an exact answer, in each fold; fewer where none can be made.

    `drafts` are those of `pairs` by pair id, `names` what the documents are called. What is changed
    comes from the same fold.
    """
    stems = Stems(sources)
    found: dict[str, Pair] = {}
    for fold in Fold:
        mine = [pair for pair in pairs if pair.fold is fold and pair.examined]
        mine.sort(key=lambda pair: chance(seed, pair.id, "absent"))
        wanted = len(mine) // SHARE
        changes: tuple[Callable[[Pair], Iterator[str]], ...] = (
            lambda pair: _other_years(pair, stems, drafts[pair.id], names, seed),
            lambda pair, mine=mine: _other_topics(pair, stems, mine, drafts),  # type: ignore[misc]
        )
        made = 0
        for number, pair in enumerate(mine):
            if made == wanted:
                break
            turn = number % len(changes)
            for change in (*changes[turn:], *changes[:turn]):
                question = next(change(pair), "")
                new = Pair(
                    pair_id(question, "", -1), question, "", "", -1, kind="absent", fold=fold
                )
                if question and new.id not in found:
                    found[new.id] = new
                    made += 1
                    break
    return list(found.values())


def _other_years(
    pair: Pair, stems: Stems, draft: Draft, names: Mapping[str, str], seed: int
) -> Iterator[str]:
    found = _YEAR.findall(pair.question)
    if len(found) != 1 or found[0] in names[pair.document_id]:
        return
    rest = _asked(pair.question.replace(found[0], " "))
    near = [int(found[0]) + step for step in range(-YEARS, YEARS + 1) if step]
    near.sort(key=lambda year: chance(seed, pair.id, year))
    for year in map(str, near):
        if year not in draft.passage.text and not stems.together(year, rest):
            yield pair.question.replace(found[0], year)


def _other_topics(
    pair: Pair, stems: Stems, pairs: Sequence[Pair], drafts: Mapping[str, Draft]
) -> Iterator[str]:
    draft = drafts[pair.id]
    if not draft.topic or draft.topic not in pair.question or not _stems(draft.detail):
        return
    at = pairs.index(pair)
    for other in [*pairs[at + 1 :], *pairs[:at]][:TRIED]:
        topic = drafts[other.id].topic
        elsewhere = other.kind == pair.kind and other.document_id != pair.document_id
        if not topic or not elsewhere:
            continue
        fits = pair.kind == "cell" or _before(pair, draft) == _before(other, drafts[other.id])
        told = stems.together(topic, draft.detail) or stems.in_a_document(f"{topic} {draft.detail}")
        if fits and topic != draft.topic and not told:
            yield pair.question.replace(draft.topic, topic)


def _before(pair: Pair, draft: Draft) -> str:
    """The words in front of a question's topic: those of its form."""
    return pair.question.partition(draft.topic)[0]


def _asked(question: str) -> str:
    return " ".join(word for word in terms(question) if word not in _ASKING)


def _stems(text: str) -> set[str]:
    return {stem(word) for word in terms(text)}
