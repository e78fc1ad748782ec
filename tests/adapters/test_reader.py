"""What every reader promises, held against the fake, a tiny one and the shipped one; then more."""

from __future__ import annotations

import json
import math
import shutil
import threading
import time
from itertools import pairwise
from pathlib import Path

import pytest

from ragdesk.adapters.reader import LONGEST, MARKS, OnnxReader, trimmed
from ragdesk.domain.conversation import Mark, Marks
from ragdesk.domain.protocols import Reader
from ragdesk.errors import ModelUnusable
from ragdesk.resources import asset
from tests.fakes_reader import FakeReader
from tests.tiny_reader import make_tiny_reader

FOLDER = asset("models", "minilm-reader")
QUESTION = "When must goods be returned?"
PASSAGES = [
    ("Returns", "Goods must be returned within fourteen days of delivery. Cut tiles stay sold."),
    ("Returns > Cut to size", "Goods that were cut cannot be returned. They are not taken back."),
    ("", "The showroom opens at nine. It closes at six, on Saturdays at noon."),
    ("Straße, 北京, 🙂", "Naïve café: “fourteen days”, 十四天, أربعة عشر يومًا, 🙂🙂."),
    ("Fourteen days", "x"),
]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> OnnxReader:
    return OnnxReader(make_tiny_reader(tmp_path_factory.mktemp("tiny")), threads=2)


@pytest.fixture(scope="module")
def shipped() -> OnnxReader:
    if not (FOLDER / "model.onnx").is_file():
        pytest.skip("the reader's model.onnx has not been made here")
    return OnnxReader(FOLDER, threads=2)


@pytest.fixture(scope="module", params=["fake", "tiny", "shipped"])
def reader(request: pytest.FixtureRequest) -> Reader:
    if request.param == "fake":
        return FakeReader()
    found: OnnxReader = request.getfixturevalue(request.param)
    return found


def check(text: str, marks: Marks) -> None:
    """What holds of all marks of a text."""
    assert math.isfinite(marks.there)
    assert min(marks.yes, marks.no) >= 0
    assert marks.yes + marks.no <= 1 + 1e-6
    assert len(marks.marks) <= MARKS
    taken = sorted((mark.start, mark.end) for mark in marks.marks)
    assert all(0 <= start < end <= len(text) for start, end in taken)
    assert all(text[start:end].strip() == text[start:end] for start, end in taken)
    assert all(a[1] <= b[0] for a, b in pairwise(taken))
    scores = [mark.score for mark in marks.marks[1:]]
    assert scores == sorted(scores, reverse=True)


class TestContract:
    def test_has_a_name(self, reader: Reader) -> None:
        assert reader.name

    def test_says_something_of_each_passage_in_order(self, reader: Reader) -> None:
        found = reader.read(QUESTION, PASSAGES)
        assert len(found) == len(PASSAGES)
        for (_, text), marks in zip(PASSAGES, found, strict=True):
            check(text, marks)
        assert reader.read(QUESTION, PASSAGES[::-1]) == found[::-1]

    def test_says_the_same_alone_and_again(self, reader: Reader) -> None:
        alone = [marks for passage in PASSAGES for marks in reader.read(QUESTION, [passage])]
        assert alone == reader.read(QUESTION, PASSAGES) == reader.read(QUESTION, PASSAGES)

    def test_knows_the_passage_that_answers(self, reader: Reader) -> None:
        answering, _, other, *_ = reader.read(QUESTION, PASSAGES)
        assert answering.there > other.there + 2

    def test_finds_nothing_where_there_is_nothing(self, reader: Reader) -> None:
        assert reader.read(QUESTION, []) == []
        for question, text in (("", PASSAGES[0][1]), (" \n", "a"), (QUESTION, ""), (QUESTION, " ")):
            (nothing,) = reader.read(question, [("Fourteen days", text)])
            assert nothing.marks == ()
            assert nothing.there < -10

    @pytest.mark.parametrize("question", ["?", "WHEN", 'AND "OR ( * NEAR', "何时？ when متى", "🙂"])
    def test_takes_any_question(self, reader: Reader, question: str) -> None:
        for (_, text), marks in zip(PASSAGES, reader.read(question, PASSAGES), strict=True):
            check(text, marks)

    @pytest.mark.parametrize(
        "text",
        ["…", ". . .", "\u0301", "\u202e\u202c", "🙂" * 300, "| | |\n" * 50, "a" * 5000, "\0"],
    )
    def test_takes_any_text(self, reader: Reader, text: str) -> None:
        (marks,) = reader.read(QUESTION, [(text, text)])
        check(text, marks)


