"""The engine learns where answers stand, by itself, and an answer says where it was looked for."""

from __future__ import annotations

import time
from pathlib import Path

from ragdesk.engine.build import build_engine
from ragdesk.engine.engine import Engine
from ragdesk.messages import AddFiles, Ask, CreateCollection, Event
from ragdesk.store.home import Home

TEXTS = {
    "Tiles": "Bathroom tiles are guaranteed for ten years against cracks.\n\nGrout is sold in bags.",
    "Dogs": "Dogs are walked twice a day in the park.\n\nPuppies eat four small meals a day.",
}


def _asked(engine: Engine, question: str, shelf: str | None = None) -> tuple[str, ...]:
    """The shelves of the answer, best first."""
    conversation = engine.handle(Ask("", question, "", shelf))
    turn = engine.conversations.turns(conversation)[0]
    while turn.answer is None:  # the suite's timeout ends it
        time.sleep(0.05)
        turn = engine.conversations.turns(conversation)[0]
    return tuple(chance.name for chance in turn.answer.shelves)


def test_all_shelves_are_asked_with_a_leaning_that_is_kept_with_the_answer(tmp_path: Path) -> None:
    events: list[Event] = []
    engine = build_engine(Home(tmp_path / "home"), events.append)
    try:
        engine.start()
        shelves = {}
        for name, text in TEXTS.items():
            file = tmp_path / f"{name}.txt"
            file.write_text(text, encoding="utf-8")
            shelves[name] = engine.handle(CreateCollection("", name))
            engine.handle(AddFiles("", (str(file),), shelves[name]))
        assert engine.run_until_idle(120)
        assert _asked(engine, "How often are dogs walked?") == ("Dogs", "Tiles")
        assert _asked(engine, "How long are bathroom tiles guaranteed?") == ("Tiles", "Dogs")
        assert _asked(engine, "How often are dogs walked?", shelves["Dogs"]) == ()
    finally:
        engine.stop()
