"""Whether a model says that the documents do not answer, and the words with which we say so."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..domain.conversation import Hit
from .answer import REFUSAL, SEARCHED, SEARCHED_ONE
from .arrive import MARKER
from .match import is_small, stem, terms, words
from .mend import sentence_bounds

NEAREST_IN = "; what comes closest stands in {title}."
NEAREST_ON = "; what comes closest stands in {title}, page {page}."
WOULD_HELP = " A document that speaks of {words} would help."
MOST_WORDS = 4  # of the question that are named as missing
# Words of questions that name nothing a document would be about.
_ASKING = frozenset(
    (
        "long", "often", "soon", "old", "big", "high", "far", "late", "early", "take", "takes",
        "cost", "costs", "last", "lasts", "need", "needs", "mean", "means", "happen", "happens",
        "want", "find", "use", "used", "start", "end", "work", "works", "please", "there", "name",
        "called",
    )
)  # fmt: skip

# What the passages are called, and first sentences that refuse, in the languages models answer in.
_TEXTS = r"(?:documents?|passages?|texts?|context|sources?)"
_UNTERLAGEN = r"(?:dokumenten?|unterlagen|texten?|passagen|textstellen)"
_PAPELES = r"(?:document[oi]s?|pasajes|passaggi|passagens|text[oi]s?|testi)"
_SAY = "answer|say|mention|contain|state|provide|specify|include|give|tell|have|information"
_REFUSALS = (
    # English
    (
        r"(?:(?:this|that|it|the answer) )?(?:(?:is|was|does) )?(?:not|n['’]t) (?:\w+ ){0,2}"
        rf"(?:in|by) (?:your|the|these|any of the) (?:\w+ )?{_TEXTS}"
    ),
    (
        rf"(?:the|these|your|none of the|neither) (?:\w+ )?{_TEXTS}\b.{{0,40}}?"
        rf"\b(?:do(?:es)? ?n[o'’]t|cannot|can['’]t|no)\b.{{0,20}}?\b(?:{_SAY})"
    ),
    rf"none of the (?:\w+ )?{_TEXTS}\b",
    r"(?:there is )?no (?:information|answer|mention)\b",
    r"i (?:do not|don['’]t|cannot|can['’]t|could not|couldn['’]t) (?:know|find|answer|tell|say)\b",
    r"(?:(?:the question|this|it) )?cannot be (?:answered|determined)",
    r"not (?:mentioned|stated|specified|answered)\W*$",
    r"unanswerable",
    # German
    (
        rf"(?:(?:das|dies|die antwort) )?(?:(?:steht|ist) )?nicht in (?:ihren|deinen|den|euren)"
        rf" (?:\w+ )?{_UNTERLAGEN}"
    ),
    rf"(?:die|ihre|in den|in ihren) (?:\w+ )?{_UNTERLAGEN}\b.{{0,40}}?\b(?:nicht|keine)\b",
    r"(?:(?:dazu|hierzu|es) )?(?:gibt (?:es )?)?(?:(?:dazu|hierzu) )?keine (?:angabe|information|antwort)",
    r"(?:das )?weiß ich nicht|ich (?:weiß|finde)\b.{0,20}\bnicht",
    # French
    r"(?:(?:cela|ce|ceci) )?(?:n['’]est |ne figure )?pas (?:\w+ )?dans (?:vos|les|ces) (?:documents|passages|textes)",
    r"(?:les|vos|aucun des) (?:documents|passages|textes)\b.{0,20}?\bne\b",
    r"(?:il n['’]y a )?(?:aucune|pas d['’]) ?information|je ne sais pas",
    # Spanish, Portuguese, Italian
    rf"(?:(?:esto|eso) )?no (?:(?:está|figura|aparece|consta|se \w+) )?(?:\w+ )?en (?:sus|tus|los|estos) {_PAPELES}",
    rf"(?:os|los|sus|tus|i|seus) (?:(?:vostri|tuoi|suoi|seus) )?{_PAPELES} (?:no|não|non)\b",
    r"no hay información|no lo sé|não há informaç|não sei|nessuna informazione|non lo so",
    rf"(?:(?:isto|isso) )?não (?:(?:está|consta|aparece|se \w+) )?(?:\w+ )?n?(?:os|em) (?:seus )?{_PAPELES}",
    rf"non (?:(?:è|si trova|figura|compare) )?(?:\w+ )?nei (?:(?:vostri|tuoi|suoi) )?{_PAPELES}",
    # Dutch
    r"(?:(?:dit|dat) )?(?:(?:staat|is) )?niet in (?:uw|je|de|deze) (?:documenten|teksten|passages)",
    r"de (?:documenten|teksten|passages)\b.{0,30}?\b(?:niet|geen)\b|geen informatie|dat weet ik niet",
)
_SORRY = r"(?:(?:i['’ ]?a?m )?sorry(?:, but)?|unfortunately|leider|désolé|lo siento|helaas)?"
_REFUSES = re.compile(rf"^\W*{_SORRY}\W*(?:{'|'.join(_REFUSALS)})", re.IGNORECASE)


def refuses(text: str) -> bool:
    """Whether a written answer says no more than that the passages do not answer.

    An answer that begins so but goes on with a sentence that cites a passage is none.
    """
    bounds = sentence_bounds(text.strip())
    if not bounds:
        return False
    start, end = bounds[0]
    first = MARKER.sub("", text.strip()[start:end])
    return bool(_REFUSES.match(first)) and not MARKER.search(
        text.strip()[end:].lstrip("[]0123456789 ")
    )


def refusal_text(question: str, searched: int, nearest: Sequence[Hit]) -> str:
    """What was searched, what comes closest, and what a document that answers would speak of."""
    count = SEARCHED_ONE if searched == 1 else SEARCHED.format(count=searched)
    first = nearest[0]
    where = NEAREST_IN if first.page is None else NEAREST_ON
    text = f"{REFUSAL} {count}{where.format(title=first.title, page=first.page)}"
    missing = missing_words(question, nearest)
    return (
        text + WOULD_HELP.format(words=", ".join(f"“{word}”" for word in missing))
        if missing
        else text
    )


def missing_words(question: str, nearest: Sequence[Hit]) -> list[str]:
    """The words of a question, as it has them, that stand in none of the passages found."""
    there = {
        stem(word) for hit in nearest for word in words(f"{hit.title}\n{hit.context}\n{hit.text}")
    }
    known = set(terms(question))
    found = []
    for written in re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", question):
        said = [word for word in words(written) if word in known and not _is_asking(word)]
        if said and all(len(w) > 2 and stem(w) not in there for w in said) and written not in found:
            found.append(written)
    return found[:MOST_WORDS]


def _is_asking(word: str) -> bool:
    return is_small(word) or word in _ASKING
