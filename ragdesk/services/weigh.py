"""How much words and meaning count for a question, and passages scored by both. Pure.

Words are sure where passages hold most of what the question says, above all its rare words; a
question in everyday wording shares few words with the text that answers it, and there the meaning
decides. An embedding model that does not know the question's language only orders what the words
leave undecided: with 0.2 it made the multilingual set worse than words alone (hit@1 .885, .890).
"""

from __future__ import annotations

from collections.abc import Mapping

from ..domain.training import USUAL, Mix

STRANGE = 0.02  # share of the meaning where the model does not know the language
HALF = 0.5  # of a question's weight found in a passage: below it words are chance
FEW = 2  # words: who types no more looks for these very words
WHOLE = 0.4  # share of the whole question where a document is named in it; the rest has the rest


def meaning_share(said: int, cover: float, understood: bool, mix: Mix = USUAL) -> float:
    """The weight of the meaning, 0 to 1; the words have the rest.

    `said` is how many words say what is looked for, `cover` the best word score as a share of what
    these are worth together (it may be above 1); `understood`, whether the embedding model knows
    the question's language.
    """
    if not understood:
        return STRANGE
    if said <= FEW:
        return mix.covered
    sure = min(max((cover - HALF) / (1 - HALF), 0.0), 1.0)
    return mix.uncovered + (mix.covered - mix.uncovered) * sure


def mixed(
    by_words: Mapping[int, float], by_meaning: Mapping[int, float], share: float
) -> dict[int, float]:
    """Passage number → score from 0 to 1; one without a cosine stands with its words alone.

    Words count as a share of the best match, meaning between the farthest and the nearest found.
    """
    most = max(by_words.values(), default=0.0)
    near = max(by_meaning.values(), default=0.0)
    far = min(by_meaning.values(), default=0.0)
    scores: dict[int, float] = {}
    for number in by_words.keys() | by_meaning.keys():
        words = by_words.get(number, 0.0) / most if most > 0 else 0.0
        if number in by_meaning:
            meaning = (by_meaning[number] - far) / (near - far) if near > far else 1.0
            scores[number] = share * meaning + (1 - share) * words
        else:
            scores[number] = words
    return scores


def lifted(
    scores: Mapping[int, float], documents: Mapping[int, str], mix: Mix = USUAL
) -> dict[int, float]:
    """Scores with a share of the best one of the same document, still from 0 to 1.

    A question often names a document ("the lease of …") whose other passages do not repeat it.
    """
    best: dict[str, float] = {}
    for number, score in scores.items():
        document = documents.get(number, "")
        best[document] = max(score, best.get(document, 0.0))
    return {
        number: (score + mix.document * best[documents.get(number, "")]) / (1 + mix.document)
        for number, score in scores.items()
    }


def joined(whole: Mapping[int, float], rest: Mapping[int, float]) -> dict[int, float]:
    """Scores of the whole question and of its rest, inside the named documents, as one."""
    return {
        number: WHOLE * whole.get(number, 0.0) + (1 - WHOLE) * rest.get(number, 0.0)
        for number in whole.keys() | rest.keys()
    }


def leaned(
    scores: Mapping[int, float],
    documents: Mapping[int, str],
    shelves: Mapping[str, frozenset[str]],
    leaning: Mapping[str, float],
) -> dict[int, float]:
    """Scores with what the shelves are leaned to, still from 0 to 1.

    A document on several shelves takes the highest. `leaning` is collection → score to add.
    """
    added = {
        document: max((leaning.get(shelf, 0.0) for shelf in lies), default=0.0)
        for document, lies in shelves.items()
    }
    room = 1 + max(max(leaning.values(), default=0.0), 0.0)
    return {
        number: max(score + added.get(documents.get(number, ""), 0.0), 0.0) / room
        for number, score in scores.items()
    }
