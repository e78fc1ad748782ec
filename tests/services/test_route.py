"""Questions are led to shelves: without labels, with reasons, softly, and never with an error."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from ragdesk.services import fit, route, word_forms
from ragdesk.services.route import WEIGHT, RouterState
from ragdesk.store.contents import Contents
from ragdesk.store.judgements import ROUTER, Learned

from .conftest import Library
from .routing import TEXTS, Desk


@pytest.fixture
def desk(library: Library) -> Desk:
    desk = Desk(library)
    assert desk.fitter.fit()
    return desk


@pytest.mark.parametrize(
    ("question", "shelf"),
    [
        ("How long are bathroom tiles guaranteed?", "Tiles"),
        ("how often are the dogs walked", "Dogs"),
        ("Who files the TAX return?", "Taxes"),
    ],
)
def test_a_question_is_led_to_its_shelf_without_any_label(
    desk: Desk, question: str, shelf: str
) -> None:
    chances = desk.chances(question)
    assert chances[0].name == shelf
    assert chances[0].chance > 0.6
    assert sum(chance.chance for chance in chances) == pytest.approx(1)
    assert [c.chance for c in chances] == sorted((c.chance for c in chances), reverse=True)
    assert {c.collection_id for c in chances} == set(desk.shelves.values())


def test_the_reason_is_the_words_of_the_question_as_they_were_asked(desk: Desk) -> None:
    first, *others = desk.chances("Are the Tiles of the BATHROOM guaranteed?")
    assert set(first.why) == {"Tiles", "BATHROOM", "guaranteed"}
    assert all(not chance.why for chance in others)


def test_where_no_word_speaks_the_reason_is_the_nearest_document(desk: Desk) -> None:
    vector = desk.library.embedder.embed([TEXTS["Dogs"][1]])[0]
    first = desk.router.chances("qwrk?", vector)[0]
    assert (first.name, first.why) == ("Dogs", ("Dogs-1.txt",))


@pytest.mark.parametrize(("word", "shelf"), [("kennel", "Dogs"), ("RECEIPTS", "Taxes")])
def test_a_word_that_one_shelf_has_speaks_for_it(desk: Desk, word: str, shelf: str) -> None:
    vector = desk.library.embedder.embed(["qwrk"])[0]
    plain = {chance.name: chance.chance for chance in desk.router.chances("qwrk", vector)}
    spoken = {chance.name: chance.chance for chance in desk.router.chances(word, vector)}
    assert spoken[shelf] > plain[shelf] + 0.1
    assert all(spoken[name] < plain[name] for name in plain if name != shelf)


def test_the_vector_leads_where_the_words_say_nothing(desk: Desk) -> None:
    for name, texts in TEXTS.items():
        vector = desk.library.embedder.embed([texts[0]])[0]
        assert desk.router.chances("qwrk", vector)[0].name == name


def test_a_word_that_all_shelves_have_says_little(library: Library) -> None:
    desk = Desk(library, {name: (*some, "company") for name, some in TEXTS.items()})
    shelves = desk.contents.ready()
    (said,) = [said for word, said in desk.router.words("company", shelves) if word == "company"]
    assert abs(said).max() < 0.05
    (said,) = [said for word, said in desk.router.words("kennel", shelves)]
    assert said.max() > 0.3


def test_a_word_that_stands_nearly_everywhere_is_not_counted_out(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelves = desk.contents.ready()
    assert [word for word, _ in desk.router.words("tiles kennel", shelves)] == ["tiles", "kennel"]
    monkeypatch.setattr(route, "MOST_FOUND", 2)
    assert [word for word, _ in desk.router.words("tiles kennel", shelves)] == ["kennel"]


def test_words_without_spaces_speak_part_by_part(library: Library) -> None:
    texts = ("绿茶在春天采摘", "红茶放在木箱里")
    desk = Desk(library, {**TEXTS, "茶": texts})
    read = [(word_forms.searched(text, "zh"), None) for text in texts]
    library.passages.save_language(desk.documents["茶"], "zh", read)
    desk.fitter.fit()
    question = "绿茶什么时候采摘?"
    vector = desk.library.embedder.embed([TEXTS["Dogs"][0]])[0]
    said = dict(desk.router.words(question, desk.contents.ready()))
    assert {"绿茶", "采摘"} <= set(said)
    assert all(logs.argmax() == logs.size - 1 for logs in said.values())  # the newest shelf
    chances = {chance.name: chance for chance in desk.router.chances(question, vector)}
    assert "绿茶" in chances["茶"].why


def test_a_shelf_of_one_document_is_found_among_large_ones(library: Library) -> None:
    many = tuple(f"Dogs and puppies of kennel {n} eat meal {n} in the park" for n in range(200))
    desk = Desk(library, {**TEXTS, "Dogs": many, "Will": ("My aunt inherits the piano",)})
    desk.fitter.fit()
    assert desk.led("Who inherits the piano of my aunt?") == "Will"
    assert desk.led("Where do puppies eat?") == "Dogs"


def test_two_shelves_with_the_same_documents_are_equal(library: Library) -> None:
    desk = Desk(library, {**TEXTS, "More dogs": TEXTS["Dogs"]})
    desk.fitter.fit()
    first, second, *_ = desk.chances("how often are the dogs walked")
    assert {first.name, second.name} == {"Dogs", "More dogs"}
    assert first.chance == pytest.approx(second.chance, rel=1e-3)
    leaning = desk.router.leaning([first, second])
    assert leaning[first.collection_id] == pytest.approx(leaning[second.collection_id], rel=1e-3)


def test_with_nothing_learned_or_one_shelf_there_is_no_leaning(library: Library) -> None:
    desk = Desk(library)
    assert desk.chances("tiles") == ()
    assert desk.router.leaning(()) == {}
    desk.fitter.fit()
    assert len(desk.chances("tiles")) == 3
    for name in ("Dogs", "Taxes"):
        desk.library.collections.remove(desk.shelves[name])
    assert desk.chances("tiles") == ()


def test_shelves_that_were_deleted_or_renamed_since(desk: Desk) -> None:
    desk.library.collections.remove(desk.shelves["Dogs"])
    desk.library.collections.rename(desk.shelves["Tiles"], "Floors")
    chances = desk.chances("bathroom tiles")
    assert [chance.name for chance in chances] == ["Floors", "Taxes"]
    assert sum(chance.chance for chance in chances) == pytest.approx(1)
    desk.library.collections.restore(desk.shelves["Dogs"])
    assert desk.led("dogs") == "Dogs"


def test_what_was_learned_is_not_used_once_the_library_is_another(desk: Desk) -> None:
    desk.shelve("Gardens", "Roses are cut in March")
    assert desk.chances("tiles") == ()
    desk.library.embed()
    desk.fitter.fit()
    assert desk.led("when are roses cut") == "Gardens"
    desk.shelve("Dogs", *(f"Dog number {n} barks" for n in range(40)))
    assert desk.chances("tiles") == ()


def test_a_shelf_without_vectors_has_an_even_chance_and_its_words(library: Library) -> None:
    desk = Desk(library)
    desk.shelve("Gardens", "Roses are cut in March")  # its meaning is not known yet
    desk.fitter.fit()
    assert desk.chance("qwrk", "Gardens") == pytest.approx(1 / 4)
    assert desk.led("roses") == "Gardens"


def test_what_was_learned_for_another_model_is_not_used(desk: Desk) -> None:
    other = Contents(desk.library.database, "another")
    router = route.Router(other, desk.library.passages, desk.learned)
    assert router.chances("tiles", np.zeros(384, np.float32)) == ()
    assert desk.router.chances("tiles", np.zeros(100, np.float32)) == ()


@pytest.mark.parametrize(
    "damaged",
    [None, [], "x", 7, {}, {"model": "fake"}, {"model": "fake", "shelves": 3, "coefficients": []}],
)
def test_a_damaged_state_is_no_state(desk: Desk, damaged: Any) -> None:
    assert desk.chances("tiles") != ()
    desk.learned.save(ROUTER, damaged)
    assert desk.chances("tiles") == ()
    assert desk.fitter.due()


def test_damaged_coefficients_are_no_state(desk: Desk) -> None:
    stored = desk.learned.get(ROUTER)
    stored["coefficients"] = dict.fromkeys(stored["coefficients"], "abc")
    assert RouterState.read(stored) is None


def test_a_state_survives_the_store_and_is_small(desk: Desk) -> None:
    state = desk.router.state()
    assert state is not None
    assert len(json.dumps(state.stored())) < 3 * 1200 + 300
    again = RouterState.read(json.loads(json.dumps(state.stored())))
    assert again is not None
    assert again.shelves == state.shelves
    for shelf, row in state.coefficients.items():
        assert np.array_equal(row, again.coefficients[shelf])


@pytest.mark.parametrize(
    "question", ["", "?", '"* OR (NEAR', "the of and", "x" * 100_000, "tiles " * 20_000]
)
def test_odd_questions_are_no_trouble(desk: Desk, question: str) -> None:
    vector = desk.library.embedder.embed(["tiles"])[0]
    chances = desk.router.chances(question, vector)
    assert sum(chance.chance for chance in chances) == pytest.approx(1)


def test_leaning_decides_between_equals_and_loses_to_a_strong_hit(library: Library) -> None:
    desk = Desk(library)
    desk.shelve("Dogs", "notice of a month is given in writing to ends")
    desk.shelve("Tiles", "notice of a month is given in writing by whom")
    library.embed()
    desk.fitter.fit()
    question = "dogs: who gives notice of a month in writing"
    plain = {hit.path: hit.score for hit in library.retriever.retrieve(question)}
    lean = desk.router.leaning(desk.chances(question))
    leaned = {hit.path: hit.score for hit in library.retriever.retrieve(question, leaning=lean)}
    dogs, tiles = "Dogs-3.txt", "Tiles-4.txt"
    assert leaned[dogs] - leaned[tiles] > plain[dogs] - plain[tiles] + WEIGHT / 4
    wrong = {desk.shelves["Taxes"]: WEIGHT}
    best = library.retriever.retrieve("dogs walked twice a day in the park", leaning=wrong)[0]
    assert best.text == TEXTS["Dogs"][0]


def test_leaning_grows_with_the_chance(desk: Desk) -> None:
    chances = desk.chances("bathroom tiles guaranteed")
    leaning = desk.router.leaning(chances)
    added = [leaning[chance.collection_id] for chance in chances]
    assert added == sorted(added, reverse=True)
    assert 0 <= added[-1] < added[0] <= WEIGHT


def test_the_same_library_gives_the_same_router(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fit, "MOST_SAMPLED", 60)  # twenty a shelf
    many = {
        name: tuple(f"{text} {n}" for text in some for n in range(20))
        for name, some in TEXTS.items()
    }
    desk = Desk(library, many)
    desk.fitter.fit()
    before = desk.learned.get(ROUTER)
    Learned(library.database).save(ROUTER, None)
    desk.fitter.fit()
    assert desk.learned.get(ROUTER) == before


def test_a_shelf_that_did_not_change_is_sampled_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers, asked = desk.contents.numbers, list[str]()

    def noted(collection_id: str) -> list[int]:
        asked.append(collection_id)
        return numbers(collection_id)

    monkeypatch.setattr(desk.contents, "numbers", noted)
    assert desk.chances("zork blimp") == desk.chances("zork blimp")
    assert len(asked) == 1
    desk.shelve(desk.led("zork blimp"), "Something else")
    desk.chances("zork blimp")
    assert len(asked) == 2
