"""Practice questions made by no model: what is asked of a document's structure, and what is not."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from ragdesk.domain.training import EXAM_KINDS, Fold, Pair
from ragdesk.services.ask_absent import SHARE, Stems
from ragdesk.services.draft import Source, names_of
from ragdesk.services.generate_pairs import A_PASSAGE_MOST, from_documents, pair_id
from ragdesk.services.hold_out import folds
from ragdesk.services.match import stem, terms, words
from tests.services.asked import GERMAN, HANDBOOK, MAIL, OLD_PRICES, PRICES, source, stands

ALL = [HANDBOOK, PRICES, OLD_PRICES, GERMAN, MAIL]


def asked(*sources: Source, kind: str = "") -> dict[str, Pair]:
    pairs = from_documents(sources, seed=1)
    return {pair.question: pair for pair in pairs if not kind or pair.kind == kind}


def answers(*sources: Source, kind: str = "") -> dict[str, str]:
    return {question: pair.answer for question, pair in asked(*sources, kind=kind).items()}


def test_every_pair_stands_where_it_says() -> None:
    pairs = [pair for pair in from_documents(ALL, seed=1) if not pair.absent]
    assert len(pairs) > 30
    assert all(stands(pair, ALL) for pair in pairs)
    assert all(bool(pair.answer) is (pair.start >= 0) for pair in pairs)
    assert all(pair.answer for pair in pairs if pair.kind in EXAM_KINDS)
    assert all(
        pair.id == pair_id(p.question, p.document_id, p.position) for p in pairs for pair in [p]
    )
    assert len({pair.id for pair in pairs}) == len(pairs)


def test_the_same_documents_and_seed_give_the_same_in_any_order() -> None:
    assert from_documents(ALL, seed=1) == from_documents(ALL[::-1], seed=1)
    assert from_documents(ALL, seed=1) != from_documents(ALL, seed=2)


def test_definitions_and_short_forms() -> None:
    found = answers(HANDBOOK, kind="definition")
    assert found["What does PTO stand for under “Words”?"] == "Paid Time Off"
    mean = next(answer for question, answer in found.items() if "“Probation”" in question)
    assert mean == "the first six months of a contract of employment"
    deputy = next(answer for question, answer in found.items() if "What is a deputy" in question)
    assert deputy == "a colleague who decides while somebody is away"


def test_a_term_for_a_name_in_a_contract() -> None:
    contract = source(
        "Agency agreement",
        (
            "Parties",
            (
                "The application was filed with the Office of Thrift Supervision (the “OTS”) last year."
                " “Fee” has the meaning set forth in Section 9."
            ),
        ),
    )
    found = answers(contract, kind="definition")
    assert next(a for q, a in found.items() if "“OTS”" in q) == "Office of Thrift Supervision"
    assert not any("Fee" in question for question in found)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("What is the notice period", "14 days"),
        ("Within what time must Staff return all keys", "3 days of leaving"),
        ("When was the workshop founded", "1987"),
        ("When was it that the firm moved to Graz", "2004"),
        ("Where is the showroom located", "in Linz"),
        ("Who designed the new hall with the glass roof", "Anna Berg"),
        ("Who was the old hall built by", "Josef Maier"),
        ("Members may resign upon how long notice", "30 days"),
        ("How many rooms does the showroom have", "12"),
        ("What are the opening hours", "8:00 to 17:00"),
        ("What is the phone", "030 555 0199"),
    ],
)
def test_facts_of_sentences_and_lines(question: str, answer: str) -> None:
    found = answers(HANDBOOK, kind="key_value")
    assert [a for q, a in found.items() if q.startswith(question)] == [answer]


def test_what_hangs_on_another_sentence_is_not_asked() -> None:
    exact = [q for q, pair in asked(HANDBOOK).items() if pair.kind in EXAM_KINDS]
    assert not any("2011" in answer for answer in answers(HANDBOOK, kind="key_value").values())
    assert not any("enlarged" in question or "tells" in question for question in exact)
    assert not any("What is the firm" in question for question in exact)
    assert not any("Remember" in q or "remember" in q for q in exact)


def test_cells_by_row_and_column() -> None:
    found = answers(PRICES, kind="cell")
    assert found["What is the delivery time of deluxe tile?"] == "5 days"
    assert {a for q, a in found.items() if "price of grout float" in q} == {"12 €"}


def test_the_same_cell_of_two_documents_is_asked_with_the_document() -> None:
    found = answers(PRICES, OLD_PRICES, kind="cell")
    of_tile = {q: a for q, a in found.items() if "price of deluxe tile" in q}
    assert set(of_tile.values()) == {"48 €", "41 €"}
    assert all(
        ("2026" in q) == (a == "48 €") and ("2024" in q) == (a == "41 €")
        for q, a in of_tile.items()
    )


def test_two_answers_to_one_question_are_told_apart_by_heading_or_left_out() -> None:
    same = source(
        "Rules",
        ("Shop", "Phone: 030 1\nPhone: 030 2"),
        ("Office", "Fax: 030 3"),
        ("Store", "Fax: 030 4"),
    )
    found = answers(same, kind="key_value")
    assert not any("phone" in question for question in found)
    assert found == {
        "What is the fax under “Office”?": "030 3",
        "What is the fax under “Store”?": "030 4",
    }


def test_questions_of_the_document_itself() -> None:
    found = answers(HANDBOOK, GERMAN, kind="faq")
    assert found == {
        "Who is told when I am ill?": "Call the office before nine. It tells your team and the shop.",
        "Wie lange dauert die Lieferung?": "Die Lieferung dauert fünf Tage nach der Bestellung.",
    }


def test_a_document_in_another_language_is_asked_in_no_english_words() -> None:
    english = {"what", "is", "the", "of", "in", "according", "to", "said", "about", "under"}
    pairs = from_documents([GERMAN, HANDBOOK], seed=1)
    german = [pair for pair in pairs if pair.document_id == GERMAN.document.id]
    assert {"faq", "heading", "cloze", "cell"} <= {pair.kind for pair in german}
    assert not any(english & set(words(pair.question)) - {"in"} for pair in german)
    cells = {pair.question: pair.answer for pair in german if pair.kind == "cell"}
    assert any(q.startswith("Preis Bodenplatte") and a == "30 €" for q, a in cells.items())


def test_subjects_of_mails() -> None:
    assert answers(MAIL, HANDBOOK, kind="mail") == {"Delivery of the blue press": ""}


def test_one_huge_table_does_not_drown_the_rest() -> None:
    rows = [f"Part {chr(97 + n // 26)}{chr(97 + n % 26)} screw | {n + 3} €" for n in range(300)]
    blocks = [
        ("Sheet", "Product | Price |\n" + "\n".join(rows[n : n + 30])) for n in range(0, 300, 30)
    ]
    huge = source("Catalogue of parts", *blocks)
    pairs = from_documents([huge, PRICES, *(replace_id(HANDBOOK, n) for n in range(20))], seed=1)
    cells = Counter(pair.document_id for pair in pairs if pair.kind == "cell")
    assert cells[PRICES.document.id] == 6
    assert 10 <= cells[huge.document.id] <= 40
    by_passage = Counter((p.document_id, p.position) for p in pairs if p.kind == "cell")
    assert max(by_passage.values()) <= A_PASSAGE_MOST
    assert len([key for key in by_passage if key[0] == huge.document.id]) == 10


def replace_id(one: Source, number: int) -> Source:
    name = f"{one.document.id}-{number}"
    return Source(
        replace(one.document, id=name),
        f"docs/{name}.md",
        one.pages,
        tuple(replace(passage, document_id=name) for passage in one.passages),
    )


def stems_of(text: str) -> set[str]:
    return {stem(word) for word in terms(text)}


def test_absent_questions_are_near_one_in_five_and_stand_nowhere() -> None:
    sheets = [
        source(
            f"Sheet {name}",
            ("", f"{name} item | 2018 | 2019 |\n" + "\n".join(f"{name} {k} | {n} | {n + 40}" for n, k in enumerate(
                ("rent", "wages", "energy", "water", "repairs"), 10))),
        )
        for name in ("Alder", "Birch", "Cedar", "Hazel", "Maple", "Rowan")
    ]  # fmt: skip
    pairs = from_documents(sheets, seed=3)
    absent = [pair for pair in pairs if pair.absent]
    exact = [pair for pair in pairs if pair.examined and not pair.absent]
    assert len(absent) == len(exact) // SHARE
    passages = [
        stems_of(f"{passage.context} {passage.text} {one.path}")
        for one in sheets
        for passage in one.passages
    ]
    noise = stems_of("what was the figure for in according to sheet")
    for pair in absent:
        assert (pair.document_id, pair.position, pair.answer, pair.spans) == ("", -1, "", ())
        assert pair.examined
        wanted = stems_of(pair.question) - noise
        assert not any(wanted <= held for held in passages), pair.question


def test_what_stands_anywhere_in_a_document_is_told() -> None:
    stock = source(
        "Stock list", ("Tubs", "Tubs small | 7 pieces"), ("Notes", "The price is 55 euros.")
    )
    stems = Stems([stock])
    assert stems.in_a_document("price of small tubs")
    assert not stems.in_a_document("mortgage of small tubs")
    assert not stems.together("small tubs", "price")  # in one document, in two passages


def test_pairs_are_of_the_fold_of_their_passage_and_absent_ones_of_what_they_are_made_of() -> None:
    sheets = [
        source(
            f"{name} sheet",
            ("", f"Item | 2018 | 2019 |\n{name} rent | 100 | 120\n{name} wages | 300 | 320"),
        )
        for name in ("Alder", "Birch", "Cedar", "Hazel", "Maple", "Rowan")
    ]
    of_name = {one.document.title.split()[0]: list(Fold)[n % 3] for n, one in enumerate(sheets)}
    placed = {f"{name.lower()}-sheet:0": fold for name, fold in of_name.items()}
    pairs = from_documents(sheets, 1, placed)
    assert sum(pair.absent for pair in pairs) == 6
    for pair in pairs:
        if not pair.absent:
            assert pair.fold is placed[f"{pair.document_id}:{pair.position}"]
        for name in of_name.keys() & set(pair.question.title().split()):
            assert of_name[name] is pair.fold, pair.question


def test_with_folds_held_out_no_question_is_made_from_an_exam_passage_for_practice() -> None:
    passages = [passage for one in ALL for passage in one.passages]
    placed = folds(passages, 1)
    for pair in from_documents(ALL, 1, placed):
        if not pair.absent:
            assert pair.fold is placed[f"{pair.document_id}:{pair.position}"]


def test_the_most_useful_to_look_at_come_first() -> None:
    placed = {p.id: Fold.EXAM for p in PRICES.passages}
    pairs = from_documents(ALL, 1, placed)
    assert [p.usefulness for p in pairs] == sorted((p.usefulness for p in pairs), reverse=True)
    assert all(0 < pair.usefulness <= 1 for pair in pairs)
    first = pairs[:10]
    assert all(pair.kind in EXAM_KINDS | {"faq", "absent"} for pair in first)
    assert len({pair.document_id for pair in first}) > 1
    cells = {p.fold: p.usefulness for p in reversed(pairs) if p.kind == "cell"}
    assert cells[Fold.EXAM] > cells[Fold.PRACTICE]


def test_nothing_comes_of_nothing() -> None:
    assert from_documents([], 1) == []
    assert from_documents([source("Empty", ("", "..."))], 1) == []


def test_a_document_is_called_by_its_title_or_its_file() -> None:
    sources = [
        HANDBOOK,
        source(
            "Exhibit 10.1", ("", "x"), path="c/ScoutCam_20200512_EX-10.1_Services_Agreement.pdf"
        ),
        source("EXHIBIT 10(d)", ("", "x"), path="docs/Promotion_Plan.pdf"),
    ]
    assert list(names_of(sources).values()) == [
        "the Staff handbook",
        "the Scout Cam Services Agreement",
        "the Promotion Plan",
    ]


def test_an_amount_ends_before_what_it_comes_without() -> None:
    letter = source(
        "Letter", ("", "The offer of Kessler is £6,980 without VAT, with £600 for the old one.")
    )
    assert "£6,980" in [pair.answer for pair in from_documents([letter], 1)]
