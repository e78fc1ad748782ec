"""Yes and no, lists, values that differ, and where it looked first."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QTextCursor
from PySide6.QtWidgets import QAbstractButton, QFrame, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from ragdesk.domain.conversation import Answer, Citation, Sentence, ShelfChance, Turn, Value
from ragdesk.ui.ask import answer_texts
from ragdesk.ui.ask.answer_paragraphs import paragraphs
from ragdesk.ui.ask.answer_view import AnswerView
from ragdesk.ui.ask.marker_view import Emphasis, MarkerView
from ragdesk.ui.ask.place_names import PlaceNames
from ragdesk.ui.library import Library
from tests.ui.viewer.desk import Desk, quote_answer
from tests.ui.viewer.signals import heard

Show = Callable[..., AnswerView]
QUESTION = "What does a call-out cost and how long is the notice?"


@pytest.fixture
def show(qtbot: QtBot, library: Library) -> Show:
    def shown(answer: Answer, width: int = 640) -> AnswerView:
        view = AnswerView(Turn("t", "c", QUESTION, 0.0, answer), PlaceNames(library))
        qtbot.addWidget(view)
        view.resize(width, 400)
        view.show()
        return view

    return shown


@pytest.fixture
def prices(desk: Desk) -> Answer:
    """Two price lists that differ, and a third sentence that bears on them."""
    new = desk.add_text("Prices 2026.txt", "A call-out costs 48 € net. Parking is extra.")
    old = desk.add_text("Prices 2025.txt", "A call-out costs 45 € net.")
    answer = quote_answer(
        desk.cite(new, "A call-out costs 48 € net.", "48 €", 1),
        desk.cite(old, "A call-out costs 45 € net.", "45 €", 2),
        desk.cite(new, "Parking is extra.", "", 3),
        short="48 €",
    )
    values = (Value("48 €", 1, "2026"), Value("45 €", 2, "2025"))
    return dataclasses.replace(answer, kind="values", values=values)


def lines(view: AnswerView) -> list[str]:
    assert view.body is not None
    return view.body.toPlainText().split("\n")


def test_the_very_words_are_bolder_than_their_sentence(
    show: Show, citations: list[Citation]
) -> None:
    view = show(dataclasses.replace(quote_answer(*citations, short="three months"), kind="words"))
    body = view.body
    assert body is not None
    sentence = body.toPlainText().index("“")
    cursor = QTextCursor(body.document())
    weights = []
    for words in ("The tenant", "three months"):
        cursor.setPosition(body.toPlainText().index(words, sentence) + 1)
        weights.append(cursor.charFormat().font().weight())
    assert weights[0] < QFont.Weight.DemiBold < weights[1]


@pytest.mark.parametrize(("kind", "word"), [("yes", "Yes"), ("no", "No")])
def test_yes_and_no_stand_first_with_the_sentence_that_decides(
    show: Show, citations: list[Citation], kind: str, word: str
) -> None:
    answer = dataclasses.replace(quote_answer(citations[0], short=word), kind=kind)
    assert lines(show(answer))[:2] == [
        word, "“The tenant may end it with three months notice.” [1]",
    ]  # fmt: skip


def test_a_list_is_a_list(show: Show, citations: list[Citation]) -> None:
    items = (Value("in writing", 1), Value("by the tenant", 1))
    answer = dataclasses.replace(
        quote_answer(citations[0], short="in writing; by the tenant"), kind="list", items=items
    )
    assert lines(show(answer))[:3] == [
        "•  in writing", "•  by the tenant",
        "“The tenant may end it with three months notice.” [1]",
    ]  # fmt: skip
    spread = (Value("in writing", 1), Value("by the tenant", 2))
    answer = dataclasses.replace(quote_answer(*citations), kind="list", items=spread)
    view = show(answer)
    assert lines(view)[:2] == ["•  in writing [1]", "•  by the tenant [2]"]
    assert view.body is not None
    assert view.body.markers == [1, 2, 1, 2]


def test_values_stand_side_by_side_with_date_and_marker(
    qtbot: QtBot, show: Show, prices: Answer
) -> None:
    view = show(prices)
    cards = view.findChildren(MarkerView, "value")
    assert [card.toPlainText().split("\n") for card in cards] == [
        ["2026", "48 € [1]", "Prices 2026.txt"],
        ["2025", "45 € [2]", "Prices 2025.txt"],
    ]
    frames = [f for f in view.findChildren(QFrame) if f.property("role") == "value"]
    qtbot.waitUntil(lambda: frames[0].y() == frames[1].y())
    assert frames[0].x() < frames[1].x()
    assert frames[0].height() == frames[1].height()
    words = view.findChild(QLabel, "differ").text()
    assert words == "Your documents differ. The newest comes first."
    # The sentences follow, quieter; what is not one of the values is set apart.
    assert lines(view) == [
        "“A call-out costs 48 € net.” [1]", "Prices 2026.txt",
        "“A call-out costs 45 € net.” [2]", "Prices 2025.txt",
        "Also", "“Parking is extra.” [3]", "Prices 2026.txt",
    ]  # fmt: skip


def test_where_there_is_no_room_values_stand_below_each_other(
    qtbot: QtBot, show: Show, prices: Answer
) -> None:
    view = show(prices, 300)
    frames = [f for f in view.findChildren(QFrame) if f.property("role") == "value"]
    qtbot.waitUntil(lambda: frames[0].y() < frames[1].y())
    assert frames[0].x() == frames[1].x()
    view.resize(700, 400)
    qtbot.waitUntil(lambda: frames[0].y() == frames[1].y())


def test_the_card_of_a_value_opens_its_place(qtbot: QtBot, show: Show, prices: Answer) -> None:
    view = show(prices)
    card = view.findChildren(MarkerView, "value")[1]
    pressed = heard(view.citation_pressed)
    at = card.marker_rect(0).center()
    qtbot.mouseClick(card.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert pressed == [(prices.citations[1],)]
    assert view.marker_views()[:2] == view.findChildren(MarkerView, "value")


def test_undated_values_do_not_claim_an_order(show: Show, prices: Answer) -> None:
    bare = tuple(dataclasses.replace(value, dated="") for value in prices.values)
    view = show(dataclasses.replace(prices, values=bare))
    assert view.findChild(QLabel, "differ").text() == "Your documents differ."


def test_weak_evidence_shows_neither_large_words_nor_cards_nor_items(
    show: Show, prices: Answer
) -> None:
    view = show(dataclasses.replace(prices, strength=0.3))
    assert view.findChildren(MarkerView, "value") == []
    assert lines(view)[0] == "“A call-out costs 48 € net.” [1]"
    items = dataclasses.replace(prices, strength=0.3, kind="list", items=prices.values)
    view = show(items)
    assert lines(view)[:4] == [
        "“A call-out costs 48 € net.” [1]", "Prices 2026.txt", "•  48 € [1]", "•  45 € [2]",
    ]  # fmt: skip
    assert view.body is not None
    item = view.body.document().findBlockByNumber(2).begin().fragment().charFormat().font()
    assert item.weight() < QFont.Weight.DemiBold


def test_the_dash_of_an_item_is_not_quoted(show: Show, prices: Answer) -> None:
    dashed = (Sentence("- A call-out costs 48 € net.", True, (1,)),)
    view = show(dataclasses.replace(prices, kind="words", values=(), sentences=dashed))
    assert lines(view)[1] == "“A call-out costs 48 € net.” [1]"


def test_a_marker_without_a_citation_is_words(show: Show, prices: Answer) -> None:
    lost = (Value("50 €", 9), *prices.values)
    cards = show(dataclasses.replace(prices, values=lost)).findChildren(MarkerView, "value")
    assert cards[0].toPlainText() == "50 €"
    assert cards[0].markers == []


def test_copying_keeps_the_kind(library: Library, prices: Answer) -> None:
    names = PlaceNames(library)
    turn = Turn("t", "c", "?", 0.0, prices)
    assert answer_texts.with_sources(turn, names).split("\n")[2:4] == [
        "2026: 48 € [1]", "2025: 45 € [2]",
    ]  # fmt: skip
    listed = dataclasses.replace(prices, kind="list", items=(Value("gloves", 3),))
    copied = answer_texts.with_sources(dataclasses.replace(turn, answer=listed), names)
    assert copied.split("\n")[2] == "• gloves [3]"
    no = dataclasses.replace(prices, kind="no", short="No")
    copied = answer_texts.with_sources(dataclasses.replace(turn, answer=no), names)
    assert copied.split("\n")[2] == "No"


def shelves(desk: Desk) -> tuple[ShelfChance, ...]:
    second = desk.collections.create("Leases")
    return (
        ShelfChance(second.id, "Leases", 0.8, ("notice", "long")),
        ShelfChance(desk.shelf.id, desk.shelf.name, 0.15, ("Handover protocol",)),
        ShelfChance("gone", "Old things", 0.05),
    )


def reasons(view: AnswerView) -> list[str]:
    return [reason.text() for reason in view.findChildren(QLabel, "shelf_reason")]


def test_where_it_looked_first_is_told_with_its_reason(
    show: Show, desk: Desk, citations: list[Citation]
) -> None:
    chances = shelves(desk)
    view = show(dataclasses.replace(quote_answer(*citations), shelves=chances))
    view.findChild(QAbstractButton, "how").click()
    assert reasons(view) == [
        "Looked first on Leases, because it speaks most of “notice”, “long”.",
        "Then on My documents.",
        "Then on Old things.",
    ]
    only = view.findChildren(QPushButton, "ask_only")
    assert [b.text() for b in only] == ["Ask only Leases", "Ask only My documents"]
    wanted = heard(view.shelf_wanted)
    only[0].click()
    assert wanted == [(chances[0].collection_id,)]


def test_the_nearest_document_is_a_reason_and_long_names_are_cut(
    show: Show, desk: Desk, citations: list[Citation]
) -> None:
    name = "Leases " * 9
    shelf = desk.collections.create(name)
    first = ShelfChance(shelf.id, name.strip(), 0.9, ("Handover protocol",))
    chances = (first, ShelfChance(desk.shelf.id, "My documents", 0.1))
    view = show(dataclasses.replace(quote_answer(*citations), shelves=chances))
    view.findChild(QAbstractButton, "how").click()
    assert reasons(view)[0].endswith(", because “Handover protocol” is about something similar.")
    only = view.findChild(QPushButton, "ask_only")
    assert only.text() == "Ask only Leases Leases Leases Leases…"
    assert only.accessibleName() == f"Ask only {name.strip()}"


def test_with_one_shelf_nothing_is_said_of_it(
    show: Show, desk: Desk, citations: list[Citation]
) -> None:
    for chances in ((), (ShelfChance(desk.shelf.id, "My documents", 1.0, ("notice",)),)):
        view = show(dataclasses.replace(quote_answer(*citations), shelves=chances))
        view.findChild(QAbstractButton, "how").click()
        assert reasons(view) == []


def test_no_word_of_the_trade(show: Show, desk: Desk, prices: Answer) -> None:
    view = show(dataclasses.replace(prices, shelves=shelves(desk)))
    view.findChild(QAbstractButton, "how").click()
    said = [w.text() for w in view.findChildren(QLabel)]
    said += [b.text() + b.toolTip() for b in view.findChildren(QAbstractButton)]
    said += [v.toPlainText() for v in view.findChildren(MarkerView)]
    for word in ("span", "score", "router", "chunk", "index", "vector", "passage id"):
        assert word not in " ".join(said).casefold()


def test_a_sentence_with_no_citation_is_shown_all_the_same(
    show: Show, citations: list[Citation]
) -> None:
    answer = quote_answer(*citations, short="three months")
    loose = (Sentence("Nothing is cited here.", True, ()), *answer.sentences)
    assert lines(show(dataclasses.replace(answer, sentences=loose)))[1] == (
        "“Nothing is cited here.”"
    )


def test_only_the_answers_own_sentence_has_its_words_marked(
    library: Library, desk: Desk, prices: Answer
) -> None:
    names = PlaceNames(library)
    also = desk.cite(prices.citations[0].document_id, "Parking is extra.", "extra", 3)
    cited = (*prices.citations[:2], also)
    words = dataclasses.replace(prices, kind="words", values=(), citations=cited)
    marked = [t for _, parts in paragraphs(words, names) for t in parts]
    assert [t.text for t in marked if isinstance(t, Emphasis)] == ["48 €"]
    differing = dataclasses.replace(prices, citations=cited)
    marked = [t for _, parts in paragraphs(differing, names) for t in parts]
    assert [t.text for t in marked if isinstance(t, Emphasis)] == ["48 €", "45 €"]


def test_no_is_not_marked_inside_other_words(library: Library, desk: Desk) -> None:
    note = desk.add_text("Note.txt", "Non-exempt staff have none. More.")
    answer = quote_answer(desk.cite(note, "Non-exempt staff have none."), short="No")
    answer = dataclasses.replace(answer, kind="no")
    parts = [t for _, parts in paragraphs(answer, PlaceNames(library)) for t in parts]
    assert not any(isinstance(t, Emphasis) for t in parts)


def test_long_items_are_cut_and_set_as_text(show: Show, citations: list[Citation]) -> None:
    items = (Value("word " * 100, 1), Value("short", 1))
    view = show(dataclasses.replace(quote_answer(citations[0]), kind="list", items=items))
    first, second = lines(view)[:2]
    assert first.endswith("word …")
    assert 190 < len(first) < 210
    assert second == "•  short"
    assert view.body is not None
    block = view.body.document().findBlockByNumber(0)
    assert block.begin().fragment().charFormat().font().weight() < QFont.Weight.DemiBold
    assert block.blockFormat().textIndent() < 0 < block.blockFormat().leftMargin()


def test_a_document_cited_for_several_pieces_is_named_once(show: Show, desk: Desk) -> None:
    note = desk.add_text("Note.txt", "Wear gloves. Wear goggles.")
    cited = (desk.cite(note, "Wear gloves.", "", 1), desk.cite(note, "Wear goggles.", "", 2))
    answer = dataclasses.replace(
        quote_answer(*cited), sentences=(Sentence("Wear:", True, (1, 2)),), kind="list",
        items=(Value("gloves", 1), Value("goggles", 2)),
    )  # fmt: skip
    assert lines(show(answer)) == [
        "•  gloves [1]", "•  goggles [2]", "“Wear:” [1] [2]", "Note.txt",
    ]  # fmt: skip
