from __future__ import annotations

import sqlite3

import numpy as np
import pytest

from ragdesk.domain.document import Verdict
from ragdesk.domain.job import JobKind
from ragdesk.settings import LANGUAGES_MODEL
from ragdesk.store.collections import Collections
from ragdesk.store.database import Database
from ragdesk.store.documents import Documents, shown, storable
from ragdesk.store.jobs import Jobs
from ragdesk.store.passages import Passages

from .filling import MODEL, put


def test_same_bytes_twice_are_one_document_with_two_places(database: Database) -> None:
    first = put(database, "a/lease.txt", ["three months"])
    second = put(database, "b/copy.txt", ["three months"])
    documents = Documents(database, MODEL)
    assert first.document_id == second.document_id
    assert len(documents.places_of(first.document_id or "")) == 2
    assert documents.count_ready() == 1
    documents.remove([first.id])
    documents.purge()
    assert (
        documents.document(first.document_id or "") is not None
    )  # it still lies at the other place
    documents.remove([second.id])
    documents.purge()
    assert documents.document(first.document_id or "") is None
    assert database.read("SELECT count(*) FROM passages")[0][0] == 0
    assert database.read("SELECT count(*) FROM pages")[0][0] == 0


def test_a_changed_file_replaces_its_old_version(database: Database) -> None:
    old = put(database, "price.txt", ["tiles cost 20 euro"])
    new = put(database, "price.txt", ["tiles cost 25 euro"])
    assert new.id == old.id
    assert new.document_id != old.document_id
    words = Passages(database, MODEL)
    assert words.search_words("20", 5) == []
    assert len(words.search_words("25", 5)) == 1


def test_an_unchanged_file_is_not_read_again_but_a_failed_one_is(database: Database) -> None:
    shelf, job = Collections(database).first().id, Jobs(database).enqueue(JobKind.ADD)
    documents = Documents(database, MODEL)
    for path, verdict in (("good.txt", Verdict.READY), ("bad.txt", Verdict.DAMAGED)):
        place = put(database, path, ["words"], verdict=verdict)
        again = documents.queue(
            shelf, job, [(place.absolute, place.path, place.size, place.modified_ns)]
        )
        assert bool(again) is (verdict is Verdict.DAMAGED)


def test_removed_places_come_back_until_purged(database: Database) -> None:
    place = put(database, "a.txt", ["the notice period is three months"])
    documents, passages = Documents(database, MODEL), Passages(database, MODEL)
    documents.remove([place.id])
    assert documents.all() == []
    assert passages.search_words("notice", 5) == []
    documents.restore([place.id])
    assert [row.place.id for row in documents.all()] == [place.id]
    assert len(passages.search_words("notice", 5)) == 1


def test_scope_is_the_shelf_asked(database: Database) -> None:
    Collections(database).first()
    other = Collections(database).create("Other")
    put(database, "a.txt", ["notice of three months"])
    put(database, "b.txt", ["notice of six months"], shelf=other.id)
    passages = Passages(database, MODEL)
    assert len(passages.search_words("notice", 5)) == 2
    found = passages.search_words("notice", 5, other.id)
    assert [passages.get([n])[n].path for n, _ in found] == ["b.txt"]


def test_documents_that_do_not_answer_are_not_found(database: Database) -> None:
    put(database, "a.txt", ["secret words"], verdict=Verdict.DAMAGED)
    assert Passages(database, MODEL).search_words("secret", 5) == []


def test_vector_numbers_rise_and_follow_their_passage(database: Database) -> None:
    place = put(database, "a.txt", ["one", "two"])
    passages = Passages(database, MODEL)
    waiting = passages.without_vector(10)
    assert [text for _, text in waiting] == ["a.txt\none", "a.txt\ntwo"]
    passages.save_vectors([n for n, _ in waiting], np.eye(2, 4, dtype=np.float32))
    seqs, matrix = passages.vectors_above(0)
    assert matrix.tolist() == np.eye(2, 4).tolist()
    assert list(passages.passages_of_vectors(seqs).values()) == [n for n, _ in waiting]
    Documents(database, MODEL).remove([place.id])
    assert passages.passages_of_vectors(seqs) == {}
    Documents(database, MODEL).purge()
    put(database, "b.txt", ["three"])
    passages.save_vectors([passages.without_vector(1)[0][0]], np.ones((1, 4), np.float32))
    assert min(passages.vectors_above(0)[0]) > max(seqs)


