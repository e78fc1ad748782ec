"""Which of the teacher's questions are fit to learn from: filters, cheapest first.

Each filter has a name; a question that is caught keeps that name as its reason and is not thrown
away, so that a person may look at it, and so that what each filter takes can be counted.

    schema      a question, and an answer of sensible length, of the kind asked for, not given away
    quote       the quoted words stand in the passage, in a row, and the answer in them
    facts       every number, date and name of the answer stands in the passage
    alone       the question says what it is about without the passage at hand
    novelty     it is not asked already about this document
    round_trip  search finds the passage by it; never asked of an exam's, for that would take the
                hard ones away and flatter what is there already
    reader      of a question that nothing is to answer: the reader does not find an answer either
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from ..domain.conversation import Hit
from ..domain.document import Passage
from ..domain.protocols import Reader
from ..domain.training import Fold, Pair, PairSource, PairState
from .cite import Quoter
from .compare import f1, tokens
from .draft import pair_id
from .expect import expected
from .facts import Evidence, names
from .hang import hangs
from .mark import SURE_KINDS
from .match import is_small, stem, terms, words
from .teach import Record

if TYPE_CHECKING:
    from ..domain.protocols import Vectors

FILTERS = ("schema", "quote", "facts", "alone", "novelty", "round_trip", "reader")

QUESTION_WORDS = (2, 40)
ANSWER_WORDS = 60
QUOTED = 0.95  # share of a quote's words that must stand in the passage, in a row
ALIKE_WORDS = 0.7  # ROUGE-L of two questions from which on they are one
ALIKE_MEANING = 0.92  # cosine, likewise
FOUND = 20  # hits among which the passage must be
OPEN = 5  # hits that the reader looks at for a question that nothing is to answer
AGREES = 0.5  # F1 of the reader's words and the answer from which on they are the same
TELLING = 3  # words that say something, from which on a question stands alone without a name

# What a review is to see first: where reader and teacher differ, one of them is wrong.
_DIFFER, _UNREAD, _AGREE = 0.9, 0.6, 0.4

_VERBATIM = frozenset(("fact", "number", "date"))  # kinds whose answer must stand there in words
_WORD = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]|(?:(?![\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f])\w)+"
)
_JSON = re.compile(r"[{}\[\]]|\"\s*:")
_TEXT = (
    r"(?:document|passage|text|article|paragraph|excerpt|author|speaker|writer|sentence|context)"
)
_POINTS = re.compile(
    r"\b(?:the|this|that|in|from)\s+(?:(?:same|given|above|following|whole|provided)\s+)?"
    rf"{_TEXT}\b(?!\s+(?:of|for|about|called|named|that|which|who)\b)"
    r"|\b(?:section|chapter|page|figure|table|paragraph|item|step|line)\s+\(?(?:\d|[ivx]+\b)"
    r"|\b(?:mentioned|described|listed|stated|shown|discussed|provided|given|said)\s+(?:here|above|below|earlier)\b"
    r"|\b(?:the|as|see)\s+(?:above|below|following)\b|\baforementioned\b|\baccording to (?:it|them|this)\b"
    r"|\b(?:dies\w*|der|den|dem|das|im|aus dem)\s+(?:obigen\s+)?(?:Text|Dokument|Absatz|Abschnitt|Artikel)\b"
    r"|\b(?:did|does|do|was|were|is|are|has|have|had|can|will|must|should)\s+(?:they|he|she)\b"
    r"|\b(?:ce|le|du|cet)\s+(?:texte|document|passage|paragraphe)\b"
    r"|\b(?:este|el|del)\s+(?:texto|documento|pasaje|párrafo)\b",
    re.IGNORECASE,
)
# Words that ask and do not tell what is asked about.
_GENERIC = frozenset(
    words(
        "name names called purpose main kind type thing things example examples number many much"
        " time happen happened happens work works mean means use used"
    )
)

Search = Callable[[str], Sequence[Hit]]
Embed = Callable[[Sequence[str]], "Vectors"]


class Sieve:
    """Makes pairs of what a teacher wrote. Each part that is missing leaves its filter out."""

    def __init__(
        self,
        quoter: Quoter,
        *,
        search: Search | None = None,
        reader: Reader | None = None,
        embed: Embed | None = None,
    ) -> None:
        """`search` gives at least `FOUND` hits, best first; `embed` vectors (n, dimensions)."""
        self._quoter = quoter
        self._search, self._reader, self._embed = search, reader, embed

    def sift(
        self,
        passage: Passage,
        records: Iterable[Record],
        fold: Fold,
        earlier: Sequence[Pair] = (),
    ) -> list[Pair]:
        """A pair for each record, in order, those that a filter caught as `REJECTED`.

        `earlier` are the pairs of the document that are there already: the same records and the
        same `earlier` give the same pairs. A question about the passage that is there twice is kept
        once.
        """
        known = [pair.question for pair in earlier if pair.learned_from]
        made: dict[str, Pair] = {}
        for record in records:
            pair = self._pair(passage, record, fold)
            if pair.id in made:
                continue
            reason, pair = self._sifted(passage, record, pair, known)
            if reason:
                pair = replace(pair, state=PairState.REJECTED, reason=reason)
            else:
                known.append(pair.question)
            made[pair.id] = pair
        return list(made.values())

    def _pair(self, passage: Passage, record: Record, fold: Fold) -> Pair:
        absent = record.kind == "absent"
        document, position = ("", -1) if absent else (passage.document_id, passage.position)
        around = None if absent else quoted_at(record.quote, passage.text)
        start, end = answer_at(record.answer, passage.text, around) if around else (-1, -1)
        spans = self._quoter.spans(passage, [around]) if around else ()
        quote = self._quoter.quote(document, spans) if spans else ""
        if not (spans or absent or record.quote or record.answer):
            spans = passage.spans  # only a question: the passage is all that is known of its answer
        return Pair(
            id=pair_id(record.question, document, position),
            question=record.question,
            answer=passage.text[start:end] if start >= 0 else record.answer,
            document_id=document,
            position=position,
            quote=quote,
            spans=spans,
            start=start,
            end=end,
            source=PairSource.TEACHER,
            kind=record.kind,
            style=record.style,
            fold=fold,
            usefulness=_UNREAD,
        )

    def _sifted(
        self, passage: Passage, record: Record, pair: Pair, known: Sequence[str]
    ) -> tuple[str, Pair]:
        """The name of the filter that catches a pair, "" where none does, and the pair."""
        if not is_sound(record):
            return "schema", pair
        asked_only = not (record.answer or record.quote)
        if not asked_only and not _is_quoted(record, pair):
            return "quote", pair
        if Evidence(f"{passage.context}\n{passage.text}").missing(record.answer):
            return "facts", pair
        if not stands_alone(record.plain or record.question):
            return "alone", pair
        if self._is_known(pair.question, known):
            return "novelty", pair
        hits = self._search(pair.question)[:FOUND] if self._search else None
        if pair.absent:
            return ("reader" if self._finds_answer(passage, pair, hits or ()) else ""), pair
        if pair.fold is Fold.PRACTICE and hits is not None and not _holds(hits, passage):
            return "round_trip", pair
        return "", pair if asked_only else self._read(passage, pair)

    def _is_known(self, question: str, known: Sequence[str]) -> bool:
        if any(rouge_l(question, other) >= ALIKE_WORDS for other in known):
            return True
        if self._embed is None or not known:
            return False
        vectors = self._embed([question, *known])
        return float((vectors[1:] @ vectors[0]).max()) >= ALIKE_MEANING

    def _finds_answer(self, passage: Passage, pair: Pair, hits: Sequence[Hit]) -> bool:
        """Whether the reader sees an answer after all, in the passage or in what search finds."""
        if self._reader is None:
            return False
        looked_at = [(passage.context, passage.text)]
        looked_at += [(hit.context, hit.text) for hit in hits[:OPEN] if hit.text != passage.text]
        return any(marks.there > 0 for marks in self._reader.read(pair.question, looked_at))

    def _read(self, passage: Passage, pair: Pair) -> Pair:
        """The pair with its usefulness: most where the reader marks other words than the teacher."""
        if self._reader is None:
            return pair
        [marks] = self._reader.read(pair.question, [(passage.context, passage.text)])
        if pair.kind == "yes_no":
            said = "yes" if marks.yes > marks.no else "no"
            agrees = marks.there > 0 and tokens(pair.answer)[:1] == [said]
        else:
            found = (
                passage.text[slice(marks.marks[0].start, marks.marks[0].end)] if marks.marks else ""
            )
            agrees = marks.there > 0 and f1(found, pair.answer) >= AGREES
        return replace(pair, usefulness=_AGREE if agrees else _DIFFER)


def counted(pairs: Iterable[Pair]) -> dict[str, int]:
    """How many each filter caught, in their order; "kept" are those that none did."""
    caught = Counter(pair.reason for pair in pairs)
    return {name: caught[name] for name in FILTERS} | {"kept": caught[""]}


def is_sound(record: Record) -> bool:
    """Whether a record is a question with an answer of the kind that is asked for, not given away."""
    question = record.plain or record.question
    asked, answered = tokens(question), tokens(record.answer)
    if not QUESTION_WORDS[0] <= len(asked) <= QUESTION_WORDS[1] or len(answered) > ANSWER_WORDS:
        return False
    if _JSON.search(question) or _JSON.match(record.answer):
        return False
    if not answered or record.kind == "yes_no":
        return True
    kind = expected(question)
    if kind and kind.kind in SURE_KINDS and not kind.find(record.answer):
        return False
    said = [word for word in answered if not is_small(word)] or answered
    return "or" in asked or not {stem(word) for word in said} <= {stem(word) for word in asked}


def stands_alone(question: str) -> bool:
    """Whether a question says what it is about to somebody who has no passage before them."""
    if _POINTS.search(question) or hangs(question):
        return False
    telling = [word for word in terms(question) if word not in _GENERIC]
    named = bool(names(question)) or any(word.isdigit() for word in telling)
    return len(telling) >= (1 if named else TELLING) or len(tokens(question)) > len(
        question.split()
    )


def quoted_at(quote: str, text: str) -> tuple[int, int] | None:
    """Where most of a quote's words (`QUOTED` of them) stand in a text in a row; None: nowhere."""
    wanted, there = _words(quote), _words(text)
    if not wanted:
        return None
    ours, theirs = [word for word, *_ in wanted], [word for word, *_ in there]
    run = SequenceMatcher(None, theirs, ours, autojunk=False).find_longest_match()
    if run.size < QUOTED * len(wanted):
        return None
    last = there[run.a + run.size - 1][2]
    ended = re.match(r"[.!?\"'”’)\]]+", text[last:])  # the marks that close the sentence
    return there[run.a][1], last + (ended.end() if ended else 0)


