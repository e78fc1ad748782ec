"""Sentences of a written answer changed by a person, over the real engine and a small library."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ragdesk import messages as m
from ragdesk.domain.conversation import Answer, Turn
from ragdesk.engine import build
from ragdesk.engine.engine import Engine
from ragdesk.errors import WrongUse
from ragdesk.store.home import Home
from tests.engine.test_engine import Heard
from tests.fakes_chat import ScriptedChat, ScriptedServer

QUESTION = "How often is the wet saw serviced?"
# The second sentence is true, but stands in another file; the third stands in none.
WRITTEN = (
    "Every six months [1]. The hire of a scaffold costs 85 euros a week [1]."
    " A blade costs 9000 euros [1]."
)
FILES = {
    "saw.txt": "The wet saw is serviced every six months by Brandt Machines.",
    "hire.txt": "The hire of a scaffold costs 85 euros a week, delivered and fetched again.",
}


class OnlySaw(ScriptedServer):
    name = "built-in"


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def engine(tmp_path: Path, heard: Heard, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    def serving(home: Home, choices: build.Choices, spawn: object) -> build.Serving:
        server = OnlySaw(ScriptedChat(WRITTEN, name="built-in"))
        return build.Serving({"built-in": lambda: server}, choices, lambda model: None)

    monkeypatch.setattr(build, "build_serving", serving)
    engine = build.build_engine(Home(tmp_path / "home"), heard)
    engine.start()
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    engine.handle(m.AddFiles("", tuple(str(tmp_path / name) for name in FILES)))
    assert engine.run_until_idle(60)
    engine.handle(m.ChangeSetting("", "answerer", "written"))
    engine.handle(m.ChangeSetting("", "passages_shown", 1))
    yield engine
    engine.stop()


@pytest.fixture
def turn(engine: Engine, heard: Heard) -> Turn:
    conversation = engine.handle(m.Ask("t", QUESTION))
    (turn,) = engine.conversations.turns(conversation)
    while not (isinstance(event := heard.wait(m.AnswerReady), m.AnswerReady) and event.last):
        pass
    return turn


@pytest.fixture
def answer(engine: Engine, turn: Turn) -> Callable[[], Answer]:
    """What stands in the store now."""

    def stored() -> Answer:
        found = engine.conversations.turn(turn.id).answer
        assert found is not None
        return found

    assert [sentence.supported for sentence in stored().sentences] == [True, False, False]
    return stored


def sought(heard: Heard) -> m.SupportSought:
    event = heard.wait(m.SupportSought)
    assert isinstance(event, m.SupportSought)
    return event


def test_support_is_found_in_another_document_and_cited_with_its_very_words(
    engine: Engine, heard: Heard, turn: Turn, answer: Callable[[], Answer]
) -> None:
    before = answer()
    engine.handle(m.LookForSupport("", turn.id, 1))
    event = sought(heard)
    assert event.title == "hire"
    better = answer().sentences[1]
    assert better.supported
    citation = next(one for one in answer().citations if one.number == better.numbers[0])
    assert citation.path.endswith("hire.txt")
    assert "costs 85 euros a week" in citation.quote
    engine.handle(m.RestoreSentence("", turn.id))
    assert answer() == before


def test_nothing_found_is_said_and_changes_nothing(
    engine: Engine, heard: Heard, turn: Turn, answer: Callable[[], Answer]
) -> None:
    before = answer()
    engine.handle(m.LookForSupport("", turn.id, 2))
    assert sought(heard).title == ""
    assert answer() == before


def test_a_search_that_fails_is_over_for_who_waits_for_it(
    engine: Engine, heard: Heard, turn: Turn
) -> None:
    engine.handle(m.LookForSupport("", turn.id, 99))
    assert sought(heard) == m.SupportSought(turn.id)
    failed = heard.wait(m.Failed)
    assert isinstance(failed, m.Failed)
    assert failed.code == "wrong_use"


def test_a_sentence_is_removed_and_put_back_step_by_step(
    engine: Engine, turn: Turn, answer: Callable[[], Answer]
) -> None:
    whole = answer()
    engine.handle(m.RemoveSentence("", turn.id, 2))
    two = answer()
    assert "9000" not in two.text
    engine.handle(m.RemoveSentence("", turn.id, 1))
    assert len(answer().sentences) == 1
    with pytest.raises(WrongUse):
        engine.handle(m.RemoveSentence("", turn.id, 1))
    engine.handle(m.RestoreSentence("", turn.id))
    assert answer() == two
    engine.handle(m.RestoreSentence("", turn.id))
    assert answer() == whole
    engine.handle(m.RestoreSentence("", turn.id))
    assert answer() == whole


def test_an_answer_made_anew_is_not_put_back(
    engine: Engine, heard: Heard, turn: Turn, answer: Callable[[], Answer]
) -> None:
    engine.handle(m.RemoveSentence("", turn.id, 2))
    engine.handle(m.AnswerAgain("", turn.id, "quote"))
    while answer().answerer != "quote":
        heard.wait(m.AnswerReady)
    engine.handle(m.RestoreSentence("", turn.id))
    assert answer().answerer == "quote"