def test_the_same_text_is_embedded_once(database: Database) -> None:
    put(database, "x/a.txt", ["same words", "first"])
    passages = Passages(database, MODEL)
    waiting = passages.without_vector(10)
    passages.save_vectors([n for n, _ in waiting], np.eye(2, 4, dtype=np.float32))
    put(database, "y/a.txt", ["same words", "second"])  # same name, so the same context too
    assert passages.count_without_vector() == 2
    assert passages.adopt_vectors() == 1
    assert [text for _, text in passages.without_vector(10)] == ["a.txt\nsecond"]


def test_reading_again_keeps_vectors_of_what_did_not_change(database: Database) -> None:
    place = put(database, "a.txt", ["one", "two"])
    passages = Passages(database, MODEL)
    passages.save_vectors(
        [n for n, _ in passages.without_vector(10)], np.eye(2, 4, dtype=np.float32)
    )
    passages.save(place.document_id or "", passages.of_document(place.document_id or ""))
    assert passages.count_without_vector() == 0


def test_odd_names_are_shown_and_kept() -> None:
    assert shown("a/b\udcff.txt") == "a/b\\xff.txt"
    assert storable("a\ud800b") == "a?b"


def test_moving_to_a_shelf_where_it_lies_already_makes_one(database: Database) -> None:
    Collections(database).first()
    other = Collections(database).create("Other")
    here = put(database, "a.txt", ["words"])
    put(database, "a.txt", ["words"], shelf=other.id)
    documents = Documents(database, MODEL)
    documents.move([here.id], other.id)
    assert [(row.place.id, row.collection) for row in documents.all()] == [(here.id, "Other")]


def test_cancelling_keeps_what_was_read(database: Database) -> None:
    shelf, job = Collections(database).first().id, Jobs(database).enqueue(JobKind.ADD)
    read = put(database, "read.txt", ["words"])
    documents = Documents(database, MODEL)
    documents.queue(
        shelf, job, [("/new.txt", "new.txt", 1, 1), (read.absolute, "read.txt", 99, 99)]
    )
    assert len(documents.next_queued(job, 9)) == 2
    documents.unqueue(job)
    assert [row.place.path for row in documents.all()] == ["read.txt"]


def test_a_language_that_comes_too_late_changes_nothing(database: Database) -> None:
    place = put(database, "a.txt", ["Die Fliesen", "Der Fugenkleber"])
    passages = Passages(database, MODEL)
    document_id = place.document_id or ""
    for count in (1, 3):  # read again since, into another number of passages
        passages.save_language(document_id, "de", [("flies", None)] * count)
    passages.save_language("removed", "de", [("flies", None)])
    assert passages.languages() == {""}
    assert passages.search_words("flies", 9) == []
    passages.save_language(document_id, "de", [("flies", None)] * 2)
    assert passages.languages() == {"de"}
    assert len(passages.search_words("flies", 9)) == 2


def test_a_document_counts_passages_with_vectors_once_and_names_the_newest_model(
    database: Database,
) -> None:
    put(database, "plain.txt", ["not yet"])
    place = put(database, "both.txt", ["eins", "zwei", "drei"])
    passages = Passages(database, MODEL)
    numbers = [n for n, text in passages.without_vector(10) if text.startswith("both")]
    other = Passages(database, LANGUAGES_MODEL)
    other.save_vectors(numbers[:2], np.eye(2, 4, dtype=np.float32))
    passages.save_vectors(numbers[:1], np.eye(1, 4, dtype=np.float32))
    Passages(database, "unknown").save_vectors(numbers, np.eye(3, 4, dtype=np.float32))
    documents = Documents(database, MODEL)
    listed = [row.document for row in documents.all()]
    assert [(d.embedded, d.model) for d in listed if d] == [(0, ""), (2, MODEL)]
    assert documents.document(place.document_id or "") == listed[1]
    passages.save_vectors(numbers[1:2], np.eye(1, 4, dtype=np.float32))
    other.save_vectors(numbers[2:], np.eye(1, 4, dtype=np.float32))
    known = documents.document(place.document_id or "")
    assert known is not None
    assert (known.embedded, known.model) == (3, LANGUAGES_MODEL)


def test_listing_walks_the_passages_of_a_document_once(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twice made a list of ten thousand documents a third slower."""
    put(database, "a.txt", ["one"])
    asked: list[tuple[str, dict[str, object]]] = []
    read = database.read

    def heard(sql: str, parameters: dict[str, object]) -> list[sqlite3.Row]:
        asked.append((sql, parameters))
        return read(sql, parameters)

    monkeypatch.setattr(database, "read", heard)
    Documents(database, MODEL).all()
    ((sql, parameters),) = asked
    plan = [row["detail"] for row in read(f"EXPLAIN QUERY PLAN {sql}", parameters)]
    assert sum(step.startswith("SEARCH v ") for step in plan) == 1
    assert not any("TEMP B-TREE FOR ORDER BY" in step for step in plan)
