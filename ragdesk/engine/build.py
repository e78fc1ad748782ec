"""The only place where adapters meet services."""

from __future__ import annotations

import functools
import logging
import logging.handlers
import math
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..adapters.awake import keep_awake
from ..adapters.computer import look
from ..adapters.embedder import OnnxEmbedder
from ..adapters.parsers import wire
from ..adapters.reader import OnnxReader
from ..adapters.reader_trainer import TorchReaderTrainer
from ..domain.catalogue import Computer
from ..domain.document import Page, Passage
from ..domain.protocols import Embedder, Index, ModelServer, Spawn
from ..domain.training import Mix
from ..errors import ModelUnusable, VersionDamaged
from ..messages import Event
from ..resources import asset
from ..services.amend import SupportFinder
from ..services.answer import QuoteAnswerer
from ..services.calibrate import Calibrator
from ..services.cost import Prices, load_prices
from ..services.fit import RouterFitter
from ..services.ingest import Ingest
from ..services.language import about_tokens, is_foreign, of_document
from ..services.meaning import Sight
from ..services.rerank import SECONDS
from ..services.retrieve import Retriever
from ..services.route import Router
from ..services.split import split
from ..services.turn import turned
from ..services.write import WrittenAnswerer
from ..settings import BUILT_IN, LANGUAGES_MODEL, MODEL_NAME, OLLAMA
from ..store.assistants import Assistants
from ..store.choices import Choices
from ..store.collections import Collections
from ..store.contents import Contents
from ..store.conversations import Conversations
from ..store.database import Database
from ..store.documents import Documents
from ..store.entrances import Entrances
from ..store.home import Home, HomeLock
from ..store.jobs import Jobs
from ..store.judgements import Judgements, Learned
from ..store.passages import Passages, owed
from ..store.vectors import Serves
from .child import Spawner
from .engine import Engine
from .models import Models
from .parser_pool import ParserPool
from .serving import Serving
from .tuned import QUERY, Tuned, load_tuned
from .versions import Versions
from .workshop import Workshop

if TYPE_CHECKING:
    from ..domain.protocols import Vectors


@dataclass(frozen=True, slots=True)
class Parts:
    """What reads a library: all that a command needs that only looks."""

    database: Database
    collections: Collections
    documents: Documents
    passages: Passages
    choices: Choices
    retriever: Retriever
    answerer: QuoteAnswerer
    router: Router


class NoIndex:
    """Stands for an index that is not opened: everything is searched exactly."""

    def covered(self) -> int:
        return 0

    def search(self, vector: Vectors, limit: int) -> list[tuple[int, float]]:
        return []

    def warm(self) -> None:
        return None

    def build(self, upto: int) -> bool:
        return False

    def close(self) -> None:
        return None


def build_embedder(threads: int = 1, nice: int = 0) -> Embedder:
    """The model that comes with RagDesk; loaded when it is first needed."""
    return OnnxEmbedder(asset("models", "all-MiniLM-L6-v2"), threads, nice)


def build_languages(
    home: Home, database: Database, index: Index, threads: int = 1, nice: int = 0
) -> Sight | None:
    """The library as the model for other languages sees it, None where it was not fetched."""
    folder = home.languages
    if folder is None:
        return None
    passages = Passages(database, LANGUAGES_MODEL, Serves.OTHERS)
    return Sight(passages, OnnxEmbedder(folder, threads, nice), index)