def words(text: str, mark: Mark) -> str:
    return text[mark.start : mark.end]


class TestPlaces:
    """On the tiny reader, which is known to want "fourteen" up to "days", "ete", "مارس", "500"."""

    @pytest.mark.parametrize(
        ("text", "marked"),
        [
            ("Frist 🙂👩‍👩‍👧 🇩🇪: fourteen days 🙂.", "fourteen days"),
            ("𝔘𝔫𝔡 ﬁn e\u0301 FOURTEEN\u00a0\t Days!", "FOURTEEN\u00a0\t Days"),
            ("L'e\u0301te\u0301 arrive", "e\u0301te\u0301"),
            ("L'été arrive", "été"),
            ("הפגישה בחודש مارس בבוקר", "مارس"),
            ("「fourteen」天days内", "fourteen」天days"),
            ("It takes (fourteen days), no more", "fourteen days"),
            ("It takes “fourteen days”.", "fourteen days"),
            ("costs 1,500.00 net", "1,500.00"),
            ("costs $500.", "500"),
        ],
    )
    def test_are_exact(self, tiny: OnnxReader, text: str, marked: str) -> None:
        (found,) = tiny.read(QUESTION, [("A title 🙂", text)])
        assert words(text, found.marks[0]) == marked
        assert found.marks[0].score == 12
        assert found.there == 7
        check(text, found)

    def test_lie_in_the_text_never_in_the_headings(self, tiny: OnnxReader) -> None:
        text = "x y z"
        (found,) = tiny.read(QUESTION, [("fourteen days", text)])
        assert found.there == 7  # the headings are read, and say that it is here
        assert found.marks
        assert all(mark.score == -6 for mark in found.marks)
        check(text, found)

    def test_are_the_best_five(self, tiny: OnnxReader) -> None:
        text = f"x {'; x '.join(['fourteen days'] * 9)}"
        (found,) = tiny.read(QUESTION, [("", text)])
        assert [mark.score for mark in found.marks] == [12] * MARKS
        assert all(words(text, mark).startswith("fourteen") for mark in found.marks)
        check(text, found)

    def test_are_not_long_unless_a_sentence(self, tiny: OnnxReader) -> None:
        sentence = "fourteen " + "x " * (LONGEST + 20) + "days"
        (found,) = tiny.read(QUESTION, [("", f"Y\n{sentence}. Z.")])
        assert words(f"Y\n{sentence}. Z.", found.marks[0]) == sentence
        (found,) = tiny.read(QUESTION, [("", f"a {sentence} a")])
        assert all(mark.end - mark.start < len(sentence) for mark in found.marks)
        assert all(mark.score == 3 for mark in found.marks[:2])

    def test_do_not_go_from_one_line_into_the_next(self, tiny: OnnxReader) -> None:
        text = "Cut tiles | fourteen\nTiles | days | x"
        (found,) = tiny.read(QUESTION, [("", text)])
        assert all("\n" not in words(text, mark) for mark in found.marks)
        assert [mark.score for mark in found.marks[:2]] == [3, 3]
        check(text, found)

    def test_are_the_sentence_for_yes_and_no(self, tiny: OnnxReader) -> None:
        text = "Ask first. Within fourteen days it is not a matter of cost. Thank you."
        (found,) = tiny.read(QUESTION, [("", text)])
        assert found.no > 0.9 > 0.1 > found.yes
        assert words(text, found.marks[0]) == "Within fourteen days it is not a matter of cost"
        (found,) = tiny.read(QUESTION, [("", text.replace("not", "yes"))])
        assert found.yes > 0.9 > 0.1 > found.no
        (found,) = tiny.read(QUESTION, [("", text.replace("not", "so"))])
        assert max(found.yes, found.no) < 0.1
        assert words(text, found.marks[0]) == "fourteen days"


