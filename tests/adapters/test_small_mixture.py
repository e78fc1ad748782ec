"""A real mixture of experts, made by us, answers from passages through the built-in engine."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ragdesk.adapters import gguf
from ragdesk.adapters.llama_server import LlamaServer
from ragdesk.domain.chat import Message
from ragdesk.domain.entrance import FAILED
from ragdesk.domain.protocols import ChatModel
from ragdesk.engine.child import Spawner
from ragdesk.services.entrance import sit, verdict
from ragdesk.services.prompt import NOT_THERE, messages
from ragdesk.store.home import Home

FOLDER = Path(__file__).resolve().parent.parent / "data" / "moe"
FILE = FOLDER / "small-mixture.gguf"

OFFICE = ("Office", "The office room is 4B.")
SHOP = ("Shop", "Our shop opening time is 8:30.")
WARRANTY = ("Warranty", "Warranty period: 24 months.")
DELIVERY = ("Delivery", "The delivery fee is $45.")


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChatModel]:
    pytest.importorskip("xllamacpp")
    home = Home(tmp_path_factory.mktemp("home"))
    home.make()
    home.models.mkdir()
    shutil.copy(FILE, home.models / FILE.name)
    server = LlamaServer(home, Spawner())
    yield server.open(FILE.name)
    server.close()


def said(model: ChatModel, question: str, *passages: tuple[str, str]) -> str:
    return "".join(one.text for one in model.chat(messages(question, passages), most=40))


def test_the_file_is_a_small_mixture_of_experts() -> None:
    head = gguf.read(FILE)
    assert (head.architecture, head.experts) == ("lfm2moe", 8)
    assert head.parameters < 1_200_000
    assert head.bytes < 1_300_000


@pytest.mark.parametrize(
    ("question", "passages", "answer"),
    [
        ("What is the office room?", [OFFICE], "4B [1]."),
        ("What is the shop opening time?", [SHOP], "8:30 [1]."),
        ("What is the delivery fee?", [DELIVERY], "$45 [1]."),
        ("What is the warranty period?", [WARRANTY, DELIVERY], "24 months [1]."),
        ("What is the office room?", [DELIVERY, OFFICE], "4B [2]."),
        ("What is the parking fee?", [OFFICE], NOT_THERE),
    ],
)
def test_it_answers_from_the_passages_and_points_to_the_right_one(
    model: ChatModel, question: str, passages: list[tuple[str, str]], answer: str
) -> None:
    assert said(model, question, *passages) == answer


def test_its_template_leaves_the_rules_out(model: ChatModel) -> None:
    asked = messages("What is the office room?", [OFFICE, SHOP])
    assert model.count(asked) == model.count(asked[1:])
    assert model.count([Message("user", "room")]) < model.count(asked)


def test_it_sits_the_whole_entrance_exam_and_fails(model: ChatModel) -> None:
    seen: list[int] = []
    result = sit(model, "digest", on_progress=lambda asked, _: seen.append(asked))
    assert (result.asked, result.ended, seen[-1]) == (40, "all", 40)
    assert result.refuses.of == 10
    assert result.right.of + result.refuses_wrongly.right == 30
    assert 0 < result.seconds < 5
    assert verdict(result) == FAILED


def test_an_exam_on_the_engine_is_stopped_within_a_question(model: ChatModel) -> None:
    seen: list[int] = []
    result = sit(
        model,
        "digest",
        stopped=lambda: len(seen) == 2,
        on_progress=lambda asked, _: seen.append(asked),
    )
    assert (result.asked, result.ended) == (2, "stopped")


@pytest.mark.slow
@pytest.mark.timeout(5400)  # ten minutes of one core, which others may want as well
def test_it_can_be_made_again(tmp_path: Path) -> None:
    for package in ("torch", "transformers", "gguf", "xllamacpp"):
        pytest.importorskip(package)
    again = tmp_path / "again.gguf"
    command = [sys.executable, str(FOLDER / "make.py"), str(tmp_path), str(again)]
    made = subprocess.run(command, capture_output=True, text=True, check=True)
    found = json.loads(made.stdout.splitlines()[-1])
    assert found["right"] >= 12
    assert found["the same greedy tokens"] >= 23
    assert found["bytes"] == again.stat().st_size == FILE.stat().st_size
