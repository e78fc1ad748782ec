"""The main job on sample documents, in a throw-away library."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from ..domain.examination import ExamQuestion
from ..engine.engine import Engine
from ..messages import AddFiles
from ..resources import asset
from ..services.examine import load_questions
from ..store.home import Home
from .answer_words import answer_words
from .library import running
from .output import Context, answer_record

QUESTIONS = 5  # the first lines of the samples' questions


def demo(context: Context) -> int:
    """Adds the samples, asks, prints cited answers. 0 when it went as it should, refusal included."""
    with tempfile.TemporaryDirectory(prefix="ragdesk-demo-", ignore_cleanup_errors=True) as folder:
        if not context.arguments.home:
            context.home = Home(Path(folder) / "home")
        questions = load_questions(asset("samples", "questions.jsonl"))[:QUESTIONS]
        with running(context) as engine:
            _add(context, engine)
            as_expected = [_ask(context, engine, question) for question in questions]
        if context.arguments.window:
            subprocess.run(
                [sys.executable, "-m", "ragdesk", "--home", str(context.home.folder)], check=False
            )
        else:
            context.output.words(
                "Open the window with:  ragdesk        or on these samples:  ragdesk demo --window"
            )
    return 0 if all(as_expected) else 1


def _add(context: Context, engine: Engine) -> None:
    started = time.monotonic()
    engine.handle(AddFiles("", (str(asset("samples", "documents")),)))
    engine.run_until_idle()
    rows = [row.document for row in engine.documents.all() if row.document]
    ready = [d for d in rows if d.verdict and d.verdict.answers]
    pages, seconds = sum(d.pages for d in ready), time.monotonic() - started
    context.output.result(
        {
            "files": len(rows),
            "ready": len(ready),
            "pages": pages,
            "passages": sum(d.passages for d in ready),
            "seconds": round(seconds, 3),
        },
        f"Read {len(ready)} of {len(rows)} sample documents, {pages} pages, in {seconds:.1f} s.\n",
    )


def _ask(context: Context, engine: Engine, question: ExamQuestion) -> bool:
    answer = engine.answerer.answer(question.question)
    words = answer_words(answer, question.question, engine.documents.page_name)
    context.output.result(
        answer_record(question.id, question.question, answer), f"{question.question}\n{words}\n"
    )
    return answer.refused is not question.answerable
