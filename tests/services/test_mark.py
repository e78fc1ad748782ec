"""Which marks answer."""

from __future__ import annotations

import numpy as np

from ragdesk.domain.conversation import Hit, Mark, Marks
from ragdesk.domain.document import Span
from ragdesk.services.choose import Chosen, Sought
from ragdesk.services.expect import expected
from ragdesk.services.mark import Candidate, candidates


def hit(text: str, number: int = 0, score: float = 1.0) -> Hit:
    return Hit(1, score, f"d{number}:0", f"d{number}", "T", f"{number}.txt", False, 0, text, "",
               (Span(1, 0, len(text)),), text)  # fmt: skip


def sought(question: str = "") -> Sought:
    return Sought(np.zeros(1, np.float32), {}, expected(question))


def at(text: str, words: str, score: float = 1.0) -> Mark:
    start = text.index(words)
    return Mark(start, start + len(words), score)


def words(found: list[Candidate]) -> list[str]:
    return [candidate.words for candidate in found]


def test_the_surer_passage_and_the_surer_mark_come_first() -> None:
    text = "It lasts ten years. It costs nine euros."
    weak, sure = hit(text, 1), hit(text, 2)
    marks = (at(text, "ten", 2.0), at(text, "nine", 0.0))
    found = candidates(
        [(weak, Marks(-2.0, marks=marks)), (sure, Marks(2.0, marks=marks))], [], sought()
    )
    assert [c.around.hit.document_id for c in found] == ["d2", "d2", "d1", "d1"]
    assert words(found)[:2] == ["ten years", "nine euros"]


def test_the_kind_of_words_asked_for_counts() -> None:
    text = "It lasts ten years. It costs nine euros."
    marks = Marks(1.0, marks=(at(text, "nine euros", 0.4), at(text, "ten years", 0.2)))
    assert words(candidates([(hit(text), marks)], [], sought("How long?")))[0] == "ten years"
    assert words(candidates([(hit(text), marks)], [], sought("What then?")))[0] == "nine euros"


def test_of_a_long_mark_the_kind_asked_for_is_kept() -> None:
    text = "The warranty that we give on tiles lasts for ten years."
    marks = Marks(1.0, marks=(at(text, text),))
    assert words(candidates([(hit(text), marks)], [], sought("How long?"))) == ["ten years"]
    assert words(candidates([(hit(text), marks)], [], sought("What then?"))) == [text[:-1]]
    twice = "The warranty that we give lasts for ten years, on grout for two years."
    marks = Marks(1.0, marks=(at(twice, twice),))
    assert words(candidates([(hit(twice), marks)], [], sought("How long?"))) == [twice[:-1]]


def test_the_worth_of_a_sentence_counts() -> None:
    first, second = "The warranty lasts ten years.", "The tile costs nine euros."
    text = f"{first} {second}"
    one = hit(text)
    marks = Marks(1.0, marks=(at(text, "nine euros", 0.2), at(text, "ten years", 0.0)))
    chosen = [
        Chosen(one, 0, len(first), score=0.9),
        Chosen(one, len(first) + 1, len(text), score=0.1),
    ]
    assert words(candidates([(one, marks)], chosen, sought()))[0] == "ten years"


def test_the_same_place_counts_once() -> None:
    text = "It lasts ten years."
    marks = Marks(
        1.0, marks=(at(text, "ten", 1.0), at(text, "years", 0.5), at(text, "ten years", 0.2))
    )
    assert words(candidates([(hit(text), marks)], [], sought())) == ["ten years", "years"]


def test_a_mark_over_sentences_keeps_them_whole() -> None:
    both = "Pack the tile in soft paper. Bring it along to our shop."
    text = f"Call us before you come here. {both} We thank you for all the care."
    marks = Marks(1.0, marks=(at(text, "the tile in soft paper. Bring it"),))
    [found] = candidates([(hit(text), marks)], [], sought())
    assert found.around.text == both


