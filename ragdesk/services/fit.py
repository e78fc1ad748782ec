"""Learns which shelf answers what: from the passages themselves, and from what people said.

Without any label the passages' own vectors are the examples. Judged questions join them in
batches, never one by one, and the passages are replayed each time, so that a few wrong judgements
cannot carry the router away. A batch that routes questions kept apart worse than before is not
taken.
"""

from __future__ import annotations

import logging
import threading
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..domain.conversation import Judgement
from ..domain.protocols import Embedder
from ..errors import NotFound
from ..store.contents import Contents, ReadyShelf
from ..store.conversations import Conversations
from ..store.judgements import ROUTER, Judgements, Learned
from ..store.passages import Passages
from .route import SAMPLED, Router, RouterState, log_chances, sample

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from ..domain.protocols import Vectors

    Targets = npt.NDArray[np.float64]  # (n, shelves), rows sum to 1
    Weights = npt.NDArray[np.float64]  # (n,)

log = logging.getLogger(__name__)

BATCH = 10  # judgements, until they are learned from
CHANGED = 0.2  # share of the passages that are new or gone, until the model is made again
MOST_SAMPLED = 20_000  # passages of all shelves together
MOST_JUDGED = 2_000  # questions, the newest
EVEN_AT = 300  # judged questions that would weigh as much as the passages...
MOST_SHARE = 0.5  # ...which is also the most
KEPT_APART = 5  # one judged question in so many is never learned from
MOST_APART = 200  # of these, the newest a batch is weighed by: each has its words looked up
DISBELIEF = 0.25  # weight of "not this shelf" against "this shelf": the answer may be what is wrong
RIDGE = 1e-4  # on coefficients, where the examples weigh 1 together
STEPS = 60


@dataclass(frozen=True, slots=True)
class _Judged:
    """A question with the shelves that answer it, or with one that does not."""

    question: str
    right: frozenset[str] = frozenset()
    wrong: str = ""

    @property
    def apart(self) -> bool:
        return bool(self.right) and zlib.crc32(_key(self.question).encode()) % KEPT_APART == 0


@dataclass(frozen=True, slots=True)
class _Examples:
    rows: Vectors  # (n, dimensions)
    targets: Targets
    weights: Weights


