"""Commands in, events out, on the real engine with all its real parts."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ragdesk import messages as m
from ragdesk.domain.document import Verdict
from ragdesk.domain.job import JobState
from ragdesk.engine.build import build_engine
from ragdesk.engine.engine import Engine
from ragdesk.errors import FileDiffers, HomeInUse, NameTaken, NotFound, QuestionEmpty
from ragdesk.store.home import Home


class Heard:
    """All events, and waiting for one."""

    def __init__(self) -> None:
        self.events: list[m.Event] = []
        self._queue: queue.SimpleQueue[m.Event] = queue.SimpleQueue()

    def __call__(self, event: m.Event) -> None:
        self.events.append(event)
        self._queue.put(event)

    def wait(self, wanted: type[m.Event], seconds: float = 30.0) -> m.Event:
        deadline = time.monotonic() + seconds
        while True:
            event = self._queue.get(timeout=max(deadline - time.monotonic(), 0.01))
            if isinstance(event, wanted):
                return event


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def engine(tmp_path: Path, heard: Heard) -> Iterator[Engine]:
    engine = build_engine(Home(tmp_path / "home"), heard)
    engine.start()
    yield engine
    engine.stop()


@pytest.fixture
def note(tmp_path: Path) -> Path:
    file = tmp_path / "note.txt"
    file.write_text(
        "The wet saw is serviced every six months by Brandt Machines.", encoding="utf-8"
    )
    return file


def _add(engine: Engine, *paths: Path) -> None:
    engine.handle(m.AddFiles("", tuple(map(str, paths))))
    assert engine.run_until_idle(60)


def test_added_asked_answered(engine: Engine, heard: Heard, note: Path) -> None:
    _add(engine, note)
    row = engine.documents.all()[0]
    assert row.document is not None
    assert row.document.found_by == "meaning"
    told = [event for event in heard.events if isinstance(event, m.DocumentsChanged)]
    assert any(row.place.id in event.place_ids for event in told)
    conversation = engine.handle(m.Ask("t", "How often is the wet saw serviced?"))
    event = heard.wait(m.AnswerReady)
    assert isinstance(event, m.AnswerReady)
    (turn,) = engine.conversations.turns(conversation)
    assert turn.id == event.turn_id
    assert turn.answer is not None
    assert "six months" in turn.answer.text
    engine.handle(m.DeleteConversation("", conversation))
    assert engine.conversations.all() == []


def test_what_is_said_about_an_answer_is_kept_until_it_is_to_be_forgotten(
    engine: Engine, heard: Heard, note: Path
) -> None:
    _add(engine, note)
    conversation = engine.handle(m.Ask("t", "How often is the wet saw serviced?"))
    heard.wait(m.AnswerReady)
    (turn,) = engine.conversations.turns(conversation)
    engine.handle(m.Judge("", turn.id, "right"))
    assert heard.events[-2] == m.JudgementsChanged(turn.id)
    said = engine.judgements.get(turn.id)
    assert said is not None
    assert said.document_id == engine.documents.all()[0].place.document_id
    assert said.collection_id == engine.collections.first().id
    taught = m.decode(m.encode(m.Judge("", turn.id, "wrong", "Brandt", said.document_id or "",
                                       ((1, 0, 60),))))  # fmt: skip
    assert isinstance(taught, m.Judge)
    engine.handle(taught)
    said = engine.judgements.get(turn.id)
    assert said is not None
    text = note.read_text("utf-8")
    assert [text[s.start : s.start + s.length] for s in said.spans] == ["Brandt"]
    engine.handle(m.ForgetJudgements())
    assert engine.judgements.count() == 0
    assert heard.events[-2] == m.JudgementsChanged()


def test_removing_can_be_undone_and_is_final_after_the_next_start(
    engine: Engine, heard: Heard, note: Path, tmp_path: Path
) -> None:
    _add(engine, note)
    place = engine.documents.all()[0].place
    engine.handle(m.RemovePlaces("", (place.id,)))
    assert engine.answerer.answer("wet saw").refused
    engine.handle(m.RestorePlaces("", (place.id,)))
    assert not engine.answerer.answer("How often is the wet saw serviced?").refused
    engine.handle(m.RemovePlaces("", (place.id,)))
    engine.stop()
    again = build_engine(Home(tmp_path / "home"), heard)
    again.start()
    assert again.documents.document(place.document_id or "") is None
    again.stop()


def test_shelves_with_undo(engine: Engine, note: Path) -> None:
    shelf = engine.handle(m.CreateCollection("", "Machines"))
    with pytest.raises(NameTaken):
        engine.handle(m.CreateCollection("", "machines"))
    engine.handle(m.AddFiles("", (str(note),), shelf))
    engine.run_until_idle(60)
    engine.handle(m.RenameCollection("", shelf, "Tools"))
    engine.handle(m.DeleteCollection("", shelf))
    assert engine.documents.all() == []
    engine.handle(m.RestoreCollection("", shelf))
    assert [(row.collection, row.place.name) for row in engine.documents.all()] == [
        ("Tools", "note.txt")
    ]
    first = engine.collections.first()
    engine.handle(m.MovePlaces("", (engine.documents.all()[0].place.id,), first.id))
    assert [row.collection for row in engine.documents.all()] == [first.name]


def test_a_moved_file_is_found_again_but_not_another_one(engine: Engine, note: Path) -> None:
    _add(engine, note)
    place = engine.documents.all()[0].place
    moved, other = note.with_name("moved.txt"), note.with_name("other.txt")
    note.rename(moved)
    other.write_text("Something else.", encoding="utf-8")
    with pytest.raises(FileDiffers):
        engine.handle(m.FindAgain("", place.id, str(other)))
    engine.handle(m.FindAgain("", place.id, str(moved)))
    assert engine.documents.place(place.id).place.absolute == str(moved)


def test_reading_again_takes_the_new_content_or_says_it_is_gone(engine: Engine, note: Path) -> None:
    _add(engine, note)
    place = engine.documents.all()[0].place
    note.write_text("The wet saw was sold.", encoding="utf-8")
    engine.handle(m.ReadAgain("", (place.id,)))
    engine.run_until_idle(60)
    (row,) = engine.documents.all()
    assert engine.documents.pages(row.place.document_id or "")[0].text.startswith(
        "The wet saw was sold"
    )


def test_a_ready_file_that_is_gone_keeps_answering_from_its_stored_text(
    engine: Engine, note: Path
) -> None:
    _add(engine, note)
    before = engine.documents.all()[0]
    note.unlink()
    engine.handle(m.ReadAgain("", (before.place.id,)))
    engine.run_until_idle(60)
    (row,) = engine.documents.all()
    assert row == before
    assert not engine.answerer.answer("How often is the wet saw serviced?").refused
    note.write_bytes(b"")  # half saved
    _add(engine, note)
    assert engine.documents.all()[0].document == before.document


def test_files_that_were_removed_while_they_waited_are_read_when_they_come_back(
    engine: Engine, heard: Heard, tmp_path: Path
) -> None:
    shelf = engine.handle(m.CreateCollection("", "Much"))
    engine.handle(m.AddFiles("", (str(_many(tmp_path, 60)),), shelf))
    heard.wait(m.DocumentsChanged)
    engine.handle(m.DeleteCollection("", shelf))
    engine.run_until_idle(60)
    engine.handle(m.RestoreCollection("", shelf))
    engine.run_until_idle(120)
    assert _read(engine) == 60


def test_a_shelf_that_is_gone_before_its_files_are_listed_ends_the_job(
    engine: Engine, tmp_path: Path
) -> None:
    job = int(engine.handle(m.AddFiles("", (str(_many(tmp_path, 3)),), "no such shelf")))
    assert engine.run_until_idle(30)
    assert engine.jobs.get(job).state is JobState.CANCELLED
    assert engine.documents.all() == []


def test_a_defect_costs_one_file_not_the_folder(engine: Engine, tmp_path: Path) -> None:
    folder = _many(tmp_path, 5)
    read = engine._ingest._read

    def stumbling(path: str, password: str | None) -> object:
        if path.endswith("3.txt"):
            raise KeyError("a defect")
        return read(path, password)

    engine._ingest._read = stumbling  # type: ignore[assignment]
    _add(engine, folder)
    verdicts = {
        row.place.name: row.document and row.document.verdict for row in engine.documents.all()
    }
    assert verdicts.pop("3.txt") is Verdict.DAMAGED
    assert set(verdicts.values()) == {Verdict.READY}


def test_many_small_requests_leave_no_open_files(engine: Engine, tmp_path: Path) -> None:
    import psutil

    folder = _many(tmp_path, 12)
    _add(engine, folder / "0.txt")
    before = psutil.Process().num_fds()
    for file in sorted(folder.iterdir()):
        _add(engine, file)
    assert psutil.Process().num_fds() <= before + 8


def test_a_locked_file_opens_with_its_password_which_is_kept_nowhere(
    engine: Engine, tmp_path: Path, locked_pdf: Callable[[str], Path]
) -> None:
    file = locked_pdf("zyqx-open-sesame")
    _add(engine, file)
    (row,) = engine.documents.all()
    assert row.document is not None
    assert row.document.verdict is Verdict.NEEDS_PASSWORD
    for password, wanted in (
        ("wrong", Verdict.NEEDS_PASSWORD),
        ("zyqx-open-sesame", Verdict.READY),
    ):
        engine.handle(m.GivePassword("", row.place.id, password))
        engine.run_until_idle(60)
        document = engine.documents.all()[0].document
        assert document is not None
        assert document.verdict is wanted
    engine.database.forget()
    kept = [
        f for f in (tmp_path / "home").rglob("*") if f.is_file() and b"zyqx-open" in f.read_bytes()
    ]
    assert kept == []


@pytest.fixture
def locked_pdf(tmp_path: Path) -> Callable[[str], Path]:
    def make(password: str) -> Path:
        from pypdf import PdfReader, PdfWriter
        from reportlab.pdfgen.canvas import Canvas

        plain, locked = tmp_path / "plain.pdf", tmp_path / "locked.pdf"
        canvas = Canvas(str(plain))
        canvas.drawString(72, 720, "The safe opens at nine.")
        canvas.save()
        writer = PdfWriter(PdfReader(plain))
        writer.encrypt(password, algorithm="AES-256")
        writer.write(locked)
        plain.unlink()
        return locked

    return make


def test_pause_holds_and_resume_goes_on(engine: Engine, heard: Heard, tmp_path: Path) -> None:
    folder = _many(tmp_path, 60)
    job = int(engine.handle(m.AddFiles("", (str(folder),))))
    heard.wait(m.DocumentsChanged)
    engine.handle(m.PauseJob("", job))
    time.sleep(1.0)
    before = _read(engine)
    time.sleep(0.5)
    assert _read(engine) == before < 60
    engine.handle(m.ResumeJob("", job))
    engine.run_until_idle(120)
    assert _read(engine) == 60
    assert engine.jobs.get(job).state is JobState.DONE


def test_cancel_keeps_what_was_read_and_drops_what_waits(
    engine: Engine, heard: Heard, tmp_path: Path
) -> None:
    job = int(engine.handle(m.AddFiles("", (str(_many(tmp_path, 60)),))))
    heard.wait(m.DocumentsChanged)
    engine.handle(m.CancelJob("", job))
    engine.run_until_idle(120)
    rows = engine.documents.all()
    assert len(rows) < 60
    assert [row for row in rows if row.document is None] == []
    assert engine.jobs.get(job).state is JobState.CANCELLED


def _many(tmp_path: Path, count: int) -> Path:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(count):
        (folder / f"{number}.txt").write_text(f"Number {number} stands here.", encoding="utf-8")
    return folder


def _read(engine: Engine) -> int:
    return sum(row.document is not None for row in engine.documents.all())


def test_failures_are_told_and_raised(engine: Engine, heard: Heard) -> None:
    for command, error in (
        (m.Ask("a", "  "), QuestionEmpty),
        (m.ReadAgain("b", (99,)), NotFound),
        (m.RenameCollection("c", "nobody", "x"), NotFound),
        (m.Ask("d", "what?", "no such conversation"), NotFound),
    ):
        with pytest.raises(error):
            engine.handle(command)
        event = heard.events[-1]
        assert isinstance(event, m.Failed)
        assert (event.tag, event.code) == (command.tag, error.code)


def test_one_engine_a_home(engine: Engine, heard: Heard) -> None:
    with pytest.raises(HomeInUse):
        build_engine(engine.home, heard)


def test_a_question_that_a_crash_swallowed_is_answered_at_the_next_start(
    engine: Engine, heard: Heard, note: Path
) -> None:
    _add(engine, note)
    turn = engine.conversations.ask("How often is the wet saw serviced?", "", None)
    engine.stop()
    again = build_engine(engine.home, heard)
    again.start()
    heard.wait(m.AnswerReady)
    assert again.conversations.turns(turn.conversation_id)[0].answer is not None
    again.stop()


def test_the_start_does_not_wait_for_what_is_learned(
    tmp_path: Path, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = build_engine(Home(tmp_path / "home"), heard)
    started, learned = threading.Event(), threading.Event()
    learn = engine._learn

    def learn_late() -> None:
        if started.wait(30):
            learn()
            learned.set()

    monkeypatch.setattr(engine, "_learn", learn_late)
    engine.start()
    started.set()
    assert learned.wait(30)
    engine.stop()
