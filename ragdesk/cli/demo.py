"""The main job on sample documents, in a throw-away library."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from ..domain.examination import ExamQuestion
from ..engine.build import build_reader, build_writer
from ..engine.engine import Engine
from ..errors import RagDeskError
from ..messages import AddFiles
from ..resources import asset
from ..services.examine import load_questions
from ..settings import BUILT_IN
from ..store.home import Home
from ..texts import sentence
from .answer_words import answer_words
from .library import running
from .output import Context, answer_record, wrap
from .writers import WRITTEN, serving

PATIENCE = 20.0  # seconds that the built-in model may take
_TOOK_LONG = f"  It was stopped after {PATIENCE:.0f} seconds: other work keeps this computer busy."
QUESTIONS = 5  # the first lines of the samples' questions


def demo(context: Context) -> int:
    """Adds the samples, asks, prints cited answers. 0 when it went as it should, refusal included."""
    own = context.home  # where models lie that were fetched
    with tempfile.TemporaryDirectory(prefix="ragdesk-demo-", ignore_cleanup_errors=True) as folder:
        if not context.arguments.home:
            context.home = Home(Path(folder) / "home")
        questions = load_questions(asset("samples", "questions.jsonl"))[:QUESTIONS]
        with running(context) as engine:
            _add(context, engine)
            as_expected = [_ask(context, engine, question) for question in questions]
        _write(context, own, questions[0])
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


def _write(context: Context, own: Home, question: ExamQuestion) -> None:
    """The same question answered by the built-in model, where it is here; it decides nothing."""
    output = context.output
    if own.built_in is None:
        output.words(
            "A small language model can write answers as well:  ragdesk models get built-in\n"
        )
        return
    began = time.monotonic()
    parts = build_reader(context.home)
    output.progress("The built-in model writes…")
    try:
        with serving(own) as servers:
            writer = build_writer(parts, servers, f"{BUILT_IN}/{BUILT_IN}")
            answer = writer.answer(
                question.question, stopped=lambda: time.monotonic() - began > PATIENCE
            )
    except RagDeskError as error:
        output.progress("")
        output.words(f"{wrap(sentence(error))}\n")
        return
    output.progress("")
    record = answer_record(question.id, question.question, answer)
    shown = replace(answer, finish="done")  # nobody pressed anything
    words = answer_words(shown, question.question, parts.documents.page_name)
    if answer.finish == "stopped":
        words = f"{words}\n{_TOOK_LONG}" if answer.answerer == WRITTEN else _TOOK_LONG
    who = BUILT_IN if answer.answerer == WRITTEN else answer.answerer
    output.result(
        {**record, "answerer": who},
        f"{question.question}\nAs the built-in model writes it, a small one:\n{words}\n",
    )
