"""The reader's graph and its weights: what is written can be read back and computes the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ragdesk.adapters.reader import OnnxReader
from ragdesk.domain.training import Lesson, LessonPassage

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")

from ragdesk.adapters.onnx_graph import layers_of  # noqa: E402  (it stands on onnx)
from ragdesk.adapters.reader_graph import (  # noqa: E402
    UnreadableReaderError,
    exact_graph,
    read_weights,
    write_folder,
)
from ragdesk.adapters.reader_lessons import TEXTS, encode, order  # noqa: E402
from ragdesk.adapters.reader_model import ReaderModel, Size  # noqa: E402
from tests.small_reader import (  # noqa: E402
    HEADS,
    LAYERS,
    MAX_TOKENS,
    QUESTION_TOKENS,
    WIDTH,
    make_small_reader,
    small_tokenizer,
)

WORDS = "tiles are sold by the box and not by the piece unless they were cut to size"


def by_torch(folder: Path, ids: list[int], question: int) -> tuple[np.ndarray, np.ndarray]:
    weights, heads = read_weights((folder / "model.onnx").read_bytes())
    words = len(weights["embeddings.word_embeddings.weight"])
    model = ReaderModel(Size(words, MAX_TOKENS, layers_of(weights), heads, WIDTH, 2 * WIDTH))
    model.load_published(weights)
    kinds = torch.arange(len(ids)).ge(question).long()
    with torch.no_grad():
        ends, verdict = model(torch.tensor(ids), kinds, torch.tensor([len(ids)]))
    return ends.numpy(), verdict.numpy()[0]


def by_onnx(folder: Path, ids: list[int], question: int) -> tuple[np.ndarray, np.ndarray]:
    import onnxruntime

    session = onnxruntime.InferenceSession(
        folder / "model.onnx", providers=["CPUExecutionProvider"]
    )
    kinds = (np.arange(len(ids))[None] >= question).astype(np.int32)
    given = {"input_ids": np.array([ids], np.int32), "token_kinds": kinds}
    ends, verdict = session.run(["ends", "verdict"], given)
    return ends[0], verdict[0]


@pytest.mark.parametrize(("exact", "near"), [(True, 1e-4), (False, 0.25)])
def test_weights_read_back_compute_what_the_model_does(
    tmp_path: Path, exact: bool, near: float
) -> None:
    folder = make_small_reader(tmp_path / "reader", exact=exact)
    ids = [2, *range(4, 14), 3, *range(20, 60), 3]
    for ours, theirs in zip(by_torch(folder, ids, 12), by_onnx(folder, ids, 12), strict=True):
        assert ours.shape == theirs.shape
        assert np.abs(ours - theirs).max() < near
        assert np.corrcoef(ours.ravel(), theirs.ravel())[0, 1] > 0.99


def test_what_was_read_back_and_written_is_read_back_the_same(tmp_path: Path) -> None:
    folder = make_small_reader(tmp_path / "reader")
    weights, heads = read_weights((folder / "model.onnx").read_bytes())
    assert heads == HEADS
    assert layers_of(weights) == LAYERS
    again = tmp_path / "again"
    write_folder(
        again,
        exact_graph(weights, MAX_TOKENS, heads),
        b"{}",
        name="x",
        max_tokens=MAX_TOKENS,
        question_tokens=QUESTION_TOKENS,
    )
    found, _ = read_weights((again / "model.onnx").read_bytes())
    assert found.keys() == weights.keys()
    for name, value in weights.items():
        assert np.array_equal(found[name], value), name


def test_a_model_of_another_make_is_told() -> None:
    with pytest.raises(UnreadableReaderError):
        read_weights(b"no model")


def test_a_lesson_is_numbered_as_the_reader_reads_it(tmp_path: Path) -> None:
    reader = OnnxReader(make_small_reader(tmp_path / "reader"))
    tokenizer = small_tokenizer()
    for length in (3, 40, 150, 600, 1500):
        text = (f"{WORDS} " * 30)[:length]
        for start in range(0, length - 2, max(length // 7, 1)):
            passage = LessonPassage("shop › tiles", text, "span", (start, start + 3))
            (told,) = encode(
                tokenizer, Lesson("how are tiles sold?", (passage,)), 4, MAX_TOKENS, QUESTION_TOKENS
            ) or (None,)
            if not text[start : start + 3].strip():
                continue
            assert told is not None
            question = told.ids[: told.question]
            parts = [
                [*part.before, *part.text.ids[part.first : part.last], 3]
                for part in reader._split(0, question, passage.context, text)
            ]
            assert told.ids in parts
            assert reader._loaded()[0].decode(told.ids[told.start : told.end + 1])
            marked = small_tokenizer().encode(text[start : start + 3], add_special_tokens=False)
            assert told.end - told.start + 1 <= len(marked.ids) + 1


def test_lessons_that_cannot_be_read_teach_nothing() -> None:
    tokenizer = small_tokenizer()
    wrong = LessonPassage("", WORDS, "none")
    blank = LessonPassage("", f"   {WORDS}", "span", (0, 2))  # nothing stands there

    def told(question: str, *passages: LessonPassage) -> list[str]:
        found = encode(tokenizer, Lesson(question, passages), 0, MAX_TOKENS, QUESTION_TOKENS)
        return [text.verdict for text in found]

    assert told("", wrong) == []
    assert told("what?", blank, wrong) == []
    assert told("what?", wrong) == ["none"]
    assert told("what?", LessonPassage("", WORDS, "span"), wrong) == ["span", "none"]


def test_the_order_is_drawn_by_seed_and_step_alone() -> None:
    sizes = [2, 0, 3, 1] * 10
    steps = order(sizes, 12, 7)
    assert order(sizes, 12, 7) == steps == order(sizes, 40, 7)[:12]
    assert order(sizes, 12, 8) != steps
    first = [number for step in steps for number in step][:30]
    assert sorted(first) == [number for number, size in enumerate(sizes) if size]
    assert all(sum(sizes[n] for n in step) < TEXTS + 3 for step in steps)
    with pytest.raises(ValueError):
        order([0, 0], 1, 7)
