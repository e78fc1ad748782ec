"""Which language model suits this computer, and why, in words. Pure but for reading the catalogue.

The catalogue's order is the order of recommending: the first that fits into the memory that is free
and is quick enough. All others are offered with what stands against them.

How quick a model will be is worked out from one that was measured: writing a word reads all weights
that work on it once, and reading them from memory is what takes the time. So a model with twice
the bytes at work writes half as fast. That is rough, and said to be so.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from pathlib import Path

from ..domain.catalogue import (
    FITS,
    NO_PROCESSOR,
    NO_ROOM,
    SLOW,
    TIGHT,
    TOO_LARGE,
    CatalogueModel,
    Computer,
    Offer,
    Recommendation,
)
from ..errors import WrongUse
from ..resources import asset
from ..settings import BUILT_IN

SPARE = 1_000_000_000  # bytes of memory left to other programs
SYSTEM = 3_000_000_000  # bytes that the computer itself needs, all other programs closed
SPARE_DISK = 2_000_000_000  # bytes left on the disk after a download
READING = 5.0  # tokens a second at which a person reads along; slower is tiring
_UNVERIFIED = "unverified"
_GIGA = 1e9


def catalogue(path: Path | None = None) -> list[CatalogueModel]:
    """The models of `assets/models.json`, or of a file like it. Raises `WrongUse` if it is none."""
    path = path or asset("models.json")
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return [_model(one, kept["sources"]) for one in kept["models"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WrongUse(detail=f"{path} is no catalogue of models ({error})") from error


def recommend(
    models: Sequence[CatalogueModel], computer: Computer, servers: Collection[str]
) -> Recommendation:
    """What to take on `computer`; `servers` are the names of those that are here.

    A model of a server that is not here is offered, and says so, but is not `best`.
    """
    measured = next((one for one in models if one.name == computer.rated), None)
    offers = tuple(_offer(one, computer, measured, servers) for one in models)
    good = [one for one in offers if one.model.recommended and one.fit == FITS]
    here = next((one for one in good if one.model.server in servers), None)
    if here is None:
        return Recommendation(None, _nothing(computer, good), offers)
    return Recommendation(here, _why(here, good[0], computer), offers)


def fit_of(model: CatalogueModel, computer: Computer, rate: float | None) -> str:
    """One of `FITS`, `TIGHT`, `SLOW`, `NO_ROOM`, `NO_PROCESSOR`, `TOO_LARGE`."""
    if model.server == BUILT_IN and computer.avx2 is False:
        return NO_PROCESSOR
    free = model.memory_bytes + SPARE <= _room(computer)
    if not free and model.memory_bytes + SYSTEM > computer.memory_total + computer.card_bytes:
        return TOO_LARGE
    if model.download_bytes + SPARE_DISK > computer.disk_free:
        return NO_ROOM
    if not free:
        return TIGHT
    return SLOW if rate is not None and rate < READING else FITS


def rate_of(
    model: CatalogueModel, computer: Computer, measured: CatalogueModel | None
) -> float | None:
    """Tokens a second that a model may write here, None while nothing was measured."""
    if computer.rate is None or measured is None:
        return None
    return computer.rate * measured.bytes_a_word / model.bytes_a_word


def _room(computer: Computer) -> int:
    """Bytes that a model finds: what a server has on the card now, the next model can have there."""
    return computer.memory_free + computer.card_bytes


def _free(computer: Computer) -> str:
    if not computer.card_bytes:
        return _size(computer.memory_free)
    return f"{_size(_room(computer))}, {_size(computer.card_bytes)} of it on the graphics card,"


def _offer(
    model: CatalogueModel,
    computer: Computer,
    measured: CatalogueModel | None,
    servers: Collection[str],
) -> Offer:
    rate = rate_of(model, computer, measured)
    fit = fit_of(model, computer, rate)
    return Offer(model, fit, rate, _words(model, fit, rate, computer, servers))


def _words(
    model: CatalogueModel,
    fit: str,
    rate: float | None,
    computer: Computer,
    servers: Collection[str],
) -> str:
    need = f"It needs {_size(model.memory_bytes)} of memory"
    said = {
        FITS: f"{need}; {_free(computer)} are free.",
        TIGHT: f"{need}; {_free(computer)} are free, too few unless other programs are closed first.",
        SLOW: f"It fits, but writes slower than you read: about {_pace(rate)} here.",
        NO_ROOM: f"Its download is {_size(model.download_bytes)} and the disk has only"
        f" {_size(computer.disk_free)} free.",
        NO_PROCESSOR: "It needs a processor with AVX2, which this one lacks.",
        TOO_LARGE: f"{need}, more than this computer can give: it has"
        f" {_size(computer.memory_total)} in all and wants {_size(SYSTEM)} for itself.",
    }[fit]
    parts = [model.words, said]
    if rate is not None and fit in (FITS, TIGHT):
        parts.append(f"It may write about {_pace(rate)} here.")
    if model.server not in servers:
        parts.append(_server_missing(model.server))
    if model.licence_note:
        parts.append(model.licence_note)
    return " ".join(parts)


def _why(best: Offer, first: Offer, computer: Computer) -> str:
    said = (
        f"{best.model.title} suits this computer best of what can run now: it needs"
        f" {_size(best.model.memory_bytes)} of memory, and {_free(computer)} are free."
    )
    if best.rate is not None:
        said += f" It should write about {_pace(best.rate)}."
    if best.model.mixture:
        said += " Only a part of it works on each word, so it is quick for its size."
    if first.model.name != best.model.name:
        said += f" {first.model.title} would answer better. {_server_missing(first.model.server)}"
    return said


def _nothing(computer: Computer, good: Sequence[Offer]) -> str:
    said = (
        f"No model that can run now fits: {_size(computer.memory_free)} of"
        f" {_size(computer.memory_total)} of memory and {_size(computer.disk_free)} of the disk are"
        " free. Answers in the exact words of your documents need no model."
    )
    if good:
        said += f" {good[0].model.title} would fit. {_server_missing(good[0].model.server)}"
    return said


def _server_missing(server: str) -> str:
    if server == BUILT_IN:
        return "For it, RagDesk's own model has to be fetched: ragdesk models get built-in."
    return f"For it, {server.capitalize()} has to be installed and running."


def _size(amount: int) -> str:
    if amount < _GIGA:
        return f"{amount / 1e6:.0f} MB"
    return f"{amount / _GIGA:.1f} GB"


def _pace(rate: float | None) -> str:
    """Tokens a second as words: an English word has four thirds of a token."""
    words = 0.75 * (rate or 0.0)
    return "one word a second or less" if words < 1.5 else f"{words:.0f} words a second"


def _model(one: dict[str, object], sources: dict[str, str]) -> CatalogueModel:
    named = one["sources"]
    assert isinstance(named, dict)
    fields = {
        **one,
        "languages": tuple(one["languages"]),  # type: ignore[arg-type]
        "sources": {field: sources[source] for field, source in named.items()},
        "unverified": tuple(field for field, source in named.items() if source == _UNVERIFIED),
    }
    return CatalogueModel(**fields)  # type: ignore[arg-type]
