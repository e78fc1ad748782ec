"""After a refusal: what kind of document would say it, and what the documents there leave out."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from ...domain.conversation import Hit

MOST_WORDS = 4

# Beginnings of words in a question, English and German, and the kind of paper that such things
# stand in. The first that fits counts. To add one: a line here.
_KINDS: Sequence[tuple[str, object]] = (
    (
        "lease|rent|landlord|tenan|premises|miet|pacht|vermieter",
        QT_TRANSLATE_NOOP("MissingDocument", "a lease, its annexes or a letter about it"),
    ),
    (
        "insur|insured|excess|versicher|selbstbeteiligung",
        QT_TRANSLATE_NOOP("MissingDocument", "an insurance policy or a letter from the insurer"),
    ),
    (
        "holiday|leave|sick|pension|salar|wage|overtime|employ|staff|urlaub|gehalt|lohn|rente|krank",
        QT_TRANSLATE_NOOP("MissingDocument", "a staff handbook, an employment contract or a rule for staff"),
    ),
    (
        "warrant|guarant|return|complain|refund|garantie|gewähr|reklam|rückgabe",
        QT_TRANSLATE_NOOP("MissingDocument", "terms of business, a warranty booklet or a complaint procedure"),
    ),
    (
        "deliver|shipment|supplier|order|liefer|bestell",
        QT_TRANSLATE_NOOP("MissingDocument", "an order, a delivery note or a letter from the supplier"),
    ),
    (
        "tax|vat|profit|revenue|turnover|loss|income|steuer|umsatz|gewinn|verlust|ertrag",
        QT_TRANSLATE_NOOP("MissingDocument", "annual accounts, a tax assessment or a report"),
    ),
    (
        "price|cost|fee|rate|charge|discount|pay|invoice|preis|kost|rabatt|rechnung|zahl",
        QT_TRANSLATE_NOOP("MissingDocument", "a price list, a quote or an invoice"),
    ),
    (
        "meeting|minute|decid|decision|agreed|vote|sitzung|beschluss|protokoll",
        QT_TRANSLATE_NOOP("MissingDocument", "the minutes of a meeting or a letter that confirms it"),
    ),
    (
        "safety|first aid|accident|fire|hazard|protect|sicherheit|unfall|brand|schutz",
        QT_TRANSLATE_NOOP("MissingDocument", "safety instructions or a risk assessment"),
    ),
    (
        "machine|vehicle|serial|install|maint|tool|panel|roof|building|maschine|fahrzeug|wartung|gebäude",
        QT_TRANSLATE_NOOP("MissingDocument", "a manual, a data sheet or a list of what there is"),
    ),
    (
        "phone|mail|address|contact|telefon|adresse|ansprech",
        QT_TRANSLATE_NOOP("MissingDocument", "a list of contacts or a letter with the details"),
    ),
)  # fmt: skip
_OTHER = QT_TRANSLATE_NOOP(
    "MissingDocument", "the contract, the rule or the letter in which it was settled"
)

_COMMON_WORDS = """
about after also been before could does from have how into long many much must need only other ours
shall should than that their them then there these they this those under until upon what when where
which while whom whose will with would your yours
aber auch beim dass dein diese dieser eine einem einen einer haben ihre kann muss nach oder sich
sind unser viel viele wann warum welche welcher werden wird wohin woher
"""
_COMMON = frozenset(_COMMON_WORDS.split())


def _tr(text: str) -> str:
    return QCoreApplication.translate("MissingDocument", text)


def kind_of_document(question: str) -> str:
    """What such a thing usually stands in, as in "a price list, a quote or an invoice"."""
    for beginnings, kind in _KINDS:
        if re.search(rf"\b(?:{beginnings})", question, re.IGNORECASE):
            return _tr(str(kind))
    return _tr(str(_OTHER))


def words_not_found(question: str, nearest: Sequence[Hit]) -> list[str]:
    """Words of the question that none of the nearest passages holds, in another form either."""
    text = " ".join(f"{hit.text} {hit.context}" for hit in nearest).casefold()
    missing: list[str] = []
    for word in re.findall(r"[^\W\d_]{4,}", question):
        small = word.casefold()
        # Without its ending a word is found in its other forms: panels, panel.
        if (
            small not in _COMMON
            and small[: max(4, len(small) - 2)] not in text
            and word not in missing
        ):
            missing.append(word)
    return missing[:MOST_WORDS]


def advice(question: str, nearest: Sequence[Hit]) -> str:
    """Which document would say it, and what to do with it."""
    sentences = []
    missing = words_not_found(question, nearest)
    if nearest and missing:
        words = ", ".join(f"“{word}”" for word in missing)
        sentences.append(_tr("What comes nearest does not mention {words}.").format(words=words))
    sentences += [
        _tr("Such a thing usually stands in {kind}.").format(kind=kind_of_document(question)),
        _tr(
            "If you have one, add it and ask again; if it is a picture or a scan, add a version with text."
        ),
    ]
    return " ".join(sentences)