class TestLength:
    @pytest.mark.parametrize("before", [*range(60, 180, 7), 900])
    def test_a_long_text_is_read_to_its_end(self, tiny: OnnxReader, before: int) -> None:
        text = "x " * before + "🙂 fourteen big days " + "y " * 150
        (found,) = tiny.read(QUESTION, [("A title", text)])
        assert words(text, found.marks[0]) == "fourteen big days"
        assert found.marks[0].score == 12
        assert found.there == 7
        check(text, found)

    def test_a_mark_in_two_parts_counts_once(self, tiny: OnnxReader) -> None:
        text = "x " * 110 + "fourteen days " + "y " * 200
        (found,) = tiny.read(QUESTION, [("", text)])
        assert [mark.score for mark in found.marks].count(12) == 1

    def test_long_headings_leave_room_for_the_text(self, tiny: OnnxReader) -> None:
        text = "x " * 400 + "fourteen days"
        (found,) = tiny.read(QUESTION, [("title > " * 5000, text)])
        assert words(text, found.marks[0]) == "fourteen days"

    def test_a_long_question_keeps_its_start_and_its_end(self, tiny: OnnxReader) -> None:
        passages = [("", "fourteen days")]
        filler = "x " * 50_000
        asked = [f"when {filler}", f"{filler} when", f"{filler} when {filler}"]
        assert [tiny.read(question, passages)[0].there for question in asked] == [7, 7, 5]

    def test_the_model_is_never_given_more_than_it_reads(
        self, tiny: OnnxReader, shipped: OnnxReader
    ) -> None:
        """The shipped one has no places beyond its limit, so that it would fail."""
        text = "fourteen tiles " * 2000
        for reader in (tiny, shipped):
            (found,) = reader.read("tile " * 2000, [("tile " * 2000, text)])
            check(text, found)


class TestTrimmed:
    @pytest.mark.parametrize(
        ("text", "left"),
        [
            (" 14 days, ", "14 days"),
            ("12 %.", "12 %"),
            ("(12)", "12"),
            ("Washington (DC)", "Washington (DC)"),
            ("(a) the lessee (b)", "(a) the lessee (b)"),
            ("-3", "-3"),
            ("- three", "three"),
            ("| cell |", "cell"),
            ("$5", "$5"),
            ("«oui»!", "oui"),
            ("¿por qué?", "por qué"),
            ("§ 5", "§ 5"),
            ("employees'", "employees"),
            ("...", ""),
            ("()", ""),
            ('"', ""),
        ],
    )
    def test_takes_what_is_loose(self, text: str, left: str) -> None:
        start, end = trimmed(text, 0, len(text))
        assert text[start:end] == left

    @pytest.mark.parametrize(
        ("text", "marked", "left"),
        [
            ("in the U.S. only", "U.S", "U.S."),
            ("at 9 a.m. or later", "9 a.m.", "9 a.m."),
            ("it is 1.5.", "1.5", "1.5"),
            ("of plan A.", "plan A", "plan A"),
        ],
    )
    def test_keeps_the_dot_of_initials(self, text: str, marked: str, left: str) -> None:
        place = text.index(marked)
        start, end = trimmed(text, place, place + len(marked))
        assert text[start:end] == left


