"""What questions in other languages ask for, and finding it."""

from __future__ import annotations

import time

import pytest

from ragdesk.services.expect import expected
from ragdesk.services.expect_abroad import SAID


@pytest.mark.parametrize(
    ("lang", "question", "kind", "text", "found"),
    [
        ("de", "Wie viel kostet die Lieferung?", "money", "Die Lieferung kostet 45 € im Ort", "45 €"),
        ("de", "Was kostet die Lieferung?", "money", "kostet zwanzig Euro", "zwanzig Euro"),
        ("de", "Wie lange gilt die Garantie?", "duration", "Sie gilt fünf Jahre.", "fünf Jahre"),
        ("de", "Wann wurde der Laden eröffnet?", "date", "am 3. März 1998 eröffnet", "3. März 1998"),
        ("de", "In welchem Jahr war das?", "date", "Es war 1851 in Leeds", "1851"),
        ("de", "In welchem Jahrhundert war das?", "date", "Im 20. Jahrhundert", "20. Jahrhundert"),
        ("de", "Wie viele Mitarbeiter gibt es?", "count", "1998 waren es 14 Mitarbeiter", "14 Mitarbeiter"),
        ("de", "Wie viel Prozent sind es?", "percent", "das sind 5 Prozent", "5 Prozent"),
        ("fr", "Combien coûte la livraison ?", "money", "La livraison coûte 45 euros", "45 euros"),
        ("fr", "Pendant combien de temps ?", "duration", "sous trente jours", "trente jours"),
        ("fr", "Quand est-il ouvert ?", "date", "le 1er mai 2026", "1er mai 2026"),
        ("fr", "Qui est le responsable ?", "name", "Le responsable est Pierre Lambert", "Pierre Lambert"),
        ("es", "¿Cuánto cuesta el envío?", "money", "El envío cuesta 45 euros", "45 euros"),
        ("es", "¿En qué siglo fue?", "date", "en el siglo XX", "siglo XX"),
        ("es", "¿Cuándo reabrió?", "date", "en abril de 1991", "abril de 1991"),
        ("es", "¿Quién firma?", "name", "Las cartas las firma Ana Ruiz", "Ana Ruiz"),
        ("it", "Quanto costa?", "money", "costa 45 euro", "45 euro"),
        ("nl", "Hoeveel dagen is het?", "duration", "binnen dertig dagen", "dertig dagen"),
        ("pt", "Quando abriu?", "date", "em março de 1991", "março de 1991"),
        ("zh", "哪一年发生的?", "date", "发生在2010年", "2010年"),
        ("zh", "有多少人?", "count", "2010年有30人", "30"),
        ("ar", "متى كان ذلك؟", "date", "في 1991", "1991"),
    ],
)  # fmt: skip
def test_kinds_are_asked_for_and_found(
    lang: str, question: str, kind: str, text: str, found: str
) -> None:
    asked = expected(question, lang, lang)
    assert asked is not None
    assert asked.kind == kind
    start, end = asked.find(text)[0]
    assert text[start:end] == found


def test_in_documents_of_another_language_too() -> None:
    for lang, question in (("de", "Wie lange gilt die Garantie?"), ("", "How long is it?")):
        asked = expected(question, lang, "fr")
        assert asked is not None
        for text in ("fünf Jahre", "five years", "cinq années"):
            assert asked.find(text) == [(0, len(text))]
    english = expected("How long is it?")
    assert english is not None
    assert english.find("cinq années") == []


def test_what_asks_for_anything_is_none() -> None:
    assert expected("Was gilt für Fliesen?", "de", "de") is None
    assert expected("Wie viel kostet das?", "fi", "fi") is None  # no such words known


def test_long_texts_take_no_longer_than_they_are() -> None:
    started = time.perf_counter()
    for pattern in {pattern for patterns in SAID.values() for pattern in patterns}:
        for text in ("1" * 20_000, "1," * 10_000, "A" * 20_000, "ein " * 5_000, " " * 20_000):
            list(pattern.finditer(text))
    assert time.perf_counter() - started < 10
