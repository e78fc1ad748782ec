"""Search over a real store: what is found, by what, and what is not."""

from __future__ import annotations

import threading

import pytest

from ragdesk.domain.document import Verdict
from ragdesk.services import meaning
from ragdesk.services.receive import LONGEST, received

from .conftest import Library

FILLER = [f"paragraph {n} tells of gardens, rivers and the weather of day {n}" for n in range(40)]


def test_words_answer_before_any_vector_is_there(library: Library) -> None:
    library.add("a.txt", *FILLER, "The tiles of the bathroom are guaranteed for ten years.")
    [first, *_] = library.retriever.retrieve("how long are tiles guaranteed?")
    assert first.text.startswith("The tiles")
    assert (first.rank, first.score) == (1, 1.0)
    assert first.by_meaning is None
    assert first.by_words is not None


def test_meaning_and_words_are_mixed(library: Library) -> None:
    library.add("a.txt", *FILLER, "tiles and grout")
    library.embed()
    [first, *rest] = library.retriever.retrieve("grout")
    assert first.text == "tiles and grout"
    assert first.score == pytest.approx(1.0)
    assert all(0 <= hit.score < 1 and hit.by_meaning is not None for hit in rest)
    assert [hit.rank for hit in rest] == list(range(2, 2 + len(rest)))


def test_a_passage_without_its_vector_competes_by_its_words(library: Library) -> None:
    library.add("old.txt", *FILLER)
    library.embed()
    library.add("new.txt", "grout for the bathroom tiles")
    assert library.find("grout for bathroom tiles")[0] == "new.txt"


@pytest.mark.parametrize("indexed", [False, True])
def test_what_the_index_does_not_cover_is_found_as_well(library: Library, indexed: bool) -> None:
    library.add("old.txt", *FILLER)
    library.embed()
    if indexed:
        library.index.build(library.passages.highest_vector())
    library.add("new.txt", "zebra")
    library.embed()
    [first, *_] = library.retriever.retrieve("zebra gardens")
    assert first.path == "new.txt"
    assert first.by_meaning is not None
    assert library.find("rivers of day 7")[0] == "old.txt"


def test_what_was_removed_is_gone_and_comes_back(library: Library) -> None:
    place = library.add("a.txt", "zebra crossing")
    library.add("b.txt", *FILLER)
    library.embed()
    library.index.build(library.passages.highest_vector())
    assert library.find("zebra crossing")[0] == "a.txt"
    library.documents.remove([place.id])
    assert "a.txt" not in library.find("zebra crossing")
    library.documents.restore([place.id])
    assert library.find("zebra crossing")[0] == "a.txt"


def test_removed_for_good_and_added_again_is_found(library: Library) -> None:
    place = library.add("a.txt", "zebra crossing")
    library.add("b.txt", *FILLER)
    library.embed()
    library.index.build(library.passages.highest_vector())
    library.documents.remove([place.id])
    library.documents.purge()
    assert library.find("zebra crossing")[0] == "b.txt"
    library.add("again/a.txt", "zebra crossing")
    library.embed()
    [first, *_] = library.retriever.retrieve("zebra crossing")
    assert (first.path, first.by_meaning is not None) == ("again/a.txt", True)


def test_an_index_full_of_removed_passages_hides_nothing(library: Library) -> None:
    places = [
        library.add(f"gone{n}.txt", *(f"zebra {n} {m}" for m in range(100))) for n in range(12)
    ]
    library.add("b.txt", *FILLER)
    library.embed()
    library.index.build(library.passages.highest_vector())
    library.documents.remove([place.id for place in places])
    found = library.retriever.retrieve("zebra")
    assert {hit.path for hit in found} == {"b.txt"}
    assert all(hit.by_meaning is not None for hit in found)


@pytest.mark.parametrize("shelved", [False, True])
def test_an_index_that_gives_a_few_hides_nothing_either(
    library: Library, shelved: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meaning, "SMALL_SHELF", 5)
    shelf = library.collections.first().id
    far = library.collections.create("Other").id
    places = [
        library.add(f"far{n}.txt", *(f"zebra {n} {m}" for m in range(100)), shelf=far)
        for n in range(12)
    ]
    library.add("b.txt", *FILLER)
    library.add("c.txt", "zebra", "zebra or not")
    library.embed()
    library.index.build(library.passages.highest_vector())
    if not shelved:
        library.documents.remove([place.id for place in places])
    asked = shelf if shelved else None
    for _ in range(2):  # what was learned of the index by the first question holds for the next
        found = library.retriever.retrieve("zebra", 10, asked)
        assert {hit.path for hit in found} == {"b.txt", "c.txt"}
        assert all(hit.by_meaning is not None for hit in found)