def build_parts(
    database: Database,
    embedder: Embedder,
    index: Index,
    threads: int = 1,
    languages: Sight | None = None,
    tuned: Tuned | None = None,
    seconds: float = SECONDS,
) -> Parts:
    """Search and answers over an open library; passages are read on `threads` threads,
    for `seconds` a question at most.

    With what a version tuned (`load_tuned`), else as RagDesk comes; `embedder`, `index` and
    `languages` may serve several at once. Raises `ModelUnusable`.
    """
    tuned = tuned or Tuned()
    documents, passages = Documents(database, embedder.name), Passages(database, embedder.name)
    turn = _turn(tuned, embedder)
    retriever = Retriever(passages, documents, embedder, index, languages, tuned.mix, turn)
    reader = OnnxReader(tuned.reader, threads)
    calibrator = Calibrator.load(tuned.calibration)
    router = Router(Contents(database, embedder.name), passages, Learned(database))
    answerer = QuoteAnswerer(
        retriever, documents, passages, calibrator, reader, router, seconds, mix=tuned.mix
    )
    return Parts(
        database,
        Collections(database),
        documents,
        passages,
        Choices(database),
        retriever,
        answerer,
        router,
    )


def _turn(tuned: Tuned, embedder: Embedder) -> Callable[[Vectors], Vectors] | None:
    """Raises `ModelUnusable` where it was made for another embedding model."""
    if tuned.query is None:
        return None
    if len(tuned.query) != embedder.dimensions:
        raise ModelUnusable(path=QUERY, detail=f"it is not made for {embedder.name}")
    return functools.partial(turned, matrix=tuned.query)


def build_serving(home: Home, choices: Choices, spawn: Spawn) -> Serving:
    """The model servers that RagDesk knows; none is looked for or started before it is needed."""

    def built_in() -> ModelServer:
        from ..adapters.llama_server import LlamaServer

        return LlamaServer(home, spawn)

    def ollama() -> ModelServer:
        from ..adapters.ollama import OllamaServer

        return OllamaServer(log=home.log)

    return Serving({BUILT_IN: built_in, OLLAMA: ollama}, choices, _adapter)


def _adapter(model: str) -> Path | None:
    """What RagDesk trained for its built-in model; other models answer as they come."""
    file = asset("models", "writer") / "writer.gguf"
    return file if model == BUILT_IN and file.exists() else None


def build_writer(
    parts: Parts, serving: Serving, name: str = "", prices: Prices | None = None
) -> WrittenAnswerer:
    """Answers by the chosen model, or by "server/model". Raises what `Serving.chat` raises.

    With `prices` they say what they would have cost elsewhere.
    """
    chat = serving.chat(name)
    size = serving.parameters(name)
    return WrittenAnswerer(
        parts.answerer, chat, parts.documents, parts.retriever, parameters=size, prices=prices
    )


def build_models(home: Home, serving: Serving, jobs: Jobs, emit: Callable[[Event], None]) -> Models:
    """What is known about language models, and the check-up of this computer."""

    def check_up(servers: Sequence[ModelServer]) -> Computer:
        return look(home.models, servers)

    return Models(serving, Entrances(home), jobs, check_up, emit)


def build_workshop(
    home: Home,
    parts: Parts,
    embedder: Embedder,
    index: Index,
    languages: Sight | None,
    threads: int,
    spawn: Spawn,
    serving: Serving,
) -> Workshop:
    """What builds of assistants work with, beside the `parts` that answer meanwhile."""

    def measured(tuned: Tuned) -> Parts:
        """What answers in exams: with all the time it needs, so that twice asked is answered alike."""
        return build_parts(parts.database, embedder, index, threads, languages, tuned, math.inf)

    def trial(mix: Mix, query: Vectors | None) -> Retriever:
        return measured(Tuned(mix=mix, query=query)).retriever

    return Workshop(
        home,
        parts.database,
        parts.documents,
        parts.passages,
        parts.retriever,
        OnnxReader(Tuned().reader, threads),
        trial,
        lambda folder: measured(load_tuned(folder)).answerer,
        serving.chat,
        TorchReaderTrainer(Tuned().reader, spawn, threads),
    )


def build_reader(home: Home, version: Path | None = None) -> Parts:
    """For commands that only look: works beside an engine and on a home that cannot be written.

    With the folder of a `version` what it tuned answers. Raises `LibraryMissing` while there is no
    library, `VersionDamaged` where the version is.
    """
    cores = os.cpu_count() or 1
    database = Database.for_reading(home)
    languages = build_languages(home, database, NoIndex())
    make = functools.partial(build_parts, database, build_embedder(), NoIndex(), cores, languages)
    return make() if version is None else _of_version(version, make)


