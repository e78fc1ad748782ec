"""Search over a real store: what is found, by what, and what is not."""

from __future__ import annotations

import threading

import pytest

from ragdesk.domain.document import Verdict
from ragdesk.services import meaning

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
    held = library.retriever._meaning._exact
    assert sum(len(numbers) for numbers, _ in held._parts) == len(FILLER)
    library.index.build(library.passages.highest_vector())
    library.find("rivers")
    assert held._parts == []
    library.add("b.txt", "zebra")
    library.embed()
    library.find("rivers")
    assert sum(len(numbers) for numbers, _ in held._parts) == 1