class TestShipped:
    def test_marks_the_words_that_answer(self, shipped: OnnxReader) -> None:
        (found,) = shipped.read("How long may goods be returned?", PASSAGES[:1])
        assert "fourteen days" in words(PASSAGES[0][1], found.marks[0])
        assert max(found.yes, found.no) < 0.5

    def test_puts_the_passage_that_answers_first(self, shipped: OnnxReader) -> None:
        answering, *others = shipped.read("Within how many days must goods be returned?", PASSAGES)
        assert answering.there > max(marks.there for marks in others[1:3])

    def test_tells_what_asks_for_yes_or_no_from_what_asks_for_words(
        self, shipped: OnnxReader
    ) -> None:
        text = "Porcelain is a type of ceramic tile. It is fired twice."
        asked = ["is porcelain a type of tile", "how often is porcelain fired"]
        whether, often = (shipped.read(question, [("Tiles", text)])[0] for question in asked)
        assert whether.yes > whether.no
        assert whether.yes + whether.no > often.yes + often.no + 0.1
        assert words(text, whether.marks[0]) == "Porcelain is a type of ceramic tile"
        assert "twice" in words(text, often.marks[0])

    def test_gives_the_same_with_any_threads_at_once(self, shipped: OnnxReader) -> None:
        expected = OnnxReader(FOLDER).read(QUESTION, PASSAGES)
        seen: list[bool] = []

        def ask() -> None:
            seen.append(shipped.read(QUESTION, PASSAGES) == expected)

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert seen == [True] * 4

    def test_is_small_and_says_what_it_is(self, shipped: OnnxReader) -> None:
        assert (FOLDER / "model.onnx").stat().st_size < 30_000_000
        about = json.loads((FOLDER / "model.json").read_text(encoding="utf-8"))
        assert about["sha256"][:8] in shipped.name


class TestWrongFiles:
    def test_a_folder_without_a_description(self, tmp_path: Path) -> None:
        with pytest.raises(ModelUnusable):
            OnnxReader(tmp_path)

    @pytest.mark.parametrize("text", ["", "[]", "{}", '{"name": "a"}', "\0"])
    def test_a_description_that_says_too_little(self, tmp_path: Path, text: str) -> None:
        (tmp_path / "model.json").write_text(text, encoding="utf-8")
        with pytest.raises(ModelUnusable):
            OnnxReader(tmp_path)

    def test_another_layout(self, tmp_path: Path) -> None:
        with pytest.raises(ModelUnusable, match="layout"):
            OnnxReader(make_tiny_reader(tmp_path, layout="something-else/3"))

    @pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
    def test_a_missing_file(self, tmp_path: Path, name: str) -> None:
        reader = OnnxReader(make_tiny_reader(tmp_path))
        (tmp_path / name).unlink()
        with pytest.raises(ModelUnusable):
            reader.read(QUESTION, PASSAGES)

    def test_a_model_that_was_changed(self, tmp_path: Path) -> None:
        reader = OnnxReader(make_tiny_reader(tmp_path))
        with (tmp_path / "model.onnx").open("ab") as file:
            file.write(b"\0")
        with pytest.raises(ModelUnusable, match="SHA-256"):
            reader.read(QUESTION, PASSAGES)

    def test_a_model_for_something_else(self, tmp_path: Path) -> None:
        search = asset("models", "all-MiniLM-L6-v2")
        folder = make_tiny_reader(tmp_path)
        shutil.copy(search / "model.onnx", folder)
        about = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        about["sha256"] = json.loads((search / "model.json").read_text(encoding="utf-8"))["sha256"]
        (folder / "model.json").write_text(json.dumps(about), encoding="utf-8")
        with pytest.raises(ModelUnusable, match="inputs"):
            OnnxReader(folder).read(QUESTION, PASSAGES)


def test_a_contents_page_of_dots_costs_no_time(tiny: OnnxReader) -> None:
    started = time.perf_counter()
    tiny.read(QUESTION, [("", "Chapter 1 " + "." * 50_000 + " 7")])
    assert time.perf_counter() - started < 20