def test_of_a_row_the_cell_is_meant() -> None:
    text = "Article | Price |\nBlue tile | 9.50 euros\nGrout | 3 euros"
    marks = Marks(
        1.0, marks=(at(text, "9.5"), at(text, "tile | 9.50 euros\nGr"), at(text, "Price"))
    )
    found = candidates([(hit(text), marks)], [], sought())
    assert words(found) == ["9.50 euros"]
    assert found[0].shown == "Blue tile — Price: 9.50 euros"


def test_the_column_that_the_question_names_is_meant() -> None:
    text = "Item | 2019 | 2018 |\nGoodwill | 17 | 8"
    asked = Sought(np.zeros(1, np.float32), {"goodwill": 2.0, "2018": 1.0}, None)
    both = Sought(np.zeros(1, np.float32), {"goodwill": 2.0, "2019": 1.5, "2018": 1.0}, None)
    marks = Marks(1.0, marks=(at(text, "17"),))
    assert words(candidates([(hit(text), marks)], [], asked)) == ["8"]
    assert words(candidates([(hit(text), marks)], [], both)) == ["17"]


def test_the_cell_that_the_question_names_is_meant_whatever_was_marked() -> None:
    text = "Sales\nItem | 2019 | 2018 |\nGoodwill | 17 | 8\nVans | 5 | 6"
    asked = Sought(np.zeros(1, np.float32), {"van": 2.0, "2018": 1.0}, None)
    for marked in ("17", "Sales", "Vans"):
        found = candidates([(hit(text), Marks(1.0, marks=(at(text, marked),)))], [], asked)
        assert found[0].words == "6"
    unmarked = Sought(np.zeros(1, np.float32), {"van": 2.0}, None)
    marks = Marks(1.0, marks=(at(text, "17"),))
    assert words(candidates([(hit(text), marks)], [], unmarked)) == ["5"]


def test_the_unit_of_the_table_stands_behind_its_number() -> None:
    text = "Sales (in thousands)\nItem | 2019 | 2018 |\nGoodwill | 17 | 8 %\nOpened: 2019"
    marks = Marks(1.0, marks=(at(text, "17"), at(text, "8 %"), at(text, "Opened: 2019")))
    found = candidates([(hit(text), marks)], [], sought())
    assert [c.said for c in found] == ["17 (in thousands)", "8 %", "Opened: 2019"]
    assert found[0].shown == "Goodwill — 2019: 17 (in thousands)"
    assert found[0].words == "17"


def test_in_other_languages_the_kind_asked_for_is_found_where_nothing_was_marked() -> None:
    text = "Seit 1998 gibt es den Laden. Die Lieferung der Fliesen kostet 45 Euro im Ort."
    question = "Wie viel kostet die Lieferung der Fliesen?"
    one = hit(text)
    second = text.index("Die Lief")
    chosen = [Chosen(one, second, len(text), score=0.9), Chosen(one, 0, second - 1, score=0.1)]
    kind = expected(question, "de", "de")
    read = [(one, Marks(1.0, marks=(at(text, "Laden", 0.5),)))]
    asked = Sought(np.zeros(1, np.float32), {}, kind, "de")
    assert words(candidates(read, chosen, asked))[0] == "45 Euro"
    known = Sought(np.zeros(1, np.float32), {"45": 1.0, "euro": 1.0}, kind, "de")
    assert words(candidates(read, chosen, known)) == ["Laden"]  # the question says that itself
    english = Sought(np.zeros(1, np.float32), {}, kind, "en")
    assert words(candidates(read, chosen, english)) == ["Laden"]


def test_marks_of_nothing_are_left_out() -> None:
    assert candidates([(hit("a . b"), Marks(1.0, marks=(Mark(1, 4, 1.0),)))], [], sought()) == []
    assert candidates([(hit("a b"), Marks(-9.0))], [], sought()) == []
