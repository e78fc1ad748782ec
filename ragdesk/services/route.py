"""Which shelves are likely to answer a question: a leaning, never a wall.

Two kinds of evidence are added up. The vector of the question goes through a logistic model that
`services.fit` makes of the passages' own vectors and of what people said about answers. The words
of the question are looked up as they stand in the library now: a word that one shelf has and the
others lack speaks for it, and is shown as the reason.
"""

from __future__ import annotations

import base64
import functools
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..domain.conversation import ShelfChance
from ..store.contents import Contents, ReadyShelf
from ..store.judgements import ROUTER, Learned
from ..store.passages import Passages
from . import word_forms
from .match import expression

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from ..domain.protocols import Vectors

    Scores = npt.NDArray[np.float64]  # one a shelf

STALE = 0.5  # share of the passages that came, went or moved since the model was fitted
WORDS = 0.5  # weight of the words; they repeat each other, and the vector
DOUBT = 10.0  # passages that a shelf must show before its share of a word is believed, at most
STRONGEST = 4.0  # what one word may say at most, in log-odds
MOST_WORDS = 32  # of a question that are looked up
MOST_FOUND = 3_000  # passages: a word that stands in more says little and costs much
SPEAKS = 0.3  # log-odds from which a word is a reason
REASONS = 3
SAMPLED = 500  # passages of a shelf that stand for it
SHELVES_KEPT = 8  # whose samples are kept in memory, 0.8 MB each
WEIGHT = 0.15  # added to the score of a passage on a shelf that is sure to answer
HOPELESS = 0.02  # the chance at and below which nothing is added

_SURFACE = re.compile(r"\w+(?:[.,'’]\w+)*")


@dataclass(frozen=True, slots=True)
class RouterState:
    """What was learned: logistic coefficients (dimensions + 1), the last the constant, a shelf.

    `shelves` has the passages of every shelf at that time; one without vectors has no coefficients.
    `judged` is how many judgements were there, `newest` the highest vector number.
    """

    model: str
    shelves: Mapping[str, int]
    coefficients: Mapping[str, Vectors]
    judged: int = 0
    newest: int = 0

    def stored(self) -> dict[str, Any]:
        """As JSON holds it: coefficients in half precision, 1 KB a shelf."""
        return {
            "model": self.model,
            "shelves": dict(self.shelves),
            "coefficients": {
                shelf: base64.b64encode(row.astype("<f2").tobytes()).decode()
                for shelf, row in self.coefficients.items()
            },
            "judged": self.judged,
            "newest": self.newest,
        }

    @classmethod
    def read(cls, stored: Any) -> RouterState | None:
        """None where nothing was stored, or nothing that can be understood."""
        import numpy as np

        try:
            return cls(
                str(stored["model"]),
                {str(shelf): int(count) for shelf, count in stored["shelves"].items()},
                {
                    str(shelf): np.frombuffer(base64.b64decode(row), "<f2").astype(np.float32)
                    for shelf, row in stored["coefficients"].items()
                },
                int(stored["judged"]),
                int(stored["newest"]),
            )
        except (TypeError, KeyError, ValueError, AttributeError):
            return None

    def changed(self, shelves: Sequence[ReadyShelf]) -> float:
        """The share (0 to 1) of passages that came or went; 1 where a shelf is new."""
        if any(shelf.id not in self.shelves for shelf in shelves):
            return 1.0
        differ = sum(abs(shelf.passages - self.shelves[shelf.id]) for shelf in shelves)
        return differ / max(sum(max(s.passages, self.shelves[s.id]) for s in shelves), 1)