@pytest.mark.parametrize("verdict", [v for v in Verdict if not v.answers])
def test_only_documents_that_were_read_answer(library: Library, verdict: Verdict) -> None:
    library.add("bad.txt", "zebra", verdict=verdict)
    library.add("good.txt", "zebra again")
    library.embed()
    assert library.find("zebra") == ["good.txt"]


@pytest.mark.parametrize("indexed", [False, True])
@pytest.mark.parametrize("small", [3_000, 5])
def test_a_shelf_is_searched_alone(
    library: Library, indexed: bool, small: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meaning, "SMALL_SHELF", small)
    first = library.collections.first().id
    other = library.collections.create("Other").id
    library.add("first.txt", *(f"zebra number {n}" for n in range(80)), shelf=first)
    library.add("other.txt", *FILLER, shelf=other)
    library.embed()
    if indexed:
        library.index.build(library.passages.highest_vector())
    assert set(library.find("zebra number 5", shelf=other)) == {"other.txt"}
    assert library.find("zebra number 5")[0] == "first.txt"
    assert library.retriever.retrieve("rivers day 7", 1, other)[0].text == FILLER[7]


def test_twins_count_once_and_are_named(library: Library) -> None:
    text = "Our office is closed between Christmas and New Year, every year."
    library.add("one.txt", text)
    library.add("two.txt", text.upper(), "something else")
    library.add("three.txt", *FILLER)
    library.embed()
    found = library.retriever.retrieve("is the office closed at Christmas")
    assert [hit.text.casefold() for hit in found].count(text.casefold()) == 1
    assert {found[0].path, *found[0].twins} == {"one.txt", "two.txt"}
    assert len(found[0].twins) == 1


def test_short_texts_that_are_equal_are_no_twins(library: Library) -> None:
    library.add("one.txt", "Not allowed.")
    library.add("two.txt", "Not allowed.", "x")
    library.embed()
    assert sorted(library.find("allowed"))[:2] == ["one.txt", "two.txt"]


def test_hits_carry_their_place_and_verbatim_quote(library: Library) -> None:
    place = library.add("a.txt", "first page", "zebra on the second page")
    library.embed()
    hit = library.retriever.retrieve("zebra")[0]
    assert (hit.document_id, hit.position, hit.title) == (place.document_id, 1, "a.txt")
    assert hit.quote == "zebra on the second page"
    assert hit.page is None  # not a paged format
    assert hit.passage_id == f"{place.document_id}:1"


@pytest.mark.parametrize(
    "question",
    ['"', "'", "a OR", "NEAR(", "text:zebra", "zebra*", "-zebra", "(zebra", "{x} ^", "", "  ", "?!",
     "the of and", "\u0000", "zebra\u0000", "日本語", "١٢٣", "x" * 5000, "😀", 'a"b"c "" """'],
)  # fmt: skip
def test_no_question_is_search_syntax(library: Library, question: str) -> None:
    library.add("a.txt", "zebra of the day", *FILLER)
    library.embed()
    found = library.retriever.retrieve(question)
    assert all(hit.path == "a.txt" for hit in found)
    if "zebra" in question:
        assert "zebra of the day" in [hit.text for hit in found]


def test_nothing_is_found_where_nothing_is(library: Library) -> None:
    assert library.find("zebra") == []
    assert library.find("zebra", shelf=library.collections.create("Empty").id) == []


def test_a_question_is_embedded_once(library: Library) -> None:
    library.add("a.txt", *FILLER)
    library.embed()
    vector = library.retriever.vector("zebra")
    assert library.retriever.vector("zebra") is vector


def test_many_threads_find_the_same_while_documents_come(library: Library) -> None:
    library.add("a.txt", "zebra crossing", *FILLER)
    library.embed()
    wrong: list[object] = []

    def ask() -> None:
        try:
            firsts = {library.find("zebra crossing")[0] for _ in range(30)}
            wrong.extend(firsts - {"a.txt"})
        except Exception as error:  # noqa: BLE001 - a thread's errors would be lost
            wrong.append(error)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(10):
        library.add(f"more{number}.txt", f"gardens {number}")
        library.embed()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert "more9.txt" in library.find("gardens 9")[:3]


def test_vectors_in_memory_are_let_go_when_the_index_covers_them(library: Library) -> None:
    library.add("a.txt", *FILLER)
    library.embed()
    library.find("rivers")
    held = library.retriever._meaning._own._exact
    assert sum(len(numbers) for numbers, _ in held._parts) == len(FILLER)
    library.index.build(library.passages.highest_vector())
    library.find("rivers")
    assert held._parts == []
    library.add("b.txt", "zebra")
    library.embed()
    library.find("rivers")
    assert sum(len(numbers) for numbers, _ in held._parts) == 1


