"""Which model suits which computer, and that the catalogue says where its figures are from."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path

import pytest

from ragdesk.domain.catalogue import (
    FITS,
    NO_PROCESSOR,
    NO_ROOM,
    SLOW,
    TIGHT,
    TOO_LARGE,
    CatalogueModel,
    Computer,
)
from ragdesk.errors import WrongUse
from ragdesk.resources import asset
from ragdesk.services.recommend import BUILT_IN, READING, catalogue, fit_of, rate_of, recommend

MODELS = catalogue()
BY_NAME = {one.name: one for one in MODELS}
BOTH = ("built-in", "ollama")
GB = 1_000_000_000


def computer(total: float, free: float, **more: object) -> Computer:
    """With much room on its disk; sizes in GB."""
    found = Computer(int(total * GB), int(free * GB), 500 * GB, cores=4, avx2=True)
    return replace(found, **more)  # type: ignore[arg-type]


def test_every_figure_names_its_source() -> None:
    left = {"server", "title", "family", "words", "recommended", "sources", "unverified"}
    left |= {"licence_note", "distilled_how"}
    for model in MODELS:
        for field in fields(CatalogueModel):
            if field.name not in left and not (field.name == "experts_used" and not model.experts):
                assert model.sources[field.name], (model.name, field.name)
        assert set(model.unverified) < set(model.sources)


def test_what_is_from_memory_says_so() -> None:
    assert "download_bytes" in BY_NAME["granite4:tiny-h"].unverified
    assert "Not checked." in BY_NAME["granite4:tiny-h"].sources["download_bytes"]
    assert "download_bytes" not in BY_NAME["qwen3:1.7b"].unverified


def test_figures_are_possible() -> None:
    assert len(BY_NAME) == len(MODELS)
    for model in MODELS:
        assert 0 < model.active_parameters <= model.parameters
        assert model.mixture == (model.active_parameters < model.parameters)
        assert model.memory_bytes > model.download_bytes
        assert model.experts is None or model.experts >= (model.experts_used or 0)
        assert model.distilled in ("word_chances", "answers", "no", "unknown")


def test_the_built_in_models_size_is_that_of_its_file() -> None:
    assert BY_NAME[BUILT_IN].download_bytes == 98_362_432
    assert not BY_NAME[BUILT_IN].mixture


@pytest.mark.parametrize(
    ("total", "free", "name"),
    [
        (34, 28, "qwen3:30b-a3b-instruct-2507-q4_K_M"),
        (17, 12, "lfm2.5:8b-a1b"),
        (8.6, 6.2, "granite4:tiny-h"),
        (8.6, 4.3, "granite3.1-moe:3b"),
        (6, 3.6, "qwen3:1.7b"),
        (5, 3.1, "granite3.1-moe:1b"),
        (4, 1.4, BUILT_IN),
    ],
)
def test_the_larger_the_computer_the_better_the_model(total: float, free: float, name: str) -> None:
    found = recommend(MODELS, computer(total, free), BOTH)
    assert found.best is not None
    assert found.best.model.name == name
    assert found.best.fit == FITS
    assert found.words.startswith(f"{BY_NAME[name].title} suits this computer best")


def test_memory_is_never_overdrawn() -> None:
    for free in range(1, 40):
        found = recommend(MODELS, computer(free + 4, free), BOTH)
        for offer in found.offers:
            if offer.fit == FITS:
                assert offer.model.memory_bytes + GB <= free * GB


def test_nothing_fits_and_quotes_go_on() -> None:
    found = recommend(MODELS, computer(2, 0.5), BOTH)
    assert found.best is None
    assert "exact words of your documents need no model" in found.words
    assert all(offer.fit != FITS for offer in found.offers)


@pytest.mark.parametrize(
    ("name", "found", "fit", "words"),
    [
        ("lfm2.5:8b-a1b", computer(17, 5), TIGHT, "too few unless other programs are closed first"),
        ("lfm2.5:8b-a1b", computer(8, 5), TOO_LARGE, "more than this computer can give"),
        ("lfm2.5:8b-a1b", computer(17, 12, disk_free=6 * GB), NO_ROOM, "the disk has only 6.0 GB"),
        (BUILT_IN, computer(17, 12, avx2=False), NO_PROCESSOR, "AVX2"),
        (BUILT_IN, computer(17, 12, avx2=None), FITS, "12.0 GB are free"),
    ],
)
def test_what_stands_against_a_model_is_said(
    name: str, found: Computer, fit: str, words: str
) -> None:
    [offer] = [one for one in recommend(MODELS, found, BOTH).offers if one.model.name == name]
    assert offer.fit == fit
    assert words in offer.words


def test_speed_follows_the_parameters_at_work() -> None:
    measured = BY_NAME[BUILT_IN]
    fast = computer(34, 28, rate=84.0, rated=BUILT_IN)
    mixture = rate_of(BY_NAME["lfm2.5:8b-a1b"], fast, measured)
    assert mixture == pytest.approx(84 * 98_362_432 / (5.2e9 * 1.5 / 8.3))
    same = replace(BY_NAME["lfm2.5:8b-a1b"], active_parameters=8_300_000_000)
    dense = rate_of(same, fast, measured)
    assert dense is not None
    assert mixture == pytest.approx(dense * 8.3 / 1.5)


def test_a_model_that_writes_slower_than_one_reads_is_not_recommended() -> None:
    slow = computer(34, 28, rate=84.0, rated=BUILT_IN)
    found = recommend(MODELS, slow, BOTH)
    large = found.offers[0]
    assert large.rate is not None
    assert large.rate < READING
    assert (large.fit, found.best and found.best.model.name) == (SLOW, "lfm2.5:8b-a1b")
    assert "slower than you read" in large.words
    quick = recommend(MODELS, replace(slow, rate=400.0), BOTH)
    assert quick.best is not None
    assert quick.best.model.name == large.model.name


def test_without_a_measurement_no_speed_is_claimed() -> None:
    found = recommend(MODELS, computer(34, 28), BOTH)
    assert all(offer.rate is None for offer in found.offers)
    assert "words a second" not in found.words


def test_what_cannot_run_now_is_named_but_not_chosen() -> None:
    found = recommend(MODELS, computer(17, 12), [BUILT_IN])
    assert found.best is not None
    assert found.best.model.name == BUILT_IN
    assert "LFM2.5 8B A1B would answer better." in found.words
    assert "Ollama has to be installed" in found.words
    none = recommend(MODELS, computer(17, 12), [])
    assert none.best is None
    assert "LFM2.5 8B A1B would fit" in none.words


def test_conditions_of_a_licence_are_said_with_the_offer() -> None:
    found = recommend(MODELS, computer(17, 12), BOTH)
    assert found.best is not None
    assert "10 million US dollars" in found.best.words


def test_what_a_server_has_on_the_graphics_card_counts() -> None:
    name = "lfm2.5:8b-a1b"
    assert fit_of(BY_NAME[name], computer(17, 5), None) == TIGHT
    carded = computer(17, 5, card_bytes=6 * GB)
    assert fit_of(BY_NAME[name], carded, None) == FITS
    [offer] = [one for one in recommend(MODELS, carded, BOTH).offers if one.model.name == name]
    assert "11.0 GB, 6.0 GB of it on the graphics card, are free" in offer.words


def test_a_small_model_fits_a_computer_with_little_memory_in_all() -> None:
    assert fit_of(BY_NAME[BUILT_IN], computer(3, 1.5), None) == FITS
    assert fit_of(BY_NAME[BUILT_IN], computer(3, 1.2), None) == TOO_LARGE


def test_a_file_that_is_no_catalogue_is_refused(tmp_path: Path) -> None:
    kept = json.loads(asset("models.json").read_text(encoding="utf-8"))
    kept["models"][0].pop("licence")
    path = tmp_path / "models.json"
    path.write_text(json.dumps(kept), encoding="utf-8")
    with pytest.raises(WrongUse):
        catalogue(path)