def answer_at(answer: str, text: str, around: tuple[int, int]) -> tuple[int, int]:
    """Where an answer stands word for word in `text` inside `around`, (-1, -1) where it does not."""
    wanted = [word for word, *_ in _words(answer)]
    inside = [word for word in _words(text) if around[0] <= word[1] and word[2] <= around[1]]
    at = _run(wanted, [word for word, *_ in inside])
    if not wanted or at is None:
        return -1, -1
    start, end = inside[at][1], inside[at + len(wanted) - 1][2]
    while (
        start > around[0] and text[start - 1] in "$€£¥+-–" and answer.strip()[:1] == text[start - 1]
    ):
        start -= 1
    if end < around[1] and text[end] in "%‰€$£¥°" and answer.strip()[-1:] == text[end]:
        end += 1
    return start, end


def rouge_l(first: str, second: str) -> float:
    """F1 of the longest common subsequence of words (ROUGE-L, Lin 2004), 0 to 1."""
    ours, theirs = tokens(first), tokens(second)
    row = [0] * (len(theirs) + 1)
    for word in ours:
        before = row
        row = [0]
        for at, other in enumerate(theirs):
            row.append(before[at] + 1 if word == other else max(before[at + 1], row[at]))
    return 2 * row[-1] / (len(ours) + len(theirs)) if row[-1] else 0.0


def _is_quoted(record: Record, pair: Pair) -> bool:
    """Whether a pair has its quote, and its answer is in it where that must be."""
    if pair.absent:
        return True
    return bool(pair.spans) and (pair.start >= 0 or record.kind not in _VERBATIM)


def _holds(hits: Iterable[Hit], passage: Passage) -> bool:
    return any(hit.passage_id == passage.id or hit.text == passage.text for hit in hits)


def _words(text: str) -> list[tuple[str, int, int]]:
    """The words of a text without case and form, with their places."""
    return [
        (unicodedata.normalize("NFKC", word.group()).casefold(), word.start(), word.end())
        for word in _WORD.finditer(text)
    ]


def _run(wanted: Sequence[str], there: Sequence[str]) -> int | None:
    """Where `wanted` stands in `there` in a row; None: nowhere."""
    size = len(wanted)
    return next(
        (at for at in range(len(there) - size + 1) if there[at : at + size] == wanted), None
    )