class RouterFitter:
    """Keeps the router's state true to the library and to what people said."""

    def __init__(
        self,
        router: Router,
        contents: Contents,
        passages: Passages,
        judgements: Judgements,
        conversations: Conversations,
        learned: Learned,
        embedder: Embedder,
    ) -> None:
        self._router = router
        self._contents = contents
        self._passages = passages
        self._judgements = judgements
        self._conversations = conversations
        self._learned = learned
        self._embedder = embedder
        self._one = threading.Lock()
        self._settled: object = None  # what was there when nothing was due

    def keep_up(self) -> None:
        """Fits where that is due; who comes meanwhile goes on without.

        What fails is noted and no more: without a router all shelves are looked through alike.
        """
        if self._one.acquire(blocking=False):
            try:
                if self.due():
                    self.fit()
            except Exception:
                log.exception("learning where questions are answered")
            finally:
                self._one.release()

    def due(self) -> bool:
        """Whether a fit is worth its seconds: much has changed, or enough was said since the last."""
        newest, judged = self._passages.highest_vector(), self._judgements.count()
        state = self._router.state()
        # Asked after every answer, when mostly nothing has changed but a conversation.
        now = (
            newest,
            judged,
            state and state.newest,
            state and state.judged,
            self._contents.laid(),
        )
        if not newest or now == self._settled:
            return False
        due = self._changed(state, judged)
        self._settled = None if due else now
        return due

    def _changed(self, state: RouterState | None, judged: int) -> bool:
        shelves = self._contents.ready()
        if len(shelves) < 2:
            return False
        if state is None:
            return True
        if abs(judged - state.judged) >= BATCH or (state.judged and not judged):
            return True
        total = sum(shelf.passages for shelf in shelves)
        newer = self._passages.count_vectors(above=state.newest)
        return max(state.changed(shelves), newer / total) >= CHANGED

    def fit(self) -> bool:
        """Learns anew from everything; False where what was there before is kept.

        Takes seconds: the passages of each shelf are sampled, judged questions embedded.
        """
        shelves = self._contents.ready()
        passages = self._sampled(shelves)
        if passages is None or len(shelves) < 2:
            return False
        former = self._router.state()
        count = self._judgements.count()  # what is said meanwhile is for the next batch
        judged = self._judged({shelf.id for shelf in shelves})
        taught = [one for one in judged if not one.apart]
        apart = [one for one in judged if one.apart][-MOST_APART:]
        bare = self._state(shelves, passages)
        chosen, new = bare, True
        if taught:
            vectors = self._vectors(taught)
            examples = _joined(
                passages,
                vectors,
                _targets(taught, vectors, shelves, bare),
                [1.0 if one.right else DISBELIEF for one in taught],
            )
            full = self._state(shelves, examples)
            rivals = [full, bare]
            if former is not None and former.changed(shelves) < CHANGED:
                rivals.insert(1, former)
            best = self._best(rivals, apart, shelves)
            chosen, new = best, best is not former
        self._learned.save(
            ROUTER,
            replace(
                chosen,
                shelves={shelf.id: shelf.passages for shelf in shelves},
                judged=count,
                newest=self._passages.highest_vector(),
            ).stored(),
        )
        return new

    def _sampled(self, shelves: Sequence[ReadyShelf]) -> _Examples | None:
        """Passages of every shelf as examples of it, each shelf of the same weight."""
        import numpy as np

        most = min(SAMPLED, max(MOST_SAMPLED // max(len(shelves), 1), 1))
        parts = [sample(self._contents, self._passages, shelf.id, most)[1] for shelf in shelves]
        sizes = [len(part) for part in parts]
        held = [part for part in parts if len(part)]
        if not held:
            return None
        targets = np.repeat(np.eye(len(shelves)), sizes, axis=0)
        weights = np.repeat([1 / (len(held) * max(size, 1)) for size in sizes], sizes)
        return _Examples(np.concatenate(held), targets, weights)

    def _state(self, shelves: Sequence[ReadyShelf], examples: _Examples) -> RouterState:
        """Coefficients for the shelves that there are examples of."""
        seen = [place for place in range(len(shelves)) if examples.targets[:, place].any()]
        rows = fit_logistic(examples.rows, examples.targets[:, seen], examples.weights)
        return RouterState(
            self._contents.model,
            {shelf.id: shelf.passages for shelf in shelves},
            {shelves[place].id: row for place, row in zip(seen, rows, strict=True)},
        )

    def _judged(self, known: set[str]) -> list[_Judged]:
        """What was said, by question: the last word on each counts."""
        said = self._judgements.all()
        places = self._contents.shelves([j.document_id for j in said if j.document_id])
        found: dict[str, _Judged] = {}
        for judgement in said:
            one = self._place(judgement, places, known)
            if one is not None:
                found[_key(one.question)] = one
        return list(found.values())[-MOST_JUDGED:]

    def _place(
        self, judgement: Judgement, places: Mapping[str, tuple[str, ...]], known: set[str]
    ) -> _Judged | None:
        """Where the answer stands now; None where a judgement says nothing of that."""
        if judgement.document_id:
            right = places.get(judgement.document_id, (judgement.collection_id or "",))
            right = tuple(shelf for shelf in right if shelf in known)
            return _Judged(judgement.question, frozenset(right)) if right else None
        if judgement.verdict != "wrong":
            return None
        wrong = self._shown(judgement.turn_id)
        return _Judged(judgement.question, wrong=wrong) if wrong in known else None

    def _shown(self, turn_id: str) -> str:
        """The shelf from which an answer came that the router had a hand in."""
        try:
            answer = self._conversations.turn(turn_id).answer
        except NotFound:
            return ""
        if answer is None or not (answer.shelves and answer.citations):
            return ""
        document = answer.citations[0].document_id
        shelves = self._contents.shelves([document]).get(document, ())
        return shelves[0] if len(shelves) == 1 else ""

    def _vectors(self, judged: Sequence[_Judged]) -> Vectors:
        import numpy as np

        if not judged:
            return np.empty((0, self._embedder.dimensions), np.float32)
        return np.array([self._embedder.embed_question(one.question) for one in judged])

    def _best(
        self,
        rivals: Sequence[RouterState],
        judged: Sequence[_Judged],
        shelves: Sequence[ReadyShelf],
    ) -> RouterState:
        """The one that routes most of these right, the first of equals."""
        right = [0] * len(rivals)
        for one, vector in zip(judged, self._vectors(judged), strict=True):
            words = [logs for _, logs in self._router.words(one.question, shelves)]
            for place, rival in enumerate(rivals):
                first = int(log_chances(rival, shelves, vector, words).argmax())
                right[place] += shelves[first].id in one.right
        return rivals[right.index(max(right))]


def fit_logistic(
    rows: Vectors, targets: Targets, weights: Weights, ridge: float = RIDGE
) -> Vectors:
    """Multinomial logistic regression: float32 (classes, dimensions + 1), the constants last.

    `targets` (n, classes) may be shares of a row; `weights` sum to 1. Newton's method with the
    Hessian bounded once and for all (D. Böhning, Ann. Inst. Statist. Math. 44, 1992), sped up by
    momentum (Y. Nesterov, 1983): no line search, so always the same steps.
    """
    import numpy as np

    inputs = np.hstack([rows, np.ones((len(rows), 1))]).astype(np.float64)
    shrink = np.full(inputs.shape[1], ridge)
    shrink[-1] = ridge / 100  # the constant is hardly held back
    step = np.linalg.inv(0.5 * (inputs.T * weights) @ inputs + np.diag(shrink))
    now = ahead = np.zeros((inputs.shape[1], targets.shape[1]))
    pace = 1.0
    for _ in range(STEPS):
        scores = inputs @ ahead
        scores -= scores.max(axis=1, keepdims=True)
        chances = np.exp(scores)
        chances /= chances.sum(axis=1, keepdims=True)
        slope = inputs.T @ (weights[:, None] * (targets - chances)) - shrink[:, None] * ahead
        after = ahead + step @ slope
        faster = (1 + (1 + 4 * pace**2) ** 0.5) / 2
        ahead = after + (pace - 1) / faster * (after - now)
        now, pace = after, faster
    fitted: Vectors = now.T.astype(np.float32)
    return fitted


def _joined(
    passages: _Examples, vectors: Vectors, targets: Targets, said: Sequence[float]
) -> _Examples:
    """Passages and judged questions; shelves that are asked of often do not drown the others."""
    import numpy as np

    share = min(MOST_SHARE, sum(said) / (sum(said) + EVEN_AT))
    asked = targets.sum(axis=0)
    weights = np.array(said) * (targets / np.sqrt(np.maximum(asked, 1.0))).sum(axis=1)
    return _Examples(
        np.concatenate([passages.rows, vectors]),
        np.concatenate([passages.targets, targets]),
        np.concatenate([passages.weights * (1 - share), share * weights / weights.sum()]),
    )


def _targets(
    judged: Sequence[_Judged],
    vectors: Vectors,
    shelves: Sequence[ReadyShelf],
    bare: RouterState,
) -> Targets:
    """Each question's shelves in even shares; for "not this one" the others, as likely as they were."""
    import numpy as np

    targets = np.zeros((len(judged), len(shelves)))
    for row, one, vector in zip(targets, judged, vectors, strict=True):
        if one.right:
            row[[shelf.id in one.right for shelf in shelves]] = 1 / len(one.right)
        else:
            row[:] = np.exp(log_chances(bare, shelves, vector, ()))
            row[[shelf.id == one.wrong for shelf in shelves]] = 0
            row /= max(row.sum(), 1e-12)
    return targets


def _key(question: str) -> str:
    """What makes two questions the same."""
    return " ".join(question.casefold().split())
