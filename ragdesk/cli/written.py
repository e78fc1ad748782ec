"""A written answer in the terminal: its text as it is made, then what was found out about it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from dataclasses import replace

from ..domain.conversation import Answer
from ..domain.examination import ExamQuestion
from ..engine.build import Parts, build_writer
from ..engine.serving import Serving
from ..errors import RagDeskError
from ..services.cost import load_prices
from ..settings import BUILT_IN
from ..texts import sentence
from .answer_words import answer_words
from .output import WIDTH, Context, Output, answer_record, wrap
from .writers import Stop, full_name, plain_name

NEEDS_A_LOOK, INTERRUPTED = 1, 130
_OWN_WORDS = "  In your documents' own words:"
_STAGES = {"search": "Searching…", "read": "Reading what was found…", "write": "Writing…"}


class Live:
    """The text of an answer on the screen while it is written; nothing where nobody watches."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._shows = sys.stdout.isatty() and not output.as_json
        self._size = shutil.get_terminal_size()
        self._text = ""
        self._lines = 0  # of the text on the screen, the last one unfinished

    def stage(self, stage: str) -> None:
        """Says what is being done, until the first word comes."""
        if not self._lines:
            self._output.progress(_STAGES.get(stage, stage))

    def add(self, text: str, thinking: str) -> None:
        """Shows a piece more."""
        if thinking and not self._lines:
            self._output.progress("Thinking…")
        if not text or not self._shows:
            return
        if not self._lines:
            self._output.progress("")
        self._text += "".join(one for one in text if one.isprintable() or one == "\n")
        lines = wrap(self._text, "  ", min(WIDTH, self._size.columns - 1)).split("\n")
        kept = max(self._lines - 1, 0)  # a word may have grown too long for the last line
        sys.stdout.write("\r\033[K" + "\n".join(lines[kept:]))
        sys.stdout.flush()
        self._lines = len(lines)

    def clear(self) -> None:
        """Makes room for the answer as it stands after it was checked."""
        self._output.progress("")
        if not self._lines:
            return
        if self._lines < self._size.lines:
            up = f"\033[{self._lines - 1}A" if self._lines > 1 else ""
            sys.stdout.write(f"\r{up}\033[J")
        else:  # its first lines are gone from the screen
            sys.stdout.write("\n\n")
        sys.stdout.flush()
        self._lines = 0


class AskingWriter:
    """Has a language model answer question after question; the model stays open for all."""

    def __init__(self, context: Context, parts: Parts, servers: Serving, shelf: str | None) -> None:
        arguments = context.arguments
        self._output = context.output
        self._parts = parts
        self._servers = servers
        self._shelf = shelf
        self._named = arguments.answerer is not None
        chosen = str(parts.choices.get("model"))
        named = self._named and arguments.answerer != "written"
        self.name = full_name(servers, arguments.answerer) if named else chosen
        self._prices = load_prices(context.home.folder)

    def ask(self, questions: Sequence[ExamQuestion]) -> int:
        """Prints an answer for each; an exit status. Raises what opening the model raises, where a
        person named it; one that the settings name is stood in for by quotes.
        """
        status = 0
        for question in questions:
            answer, quote, stopped = self._answer(question.question)
            page_name = self._parts.documents.page_name
            words = answer_words(answer, question.question, page_name)
            if answer.doubt == "weak" and quote is not None and not quote.refused:
                words += f"\n\n{_OWN_WORDS}\n{answer_words(quote, question.question, page_name)}"
            if len(questions) > 1:
                words = f"{question.question}\n{words}\n"
            record = answer_record(question.id or None, question.question, answer)
            self._output.result({**record, "answerer": self._who(answer)}, words)
            if stopped:
                return INTERRUPTED
            if answer.refused or answer.trouble or answer.finish == "lost":
                status = NEEDS_A_LOOK
        return status

    def _who(self, answer: Answer) -> str:
        if answer.answerer != "written":
            return answer.answerer
        return BUILT_IN if self.name == f"{BUILT_IN}/{BUILT_IN}" else self.name

    def _answer(self, question: str) -> tuple[Answer, Answer | None, bool]:
        """The answer, that in quotes if there was one to write from, whether a person stopped it."""
        live = Live(self._output)
        places = int(self._parts.choices.get("passages_shown"))
        caution = str(self._parts.choices.get("caution"))
        self._output.progress(f"Getting {plain_name(self.name)} ready…")
        try:
            writer = build_writer(self._parts, self._servers, self.name, self._prices)
        except RagDeskError as error:
            self._output.progress("")
            if self._named:
                raise
            self._output.note(sentence(error))
            instead = self._parts.answerer.answer(
                question, self._shelf, passages_shown=places, caution=caution
            )
            return replace(instead, trouble=error.code), None, False
        quotes: list[Answer] = []

        def quoted(answer: Answer) -> None:
            quotes.append(answer)
            stop.keep()

        with Stop() as stop:
            try:
                answer = writer.answer(
                    question,
                    self._shelf,
                    passages_shown=places,
                    caution=caution,
                    on_stage=live.stage,
                    on_quote=quoted,
                    on_delta=live.add,
                    stopped=stop.wished,
                )
            finally:
                live.clear()
        if answer.trouble or answer.finish == "lost":
            self._servers.forget()  # the next question has it opened anew
        return answer, quotes[0] if quotes else None, stop.wished()
