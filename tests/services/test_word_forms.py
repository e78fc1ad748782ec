"""Words as the word search reads them, in every language."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from ragdesk.services.ingest import tell_languages, told
from ragdesk.services.match import expression
from ragdesk.services.match import terms as english_terms
from ragdesk.services.word_forms import said, searched, stems, terms
from ragdesk.store.judgements import Learned

from .conftest import Library

FILLER = {
    "de": "Der Garten ist im Winter nicht zu sehen, und die Wege sind mit Schnee bedeckt.",
    "es": "El jardín no se ve en invierno, y los caminos están cubiertos de nieve para todos.",
    "fr": "Le jardin ne se voit pas en hiver et les chemins sont couverts de neige pour tous.",
    "ru": "Сад зимой не виден, и дороги покрыты снегом, но это для всех одинаково.",
    "ar": "لا تظهر الحديقة في الشتاء و الطرق مغطاة بالثلج من كل مكان إلى هذا اليوم.",
    "hi": "सर्दियों में बगीचा नहीं दिखता और रास्ते बर्फ से ढके हैं।",
    "zh": "冬天看不到花园,道路被雪覆盖。",
    "ja": "冬には庭が見えず、道は雪で覆われています。",
    "ko": "겨울에는 정원이 보이지 않고 길은 눈으로 덮여 있습니다.",
    "th": "ในฤดูหนาวมองไม่เห็นสวนและถนนปกคลุมด้วยหิมะ",
}

# Language: (what a document says, a question in other forms of those words).
ASKED = {
    "de": ("Die Häuser wurden in zwei Jahren gebaut und sind versichert.", "Haus gebautes Jahr"),
    "es": ("Las baldosas rotas se cambian y no se cobran en la tienda.", "baldosa rota cambiar"),
    "fr": ("Les carreaux cassés sont remplacés par le magasin et non facturés.", "carreau cassé remplacer"),
    "ru": ("Разбитые плитки заменяются магазином, и это не стоит денег.", "разбитая плитка заменяться"),
    "ar": ("يتم استبدال البلاطات المكسورة في المتجر ولا يدفع الزبون شيئا عن ذلك.", "بلاطة مكسورة متجر"),
    "hi": ("टूटी हुई टाइलें दुकान में बदली जाती हैं और यह मुफ्त है।", "टाइल दुकान"),
    "zh": ("破损的瓷砖可以在商店免费更换。", "瓷砖破损了怎么更换?"),
    "ja": ("割れたタイルは店で無料で交換できます。", "タイルの交換は無料ですか?"),
    "ko": ("깨진 타일은 가게에서 무료로 교환됩니다.", "타일을 교환할 수 있나요?"),
    "th": ("กระเบื้องที่แตกสามารถเปลี่ยนได้ฟรีที่ร้าน", "เปลี่ยนกระเบื้องแตก"),
}  # fmt: skip


def add(library: Library, path: str, *texts: str) -> None:
    """A document that goes the way of a real one: its language is told."""
    place = library.add(path, *texts)
    passages = library.passages.of_document(place.document_id or "")
    library.passages.save(place.document_id or "", passages, *told(passages))


def found(library: Library, question: str) -> list[str]:
    """The paths of what the words find, best first."""
    looked_for = terms(question, library.passages.languages())
    numbers = [n for n, _ in library.passages.search_words(expression(looked_for), 10)]
    stored = library.passages.get(numbers)
    return [stored[number].path for number in numbers]


@pytest.mark.parametrize("lang", ASKED)
def test_other_forms_of_a_word_are_found(library: Library, lang: str) -> None:
    says, asks = ASKED[lang]
    add(library, "filler.txt", FILLER[lang])
    add(library, "right.txt", says)
    assert found(library, asks)[:1] == ["right.txt"]
    assert library.passages.check_words() == []


@pytest.mark.parametrize("lang", ["de", "es", "ru", "zh", "ja", "th"])
def test_without_the_forms_a_word_would_be_missed(library: Library, lang: str) -> None:
    def all_of(words: list[str]) -> int:
        match = " AND ".join(f'"{word}"' for word in words)
        return len(library.passages.search_words(match, 10))

    says, asks = ASKED[lang]
    place = library.add("right.txt", says)  # read as if it were English
    assert all_of(english_terms(asks)) == 0
    passages = library.passages.of_document(place.document_id or "")
    library.passages.save_language(place.document_id or "", *told(passages))
    assert all_of(terms(says, [lang])) == 1
    assert any(all_of([form]) for form in terms(asks, [lang]))


def test_a_mixed_shelf_is_found_in_each_of_its_languages(library: Library) -> None:
    for lang in ASKED:
        add(library, f"{lang}.txt", ASKED[lang][0])
        add(library, f"filler-{lang}.txt", FILLER[lang])
    add(library, "en.txt", "Broken tiles are replaced by the shop, and it is free for customers.")
    for lang in ASKED:
        assert found(library, ASKED[lang][1])[0] == f"{lang}.txt"
    assert found(library, "replacing a broken tile")[0] == "en.txt"


def test_english_stays_as_it_is(library: Library) -> None:
    text = "Broken tiles are replaced by the shop (see page 3, 1.500 Euro); Müller & Söhne know."
    assert searched(text, "en") is None
    assert searched(text, "") is None
    question = "Who replaces broken tiles for 1.500?"
    assert terms(question, ["en"]) == english_terms(question)


def test_small_words_are_those_of_the_question() -> None:
    assert "die" in terms("when did the Queen die?", ["de"])
    assert "die" not in terms("Wann ist die Königin gestorben?", ["de"])
    assert terms("der die das", ["de"]) != []


def test_foreign_signs_inside_english_are_cut_too() -> None:
    assert searched("Made by 东京瓷砖 in 2024", "en") == "made by 东京 京瓷 瓷砖 in 2024"
    assert terms("东京瓷砖", ["en"]) == ["东京", "京瓷", "瓷砖"]


def test_arabic_letters_are_one_however_they_are_written() -> None:
    assert searched("الأُسْــتاذُ", "ar") == searched("الاستاذ", "ar")


@pytest.mark.parametrize(
    "question", ["", "?!", '" OR *', "a" * 100_000, "水", "\ud800", "ก" * 5_000]
)
def test_odd_questions_give_words_or_none(library: Library, question: str) -> None:
    add(library, "a.txt", FILLER["zh"])
    looked_for = terms(question, ["zh", "de", "ar"])
    assert all(looked_for)  # no empty word, which would be no expression
    found = library.passages.search_words(expression(looked_for[:50]), 10) if looked_for else []
    assert len(found) <= len(FILLER["zh"])


def test_threads_do_not_mix_their_words() -> None:
    words = {f"häusern{chr(97 + n % 26)}{chr(97 + n // 26)}ungen": "" for n in range(400)}
    expected = {word: searched(word, "de") for word in words}
    searched.__globals__["_ground"].cache_clear()
    wrong: list[str] = []

    def check() -> None:
        wrong.extend(word for word in words if searched(word, "de") != expected[word])

    threads = [threading.Thread(target=check) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_documents_of_an_older_library_are_told_once(library: Library, tmp_path: Path) -> None:
    says, asks = ASKED["zh"]
    library.add("old.txt", says)
    library.add("english.txt", "The tiles are in the shop, and they are not for sale.")
    library.add("numbers.txt", "12.50 | 13.75")
    assert found(library, asks) == []
    learned = Learned(library.database)
    assert tell_languages(library.passages, learned) == 3
    assert found(library, asks) == ["old.txt"]
    assert library.passages.languages() == {"zh", "en", ""}
    assert library.passages.check_words() == []
    library.passages.rebuild_words()
    assert found(library, asks) == ["old.txt"]
    assert tell_languages(library.passages, learned) == 0


def test_telling_languages_stops_when_it_is_asked_to(library: Library) -> None:
    learned = Learned(library.database)
    library.add("a.txt", FILLER["de"])
    library.add("b.txt", FILLER["fr"])
    asked = iter((False, True))
    assert tell_languages(library.passages, learned, lambda: next(asked)) == 1
    assert len(library.passages.without_language()) == 1
    assert tell_languages(library.passages, learned) == 1
    assert library.passages.without_language() == []


def test_texts_are_compared_by_the_stems_of_their_language() -> None:
    assert stems("Deliveries delivered", "en") == stems("delivery deliver", "")
    assert stems("Die Häuser", "de") == stems("die Haus", "de")[:1] + stems("Hauser", "de")
    assert set(stems("los baldosas rotas", "es")) & set(stems("baldosa rota", "es"))
    assert stems("瓷砖退货", "zh") == ["瓷砖", "砖退", "退货"]


def test_what_a_question_says_goes_with_its_stems() -> None:
    assert said("How long is the delivery?", "en") == {"long": "long", "delivery": "deliver"}
    german = said("Wie lange gilt die Lieferung?", "de")
    assert "die" not in german
    assert german == {word: word for word in german}
    assert set(stems("Lieferungen", "de")) <= german.keys()
