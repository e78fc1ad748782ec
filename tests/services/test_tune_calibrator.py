"""How sure an answer is, fitted to a library."""

from __future__ import annotations

import dataclasses
import json
import math
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from ragdesk.domain.training import Pair, PairSource
from ragdesk.engine.build import NoIndex, build_embedder, build_parts
from ragdesk.engine.tuned import load_tuned, save_calibration
from ragdesk.resources import asset
from ragdesk.services.calibrate import CAUTIONS, FEATURES, Calibrator
from ragdesk.services.tune_calibrator import (
    LEAST,
    REFUSED,
    Row,
    rows_of,
    tune_calibrator,
)
from ragdesk.store.database import Database
from ragdesk.store.home import Home
from tests.store.filling import put

SHIPPED: dict[str, Any] = json.loads(asset("calibration.json").read_text("utf-8"))
# What the features are about in real libraries.
MIDDLE = {"meaning": 0.55, "words": 0.3, "named": 0.5, "sentence_meaning": 0.5, "found": 0.9}


def drawn(count: int, seed: int, **moved: float) -> list[Row]:
    """Rows whose kinds come from the shipped models, with `moved` added to their coefficients."""
    draw = random.Random(seed)
    rows = []
    for number in range(count):
        features = {name: MIDDLE.get(name, 0.0) + draw.gauss(0, 0.3) for name in FEATURES}
        true = {
            kind: SHIPPED[kind] | {name: SHIPPED[kind][name] + more for name, more in moved.items()}
            for kind in ("answerable", "right")
        }
        answerable = draw.random() < chance(true["answerable"], features)
        right = answerable and draw.random() < chance(true["right"], features)
        rows.append(Row(features, answerable, right, f"d{number % 40}"))
    return rows


def chance(coefficients: Mapping[str, float], features: Mapping[str, float]) -> float:
    total = coefficients["constant"] + sum(coefficients[n] * features[n] for n in FEATURES)
    return 1 / (1 + math.exp(-total))


def test_what_a_library_shows_is_learned() -> None:
    """Where words say what meaning says elsewhere."""
    tuned = tune_calibrator(drawn(600, 1, words=6.0, meaning=-4.0), SHIPPED)
    assert tuned.calibration is not None
    assert tuned.before is not None
    assert tuned.after is not None
    assert tuned.after.lost < tuned.before.lost
    for kind in ("answerable", "right"):
        assert tuned.calibration[kind]["words"] > SHIPPED[kind]["words"] + 1
        assert tuned.calibration[kind]["meaning"] < SHIPPED[kind]["meaning"] - 0.5


def test_where_the_shipped_models_are_right_nothing_is_kept() -> None:
    kept = [tune_calibrator(drawn(200, seed), SHIPPED).calibration for seed in range(20)]
    assert sum(one is not None for one in kept) <= 4


def test_few_rows_change_little() -> None:
    moved = []
    for count in (80, 800):
        tuned = tune_calibrator(drawn(count, 5, words=9.0), SHIPPED)
        assert tuned.calibration is not None
        moved.append(tuned.calibration["answerable"]["words"] - SHIPPED["answerable"]["words"])
    assert 0 < moved[0] < moved[1] / 1.5


@pytest.mark.parametrize("rows", [[], drawn(LEAST - 1, 1), [r for r in drawn(300, 1) if r.right]])
def test_too_few_of_a_kind_teach_nothing(rows: list[Row]) -> None:
    tuned = tune_calibrator(rows, SHIPPED)
    assert (tuned.calibration, tuned.before, tuned.after) == (None, None, None)


def test_one_document_alone_can_be_learned_from() -> None:
    rows = [dataclasses.replace(row, group="d") for row in drawn(300, 6, words=6.0)]
    tuned = tune_calibrator(rows, SHIPPED)
    assert tuned.calibration is not None
    assert tuned.after is not None
    assert tuned.before is not None
    assert tuned.after.lost < tuned.before.lost


def test_no_more_is_refused_than_may_be() -> None:
    """Of those with an answer little more than before; each caution refuses more than the last."""
    rows = drawn(600, 2, words=6.0, meaning=-4.0)
    tuned = tune_calibrator(rows, SHIPPED)
    assert tuned.calibration is not None
    thresholds = tuned.calibration["thresholds"]
    assert [*thresholds] == [*REFUSED] == [*CAUTIONS]
    assert 0 < thresholds["bold"] <= thresholds["usual"] <= thresholds["careful"] < 1
    answerable = [row for row in rows if row.answerable]
    shares = []
    for calibration in (SHIPPED, tuned.calibration):
        calibrator = Calibrator(
            calibration["answerable"], calibration["right"], calibration["thresholds"]
        )
        shares.append(sum(calibrator.refuses(r.features) for r in answerable) / len(answerable))
    assert shares[1] <= shares[0] + 0.02


def test_answers_without_their_document_say_nothing_of_being_right() -> None:
    rows = drawn(400, 3, words=6.0)
    without = [
        dataclasses.replace(row, answerable=False, right=False, without=True) for row in rows
    ]
    alone = tune_calibrator(rows, SHIPPED).calibration
    both = tune_calibrator([*rows, *without], SHIPPED).calibration
    assert alone is not None
    assert both is not None
    assert alone["right"] == both["right"]
    assert alone["answerable"] != both["answerable"]


def test_the_same_rows_give_the_same_file_and_it_is_read(tmp_path: Path) -> None:
    rows = drawn(300, 4, words=6.0)
    first, second = (tune_calibrator(rows, SHIPPED).calibration for _ in range(2))
    assert first is not None
    assert first == second
    save_calibration(tmp_path, first)
    path = load_tuned(tmp_path).calibration
    assert path == tmp_path / "calibration.json"
    found = Calibrator.load(path).strength(rows[0].features)
    assert found == pytest.approx(chance(first["right"], rows[0].features))


def test_a_question_is_asked_with_and_without_its_document(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.make()
    database = Database.for_writing(home)
    text = "The blue press is cleaned with warm water every nine days."
    press = put(database, "press.txt", [text, "The blue press stands in hall seven."])
    put(database, "oven.txt", ["The red oven is heated for two hours before bread is baked."])
    put(database, "leave.txt", ["Everybody has thirty days of leave in a year."])
    embedder = build_embedder()
    parts = build_parts(database, embedder, NoIndex())
    missing = parts.passages.without_vector(10)
    vectors = embedder.embed([text for _, text in missing])
    parts.passages.save_vectors([number for number, _ in missing], vectors)
    start = text.index("nine days")
    pair = Pair(
        id="1",
        question="How often is the blue press cleaned?",
        answer="every nine days",
        document_id=press.document_id or "",
        position=0,
        start=start,
        end=start + len("nine days"),
        source=PairSource.PERSON,
        kind="fact",
    )
    asked, without = rows_of(pair, parts.answerer, parts.retriever)
    assert (asked.answerable, asked.right, asked.without) == (True, True, False)
    assert (without.answerable, without.right, without.without) == (False, False, True)
    assert asked.group == without.group == press.document_id
    assert asked.features["meaning"] > without.features["meaning"] + 0.2
    elsewhere = dataclasses.replace(pair, answer="hall seven", position=1, start=-1, end=-1)
    assert not rows_of(elsewhere, parts.answerer, parts.retriever)[0].right
    absent = dataclasses.replace(pair, kind="absent", answer="", document_id="", position=0)
    [row] = rows_of(absent, parts.answerer, parts.retriever)
    assert (row.answerable, row.right, row.without) == (False, False, False)
    database.close()