class Router:
    """Says where a question is likely to be answered. Safe for threads."""

    def __init__(self, contents: Contents, passages: Passages, learned: Learned) -> None:
        self._contents = contents
        self._passages = passages
        self._learned = learned
        self._sampled = functools.lru_cache(SHELVES_KEPT)(self._sample)

    def chances(self, question: str, vector: Vectors) -> tuple[ShelfChance, ...]:
        """Every shelf with documents that are ready, best first; the chances sum to 1.

        `vector` is the question's (dimensions,). Empty with fewer than two shelves, and while
        nothing, or nothing that still holds, was learned.
        """
        shelves = self._contents.ready()
        state = self.state()
        if len(shelves) < 2 or state is None or state.changed(shelves) > STALE:
            return ()
        if any(len(row) != len(vector) + 1 for row in state.coefficients.values()):
            return ()
        words = self.words(question, shelves)
        logs = log_chances(state, shelves, vector, [log_odds for _, log_odds in words])
        order = sorted(range(len(shelves)), key=lambda place: -logs[place])
        found = [
            ShelfChance(
                shelves[place].id,
                shelves[place].name,
                math.exp(logs[place]),
                _reasons(words, place),
            )
            for place in order
        ]
        if not found[0].why:
            first = found[0]
            why = self._nearest_title(shelves[order[0]], vector)
            found[0] = ShelfChance(first.collection_id, first.name, first.chance, why)
        return tuple(found)

    def leaning(self, chances: Sequence[ShelfChance]) -> dict[str, float]:
        """Shelf → what is added to the score of its passages, 0 to `WEIGHT`."""
        return {
            chance.collection_id: WEIGHT
            * (1 - math.log(max(chance.chance, HOPELESS)) / math.log(HOPELESS))
            for chance in chances
        }

    def state(self) -> RouterState | None:
        """What was learned for the model in use."""
        state = RouterState.read(self._learned.get(ROUTER))
        return state if state is not None and state.model == self._contents.model else None

    def words(self, question: str, shelves: Sequence[ReadyShelf]) -> list[tuple[str, Scores]]:
        """The words of a question as it has them, and what each says for every shelf in log-odds."""
        import numpy as np

        sizes = np.array([shelf.passages for shelf in shelves], np.float64)
        doubt = np.minimum(DOUBT, np.sqrt(sizes))  # a shelf of one letter shall be found as well
        found: list[tuple[str, Scores]] = []
        for word, match in self._looked_for(question):
            if self._contents.count(match, MOST_FOUND) > MOST_FOUND:
                continue
            counts = self._contents.counts(match)
            holding = np.array([counts.get(shelf.id, 0) for shelf in shelves], np.float64)
            usual = float(np.mean(holding / sizes))
            if usual:
                logs = np.log((holding + doubt * usual) / (sizes + doubt))
                found.append((word, np.clip(logs - logs.mean(), -STRONGEST, STRONGEST)))
        return found

    def _looked_for(self, question: str) -> list[tuple[str, str]]:
        """(word as asked, expression that finds it), for the words that say something."""
        langs = self._passages.languages()
        saying = set(word_forms.terms(question, langs))
        found: dict[str, str] = {}
        for surface in _SURFACE.finditer(question):
            word = surface.group()
            forms = [form for form in word_forms.terms(word, langs) if form in saying]
            if len(word_forms.terms(word, ())) > 1:  # no spaces in it: its parts speak one by one
                for form in forms:
                    found.setdefault(expression([form]), form)
            elif forms:
                found.setdefault(expression(forms), word)
        return [(word, match) for match, word in found.items()][:MOST_WORDS]

    def _nearest_title(self, shelf: ReadyShelf, vector: Vectors) -> tuple[str, ...]:
        """The title of the nearest document on a shelf, where no word speaks for it."""
        numbers, matrix = self._sampled(shelf.id, shelf.passages, self._passages.highest_vector())
        if not numbers:
            return ()
        title = self._contents.title(numbers[int((matrix @ vector).argmax())])
        return (title,) if title else ()

    def _sample(self, shelf: str, passages: int, newest: int) -> tuple[list[int], Vectors]:
        """Passages that stand for a shelf; the other two tell when it is another one."""
        return sample(self._contents, self._passages, shelf, SAMPLED)


def log_chances(
    state: RouterState,
    shelves: Sequence[ReadyShelf],
    vector: Vectors,
    words: Sequence[Scores],
) -> Scores:
    """The logarithm of every shelf's chance (shelves,). One without vectors has an even chance
    before its words speak."""
    import numpy as np

    known = [place for place, shelf in enumerate(shelves) if shelf.id in state.coefficients]
    logs = np.full(len(shelves), -math.log(len(shelves)))
    if known:
        rows = np.array([state.coefficients[shelves[place].id] for place in known])
        meaning = rows[:, :-1] @ vector + rows[:, -1]
        logs[known] = _normed(meaning) + math.log(len(known) / len(shelves))
    for log_odds in words:
        logs = logs + WORDS * log_odds
    return _normed(logs)


def sample(
    contents: Contents, passages: Passages, collection_id: str, most: int
) -> tuple[list[int], Vectors]:
    """(numbers, vectors (n, dimensions)) of passages of a shelf, the same at every call."""
    import numpy as np

    numbers = contents.numbers(collection_id)
    if len(numbers) > most:
        chosen = np.random.default_rng(len(numbers)).choice(len(numbers), most, replace=False)
        numbers = [numbers[place] for place in sorted(chosen)]
    vectors = passages.vectors_of(numbers)
    numbers = [number for number in numbers if number in vectors]
    if not numbers:
        return [], np.empty((0, 0), np.float32)
    return numbers, np.array([vectors[number] for number in numbers])


def _normed(logs: Scores) -> Scores:
    """Log-odds as logarithms of chances that sum to 1."""
    import numpy as np

    shifted = logs - logs.max()
    normed: Scores = shifted - np.log(np.exp(shifted).sum())
    return normed


def _reasons(words: Sequence[tuple[str, Scores]], place: int) -> tuple[str, ...]:
    """The words that speak most for a shelf, the strongest first."""
    speaking = [(float(logs[place]), word) for word, logs in words if logs[place] >= SPEAKS]
    speaking.sort(key=lambda pair: -pair[0])
    return tuple(dict.fromkeys(word for _, word in speaking))[:REASONS]