CLAUSES = [
    "The term of this agreement ends two years after the effective date.",
    "Each party maintains insurance that is usual in its business.",
    "The laws of the State of Delaware govern.",
]


def contract(library: Library, path: str, first: str, second: str) -> None:
    front = f"This Supply Agreement is made between {first} and {second}."
    library.add(path, front, *(f"{clause} ({path})" for clause in CLAUSES))


@pytest.mark.parametrize("embedded", [False, True])
def test_in_a_document_that_the_question_names_the_rest_is_looked_for(
    library: Library, embedded: bool
) -> None:
    contract(library, "one.txt", "Vericel Corporation", "MediWound Ltd")
    contract(library, "two.txt", "Acme Property Ltd", "Union Dental Corp")
    library.add("three.txt", *FILLER)
    if embedded:
        library.embed()
    first = library.retriever.retrieve(
        "Must a party have insurance under the Supply Agreement between Acme Property Ltd and"
        " Union Dental Corp?"
    )[0]
    assert first.text == f"{CLAUSES[1]} (two.txt)"
    assert 0 <= first.score <= 1


def test_a_file_that_the_question_names_is_looked_into(library: Library) -> None:
    for number in range(30):
        library.add(f"in/stmt-{number:03}.txt", f"Deferred revenue was {number} million.")
    library.embed()
    question = "In the file STMT-017.txt: what was the deferred revenue?"
    assert library.find(question)[0] == "in/stmt-017.txt"
    assert library.find("In the file stmt-999.txt: what was the deferred revenue?")


def test_a_removed_document_is_not_named_any_more(library: Library) -> None:
    place = library.add("stmt-1.txt", "Deferred revenue was 5 million.")
    library.add("stmt-2.txt", "Deferred revenue was 6 million.")
    library.documents.remove([place.id])
    found = library.find("In the file stmt-1.txt: what was the deferred revenue?")
    assert found == ["stmt-2.txt"]


def test_in_another_language_words_lead_where_the_model_does_not_know_it(library: Library) -> None:
    # The fake model sees whole words, so only the small ones bring the question near anything.
    library.add("de.txt", "Kündigungsfrist: drei Monate")
    library.add("filler.txt", *(f"wie lange ist die das der und nicht für {n}" for n in range(40)))
    library.embed()
    assert (
        library.find("Wie lange ist die Kündigungsfrist, und für wen ist sie nicht?")[0] == "de.txt"
    )


def test_leaning_prefers_a_shelf_softly(library: Library) -> None:
    library.collections.first()
    shelf = library.collections.create("Other").id
    library.add("one.txt", "tiles are guaranteed for ten years")
    library.add("two.txt", "tiles are guaranteed for five years", shelf=shelf)
    library.add("three.txt", "grout", *FILLER, shelf=shelf)
    library.embed()
    question = "for ten years tiles are guaranteed"
    assert library.find(question)[0] == "one.txt"
    leaned = library.retriever.retrieve(question, leaning={shelf: 0.9})
    assert leaned[0].path == "two.txt"
    assert all(0 <= hit.score <= 1 for hit in leaned)
    assert library.retriever.retrieve(question, leaning={shelf: 0.01})[0].path == "one.txt"


def test_twins_take_the_shelf_that_is_leaned_to(library: Library) -> None:
    text = "Our office is closed between Christmas and New Year, every year."
    library.collections.first()
    shelf = library.collections.create("Other").id
    library.add("one.txt", text)
    library.add("two.txt", text, "something else", shelf=shelf)
    library.embed()
    [first, *_] = library.retriever.retrieve("office at Christmas", leaning={shelf: 0.2})
    assert (first.path, first.twins) == ("two.txt", ("one.txt",))


def test_of_the_longest_question_beginning_and_end_are_looked_at(library: Library) -> None:
    library.add("a.txt", "zebra crossing", "quagga rules", *FILLER)
    question = received(("zebra " + "lorem ipsum " * LONGEST)[: LONGEST - 8] + " quagga?")
    assert len(question) == LONGEST
    found = [hit.text for hit in library.retriever.retrieve(question)]
    assert {"zebra crossing", "quagga rules"} <= set(found)
    assert (library.retriever.vector(question) == library.retriever.vector(question)).all()


def test_a_thousand_copies_hide_little(library: Library) -> None:
    text = "Our office is closed between Christmas and New Year, every year."
    for number in range(60):
        library.add(f"copy{number}.txt", text, f"only here {number}")
    library.add("other.txt", "At Christmas the office of the other town is open.")
    library.embed()
    found = library.retriever.retrieve("is the office closed at Christmas", 5)
    assert [hit.text for hit in found].count(text) == 1
    assert "other.txt" in [hit.path for hit in found]
    assert [len(hit.twins) for hit in found if hit.text == text] == [59]
