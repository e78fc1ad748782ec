"""Practice questions whose answer is a whole passage, in any language. Pure.

They teach where a thing stands, not what the answer is: headings, questions that the documents ask
themselves, subjects of mails, sentences taken out of their passage, and its rarest words.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from ..domain.document import Passage
from .choose import sentences
from .draft import STEPS, WHERE, Draft, Source, Speech, chance, heading_of, hit_of
from .itemise import is_item
from .match import is_small, terms, words

FAQ_WORDS = (3, 30)  # of a line that is a question
ANSWER_WORDS = 50
CLOZE_WORDS = (8, 30)
KEYWORDS = 4
LEAST_WORDS = 15  # of a passage that can be asked for as a whole

_PREFIX = re.compile(r"^(?:(?:re|fwd?|aw|wg|tr)\s*:\s*)+", re.IGNORECASE)
_NUMBER = re.compile(
    r"^\s*(?:(?:q|f|p)\s*[:.)]|[-*•]|\(?\d{1,3}(?:\.\d+)*[.):]?)\s+", re.IGNORECASE
)
_ANSWER = re.compile(r"^\s*(?:a|answer|antwort|réponse|respuesta)\s*[:.]\s+", re.IGNORECASE)
_ASKS = re.compile(r"[?？؟]\s*$")
_HOW = re.compile(r"how (?:to|do|does|can|we)\b", re.IGNORECASE)
_HAS_LETTERS = re.compile(r"[^\W\d_]{2}")
_HANGS = re.compile(r"\b(?:it|this|these|those|they|them|he|she|else)\b", re.IGNORECASE)
_PART = re.compile(r"(?:part|section|chapter|article|teil|kapitel)?[\W\d_]*[ivxlc]*[\W\d_]*", re.I)


def ask_headings(source: Source, speech: Speech) -> Iterator[Draft]:
    """The heading of the first passage of each section, asked as a search or as a question."""
    asked: set[str] = set()
    for passage in source.passages:
        heading = _tidy(heading_of(passage))
        if not heading or passage.context in asked or _PART.fullmatch(heading):
            continue
        asked.add(passage.context)
        if not _HAS_LETTERS.search(heading) or _ASKS.search(heading) or not _whole(passage):
            continue
        around = _opening(source, passage)
        above = [step for step in passage.context.split(STEPS)[1:-1] if not _PART.fullmatch(step)]
        path = " ".join([*map(_tidy, above[-1:]), heading])
        if not source.is_english:
            yield Draft("heading", passage, f"{path}{WHERE}", around, style="keywords")
        elif _HOW.match(heading) and len(set(terms(heading))) > 1:
            said = re.sub(r"^how (?:to|we)\b", "How do we", heading, flags=re.IGNORECASE)
            yield Draft("heading", passage, f"{said.rstrip('.')}{WHERE}?", around)
        elif is_small(heading.split()[0]) or chance(passage.id, "heading") % 2:
            yield Draft("heading", passage, f"{path.lower()}{WHERE}", around, style="keywords")
        else:
            question = f"What is said about {speech.inside(heading)}{WHERE}?"
            yield Draft("heading", passage, question, around)


def ask_faq(source: Source) -> Iterator[Draft]:
    """Questions that stand in the document, on a line or as a heading, with what follows them."""
    for passage in source.passages:
        heading = heading_of(passage)
        if _is_question(heading) and (answer := _following(source, passage, 0)):
            yield _faq(passage, _NUMBER.sub("", heading), answer)
        start = 0
        for line in passage.text.split("\n"):
            end = start + len(line)
            said = _NUMBER.sub("", line)
            if _is_question(said) and (answer := _following(source, passage, end)):
                yield _faq(passage, said.strip(), answer)
            start = end + 1


def ask_subjects(source: Source) -> Iterator[Draft]:
    """The subject of a mail."""
    subject = _PREFIX.sub("", source.document.title).strip()
    if source.document.kind == "eml" and len(words(subject)) > 1:
        for passage in source.passages[:1]:
            yield Draft("mail", passage, subject, _opening(source, passage), style="keywords")


def ask_gaps(source: Source, seed: int) -> Iterator[Draft]:
    """A sentence of each passage, to find its passage by (an inverse cloze)."""
    for passage in source.passages:
        found = [
            (one.start, one.end)
            for one in sentences(hit_of(source, passage))
            if not one.is_row
            and not _HANGS.match(one.text)
            and CLOZE_WORDS[0] <= len(one.text.split()) <= CLOZE_WORDS[1]
        ]
        if len(found) > 1:
            start, end = found[chance(seed, passage.id, "cloze") % len(found)]
            sentence = _NUMBER.sub("", passage.text[start:end])
            yield Draft("cloze", passage, sentence, (start, end))


def ask_keywords(source: Source, rare: Mapping[str, float]) -> Iterator[Draft]:
    """The words of each passage that say most, in their order."""
    for passage in source.passages:
        counts = Counter(terms(passage.text))
        known = [
            word for word in counts if _HAS_LETTERS.search(word) and len(word) > 2 and word in rare
        ]
        if len(known) < 2 * KEYWORDS or not _whole(passage):
            continue
        best = set(sorted(known, key=lambda word: (-rare[word], word))[:KEYWORDS])
        question = " ".join(word for word in known if word in best)
        yield Draft("keywords", passage, question, _opening(source, passage), style="keywords")


def rarity(sources: Iterable[Source]) -> dict[str, float]:
    """How much each word says of a passage: the logarithm of how few have it (idf).

    Words of one passage alone are left out: most are misread or names that no one looks for.
    """
    counts: Counter[str] = Counter()
    total = 0
    for source in sources:
        for passage in source.passages:
            counts.update(set(words(passage.text)))
            total += 1
    return {word: math.log(total / count) for word, count in counts.items() if count > 1}


def _is_question(line: str) -> bool:
    """Whether a line is one question and nothing else."""
    long_enough = FAQ_WORDS[0] <= len(words(line)) <= FAQ_WORDS[1]
    return (
        long_enough
        and not _HANGS.search(line)
        and _ASKS.search(line) is not None
        and line.count("?") < 2
    )


def _faq(passage: Passage, question: str, answer: tuple[int, int]) -> Draft:
    return Draft("faq", passage, question, answer, *answer)


def _following(source: Source, passage: Passage, at: int) -> tuple[int, int] | None:
    """The sentences behind a place up to the next question, `ANSWER_WORDS` at most."""
    found: tuple[int, int] | None = None
    for one in sentences(hit_of(source, passage)):
        if one.start < at:
            continue
        start = one.start
        if found is None and is_item(one.text) and at:
            break  # of a list of questions, or the first of several answers
        if found is None and (said := _ANSWER.match(one.text)):
            start += said.end()
        if _ASKS.search(one.text) or (
            found and len(passage.text[found[0] : one.end].split()) > ANSWER_WORDS
        ):
            break
        found = (found[0] if found else start, one.end)
    if found and len(passage.text[slice(*found)].split()) < 3:
        return None
    return found


def _opening(source: Source, passage: Passage) -> tuple[int, int]:
    """The first sentence or row."""
    first = next(iter(sentences(hit_of(source, passage))), None)
    return (first.start, first.end) if first else (0, len(passage.text))


def _tidy(heading: str) -> str:
    """A heading without its number and its full stop; not all in capitals."""
    heading = re.sub(
        r"^(?:(?:section|article|clause)\s)?[\d.\s()]+", "", heading, flags=re.IGNORECASE
    )
    heading = heading.strip(" .:")
    return heading.lower() if heading.isupper() and len(heading) > 6 else heading


def _whole(passage: Passage) -> bool:
    return len(words(passage.text)) >= LEAST_WORDS
