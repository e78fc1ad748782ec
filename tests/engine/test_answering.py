"""Written answers in the engine: quotes first, then what a model writes, kept however it ends."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from ragdesk import messages as m
from ragdesk.domain.chat import Message
from ragdesk.domain.conversation import Answer
from ragdesk.engine import build
from ragdesk.engine.engine import Engine
from ragdesk.errors import ServerLost, ServerMissing
from ragdesk.store.home import Home
from tests.engine.test_engine import Heard
from tests.fakes_chat import Line, ScriptedChat, ScriptedServer

QUESTION = "How often is the wet saw serviced?"
WRITTEN = "Every six months [1]. Brandt Machines services the wet saw every six months [1]."

Start = Callable[..., Engine]


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def start(tmp_path: Path, heard: Heard, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """Starts the real engine, with one document, and a scripted model behind the built-in server."""
    engines: list[Engine] = []

    def begin(script: object) -> Engine:
        def serving(home: Home, choices: build.Choices, spawn: object) -> build.Serving:
            server = ScriptedServer(ScriptedChat(script, name="built-in"))  # type: ignore[arg-type]
            server.name = "built-in"
            return build.Serving({"built-in": lambda: server}, choices, lambda model: None)

        monkeypatch.setattr(build, "build_serving", serving)
        engine = build.build_engine(Home(tmp_path / "home"), heard)
        engines.append(engine)
        engine.start()
        file = tmp_path / "note.txt"
        file.write_text(
            "The wet saw is serviced every six months by Brandt Machines.", encoding="utf-8"
        )
        engine.handle(m.AddFiles("", (str(file),)))
        assert engine.run_until_idle(60)
        engine.handle(m.ChangeSetting("", "answerer", "written"))
        return engine

    yield begin
    for engine in engines:
        engine.stop()


def ask(engine: Engine, heard: Heard) -> tuple[str, str]:
    conversation = engine.handle(m.Ask("t", QUESTION))
    (turn,) = engine.conversations.turns(conversation)
    return conversation, turn.id


def last_answer(engine: Engine, heard: Heard, turn_id: str) -> Answer:
    while True:
        event = heard.wait(m.AnswerReady)
        assert isinstance(event, m.AnswerReady)
        if event.last and event.turn_id == turn_id:
            answer = engine.conversations.turn(turn_id).answer
            assert answer is not None
            return answer


def test_quotes_come_first_and_the_written_answer_takes_their_place(
    start: Start, heard: Heard
) -> None:
    engine = start(WRITTEN)
    _, turn_id = ask(engine, heard)
    answer = last_answer(engine, heard, turn_id)
    ready = [e.last for e in heard.events if isinstance(e, m.AnswerReady)]
    assert ready == [False, True]
    grown = [e for e in heard.events if isinstance(e, m.AnswerGrows)]
    assert grown[0].text == ""
    assert heard.events.index(grown[0]) < heard.events.index(
        next(e for e in heard.events if isinstance(e, m.AnswerReady))
    )
    assert (answer.answerer, answer.model, answer.exam) == ("written", "built-in", "none")
    assert "would have charged" in answer.cost
    assert "every six months" in answer.text
    assert answer.citations
    assert all(sentence.supported for sentence in answer.sentences)


def test_an_answer_is_stopped_by_a_person_and_what_was_written_is_kept(
    start: Start, heard: Heard
) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def script(told: Sequence[Message]) -> Iterator[Line]:
        yield "Every six months [1]. "
        begun.set()
        assert go_on.wait(30)
        yield "And this is never to be read. " * 50

    engine = start(script)
    _, turn_id = ask(engine, heard)
    assert begun.wait(30)
    engine.handle(m.StopAnswer("", turn_id))
    go_on.set()
    answer = last_answer(engine, heard, turn_id)
    assert answer.finish == "stopped"
    assert "six months" in answer.text
    assert "never to be read" not in answer.text


def test_a_server_that_dies_leaves_what_was_written_and_one_press_answers_anew(
    start: Start, heard: Heard
) -> None:
    lives = iter([["Every six months [1]. ", ServerLost()], [WRITTEN]])
    engine = start(lambda told: next(lives))
    _, turn_id = ask(engine, heard)
    answer = last_answer(engine, heard, turn_id)
    assert answer.finish == "lost"
    assert "six months" in answer.text
    engine.handle(m.AnswerAgain("", turn_id))
    answer = last_answer(engine, heard, turn_id)
    assert answer.finish == "done"
    assert "Brandt Machines" in answer.text


def test_without_a_model_there_are_quotes_and_the_reason(
    start: Start, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = start(WRITTEN)

    def missing(name: str = "") -> ScriptedChat:
        raise ServerMissing(address="nowhere")

    monkeypatch.setattr(engine.serving, "chat", missing)
    _, turn_id = ask(engine, heard)
    answer = last_answer(engine, heard, turn_id)
    assert (answer.answerer, answer.trouble) == ("quote", "server_missing")
    assert "six months" in answer.text


def test_an_answer_can_be_had_in_quotes_once_whatever_the_settings_say(
    start: Start, heard: Heard
) -> None:
    engine = start(WRITTEN)
    _, turn_id = ask(engine, heard)
    assert last_answer(engine, heard, turn_id).answerer == "written"
    engine.handle(m.AnswerAgain("", turn_id, "quote"))
    assert last_answer(engine, heard, turn_id).answerer == "quote"


def test_a_new_answer_that_comes_to_nothing_leaves_the_written_one(
    start: Start, heard: Heard
) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def dies(told: Sequence[Message]) -> Iterator[Line]:
        begun.set()
        assert go_on.wait(30)
        yield ServerLost()

    lives = iter([[WRITTEN], dies, ["Never [1]. ", ServerLost()]])

    def script(told: Sequence[Message]) -> object:
        life = next(lives)
        return life(told) if callable(life) else life

    engine = start(script)
    _, turn_id = ask(engine, heard)
    before = last_answer(engine, heard, turn_id)
    engine.handle(m.AnswerAgain("", turn_id))
    assert begun.wait(30)
    assert engine.conversations.turn(turn_id).answer == before  # not the quotes, should we die now
    go_on.set()
    for _ in range(2):
        assert last_answer(engine, heard, turn_id) == before
        told = [e for e in heard.events if isinstance(e, m.Failed)]
        assert [e.code for e in told[-1:]] == ["answer_kept"]
        assert "went away" in str(told[-1].params["why"])
        if told[1:] == []:
            engine.handle(m.AnswerAgain("", turn_id))


def test_a_stop_before_and_while_a_model_loads_is_heard(
    start: Start, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = start(WRITTEN)
    begun, go_on = threading.Event(), threading.Event()
    opens = engine.serving.chat

    def slow(name: str = "") -> object:
        begun.set()
        assert go_on.wait(30)
        return opens(name)

    monkeypatch.setattr(engine.serving, "chat", slow)
    _, loading = ask(engine, heard)
    assert begun.wait(30)
    _, other = ask(engine, heard)
    _, waiting = ask(engine, heard)
    engine.handle(m.StopAnswer("", waiting))
    engine.handle(m.StopAnswer("", loading))
    go_on.set()
    ended: dict[str, Answer] = {}
    while len(ended) < 3:
        event = heard.wait(m.AnswerReady)
        assert isinstance(event, m.AnswerReady)
        answer = engine.conversations.turn(event.turn_id).answer
        if event.last and answer is not None:
            ended[event.turn_id] = answer
    for turn_id in (loading, waiting):
        assert (ended[turn_id].answerer, ended[turn_id].finish) == ("quote", "stopped")
        assert "six months" in ended[turn_id].text
    assert ended[other].answerer == "written"
    told = {e.turn_id for e in heard.events if isinstance(e, m.AnswerReady) and not e.last}
    assert told == {other}  # the model of the others was not asked at all


def test_nothing_that_waits_for_a_server_holds_up_an_answer(
    start: Start, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = start(WRITTEN)
    go_on = threading.Event()
    monkeypatch.setattr(engine.serving, "listed", lambda: go_on.wait(30))
    for _ in range(3):
        engine.handle(m.ListModels())
    try:
        _, turn_id = ask(engine, heard)
        answer = last_answer(engine, heard, turn_id)
        assert answer.answerer == "written"
        assert not go_on.is_set()
    finally:
        go_on.set()


def test_an_exam_that_cannot_be_read_loses_no_answer(
    start: Start, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = start(WRITTEN)

    def broken(name: str = "") -> str:
        raise ValueError("a file of nonsense")

    monkeypatch.setattr(engine.serving, "digest", broken)
    _, turn_id = ask(engine, heard)
    answer = last_answer(engine, heard, turn_id)
    assert (answer.answerer, answer.exam) == ("written", "none")


def test_a_model_is_deleted_while_another_is_opened_and_commands_go_on(
    start: Start, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = start(WRITTEN)
    server = engine.serving.server("built-in")
    opens, begun, go_on = server.open, threading.Event(), threading.Event()

    def slow(name: str, adapter: Path | None = None) -> object:
        begun.set()
        assert go_on.wait(30)
        return opens(name, adapter)

    monkeypatch.setattr(server, "open", slow)
    gone = threading.Event()
    monkeypatch.setattr(server, "delete", lambda name: gone.set())
    _, turn_id = ask(engine, heard)
    assert begun.wait(30)
    deleting = threading.Thread(
        target=engine.handle, args=(m.DeleteModel("", "built-in/built-in"),), daemon=True
    )
    deleting.start()
    deleting.join(5)
    try:
        assert not deleting.is_alive()  # the thread that hears commands waits for no model
        engine.handle(m.ListModels())
        assert heard.wait(m.ModelsListed, 5)  # what is there can be told meanwhile
    finally:
        go_on.set()
    assert gone.wait(30)
    assert last_answer(engine, heard, turn_id).answerer == "written"


def test_a_model_is_fetched_once_however_often_it_is_asked_for(start: Start, heard: Heard) -> None:
    engine = start(WRITTEN)
    go_on = threading.Event()
    server = engine.serving.server("built-in")
    fetched: list[str] = []

    def pull(name: str, on_progress: object, stopped: Callable[[], bool]) -> None:
        fetched.append(name)
        assert go_on.wait(30)

    server.pull = pull  # type: ignore[method-assign]
    ids = {engine.handle(m.FetchModel("", "built-in/built-in")) for _ in range(3)}
    go_on.set()
    assert engine.run_until_idle(30)
    assert len(ids) == 1
    assert fetched == ["built-in"]


def test_models_are_listed_on_request(start: Start, heard: Heard) -> None:
    engine = start(WRITTEN)
    engine.handle(m.ListModels())
    listed = heard.wait(m.ModelsListed)
    assert isinstance(listed, m.ModelsListed)
    assert [model["name"] for model in listed.models] == ["built-in"]
    assert m.decode(m.encode(listed)) == listed
