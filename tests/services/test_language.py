"""Which language a text is in."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from ragdesk.adapters.embedder import OnnxEmbedder
from ragdesk.domain.document import Block, BlockKind, Page
from ragdesk.resources import asset
from ragdesk.services.language import UNKNOWN, about_tokens, is_foreign, language, of_document
from ragdesk.services.split import split

DATA = Path(os.environ.get("RAGDESK_DATA") or Path(__file__).parents[3] / "shared/data")

SENTENCES = {
    "en": "The tiles are delivered within ten days, and the shop does not charge for that.",
    "de": "Die Fliesen werden innerhalb von zehn Tagen geliefert, und das Geschäft berechnet dafür nichts.",
    "nl": "De tegels worden binnen tien dagen geleverd en de winkel rekent daar niets voor.",
    "fr": "Les carreaux sont livrés dans les dix jours et le magasin ne facture pas cette livraison.",
    "es": "Los azulejos se entregan en diez días y la tienda no cobra nada por el envío.",
    "pt": "Os azulejos são entregues em dez dias e a loja não cobra nada pelo envio.",
    "it": "Le piastrelle vengono consegnate entro dieci giorni e il negozio non chiede nulla per la consegna.",
    "ca": "Les rajoles es lliuren en deu dies i la botiga no cobra res per aquest servei.",
    "pl": "Płytki są dostarczane w ciągu dziesięciu dni, a sklep nie pobiera za to opłaty.",
    "cs": "Dlaždice jsou dodány do deseti dnů a obchod si za to nic neúčtuje.",
    "sv": "Kakelplattorna levereras inom tio dagar och butiken tar inte betalt för det.",
    "da": "Fliserne leveres inden for ti dage, og butikken tager ikke noget for det.",
    "fi": "Laatat toimitetaan kymmenen päivän kuluessa, ja se on ilmaista kun ne ovat valmiina.",
    "hu": "A csempéket tíz napon belül szállítják, és a bolt nem kér ezért semmit.",
    "tr": "Fayanslar on gün içinde teslim edilir ve mağaza bunun için ücret almaz.",
    "id": "Ubin dikirim dalam sepuluh hari dan toko tidak mengenakan biaya untuk itu.",
    "vi": "Gạch được giao trong mười ngày và cửa hàng không tính phí cho việc này.",
    "ro": "Plăcile sunt livrate în zece zile și magazinul nu cere nimic pentru asta.",
    "ru": "Плитка доставляется в течение десяти дней, и магазин не берёт за это денег.",
    "uk": "Плитка доставляється протягом десяти днів, і магазин не бере за це грошей.",
    "bg": "Плочките се доставят до десет дни и магазинът не взема нищо за това.",
    "el": "Τα πλακάκια παραδίδονται μέσα σε δέκα ημέρες.",
    "ar": "يتم تسليم البلاط في غضون عشرة أيام ولا يتقاضى المتجر شيئا عن ذلك.",
    "fa": "کاشی‌ها در ده روز تحویل داده می‌شوند و فروشگاه برای این کار پولی نمی‌گیرد.",
    "he": "האריחים נמסרים תוך עשרה ימים.",
    "hi": "टाइलें दस दिनों में पहुँचा दी जाती हैं और दुकान इसके लिए कुछ नहीं लेती।",
    "th": "กระเบื้องจะถูกส่งภายในสิบวัน",
    "zh": "瓷砖在十天内送到,商店不收任何费用。",
    "ja": "タイルは十日以内に届けられ、店はその料金を取りません。",
    "ko": "타일은 열흘 안에 배달되며 가게는 비용을 받지 않습니다.",
}  # fmt: skip


@pytest.mark.parametrize("lang", SENTENCES)
def test_a_sentence_is_enough(lang: str) -> None:
    assert language(SENTENCES[lang]) == lang
    assert is_foreign(lang) is (lang != "en")


@pytest.mark.parametrize(
    "text",
    ["", "   \n", "12.50 | 13.75 | 1,000", "Ceramica Valdoro", "\ud800", "🧱🧱", "x" * 100_000],
)
def test_what_tells_nothing_is_not_guessed(text: str) -> None:
    assert language(text) == UNKNOWN
    assert not is_foreign(UNKNOWN)


def test_names_and_foreign_words_do_not_turn_a_text_round() -> None:
    assert (
        language("The firm 东京瓷砖 (Tokyo Tiles) is in der Lange Straße, and it will deliver.")
        == "en"
    )
    assert language("Die Firma 东京瓷砖 ist für the Valdoro Group nicht zu erreichen.") == "de"
    assert language("ABC电视台在2005年播出了该节目") == "zh"


def test_a_document_is_judged_by_all_of_it_and_in_time() -> None:
    cover = "Valdoro 2026. " * 400
    body = SENTENCES["es"] * 200
    assert of_document([cover, body]) == "es"
    assert of_document([]) == UNKNOWN


@pytest.mark.parametrize("lang", ["ar", "ru", "zh", "ko", "hi"])
def test_a_paragraph_stays_whole_in_every_script(lang: str) -> None:
    sentence = SENTENCES[lang]
    paragraph = " ".join([sentence] * ((300 if lang in ("zh", "ko") else 700) // len(sentence)))
    page = Page(1, paragraph, (Block(BlockKind.PARAGRAPH, 0, len(paragraph)),))
    assert len(split("id", "Title", [page], about_tokens)) == 1
    english = OnnxEmbedder(asset("models", "all-MiniLM-L6-v2")).token_count
    assert len(split("id", "Title", [page], english)) > 1


def test_nothing_has_the_tokens_of_its_ends() -> None:
    assert about_tokens("") == 2


@pytest.mark.skipif(not DATA.is_dir(), reason="the document sets are not on this computer")
@pytest.mark.parametrize(
    ("pattern", "lang"),
    [(f"multilingual/docs/{lang}/*.txt", lang) for lang in ("ar", "de", "es", "zh")]
    + [("squad/docs/*.txt", "en")],
)
def test_every_document_of_the_sets_is_told_right(pattern: str, lang: str) -> None:
    files = sorted(DATA.glob(pattern))
    assert files
    assert {of_document([file.read_text(encoding="utf-8")]) for file in files} == {lang}


@pytest.mark.skipif(not DATA.is_dir(), reason="the document sets are not on this computer")
def test_questions_are_told_right_or_not_at_all() -> None:
    lines = (DATA / "multilingual/questions.jsonl").read_text(encoding="utf-8").splitlines()
    asked = [json.loads(line) for line in lines]
    told = [(question["lang"], language(question["question"])) for question in asked]
    assert sum(found == lang for lang, found in told) >= 0.95 * len(told)
    assert {found for lang, found in told if found != lang} == {UNKNOWN}
