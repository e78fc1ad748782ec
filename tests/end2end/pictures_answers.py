"""Answers of every kind, made by hand, for the pictures: what a person sees, not what is found."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QDialog, QScrollArea, QWidget

from ragdesk.domain.catalogue import FITS, Computer
from ragdesk.domain.chat import ServedModel, ServerStatus
from ragdesk.domain.conversation import (
    Answer,
    Judgement,
    Seconds,
    Sentence,
    ShelfChance,
    Step,
    Value,
)
from ragdesk.domain.document import Passage, Span
from ragdesk.messages import AnswerGrows, ModelsListed
from ragdesk.services.recommend import catalogue, recommend
from ragdesk.settings import MODEL_NAME
from ragdesk.store.judgements import Judgements
from ragdesk.store.passages import Passages
from ragdesk.ui.library import Library
from ragdesk.ui.main_window import MainWindow
from ragdesk.ui.navigation_bar import ASK, SETTINGS
from ragdesk.ui.start_page import sample_documents
from tests.fakes_engine import FakeEngine
from tests.ui.viewer.desk import Desk, quote_answer

TERMS = (
    "Invoices are payable within 14 days of the invoice date without deduction.",
    "A discount of 2 % is granted on payment within 8 days.",
    "After a second reminder we may charge interest of 8 % above the base rate.",
)
SAFETY = (
    "Smoking is not allowed in the showroom, the warehouse or the vans.",
    "When cutting tiles wear goggles, gloves, ear protection and a dust mask.",
    "The first-aid box hangs beside the door of the workshop.",
)
PRICES = {
    "2026": "Call-out within the city, first hour included: 48 € net.",
    "2025": "Call-out within the city, first hour included: 45 € net.",
    "2024": "Call-out within the city, first hour included: 44.50 € net.",
}


COST = "4 seconds here; A Cloud Service would have charged 0.12 cents (prices of 20 November 2026)."


class Papers:
    """A few documents on two shelves, and turns of one conversation about them."""

    def __init__(self, folder: Path) -> None:
        self.desk = Desk(folder)
        self.passages = Passages(self.desk.database, MODEL_NAME)
        self.terms = self._put("Terms of business.docx", *TERMS)
        self.safety = self._put("Safety rules.docx", *SAFETY)
        self.prices = {
            year: self._put(f"Price list {year}.docx", text) for year, text in PRICES.items()
        }
        staff = self.desk.collections.create("Staff")
        lease = next(Path(p) for p in sample_documents() if "Lease showroom" in p)
        self.lease = self.desk.add_pdf(lease)
        self.shelves = (
            ShelfChance(self.desk.shelf.id, self.desk.shelf.name, 0.83,
                        ("customers", "pay")),
            ShelfChance(staff.id, "Staff", 0.17),
        )  # fmt: skip
        self.conversation = ""

    def _put(self, name: str, *sentences: str) -> str:
        document = self.desk.add_text(name, "\n".join(sentences), kind="docx")
        at = 0
        passages = []
        for number, text in enumerate(sentences):
            span = Span(1, at, len(text))
            passages.append(Passage(document, number, text, name, (span,)))
            at += len(text) + 1
        with self.desk.database.write():
            self.passages.save(document, passages)
        return document

    def turn(self, question: str, answer: Answer) -> str:
        answer = dataclasses.replace(answer, shelves=self.shelves, searched=18)
        turn = self.desk.answered(question, answer, self.conversation)
        self.conversation = turn.conversation_id
        return turn.id

    def fill(self) -> dict[str, str]:
        """One turn of each kind; name → turn."""
        cite = self.desk.cite
        days = cite(self.terms, TERMS[0], "14 days")
        discount = cite(self.terms, TERMS[1], "", 2)
        turns = {}
        words = quote_answer(days, discount, short="14 days", strength=0.91)
        turns["words"] = self.turn(
            "How long do customers have to pay?", dataclasses.replace(words, kind="words")
        )
        no = quote_answer(cite(self.safety, SAFETY[0]), short="No", strength=0.84)
        turns["no"] = self.turn("May I smoke in the van?", dataclasses.replace(no, kind="no"))
        gear = ("goggles", "gloves", "ear protection", "a dust mask")
        listed = cite(self.safety, SAFETY[1])
        marks = [cite(self.safety, SAFETY[1], item).marked[0] for item in gear]
        turns["list"] = self.turn(
            "What must be worn when cutting tiles?",
            dataclasses.replace(
                quote_answer(dataclasses.replace(listed, marked=tuple(marks)), strength=0.77),
                kind="list",
                items=tuple(Value(item, 1) for item in gear),
            ),
        )
        amounts = {"2026": "48 €", "2025": "45 €", "2024": "44.50 €"}
        cited = [
            cite(self.prices[year], PRICES[year], amounts[year], number)
            for number, year in enumerate(PRICES, 1)
        ]
        turns["values"] = self.turn(
            "What does a call-out cost?",
            dataclasses.replace(
                quote_answer(*cited, short="48 €", strength=0.82),
                kind="values",
                values=tuple(
                    Value(amounts[year], number, year) for number, year in enumerate(PRICES, 1)
                ),
            ),
        )
        turns |= self._written()
        return turns

    def _written(self) -> dict[str, str]:
        """Answers of a language model: one with doubtful sentences, stopped, without a model, begun."""
        cite = self.desk.cite
        days = cite(self.terms, TERMS[0], "14 days")
        discount = cite(self.terms, TERMS[1], "2 %", 2)
        said = (
            Sentence("Customers have 14 days to pay.", True, (1,)),
            Sentence("Who pays within 8 days gets 3 % off.", False, (2,), "number"),
            Sentence("Part payments can be agreed by telephone.", False, (), "uncited"),
        )
        written = dataclasses.replace(
            quote_answer(days, discount, strength=0.74),
            text=" ".join(s.text + "".join(f" [{n}]" for n in s.numbers) for s in said),
            answerer="written", kind="words", short="14 days", sentences=said, model="built-in",
            words_a_second=11.6, seconds=Seconds(0.2, 1.1, 4.3), cost=COST, exam="failed",
            thinking="The terms of business name 14 days and a discount.",
            steps=(Step("reworded", "How long do customers have to pay an invoice?"),),
        )  # fmt: skip
        stopped = dataclasses.replace(
            written, text="Customers have 14 days [1]", sentences=said[:1], finish="stopped",
            citations=(days,), steps=(),
        )  # fmt: skip
        quoted = quote_answer(days, discount, short="14 days", strength=0.91)
        missing = dataclasses.replace(quoted, kind="words", trouble="server_missing")
        begun = dataclasses.replace(quoted, kind="words")
        return {
            "doubtful": self.turn("And how long do they have?", written),
            "stopped": self.turn("How long do customers have to pay?", stopped),
            "no model": self.turn("How long do customers have to pay us?", missing),
            "writing": self.turn("How soon must an invoice be paid?", begun),
        }


def answers_window(folder: Path) -> Iterator[MainWindow]:
    papers = Papers(folder)
    turns = papers.fill()
    judgements = Judgements(papers.desk.database)
    judgements.save(Judgement(turns["words"], "q", "right"))
    at = TERMS[0].index("14 days")
    judgements.save(
        Judgement(turns["no"], "q", "wrong", "14 days", papers.terms, (Span(1, at, 7),))
    )
    library = Library(papers.desk.home)
    library.open()
    window = MainWindow(library, FakeEngine(papers.desk.home))
    window.show()
    window._go_to(ASK)
    window.ask_page.open_conversation(papers.conversation)
    QTest.qWait(300)
    yield window
    window.leave_now()
    library.close()
    papers.desk.database.close()


def _turn(row: int, unfold: bool = False) -> Callable[[MainWindow], QWidget]:
    def show(window: MainWindow) -> QWidget:
        window.source.close()
        window._go_to(ASK)
        view = window.ask_page.turns.view(row)
        if unfold:
            view.findChild(QAbstractButton, "how").setChecked(True)
        QTest.qWait(50)
        window.ask_page.turns.bring_into_sight(row)
        return window

    return show


def _source(row: int) -> Callable[[MainWindow], QWidget]:
    def show(window: MainWindow) -> QWidget:
        _turn(row)(window)
        answer = window.ask_page.model.turn(row).answer
        window.source.show_citation(answer.citations[0])
        return window

    return show


def _teach(row: int, where: int) -> Callable[[MainWindow], QWidget]:
    def show(window: MainWindow) -> QWidget:
        window._go_to(ASK)
        window.ask_page.teach(row)
        dialog = next(d for d in window.findChildren(QDialog) if d.isVisible())
        dialog.where.button(where).setChecked(True)
        if where == 1:
            dialog.finder.words.setText("reminder")
            dialog.answer.setText("8 % above the base rate")
            dialog.finder.found.choose(0)
        return dialog

    return show


def _doubtful(window: MainWindow) -> QWidget:
    _turn(4, unfold=True)(window)
    view = window.ask_page.turns.view(4)
    view.findChild(QAbstractButton, "unfold_thinking").setChecked(True)
    return window


def _writing(window: MainWindow) -> QWidget:
    """The last of the turns; its quotes are there already."""
    turn = window.ask_page.model.turn(7)
    text = (
        "An invoice must be paid within 14 days of its date, without deduction [1]. Whoever pays"
        " within 8 days"
    )
    thought = "The terms of business name two times: 14 days, and 8 days for a discount."
    window.client.emit_event(AnswerGrows(turn.conversation_id, turn.id, text, thought))
    return _turn(7)(window)


def _models(window: MainWindow) -> QWidget:
    window.source.close()
    window._go_to(SETTINGS)
    servers = (
        ServerStatus("built-in", True),
        ServerStatus("ollama", True, "0.31.0", "http://127.0.0.1:11434"),
    )
    models = (
        ServedModel("built-in", "built-in", 98_362_432, parameters="135M"),
        ServedModel("granite4:tiny-h", "ollama", 4_200_000_000, parameters="6.9B", experts=62),
    )
    exams = (
        {"verdict": "", "words": "not examined yet: trying it out takes about five minutes"},
        {
            "verdict": "passed",
            "words": "cites well, about 12 seconds an answer, sometimes refuses too early",
        },
    )
    computer = Computer(16_000_000_000, 11_000_000_000, 200_000_000_000, 8, True)
    advice = recommend(catalogue(), computer, ["built-in", "ollama"])
    offers = tuple(
        {
            "name": f"{one.model.server}/{one.model.name}", "title": one.model.title,
            "words": one.words, "bytes": one.model.download_bytes, "fits": one.fit == FITS,
            "ready": True,
        }
        for one in advice.offers
        if one.model.name not in ("built-in", "granite4:tiny-h")
    )  # fmt: skip
    window.client.emit_event(
        ModelsListed(
            tuple(map(dataclasses.asdict, servers)), tuple(map(dataclasses.asdict, models)),
            exams, advice.words, offers,
        )
    )  # fmt: skip
    QTest.qWait(50)
    area = window.settings_page.findChild(QScrollArea)
    area.verticalScrollBar().setValue(window.settings_page.models.y())
    return window


def _taught(window: MainWindow) -> QWidget:
    window.source.close()
    window._go_to(SETTINGS)
    area = window.settings_page.findChild(QScrollArea)
    area.ensureWidgetVisible(window.settings_page.forget)
    return window


ANSWERS = (
    ("answer words", _turn(0, unfold=True)),
    ("answer no", _turn(1)),
    ("answer list", _turn(2)),
    ("answer values", _turn(3)),
    ("source words", _source(0)),
    ("source list", _source(2)),
    ("teach", _teach(0, 0)),
    ("teach elsewhere", _teach(0, 1)),
    ("teach nowhere", _teach(0, 2)),
    ("taught", _taught),
    ("answer doubtful", _doubtful),
    ("answer stopped", _turn(5)),
    ("answer no model", _turn(6)),
    ("answer writing", _writing),
    ("models", _models),
)
