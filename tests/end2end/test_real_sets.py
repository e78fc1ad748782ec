"""The real document sets, added by the real program: what is found, quoted, refused.

The figures are printed (``-s`` shows them); those that the project promises are asserted.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ragdesk.domain.conversation import Answer, Hit
from ragdesk.domain.examination import ExamQuestion
from ragdesk.engine.build import Parts, build_reader
from ragdesk.services.cite import quoted
from ragdesk.services.examine import examine, load_questions
from ragdesk.services.mend import Places
from ragdesk.services.split import MAX_TOKENS
from ragdesk.store.home import Home
from ragdesk.store.passages import embedded_text

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]

SETS = ("handbook", "financebench")


@dataclass
class Asked:
    """A set in a library of its own, every question asked once."""

    parts: Parts
    questions: list[ExamQuestion]
    answers: dict[str, Answer]
    scores: dict[str, Any]


class Remembering:
    """The answerer, its answers kept."""

    def __init__(self, parts: Parts) -> None:
        self._answerer = parts.answerer
        self.answers: dict[str, Answer] = {}

    def answer(
        self,
        question: str,
        collection_id: str | None = None,
        *,
        on_found: Callable[[Sequence[Hit]], None],
    ) -> Answer:
        self.answers[question] = self._answerer.answer(question, collection_id, on_found=on_found)
        return self.answers[question]


@pytest.fixture(scope="module")
def asked(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    data_set: Callable[[str], Path],
) -> Iterator[Asked]:
    folder = data_set(request.param)
    home = Home(tmp_path_factory.mktemp(request.param))
    subprocess.run(
        [sys.executable, "-m", "ragdesk", "add", str(folder / "docs"), "--home", str(home.folder)],
        check=True,
        timeout=3000,
    )
    parts = build_reader(home)
    questions = load_questions(folder / "questions.jsonl")
    answerer = Remembering(parts)
    scores = examine(questions, answerer)
    print(f"\n{request.param}: {json.dumps(scores)}")
    yield Asked(parts, questions, answerer.answers, scores)
    parts.database.close()


def texts(parts: Parts, document_id: str) -> dict[int, str]:
    return {page.number: page.text for page in parts.documents.pages(document_id)}


@pytest.mark.parametrize("asked", SETS, indirect=True)
def test_every_quote_stands_verbatim_where_it_says(asked: Asked) -> None:
    misses = []
    count = 0
    for answer in asked.answers.values():
        for citation in answer.citations:
            count += 1
            pages = texts(asked.parts, citation.document_id)
            if citation.quote != quoted(citation.spans, pages) or not citation.quote.strip():
                misses.append(citation)
        for hit in answer.nearest:
            count += 1
            if hit.quote != quoted(hit.spans, texts(asked.parts, hit.document_id)):
                misses.append(hit)
    assert misses == []
    assert count > len(asked.questions)


@pytest.mark.parametrize("asked", SETS, indirect=True)
def test_every_mark_lies_inside_its_quote(asked: Asked) -> None:
    for answer in asked.answers.values():
        for citation in answer.citations:
            assert citation.marked
            for mark in citation.marked:
                assert any(
                    span.page == mark.page
                    and span.start <= mark.start
                    and mark.start + mark.length <= span.start + span.length
                    for span in citation.spans
                )


@pytest.mark.parametrize("asked", SETS, indirect=True)
def test_every_passage_fits_the_model_and_leads_back_to_its_pages(asked: Asked) -> None:
    from ragdesk.engine.build import build_embedder

    embedder = build_embedder()
    passages = 0
    for document_id in {row.document.id for row in asked.parts.documents.all() if row.document}:
        pages = texts(asked.parts, document_id)
        for passage in asked.parts.passages.of_document(document_id):
            passages += 1
            pieces = [
                (span.page, span.start, pages[span.page][span.start : span.start + span.length])
                for span in passage.spans
            ]
            assert Places(passage.text, pieces).whole, passage
            assert embedder.token_count(embedded_text(passage)) <= MAX_TOKENS, passage
    assert passages > 500


@pytest.mark.parametrize("asked", ["handbook"], indirect=True)
def test_the_handbook_is_found_answered_and_refused(asked: Asked) -> None:
    scores = asked.scores
    assert scores["hit@5"] >= 0.85
    assert scores["refused_wrong"] <= 0.10
    assert scores["refused_right"] >= 0.50
    assert scores["f1"] >= 0.30
    assert scores["calibration_error"] <= 0.15


@pytest.mark.parametrize("asked", ["financebench"], indirect=True)
def test_filings_are_found(asked: Asked) -> None:
    assert asked.scores["hit@10"] >= 0.40
    assert asked.scores["page_hit@10"] >= 0.40
