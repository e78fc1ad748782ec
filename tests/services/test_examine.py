"""Scores on questions with known answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from ragdesk.domain.conversation import Answer, Citation, Hit, Marks
from ragdesk.domain.document import Span
from ragdesk.domain.examination import Evidence, ExamQuestion
from ragdesk.errors import WrongUse
from ragdesk.services.answer import QuoteAnswerer
from ragdesk.services.calibrate import FEATURES, Calibrator
from ragdesk.services.examine import FOUND, asked, examine, load_questions, rank_of, without_markers
from ragdesk.services.score import scores_of
from tests.fakes_reader import FakeReader

from .conftest import Library

FACT = "The warranty on every tile that we sell lasts ten years from the day of delivery."
OTHER = "Our showroom in Quay Road is open from Monday to Friday between nine and five."


def hit(rank: int, text: str, page: int = 1) -> Hit:
    return Hit(rank, 1 / rank, "d:0", "d", "T", "docs/a.pdf", True, 0, text, "T",
               (Span(page, 0, len(text)),), text)  # fmt: skip


def cited(text: str) -> Citation:
    return Citation(1, "d", "docs/a.pdf", "T", True, (Span(1, 0, len(text)),), text)


def answered(text: str, short: str | None, quote: str, strength: float) -> Answer:
    return Answer(f"{text} [1]", short, False, "quote", strength, (cited(quote),))


class Prepared:
    """Gives what was prepared for each question."""

    def __init__(self, answers: dict[str, Answer], found: dict[str, list[Hit]]) -> None:
        self._answers, self._found = answers, found

    def answer(
        self,
        question: str,
        collection_id: str | None = None,
        *,
        on_found: Callable[[Sequence[Hit]], None],
    ) -> Answer:
        if self._found[question]:
            on_found(self._found[question])
        return self._answers[question]


def test_every_score_is_what_it_says() -> None:
    evidence = (Evidence("docs/a.pdf", 3, FACT),)
    questions = [
        ExamQuestion("1", "right", ("ten years", "10 years"), evidence),
        ExamQuestion("2", "third", ("ten years",), evidence),
        ExamQuestion("3", "refused wrongly", ("ten years",), evidence),
        ExamQuestion("4", "refused rightly", (), ()),
        ExamQuestion("5", "made up", (), ()),
    ]
    refused = Answer("Not there.", None, True, "quote", 0.05, nearest=(hit(1, OTHER),))
    prepared = Prepared(
        {
            "right": answered(FACT, "10 years", FACT, 0.95),
            "third": answered("It lasts ten years.", None, OTHER, 0.35),
            "refused wrongly": refused,
            "refused rightly": refused,
            "made up": answered(OTHER, None, OTHER, 0.15),
        },
        {
            "right": [hit(1, FACT, 3)],
            "third": [hit(1, OTHER), hit(2, OTHER), hit(3, FACT, 4)],
            "refused wrongly": [hit(1, OTHER, 3)],
            "refused rightly": [],
            "made up": [hit(1, OTHER)],
        },
    )
    scores = examine(questions, prepared)
    seconds, ranges = scores.pop("seconds"), scores.pop("ranges")
    counts = scores.pop("counts")
    assert scores == {
        "questions": 5,
        "answerable": 3,
        "hit@1": pytest.approx(1 / 3, abs=1e-4),
        "hit@5": pytest.approx(2 / 3, abs=1e-4),
        "hit@10": pytest.approx(2 / 3, abs=1e-4),
        "page_hit@10": pytest.approx(2 / 3, abs=1e-4),
        "mrr@10": pytest.approx((1 + 1 / 3) / 3, abs=1e-4),
        "exact": pytest.approx(1 / 3, abs=1e-4),
        "f1": pytest.approx((1 + 2 * 2 / 6) / 3, abs=1e-4),
        "refused_right": 0.5,
        "refused_wrong": pytest.approx(1 / 3, abs=1e-4),
        "absent_right": None,
        "citation_precision": 0.5,
        "citation_recall": pytest.approx(1 / 3, abs=1e-4),
        "calibration_error": pytest.approx((0.05 + 0.35 + 0.05 * 2 + 0.15) / 5, abs=1e-4),
        "auroc": pytest.approx((2 + 2 + 0.5) / 6, abs=1e-4),
        "without_evidence": 0,
    }
    assert counts == {
        "hit@1": [1, 3], "hit@5": [2, 3], "hit@10": [2, 3], "page_hit@10": [2, 3], "exact": [1, 3],
        "right": [1, 3], "refused_right": [1, 2], "refused_wrong": [1, 3],
        "citation_precision": [1, 2], "citation_recall": [1, 3],
    }  # fmt: skip
    assert set(ranges) == {
        "hit@1", "hit@5", "hit@10", "page_hit@10", "exact", "refused_right", "refused_wrong",
        "citation_precision", "citation_recall", "auroc",
    }  # fmt: skip
    assert all(low <= scores[name] <= high for name, (low, high) in ranges.items())
    assert set(seconds) == {"search_p50", "search_p95", "answer_p50"}
    assert all(value >= 0 for value in seconds.values())


def test_nothing_asked_of_a_kind_is_no_score() -> None:
    refused = Answer("Not there.", None, True, "quote", 0.0)
    prepared = Prepared({"q": refused}, {"q": []})
    scores = examine([ExamQuestion("1", "q", (), ())], prepared)
    assert scores["refused_right"] == 1.0
    assert scores["hit@1"] is scores["exact"] is scores["refused_wrong"] is None


def test_a_question_without_evidence_is_left_out_of_finding_and_counted() -> None:
    prepared = Prepared({"q": answered(FACT, None, FACT, 0.9)}, {"q": [hit(1, FACT)]})
    scores = examine([ExamQuestion("1", "q", ("Ten years",), ())], prepared)
    assert (scores["answerable"], scores["without_evidence"]) == (1, 1)
    assert "hit@5" not in scores["counts"]


def test_where_the_answer_is_no_a_refusal_is_right_and_so_is_no() -> None:
    refused = Answer("Not there.", None, True, "quote", 0.1)
    no = Answer("No: not at all. [1]", "No", False, "quote", 0.7, (cited(OTHER),), kind="no")
    made_up = answered(OTHER, None, OTHER, 0.6)
    prepared = Prepared({"a": refused, "b": no, "c": made_up}, {"a": [], "b": [], "c": []})
    questions = [ExamQuestion(name, name, ("No",), ()) for name in "abc"]
    outcomes = asked(questions, prepared)
    assert [one.absent_right for one in outcomes] == [True, True, False]
    assert [one.right for one in outcomes] == [False, True, False]
    scores = scores_of(outcomes)
    assert scores["absent_right"] == pytest.approx(2 / 3, abs=1e-4)
    assert (scores["questions"], scores["answerable"], scores["without_evidence"]) == (3, 0, 0)
    assert scores["hit@1"] is scores["exact"] is scores["f1"] is scores["auroc"] is None
    assert scores["refused_right"] is scores["refused_wrong"] is None


def test_a_no_that_stands_in_the_documents_is_an_answer_like_any_other() -> None:
    refused = Answer("Not there.", None, True, "quote", 0.1)
    prepared = Prepared({"q": refused}, {"q": [hit(1, FACT)]})
    question = ExamQuestion("1", "q", ("No",), (Evidence("docs/a.pdf", None, FACT),))
    scores = examine([question], prepared)
    assert (scores["answerable"], scores["hit@1"], scores["refused_wrong"]) == (1, 1.0, 1.0)
    assert scores["absent_right"] is None


def test_markers_go() -> None:
    assert without_markers("Ten years [1]. Or so [12] [3].") == "Ten years. Or so."


def test_loads_questions(tmp_path: Path) -> None:
    file = tmp_path / "q.jsonl"
    file.write_text(
        '\ufeff{"id": 7, "question": "a?", "answer": "x", "answers": ["y", "x"],'
        ' "evidence": [{"file": "f", "page": 2, "text": "t"}], "lang": "en", "kind": "k"}\n\n'
        '{"question": "b\u2028?", "answer": null}\r\n',
        "utf-8",
    )
    assert load_questions(file) == [
        ExamQuestion("7", "a?", ("x", "y"), (Evidence("f", 2, "t"),), "en", "k"),
        ExamQuestion("", "b\u2028?", (), ()),
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "line 2"),
        ("[]", "line 2"),
        ('{"answer": "x"}', '"question"'),
        ('{"question": " "}', "empty"),
        ('{"question": "' + "long " * 300 + '"}', "1499"),
        ('{"question": "q", "answer": 3}', '"answer"'),
        ('{"question": "q", "evidence": [{"file": "f"}]}', '"evidence"'),
        ('{"question": "q", "evidence": [{"file": "f", "text": "t", "page": "x"}]}', '"evidence"'),
        ('{"question": "q", "evidence": ["f"]}', '"evidence"'),
    ],
)
def test_says_which_line_is_wrong(tmp_path: Path, line: str, said: str) -> None:
    file = tmp_path / "q.jsonl"
    file.write_text('{"question": "fine"}\n' + line, "utf-8")
    with pytest.raises(WrongUse) as caught:
        load_questions(file)
    detail = str(caught.value.params["detail"])
    assert "line 2" in detail
    assert said in detail


@pytest.mark.parametrize("content", [None, b"", b"\n\n", b"\xff\xfe\x00"])
def test_a_file_that_holds_no_questions_is_wrong_use(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "q.jsonl"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(WrongUse):
        load_questions(file)


def test_what_was_found_counts_in_the_order_that_the_reader_puts_it_in(library: Library) -> None:
    """The real search and answer, with a reader that knows one passage from all others."""
    texts = [" ".join(f"{name}{n}" for name in ("red", "green", "blue")) for n in range(12)]
    texts = [f"tower {colours} {colours.upper()}" for colours in texts]
    library.add("docs/a.txt", *texts)
    library.embed()
    found = library.retriever.retrieve("how high is the tower")
    last = found[-1].text

    class Knowing(FakeReader):
        def read(self, question: str, passages: Sequence[tuple[str, str]]) -> list[Marks]:
            return [Marks(30.0 if text == last else -3.0) for _, text in passages]

    none = dict.fromkeys(FEATURES, 0.0) | {"constant": 5.0}
    answerer = QuoteAnswerer(
        library.retriever, library.documents, library.passages,
        Calibrator(none, none, {"usual": 0.5}), Knowing(),
    )  # fmt: skip
    question = ExamQuestion(
        "1", "how high is the tower", ("high",), (Evidence("a.txt", None, last),)
    )
    (outcome,) = asked([question], answerer)
    assert len(found) == FOUND
    assert rank_of(question, found) == FOUND
    assert outcome.rank == 1


def test_the_questions_file_of_the_readme_is_one(tmp_path: Path) -> None:
    readme = Path(__file__).parents[2] / "README.md"
    lines = [one for one in readme.read_text("utf-8").split("\n") if one.startswith('    {"id"')]
    file = tmp_path / "questions.jsonl"
    file.write_text("\n".join(lines), "utf-8")
    questions = load_questions(file)
    assert [(one.answerable, len(one.evidence)) for one in questions] == [
        (True, 1), (True, 1), (False, 0),
    ]  # fmt: skip
    assert questions[1].evidence[0].page == 5
