"""The written path on the built-in model as it comes, llama.cpp itself and the real reader."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import psutil
import pytest

from ragdesk.adapters import llama_server
from ragdesk.adapters.llama_server import LlamaServer
from ragdesk.domain.conversation import Answer
from ragdesk.engine.build import Parts, build_embedder, build_parts
from ragdesk.engine.child import Spawner
from ragdesk.services.cite import quoted
from ragdesk.services.write import WrittenAnswerer
from ragdesk.settings import BUILT_IN
from ragdesk.store.database import Database
from ragdesk.store.home import Home
from tests import gguf_files
from tests.fakes_index import MemoryIndex
from tests.store.filling import put

pytest.importorskip("xllamacpp", reason="needs the extra engine")

QUESTION = "What does a delivery to Lyon cost, and who is the driver?"
TEXTS = {
    "delivery.txt": "We deliver on weekdays between 8 and 17 o'clock. A delivery to Lyon costs 40"
    " euros and takes three working days. Our driver is Maria Gomez.",
    "returns.txt": "Whole tiles that were not used may be returned within 30 days, with the bill.",
    "grout.txt": "Grout has to dry for 24 hours before anyone may walk on the floor.",
}


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parts]:
    home = Home(tmp_path_factory.mktemp("written") / "home")
    home.make()
    database = Database.for_writing(home)
    embedder = build_embedder()
    found = build_parts(database, embedder, MemoryIndex(home.library, embedder.name))
    for name, text in TEXTS.items():
        put(database, name, [text])
    missing = found.passages.without_vector(100)
    vectors = embedder.embed([text for _, text in missing])
    found.passages.save_vectors([number for number, _ in missing], vectors)
    yield found
    database.close()


@pytest.fixture(scope="module")
def server(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[LlamaServer]:
    home = Home(tmp_path_factory.mktemp("model"))
    (home.models / BUILT_IN).mkdir(parents=True)
    os.symlink(gguf_files.built_in_model(request.config), home.models / BUILT_IN / "model.gguf")
    server = LlamaServer(home, Spawner())
    yield server
    server.close()


@pytest.fixture
def writer(parts: Parts, server: LlamaServer) -> WrittenAnswerer:
    model = server.open(BUILT_IN)
    [served] = server.models()
    return WrittenAnswerer(
        parts.answerer, model, parts.documents, parts.retriever, parameters=served.parameters
    )


def check(parts: Parts, answer: Answer) -> None:
    """Whatever a model writes: each marker has its verbatim citation, each sentence its verdict."""
    numbers = {number for sentence in answer.sentences for number in sentence.numbers}
    assert numbers == {citation.number for citation in answer.citations}
    for citation in answer.citations:
        pages = {page.number: page.text for page in parts.documents.pages(citation.document_id)}
        assert citation.quote == quoted(citation.spans, pages)
    assert all(sentence.supported is not bool(sentence.doubt) for sentence in answer.sentences)


def test_a_question_is_answered_while_the_quotes_stand(
    parts: Parts, writer: WrittenAnswerer
) -> None:
    quotes: list[Answer] = []
    pieces: list[str] = []
    answer = writer.answer(
        QUESTION, on_quote=quotes.append, on_delta=lambda text, _: pieces.append(text)
    )
    assert quotes[0].short == "40 euros"
    assert answer.answerer == "written"
    assert answer.finish in ("done", "length")
    assert len(pieces) > 2
    assert "".join(pieces).split()[:3] == answer.text.split()[:3]
    assert answer.words_a_second > 0
    assert [step.kind for step in answer.steps] == ["part", "search", "part", "search"]
    check(parts, answer)


def test_stopped_half_way(parts: Parts, writer: WrittenAnswerer) -> None:
    pieces: list[str] = []
    answer = writer.answer(
        QUESTION, on_delta=lambda text, _: pieces.append(text), stopped=lambda: len(pieces) >= 3
    )
    assert answer.finish == "stopped"
    assert len(answer.text.split()) >= 3
    check(parts, answer)


def test_the_server_killed_half_way_and_asked_again(parts: Parts, writer: WrittenAnswerer) -> None:
    pieces: list[str] = []

    def killing(text: str, thinking: str) -> None:
        pieces.append(text)
        if len(pieces) == 3:
            kill_children()

    answer = writer.answer(QUESTION, on_delta=killing)
    assert (answer.finish, answer.answerer, answer.trouble) == ("lost", "written", "")
    assert len(answer.text.split()) >= 3
    check(parts, answer)
    again = writer.answer(QUESTION)
    assert again.finish in ("done", "length")
    assert again.text.startswith(answer.text.split()[0])


def kill_children() -> None:
    for process in psutil.Process().children(recursive=True):
        if llama_server.CHILD in process.cmdline():
            os.kill(process.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
