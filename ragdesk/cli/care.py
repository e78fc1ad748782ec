"""Commands that look after the library and the computer, and the engine process itself."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import shutil

from ..adapters.computer import has_avx2
from ..engine.build import build_engine
from ..errors import LibraryDamaged, RagDeskError
from ..settings import BUILT_IN, LANGUAGES_MODEL, MODEL_NAME
from ..store.database import Database
from ..store.documents import Documents
from ..store.passages import Passages, owed
from ..texts import GET_LANGUAGES, sentence
from .language_models import server_words
from .library import unheard
from .output import Context, wrap
from .writers import models_of, serving

NEEDS_A_LOOK = 1
GET_BUILT_IN = "ragdesk models get built-in"
# What base installs (a test holds the list against pyproject.toml), and what tuning adds.
PARTS = {
    "PySide6-Essentials": "the window",
    "PySide6-Pdf": "PDF pages in the window",
    "charset-normalizer": "texts in old encodings",
    "chromadb": "fast search in large libraries",
    "httpx": "speaking to model servers on this computer",
    "langchain-core": "written answers in programs of your own",
    "langchain-text-splitters": "cutting endless sentences",
    "lxml": "Word, Excel, PowerPoint and web pages",
    "markdown-it-py": "Markdown files",
    "msoffcrypto-tool": "locked Office files",
    "numpy": "search by meaning",
    "ollama": "larger language models, through Ollama",
    "onnxruntime": "search by meaning",
    "platformdirs": "finding your data folder",
    "psutil": "watching memory",
    "pypdf": "locked and damaged PDF files",
    "pypdfium2": "PDF files",
    "snowballstemmer": "search by words in other languages",
    "tokenizers": "search by meaning",
    "wakepy": "keeping the computer awake",
}
OPTIONAL = {
    "xllamacpp": "written answers by the built-in model",
    "sentence-transformers": "other search models, tuning",
}


def check(context: Context) -> int:
    """Looks whether the library is sound; with --repair makes anew what can be made anew."""
    context.need_library()
    if context.arguments.repair:
        _repair(context)
    try:
        database = Database.for_reading(context.home)
        faults = database.check()
        documents, passages = Documents(database, MODEL_NAME), Passages(database, MODEL_NAME)
        waiting = sum(view.count_without_vector() for view in owed(database, context.home))
        faults += passages.check_words()
        counts = {"documents": documents.count_ready(), "waiting": waiting}
        database.close()
    except LibraryDamaged as error:
        faults, counts = [sentence(error)], {"documents": 0, "waiting": 0}
    words = "The library is sound." if not faults else "Something is wrong:\n" + "\n".join(faults)
    context.output.result(
        {"sound": not faults, "faults": faults, **counts},
        f"{words} {counts['documents']} documents can be asked.",
    )
    if faults and not context.arguments.repair:
        context.output.note("Mend what can be mended with: ragdesk check --repair")
    return NEEDS_A_LOOK if faults else 0


def _repair(context: Context) -> None:
    """Words and index are derived from the passages: both are made anew; documents stay as they are."""
    engine = build_engine(context.home, unheard)
    try:
        engine.passages.rebuild_words()
        engine.index.close()
        shutil.rmtree(context.home.index, ignore_errors=True)
        context.home.make()
        engine.start()
        engine.run_until_idle()
    finally:
        engine.stop()


def doctor(context: Context) -> int:
    """What this computer has, what is missing, what to do."""
    import psutil

    missing = 0
    for package, purpose in {**PARTS, **OPTIONAL}.items():
        version, needed = _version(package), package in PARTS
        missing += needed and version is None
        state = version or ("missing: run installers/run.py again" if needed else "not installed")
        context.output.result(
            {"part": package, "for": purpose, "version": version, "needed": needed},
            f"{package:<26}{state:<48}{purpose}",
        )
    _tell_languages(context)
    advice = _tell_servers(context)
    folder = context.home.folder
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free / 1e9
    memory = psutil.virtual_memory()
    computer = {
        "system": platform.platform(),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "memory_gb": round(float(memory.total) / 1e9, 1),
        "free_memory_gb": round(float(memory.available) / 1e9, 1),
        "avx2": {True: "yes", False: "no", None: "unknown"}[has_avx2()],
        "free_disk_gb": round(free, 1),
        "home": str(context.home.folder),
        "display": bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
        or os.name == "nt",
    }
    context.output.result(
        computer, "\n".join(f"{key:<24}{value}" for key, value in computer.items())
    )
    context.output.words(f"\n{wrap(advice)}")
    if has_avx2() is False:
        context.output.note(
            "This processor lacks AVX2, so the built-in model cannot run here. Answers in quotes can."
        )
    if free < 1:
        context.output.note(
            f"Only {free:.1f} GB of disk are free where the library lies. Make room before adding much."
        )
    return NEEDS_A_LOOK if missing else 0


def _tell_languages(context: Context) -> None:
    """Whether documents in other languages than English are found by meaning."""
    here = context.home.languages is not None
    state = "here" if here else f"not here; get it: {GET_LANGUAGES}"
    context.output.result(
        {"part": "languages", "for": "search by meaning in other languages",
         "version": LANGUAGES_MODEL if here else None, "needed": False},
        f"{'languages':<26}{state:<48}search by meaning in other languages",
    )  # fmt: skip


def _tell_servers(context: Context) -> str:
    """Each model server, its version and trouble, and its models; what suits this computer."""
    with serving(context.home) as servers:
        found = models_of(context.home, servers).listed()
    for server in found.servers:
        name = server["name"]
        here = [one["name"] for one in found.models if one["server"] == name and not one["remote"]]
        if server["trouble"]:
            state = "not there" if not server["running"] else "cannot be used"
        else:
            state = f"version {server['version']}" if server["version"] else "not started yet"
        context.output.result(
            {"part": f"server {name}", "for": "written answers", "needed": False,
             "version": server["version"] or None, "trouble": server["trouble"], "models": here},
            f"{name:<26}{state:<48}written answers: {', '.join(here) or 'no model'}",
        )  # fmt: skip
        if server["trouble"] or (name == BUILT_IN and BUILT_IN not in here):
            words = server_words(server) if server["trouble"] else f"Get it: {GET_BUILT_IN}"
            context.output.words(wrap(words, " " * 26))
    return found.recommended


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def engine(context: Context) -> int:
    """Runs until its input closes; see `engine.server`."""
    from ..engine.server import serve

    try:
        return serve(context.home.folder)
    except RagDeskError as error:
        context.output.error(error.code, sentence(error))
        return error.exit_status
