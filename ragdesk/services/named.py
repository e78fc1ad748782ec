"""Which documents a question names, and what is left of it to look for inside them. Pure.

"When does the Supply Agreement between Vericel Corporation and MediWound Ltd expire?" names one
contract: the names stand on its front, and no clause repeats them. Looked for with them, its front
page comes first; without them ("When does expire?") the clause does.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ..store.fronts import Front
from .match import is_small, words

NAMES_NEEDED = 3  # words of a front; one or two capitals may be any name or the subject itself
MOST_WORDS = 40  # of a question are looked at as names
NEAR_BEST = 0.8  # of the best document's weight: that document is meant as well
SURE = 0.5  # share of the names' weight that the best document must have
MOST_NAMED = 3  # documents; more are not named but spoken of
OPENING = 1_500  # characters of a front
TIED = 5  # words between two names at most that belong to them
MOST_FILES = 4  # named in a question

_WORD = re.compile(r"\w+(?:[.,]\d+)*")
_FILE = re.compile(r"[^\s\"'“”«»<>|:;,/\\]+\.(?=\w*[A-Za-z])\w{2,5}\b")
_YEAR = re.compile(r"(?:fy|cy)?(?:19|20)\d\d")
_ENDED = re.compile(r"[.?!:;]\s*[\"'“«¿¡(]*$")
_SHORTENED = re.compile(r"\b(?:Inc|Ltd|Co|Corp|Dr|Mr|Mrs|Ms|No|St|vs|[A-Z])\.\s*$")
_PIECE = re.compile(r"[^\W\d_]+|\d+[^\W\d_]?")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_BREAK = re.compile(r"[?!:;]")
_LEADS = frozenset(
    (
        "the",
        "in",
        "of",
        "under",
        "for",
        "at",
        "a",
        "an",
        "with",
        "by",
        "from",
        "and",
        "to",
        "between",
        "file",
        "document",
    )
)


@dataclass(frozen=True, slots=True)
class Named:
    """The documents that a question names, and the question without their names."""

    documents: tuple[str, ...]
    rest: str


@dataclass(slots=True)
class _Word:
    """A word of the question at [start, end). `name`: written as names are; `out`: taken out."""

    form: str
    start: int
    end: int
    name: bool
    out: bool = False


def files(question: str) -> list[str]:
    """File names in a question, as "stmt-006.html"; what looks like one may be none."""
    return list(dict.fromkeys(match.group() for match in _FILE.finditer(question)))[:MOST_FILES]


def names(question: str) -> list[str]:
    """The words that may be of a name, each once, in the forms that `words` gives.

    They have a capital inside a sentence, or a digit and are no year. None in a question that is
    all in small letters or all in capitals, or in a script without them.
    """
    found = dict.fromkeys(word.form for word in _words(question) if word.name)
    return list(found)[:MOST_WORDS]


def named(question: str, fronts: Sequence[Front], weights: Mapping[str, float]) -> Named | None:
    """What the question names among `fronts`; None where that is nothing, or all it says.

    `weights` says for each of `names(question)` how rare it is.
    """
    shown = {front.document_id: _shown(front) for front in fronts}
    asked = [name for name in names(question) if any(name in front for front in shown.values())]
    if len(asked) < NAMES_NEEDED:
        return None
    have = {
        document: [name for name in asked if name in front] for document, front in shown.items()
    }
    worth = {document: sum(weights.get(n, 0.0) for n in found) for document, found in have.items()}
    best = max(worth, key=lambda document: worth[document])
    meant = [document for document in worth if worth[document] >= NEAR_BEST * worth[best]]
    sure = worth[best] >= SURE * sum(weights.get(name, 0.0) for name in asked)
    if not sure or len(have[best]) < NAMES_NEEDED or len(meant) > MOST_NAMED:
        return None
    rest = _without(question, frozenset(have[best]))
    return Named((best, *(d for d in meant if d != best)), rest) if rest else None


def in_files(question: str, known: Mapping[str, Sequence[str]]) -> Named | None:
    """What a question asks of the files that it names; None where it asks nothing of them.

    `known` is file name, as `files` gives it, → documents.
    """
    gone = frozenset(name for name, found in known.items() if found)
    rest = _without(question, gone) if gone else ""
    documents = dict.fromkeys(document for found in known.values() for document in found)
    return Named(tuple(documents)[:MOST_NAMED], rest) if rest else None


def _shown(front: Front) -> frozenset[str]:
    """The words that a document's front shows, those of its file names too."""
    parts = [front.title, front.text[:OPENING]]
    for path in front.paths:
        file = re.split(r"[/\\]", path)[-1]
        parts += [*_PIECE.findall(_HUMP.sub(" ", file)), re.sub(r"[_.-]", " ", file)]
    return frozenset(words(" ".join(parts)))


def _words(question: str, known_files: frozenset[str] = frozenset()) -> list[_Word]:
    """The words in order; a file that is known counts as one."""
    cased = question != question.lower() and question != question.upper()
    named_files = [m for m in _FILE.finditer(question) if m.group() in known_files]
    found = [_Word(m.group(), m.start(), m.end(), False) for m in named_files]
    for match in _WORD.finditer(question):
        if any(m.start() <= match.start() < m.end() for m in named_files):
            continue
        text, form = match.group(), (words(match.group()) or [""])[0]
        before = question[: match.start()][-12:]
        opens = not before.strip() or bool(_ENDED.search(before) and not _SHORTENED.search(before))
        digits = any(c.isdigit() for c in form)
        written = digits or text[1:2].isupper() or (text[0].isupper() and not opens)
        name = cased and written and not is_small(form) and not _YEAR.fullmatch(form)
        found.append(_Word(form, match.start(), match.end(), name))
    return sorted(found, key=lambda word: word.start)


def _without(question: str, gone: frozenset[str]) -> str:
    """The question without these names and the small words that tie them; '' if nothing is left."""
    found = _words(question, gone)
    marked = [at for at, word in enumerate(found) if word.form in gone]
    for at in marked:
        found[at].out = True
    for first, second in itertools.pairwise(marked):
        between = found[first + 1 : second]
        apart = _BREAK.search(question[found[first].end : found[second].start])
        tied = len(between) <= TIED and all(word.name or is_small(word.form) for word in between)
        if tied and not apart:
            for word in between:
                word.out = True
    for at in marked:
        _spread(question, found[at:], lambda word: word.name or word.form == "s")
        _spread(question, found[at::-1], lambda word: word.name or word.form in _LEADS)
    if all(word.out or is_small(word.form) for word in found):
        return ""
    return _left(question, found)


def _spread(question: str, row: Sequence[_Word], goes: Callable[[_Word], bool]) -> None:
    """Takes out what follows the first of `row` while it belongs to it, up to a mark that parts."""
    for one, other in itertools.pairwise(row):
        first, second = sorted((one, other), key=lambda word: word.start)
        if other.out or not goes(other) or _BREAK.search(question[first.end : second.start]):
            return
        other.out = True


def _left(question: str, found: Sequence[_Word]) -> str:
    parts: list[str] = []
    end = 0
    for word in found:
        if word.out:
            parts.append(question[end : word.start].strip(" ,&/'’-.("))
            end = word.end
    parts.append(question[end:].lstrip(" '’,.:"))
    return " ".join(" ".join(parts).split()).strip(" ,:-.")
