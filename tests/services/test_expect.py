"""The kind of words a question asks for, and finding them."""

import pytest

from ragdesk.services.expect import expected


@pytest.mark.parametrize(
    ("question", "kind", "text", "found"),
    [
        ("How much does delivery cost?", "money", "Delivery costs €49.50 within 30 km.", "€49.50"),
        ("What is the yearly budget?", "money", "a budget of $1,200 a year", "$1,200"),
        ("What was the revenue?", "money", "sales of $ 3.2 million", "$ 3.2 million"),
        ("What do we pay towards boots?", "money", "up to £85 every two years", "£85"),
        ("Are we getting one and for how much?", "money", "The offer is £6,980.", "£6,980"),
        ("Until when is it open?", "date", "open until 16.00 in summer", "16.00"),
        ("How long is the notice period?", "duration", "It is 3 months.", "3 months"),
        ("How much notice must I give?", "duration", "give two (2) weeks notice", "two (2) weeks"),
        ("How many days may I take?", "duration", "up to twelve days a year", "twelve days"),
        ("How often do they meet?", "duration", "They meet weekly on Zoom.", "weekly"),
        ("When does the lease begin?", "date", "begins on 1 March 2026.", "1 March 2026"),
        ("When was it signed?", "date", "signed on March 19, 2004", "March 19, 2004"),
        ("In which year was it built?", "date", "It was built in 1987.", "1987"),
        ("When is the shop open?", "date", "open from 9:00 in summer", "9:00"),
        ("What percentage is held back?", "percent", "5 % of the sum", "5 %"),
        ("How many people work here?", "count", "We are 14 people.", "14 people"),
        ("Who signs for the tenant?", "name", "signed by Maria Lopez", "Maria Lopez"),
        ("Which e-mail do I write to?", "email", "to help@tiles.example now", "help@tiles.example"),
        ("What is the phone number?", "phone", "call +43 1 234 56 78 first", "+43 1 234 56 78"),
    ],
)
def test_finds_what_was_asked_for(question: str, kind: str, text: str, found: str) -> None:
    asked = expected(question)
    assert asked is not None
    assert asked.kind == kind
    assert [text[start:end] for start, end in asked.find(text)] == [found]


@pytest.mark.parametrize(
    "question",
    [
        "Does someone who is ill get paid?",
        "When forces act on a body, what happens?",
        "What should I do first?",
        "Why is it closed?",
        "Can I keep the budget?",
    ],
)
def test_expects_nothing_where_anything_may_answer(question: str) -> None:
    assert expected(question) is None


def test_a_rate_is_no_duration() -> None:
    asked = expected("How long does it last?")
    assert asked is not None
    assert asked.find("We sell ten a day.") == []


def test_a_capital_at_the_start_of_a_sentence_is_no_name() -> None:
    asked = expected("Who pays?")
    assert asked is not None
    assert asked.find("The tenant pays.") == []