def _of_version(folder: Path, make: Callable[[Tuned], Parts]) -> Parts:
    """What answers with the tuned files of a folder, all opened now: one that is damaged tells here.

    Raises `VersionDamaged`.
    """
    try:
        parts = make(load_tuned(folder))
        parts.answerer.warm()
    except ModelUnusable as error:
        raise VersionDamaged(**error.params) from error
    return parts


def build_engine(home: Home, emit: Callable[[Event], None]) -> Engine:
    """Takes the home and puts the engine together; call `start` next.

    Raises `HomeInUse`, `HomeNotWritable`, `LibraryDamaged`, `LibraryTooNew`.
    """
    home.make()
    log_to(home)
    lock = home.lock()
    try:
        return _put_together(home, lock, emit)
    except BaseException:
        lock.release()
        raise


def _put_together(home: Home, lock: HomeLock, emit: Callable[[Event], None]) -> Engine:
    from ..adapters.chroma import ChromaIndex

    database = Database.for_writing(home)
    cores = os.cpu_count() or 1
    embedder = build_embedder(threads=cores, nice=5)
    spawn = Spawner(home.log)
    index = ChromaIndex(home.index, home.library, MODEL_NAME, embedder.dimensions, spawn)
    others = ChromaIndex(
        home.index / "languages", home.library, LANGUAGES_MODEL, embedder.dimensions, spawn
    )
    languages = build_languages(home, database, others, threads=cores, nice=5)
    parts = build_parts(database, embedder, index, cores, languages)
    sights = [Sight(owed(database, home)[0], embedder, index)]
    if languages is not None:
        sights.append(languages)
    fitter = RouterFitter(
        parts.router,
        Contents(database, embedder.name),
        parts.passages,
        Judgements(database),
        Conversations(database),
        Learned(database),
        embedder,
    )
    workers = int(parts.choices.get("readers")) or cores
    pool = ParserPool(spawn, wire.decode, workers)

    def cut(document_id: str, title: str, pages: Sequence[Page]) -> list[Passage]:
        foreign = is_foreign(of_document(page.text for page in pages))
        return split(document_id, title, pages, about_tokens if foreign else embedder.token_count)

    serving = build_serving(home, parts.choices, spawn)

    make = functools.partial(build_parts, database, embedder, index, cores, languages)
    versions = Versions(home, Assistants(database), parts, lambda folder: _of_version(folder, make))

    workshop = build_workshop(home, parts, embedder, index, languages, cores, spawn, serving)

    def writer(assistant_id: str | None) -> WrittenAnswerer:
        return build_writer(versions.parts(assistant_id), serving, prices=load_prices(home.folder))

    ingest = Ingest(database, parts.documents, parts.passages, pool.read, cut, workers)
    return Engine(
        home,
        lock,
        database,
        sights=sights,
        pool=pool,
        ingest=ingest,
        answerer=lambda assistant_id: versions.parts(assistant_id).answerer,
        writer=writer,
        serving=serving,
        models=build_models(home, serving, Jobs(database), emit),
        workshop=workshop,
        find=SupportFinder(parts.retriever, parts.documents).find,
        learn=fitter.keep_up,
        emit=emit,
        keep_awake=keep_awake,
    )


def log_to(home: Home) -> None:
    """Notes what happens in one file of at most 1 MB, one older kept; no document's words in it."""
    handler = logging.handlers.RotatingFileHandler(
        home.log, maxBytes=1_000_000, backupCount=1, encoding="utf-8"
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger("ragdesk")
    for old in [h for h in root.handlers if isinstance(h, logging.handlers.RotatingFileHandler)]:
        root.removeHandler(old)
        old.close()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
