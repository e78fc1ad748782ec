"""Practice questions made from the documents' own structure, by no model, in seconds. Pure.

Which kinds there are, and in which order they yield most, is measured: headings, questions that the
documents ask themselves, definitions, cells of tables, lines of a name and a value, mails, sentences
taken out, and rare words. A question names its document or heading where it would not stand alone.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ..domain.document import Page
from ..domain.training import Fold, Pair
from .adopt import from_judgements
from .ask_absent import ask_absent
from .ask_definitions import ask_definitions
from .ask_facts import ask_facts
from .ask_passages import ask_faq, ask_gaps, ask_headings, ask_keywords, ask_subjects, rarity
from .ask_tables import ask_cells, ask_values
from .cite import Quoter
from .draft import SHOWN, WHERE, Draft, Source, Speech, chance, heading_of, names_of, pair_id, shown
from .match import terms

__all__ = ["Source", "from_documents", "from_judgements", "pair_id"]

A_PASSAGE = 4  # pairs of one kind
A_PASSAGE_MOST = 10  # where there are few passages
IN_ALL = 800  # pairs of one kind that are aimed at, shared evenly by the documents
A_DOCUMENT = 10  # pairs of one kind that each document may have at least
ALONE = 4  # words that say something, from which on a question may do without its document's name
NAMED = 2  # one question in so many names its document though it need not

_LOOSE = re.compile(  # "the city", "the building": which one?
    r"\b[Tt]he [a-z]+(?: (?:is|are|was|were|has|have|had|must|shall)\b|\?)"
    r"|^When was the [a-z]+ [a-z]+ed\b"
)

# How much it helps that a person looks at one: the exam lives by exact answers, and at those kinds
# that are less sure a look is worth more than at a heading.
_WORTH = {"definition": 0.8, "key_value": 0.8, "absent": 0.7, "cell": 0.6, "faq": 0.6}
_LEAST_WORTH = 0.2
_EXAM_WORTH = 0.15
_AGAIN = 0.9  # of the worth of the one before of the same document and kind


@dataclass(frozen=True, slots=True)
class _Apart:
    """A draft, and what its question must name so that it has one answer."""

    draft: Draft
    document: bool = False
    heading: bool = False


def from_documents(
    documents: Iterable[Source], seed: int, folds: Mapping[str, Fold] | None = None
) -> list[Pair]:
    """Pairs of all kinds, the most useful to look at first; the same for the same documents and seed.

    `folds` are those of passages by id (`services.hold_out.folds`): a pair is of its passage's fold,
    and a question that nothing answers is made from passages of one fold and is of that. Without
    them all are for practice.
    """
    sources = sorted(documents, key=lambda source: source.document.id)
    names = names_of(sources)
    apart = _capped(_told_apart(_drafts(sources, seed), names), len(sources), seed)
    of_source = {source.document.id: source for source in sources}
    quoter = Quoter(lambda document, numbers: _pages(of_source[document], numbers))
    pairs: dict[str, Pair] = {}
    drafts: dict[str, Draft] = {}
    for one in sorted(apart, key=_where):
        question = _worded(one, names, of_source[one.draft.passage.document_id], seed)
        fold = (folds or {}).get(one.draft.passage.id, Fold.PRACTICE)
        pair = _pair(one.draft, question, fold, quoter)
        pairs[pair.id], drafts[pair.id] = pair, one.draft
    absent = ask_absent(list(pairs.values()), drafts, sources, names, seed)
    return _ranked([*pairs.values(), *absent], seed)


def _drafts(sources: Sequence[Source], seed: int) -> Iterator[Draft]:
    speech, rare = Speech(sources), rarity(sources)
    for source in sources:
        yield from ask_headings(source, speech)
        yield from ask_faq(source)
        yield from ask_definitions(source, speech)
        yield from ask_cells(source, speech)
        yield from ask_values(source, speech)
        yield from ask_facts(source, speech)
        yield from ask_subjects(source)
        yield from ask_gaps(source, seed)
        yield from ask_keywords(source, rare)


def _told_apart(drafts: Iterable[Draft], names: Mapping[str, str]) -> list[_Apart]:
    """Drafts that ask the same in the same words told apart by heading and document, or left out."""
    groups: defaultdict[str, list[Draft]] = defaultdict(list)
    for draft in drafts:
        groups[" ".join(draft.question.casefold().split())].append(draft)
    called = Counter(names.values())
    found: list[_Apart] = []
    for group in groups.values():
        by_document: defaultdict[str, list[Draft]] = defaultdict(list)
        for draft in group:
            by_document[draft.passage.document_id].append(draft)
        for document, asked in by_document.items():
            several = len(by_document) > 1
            if several and (called[names[document]] > 1 or WHERE not in asked[0].question):
                continue
            found += _told_apart_within(asked, several)
    return found


def _told_apart_within(asked: Sequence[Draft], several: bool) -> list[_Apart]:
    """The same for the drafts of one document."""
    if len({_said(draft) for draft in asked}) == 1:
        return [_Apart(asked[0], document=several)]
    by_heading: defaultdict[str, list[Draft]] = defaultdict(list)
    for draft in asked:
        by_heading[heading_of(draft.passage)].append(draft)
    return [
        _Apart(held[0], document=several, heading=True)
        for heading, held in by_heading.items()
        if heading and WHERE in held[0].question and len({_said(draft) for draft in held}) == 1
    ]


def _said(draft: Draft) -> str:
    return draft.answer.casefold() or draft.passage.id


def _capped(drafts: Sequence[_Apart], documents: int, seed: int) -> list[_Apart]:
    """So many of each kind of each passage and document, spread over the passages."""
    most = max(A_DOCUMENT, IN_ALL // max(1, documents))
    passages = len({one.draft.passage.id for one in drafts})
    each = max(A_PASSAGE, min(A_PASSAGE_MOST, IN_ALL // max(1, passages)))
    groups: defaultdict[tuple[str, str], list[_Apart]] = defaultdict(list)
    for one in drafts:
        groups[one.draft.passage.document_id, one.draft.kind].append(one)
    kept: list[_Apart] = []
    for group in groups.values():
        group.sort(key=lambda one: chance(seed, one.draft.question, one.draft.passage.id))
        taken: Counter[str] = Counter()
        ranked: list[tuple[int, int, _Apart]] = []
        for number, one in enumerate(group):
            ranked.append((taken[one.draft.passage.id], number, one))
            taken[one.draft.passage.id] += 1
        ranked.sort(key=lambda held: held[:2])
        kept += [one for rank, _, one in ranked if rank < each][:most]
    return kept


def _where(one: _Apart) -> tuple[str, int]:
    return one.draft.passage.document_id, one.draft.passage.position


def _worded(one: _Apart, names: Mapping[str, str], source: Source, seed: int) -> str:
    """The question, with what it must name, or may."""
    draft = one.draft
    bare = draft.question.replace(WHERE, "")
    name, heading = names[draft.passage.document_id], heading_of(draft.passage)
    drawn = chance(seed, draft.passage.id, bare)
    thin = len(terms(bare)) < ALONE or _LOOSE.search(bare) is not None
    always = thin or draft.kind == "cell"
    document = one.document or (len(names) > 1 and (always or drawn % NAMED == 0))
    title = one.heading or (len(names) == 1 and thin)
    said = set(terms(bare))
    document = document and not set(terms(name)) <= said
    title = title and bool(heading) and not set(terms(heading)) <= said
    if draft.style == "keywords" or not source.is_english:
        added = [heading] * title + [name.removeprefix("the ")] * document
        return draft.question.replace(WHERE, "".join(f" {each}" for each in added))
    where = f" under “{heading}”" if title else ""
    if document:
        where += f" {SHOWN[drawn // NAMED % 2]} {shown(name)}"
    return draft.question.replace(WHERE, where)


def _pair(draft: Draft, question: str, fold: Fold, quoter: Quoter) -> Pair:
    passage = draft.passage
    spans = quoter.spans(passage, [draft.around])
    return Pair(
        id=pair_id(question, passage.document_id, passage.position),
        question=question,
        answer=draft.answer,
        document_id=passage.document_id,
        position=passage.position,
        quote=quoter.quote(passage.document_id, spans),
        spans=spans,
        start=draft.start,
        end=draft.end,
        kind=draft.kind,
        style=draft.style,
        fold=fold,
    )


def _ranked(pairs: Iterable[Pair], seed: int) -> list[Pair]:
    """With their usefulness: exact answers and the exam's first, each document and kind in turn."""
    asked: Counter[tuple[str, str]] = Counter()
    found = []
    for pair in sorted(pairs, key=lambda pair: chance(seed, pair.id, "order")):
        again = asked[pair.document_id, pair.kind]
        asked[pair.document_id, pair.kind] += 1
        worth = _WORTH.get(pair.kind, _LEAST_WORTH) * _AGAIN**again
        worth += _EXAM_WORTH if pair.fold is Fold.EXAM and pair.examined else 0.0
        found.append(replace(pair, usefulness=round(worth, 4)))
    return sorted(found, key=lambda pair: (-pair.usefulness, pair.id))


def _pages(source: Source, numbers: Iterable[int]) -> list[Page]:
    wanted = set(numbers)
    return [page for page in source.pages if page.number in wanted]
