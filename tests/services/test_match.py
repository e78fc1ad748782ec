"""What a question looks for."""

import sqlite3

import pytest

from ragdesk.services.match import expression, stem, terms, words


def test_small_words_are_left_out_unless_there_are_no_others() -> None:
    assert terms("How much does the blue tile cost?") == ["blue", "tile", "cost"]
    assert terms("What is it?") == ["what", "is", "it"]
    assert terms("tile, TILE and Tile") == ["tile"]
    assert terms("?!") == []


def test_words_keep_numbers_whole_and_lose_accents() -> None:
    assert words("Café 1,200.50 and ZX-9") == ["cafe", "1,200.50", "and", "zx", "9"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("employee", "employees"), ("pay", "pays"), ("reimburse", "reimbursement"),
        ("run", "running"), ("policy", "policies"), ("holiday", "holidays"), ("plan", "planned"),
        ("approve", "approval"), ("notify", "notified"), ("claim", "claimed"), ("deliver", "delivery"),
        ("delivered", "delivers"),
    ],
)  # fmt: skip
def test_forms_of_a_word_share_their_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


@pytest.mark.parametrize(("one", "other"), [("tile", "till"), ("rent", "run"), ("day", "date")])
def test_other_words_do_not(one: str, other: str) -> None:
    assert stem(one) != stem(other)


@pytest.mark.parametrize("question", ['a "b', "x* OR y", "col:z", "NEAR(a b)", "1,5%", "^a-b"])
def test_expressions_are_sound_fts5(question: str) -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE t USING fts5 (x)")
    connection.execute("INSERT INTO t VALUES (?)", (question,))
    found = connection.execute("SELECT * FROM t WHERE t MATCH ?", (expression(terms(question)),))
    assert found.fetchall() == [(question,)]
    connection.close()
