"""What a version tuned, read from its folder and put to use."""

from __future__ import annotations

import dataclasses
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from ragdesk.domain.training import USUAL, Mix
from ragdesk.engine.build import NoIndex, build_embedder, build_parts
from ragdesk.engine.tuned import Tuned, load_tuned, save_mix, save_query
from ragdesk.errors import ModelUnusable
from ragdesk.resources import asset
from ragdesk.store.database import Database
from ragdesk.store.home import Home
from tests.store.filling import put


def test_an_empty_folder_is_as_ragdesk_comes(tmp_path: Path) -> None:
    for folder in (None, tmp_path, tmp_path / "gone"):
        tuned = load_tuned(folder)
        assert tuned.mix == USUAL
        assert tuned.query is None
        assert tuned.calibration == asset("calibration.json")
        assert tuned.reader == asset("models", "minilm-reader")


def test_what_is_saved_is_read_again(tmp_path: Path) -> None:
    mix = Mix(covered=0.4, uncovered=0.7, document=0.1, found=4.0, there=1.0)
    matrix = np.random.default_rng(1).standard_normal((384, 384)).astype(np.float32)
    save_mix(tmp_path, mix)
    save_query(tmp_path, matrix)
    shutil.copy(asset("calibration.json"), tmp_path)
    shutil.copytree(asset("models", "minilm-reader"), tmp_path / "reader")
    tuned = load_tuned(tmp_path)
    assert tuned.mix == mix
    assert tuned.query is not None
    assert np.array_equal(tuned.query, matrix)
    assert tuned.calibration == tmp_path / "calibration.json"
    assert tuned.reader == tmp_path / "reader"


def _without_thresholds() -> bytes:
    found = json.loads(asset("calibration.json").read_text("utf-8"))
    return json.dumps(found | {"thresholds": {}}).encode()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("mix.json", b""),
        ("mix.json", b"[1]"),
        ("mix.json", b'{"covered": "much"}'),
        ("mix.json", b'{"unknown": 1}'),
        ("mix.json", b'{"found": NaN}'),
        ("mix.json", b'{"covered": 1.5}'),
        ("query.npy", b""),
        ("query.npy", b"\x93NUMPY"),
        ("query.npy", b"not an array"),
        ("calibration.json", b"{}"),
        ("calibration.json", b"\xff\xfe"),
        ("calibration.json", b'{"answerable": 1, "right": 1, "thresholds": 1}'),
        ("calibration.json", _without_thresholds()),
    ],
)
def test_a_damaged_file_is_named(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ModelUnusable) as raised:
        load_tuned(tmp_path)
    assert raised.value.params["path"] == str(tmp_path / name)


@pytest.mark.parametrize(
    "matrix",
    [
        np.zeros((3, 4), np.float32),
        np.zeros(9, np.float32),
        np.zeros((3, 3), np.float64),
        np.full((3, 3), np.nan, np.float32),
    ],
)
def test_a_matrix_of_another_form_is_refused(tmp_path: Path, matrix: np.ndarray) -> None:
    np.save(tmp_path / "query.npy", matrix)
    with pytest.raises(ModelUnusable):
        load_tuned(tmp_path)


def test_a_readers_folder_without_description_is_named(tmp_path: Path) -> None:
    (tmp_path / "reader").mkdir()
    with pytest.raises(ModelUnusable) as raised:
        load_tuned(tmp_path)
    assert raised.value.params["path"] == str(tmp_path / "reader")


def test_parts_answer_with_what_was_tuned(tmp_path: Path) -> None:
    """A calibration that refuses everything, a matrix that turns all to one passage."""
    home = Home(tmp_path / "home")
    home.make()
    database = Database.for_writing(home)
    put(database, "press.txt", ["The blue press weighs two tonnes and stands in hall seven."])
    put(database, "leave.txt", ["Everybody has thirty days of leave in a year."])
    embedder = build_embedder()
    plain = build_parts(database, embedder, NoIndex())
    missing = plain.passages.without_vector(10)
    vectors = embedder.embed([text for _, text in missing])
    plain.passages.save_vectors([number for number, _ in missing], vectors)
    question = "How many days of leave are there?"
    assert not plain.answerer.answer(question).refused
    assert plain.retriever.retrieve(question)[0].path == "leave.txt"

    folder = tmp_path / "v0001"
    folder.mkdir()
    press = plain.retriever.find("press").whole.numbers[0]
    target = plain.passages.vectors_of([press])[press]
    save_query(folder, 50 * np.outer(target, plain.retriever.vector(question)))
    save_mix(folder, Mix(covered=1.0, uncovered=1.0))
    shipped = json.loads(asset("calibration.json").read_text("utf-8"))
    shipped["answerable"]["constant"] = -99.0
    (folder / "calibration.json").write_text(json.dumps(shipped), "utf-8")
    tuned = build_parts(database, embedder, NoIndex(), tuned=load_tuned(folder))
    hits = tuned.retriever.retrieve(question)
    assert hits[0].path == "press.txt"
    assert tuned.answerer.answer(question).refused
    assert not plain.answerer.answer(question).refused  # the two stand side by side
    database.close()


def test_a_matrix_for_another_model_is_refused(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.make()
    database = Database.for_writing(home)
    other = dataclasses.replace(Tuned(), query=np.zeros((3, 3), np.float32))
    with pytest.raises(ModelUnusable):
        build_parts(database, build_embedder(), NoIndex(), tuned=other)
    database.close()
