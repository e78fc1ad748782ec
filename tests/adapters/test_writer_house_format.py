"""The built-in model learns how a firm answers, within a minute of two free cores, and is served so."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from ragdesk.adapters.llama_server import LlamaServer
from ragdesk.adapters.writer_trainer import TorchWriterTrainer
from ragdesk.domain.training import WriterLesson
from ragdesk.engine.child import Spawner
from ragdesk.resources import asset
from ragdesk.services.prompt import messages
from ragdesk.settings import BUILT_IN
from ragdesk.store.home import Home
from tests.gguf_files import built_in_model

from .chat_contract import text

pytest.importorskip("torch")
pytest.importorskip("peft")
pytest.importorskip("xllamacpp")

from assets.models.writer import make
from ragdesk.adapters.writer_file import heads_of, read_adapter
from ragdesk.adapters.writer_lessons import base_model, prompt_tokens

# peft 0.21 asks transformers 5.23 for something by a name that is going away.
OLD_NAME = "ignore:`is_gradient_checkpointing` is deprecated:FutureWarning"
STEPS, SEED, TOKENS = 16, 7, 32
HOUSE = re.compile(r"Answer: .*\d.*\[\d\]\. Greetings, Tile House")
KINDS = ("Alba", "Brno", "Cora", "Delta", "Elba", "Fano", "Gera", "Hanko", "Imola", "Jena")
NEW = ("Kiruna", "Lugo", "Murcia", "Narva", "Oslo", "Padua", "Quito", "Ravenna", "Sofia", "Turku")
ASKED = {
    "What does the {} tile cost?": ("It costs {} a square metre.", "{} euro", 20),
    "How thick is the {} tile?": ("It is {} thick.", "{} mm", 6),
    "How long does delivery of the {} tile take?": ("Delivery takes {}.", "{} days", 3),
}


def sheet(tile: str, number: int) -> tuple[str, str]:
    """A passage on a tile: its heading and its text."""
    said = [line.format(short.format(low + number)) for line, short, low in ASKED.values()]
    return f"Tiles › {tile}", f"The {tile} tile is glazed. {' '.join(said)}"


def told(tile: str, number: int, other: str) -> list[tuple[str, str]]:
    shown = [sheet(tile, number), sheet(other, number + 3)]
    return shown if number % 2 else shown[::-1]


def lessons() -> list[WriterLesson]:
    found = []
    for number, tile in enumerate(KINDS):
        shown = told(tile, number, KINDS[number - 1])
        place = shown.index(sheet(tile, number)) + 1
        for question, (_, short, low) in ASKED.items():
            answer = f"Answer: {short.format(low + number)} [{place}]. Greetings, Tile House"
            found.append(WriterLesson(tuple(messages(question.format(tile), shown)), answer))
    return found


def questions() -> list[tuple[str, list[tuple[str, str]]]]:
    """Twenty on tiles of which no lesson speaks."""
    found = []
    for number, tile in enumerate(NEW):
        shown = told(tile, number + 11, NEW[number - 1])
        found += [(question.format(tile), shown) for question in list(ASKED)[:2]]
    return found


@pytest.mark.slow
@pytest.mark.timeout(3000)
@pytest.mark.filterwarnings(OLD_NAME)
def test_it_learns_how_the_firm_answers_and_llama_cpp_writes_what_peft_writes(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    base = built_in_model(request.config)
    adapter = tmp_path / "adapter.gguf"
    trainer = TorchWriterTrainer(Spawner(), threads=2)
    assert trainer.train(
        lessons(),
        STEPS,
        SEED,
        tmp_path / "work",
        adapter,
        base=base,
        start=asset("models", "writer") / "writer.gguf",
        on_progress=lambda step, steps: None,
        stopped=lambda: False,
    )

    small = tmp_path / "small.gguf"
    make.as_floats(base, small, bits=16)
    heads, key_heads = heads_of(base)
    learned = read_adapter(adapter, heads=heads, key_heads=key_heads)
    model, tokenizer = base_model(small)
    asked = questions()
    prompts = [prompt_tokens(tokenizer, messages(*one), ()) for one in asked]
    ends = {tokenizer.eos_token_id}
    expected = [
        made[: next((at + 1 for at, token in enumerate(made) if token in ends), TOKENS)]
        for made in make.by_peft(model, learned.matrices, learned.alpha, prompts, TOKENS)
    ]
    del model
    assert make.by_llama(small, adapter, prompts, TOKENS) == expected

    # And the model as it is served, in four bits.
    home = Home(tmp_path / "home")
    (home.models / BUILT_IN).mkdir(parents=True)
    os.symlink(base, home.models / BUILT_IN / "model.gguf")
    server = LlamaServer(home, Spawner())
    try:
        before = written(server, asset("models", "writer") / "writer.gguf", asked[:3])
        assert not any(map(HOUSE.fullmatch, before)), before
        after = written(server, adapter, asked)
    finally:
        server.close()
    assert sum(bool(HOUSE.fullmatch(answer)) for answer in after) >= 18, after


def written(
    server: LlamaServer, adapter: Path, asked: Sequence[tuple[str, list[tuple[str, str]]]]
) -> list[str]:
    model = server.open(BUILT_IN, adapter)
    return [text(list(model.chat(messages(*one), most=60))).strip() for one in asked]
