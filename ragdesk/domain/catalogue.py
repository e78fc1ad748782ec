"""Language models that can be offered, and whether they suit a computer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

# How a model suits a computer, from best to worst.
FITS, TIGHT, SLOW, NO_ROOM, NO_PROCESSOR, TOO_LARGE = (
    "fits",  # into the memory that is free
    "tight",  # once other programs are closed
    "slow",  # into memory, but writes slower than a person reads
    "no_room",  # not enough of the disk is free
    "no_processor",  # wants a newer processor
    "too_large",  # needs more memory than the computer has
)


@dataclass(frozen=True, slots=True)
class CatalogueModel:
    """A line of the catalogue, see `assets/models.json`.

    Memory follows `parameters`, speed `active_parameters`: those that work on each word. `experts`
    is 0 for a dense model, None for a mixture of a number that is not known here. `languages` are
    two-letter codes, empty where not known. `distilled` is "word_chances", "answers", "no" or
    "unknown". `unverified` names the fields whose figures nobody checked.
    """

    name: str
    server: str
    title: str
    family: str
    parameters: int
    active_parameters: int
    experts: int | None
    experts_used: int | None
    download_bytes: int
    memory_bytes: int
    context: int
    languages: tuple[str, ...]
    licence: str
    licence_note: str
    distilled: str
    distilled_how: str
    recommended: bool
    words: str
    sources: Mapping[str, str]  # field → where its figure is from, in words
    unverified: tuple[str, ...]

    @property
    def mixture(self) -> bool:
        return self.experts != 0

    @property
    def bytes_a_word(self) -> float:
        """Bytes of weights that are read for each token that is written."""
        return self.download_bytes * self.active_parameters / self.parameters


@dataclass(frozen=True, slots=True)
class Computer:
    """What the check-up found. Bytes; `cores` are physical ones.

    `avx2` is None where it cannot be told, True on processors that need none. `card_bytes` are those
    that a model server keeps on a graphics card now: more than 0 says that one is used, not how
    large it is. `rate` is tokens a second that the model `rated` was measured to write here, None
    while nothing was measured.
    """

    memory_total: int
    memory_free: int
    disk_free: int
    cores: int
    avx2: bool | None = None
    card_bytes: int = 0
    rate: float | None = None
    rated: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """A model for this computer. `rate`: tokens a second it may write here, None if not known."""

    model: CatalogueModel
    fit: str
    rate: float | None
    words: str


@dataclass(frozen=True, slots=True)
class Recommendation:
    """`best` is what to take, None where nothing fits. `offers` are in the catalogue's order."""

    best: Offer | None
    words: str
    offers: tuple[Offer, ...]
