"""What a version of an assistant tuned, read from its folder; the rest is as RagDesk comes."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..adapters.reader import OnnxReader
from ..domain.training import USUAL, Mix
from ..errors import ModelUnusable
from ..resources import asset
from ..services.calibrate import CAUTIONS, FEATURES, Calibrator

if TYPE_CHECKING:
    from ..domain.protocols import Vectors

MIX, QUERY, CALIBRATION, READER = "mix.json", "query.npy", "calibration.json", "reader"
_SOUND = dict.fromkeys(FEATURES, 0.0)


@dataclass(frozen=True, slots=True, eq=False)
class Tuned:
    """Which parts answer. `query` is the matrix of `services.turn`, None: questions stay."""

    mix: Mix = USUAL
    query: Vectors | None = None
    calibration: Path = field(default_factory=lambda: asset(CALIBRATION))
    reader: Path = field(default_factory=lambda: asset("models", "minilm-reader"))


def load_tuned(folder: Path | None) -> Tuned:
    """The parts that lie in a folder; what is not there, or all without one, is as RagDesk comes.

    Raises `ModelUnusable`, which names the file, where one is damaged. The reader's own model file
    is looked at when it is first needed, and raises the same then.
    """
    tuned = Tuned()
    if folder is None:
        return tuned
    if (folder / MIX).exists():
        tuned = dataclasses.replace(tuned, mix=_mix(folder / MIX))
    if (folder / QUERY).exists():
        tuned = dataclasses.replace(tuned, query=_query(folder / QUERY))
    if (folder / CALIBRATION).exists():
        _check_calibration(folder / CALIBRATION)
        tuned = dataclasses.replace(tuned, calibration=folder / CALIBRATION)
    if (folder / READER).exists():
        OnnxReader(folder / READER)
        tuned = dataclasses.replace(tuned, reader=folder / READER)
    return tuned


def save_mix(folder: Path, mix: Mix) -> None:
    """Writes a mix where `load_tuned` looks for it."""
    text = json.dumps(dataclasses.asdict(mix), indent=1) + "\n"
    (folder / MIX).write_text(text, encoding="utf-8")


def save_query(folder: Path, matrix: Vectors) -> None:
    """Writes the matrix that turns questions where `load_tuned` looks for it."""
    import numpy as np

    with open(folder / QUERY, "wb") as file:
        np.save(file, matrix.astype("<f4"), allow_pickle=False)


def save_calibration(folder: Path, calibration: Mapping[str, Any]) -> None:
    """Writes what `tune_calibrator` fitted where `load_tuned` looks for it."""
    text = json.dumps(calibration, indent=1) + "\n"
    (folder / CALIBRATION).write_text(text, encoding="utf-8")


def _mix(path: Path) -> Mix:
    """Raises `ModelUnusable`."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        mix = Mix(**{name: float(value) for name, value in found.items()})
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise ModelUnusable(path=str(path), detail=str(error)) from error
    if not all(math.isfinite(value) and value >= 0 for value in dataclasses.astuple(mix)):
        raise ModelUnusable(path=str(path), detail="a weight in it is no number from 0 on")
    if mix.covered > 1 or mix.uncovered > 1:
        raise ModelUnusable(path=str(path), detail="a share in it is above 1")
    return mix


def _query(path: Path) -> Vectors:
    """Raises `ModelUnusable`."""
    import numpy as np

    try:
        matrix: Vectors = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise ModelUnusable(path=str(path), detail=str(error)) from error
    if matrix.dtype != np.float32 or matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
        raise ModelUnusable(path=str(path), detail="it is no square of numbers")
    if not np.isfinite(matrix).all():
        raise ModelUnusable(path=str(path), detail="a number in it is none")
    return matrix


def _check_calibration(path: Path) -> None:
    """Raises `ModelUnusable`."""
    try:
        calibrator = Calibrator.load(path)
        for caution in CAUTIONS:
            calibrator.refuses(_SOUND, caution)
        if not math.isfinite(calibrator.strength(_SOUND)):
            raise ValueError("a number in it is none")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelUnusable(path=str(path), detail=f"{error}") from error
