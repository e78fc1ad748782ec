"""Results of entrance exams are kept by model, its file and the prompt."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ragdesk.domain.entrance import Entrance, Share
from ragdesk.errors import HomeNotWritable
from ragdesk.store.entrances import Entrances
from ragdesk.store.home import Home

RESULT = Entrance(
    "hf.co/maker/model:8b", "d1", "l1", 20, 40, "time", right=Share(9, 14, 0.39, 0.84), seconds=12.5
)


@pytest.fixture
def entrances(tmp_path: Path) -> Entrances:
    return Entrances(Home(tmp_path))


def test_a_result_comes_back_whole(entrances: Entrances) -> None:
    entrances.save(RESULT)
    assert entrances.get(RESULT.model, "d1", "l1") == RESULT


def test_a_name_with_slashes_stays_one_file_in_the_folder_of_models(
    entrances: Entrances, tmp_path: Path
) -> None:
    entrances.save(RESULT)
    [file] = (tmp_path / "models").iterdir()
    assert file.name.endswith(".exam.json")
    assert not set(file.name) & set('<>:"/\\|?*')


@pytest.mark.parametrize(("digest", "layout"), [("d2", "l1"), ("d1", "l2")])
def test_another_file_or_prompt_has_no_result(
    entrances: Entrances, digest: str, layout: str
) -> None:
    entrances.save(RESULT)
    assert entrances.get(RESULT.model, digest, layout) is None


@pytest.mark.parametrize("kept", ["", "[]", "{}", '{"model": 3, "right": 1}'])
def test_a_spoiled_file_is_no_result(entrances: Entrances, tmp_path: Path, kept: str) -> None:
    entrances.save(RESULT)
    [file] = (tmp_path / "models").iterdir()
    file.write_text(kept)
    assert entrances.get(RESULT.model, "d1", "l1") is None


def test_a_later_result_takes_the_place_of_the_earlier(entrances: Entrances) -> None:
    entrances.save(RESULT)
    entrances.save(Entrance(RESULT.model, "d2", "l1", 1, 40, "stopped"))
    assert entrances.get(RESULT.model, "d1", "l1") is None
    assert entrances.get(RESULT.model, "d2", "l1") is not None


def test_forgetting_twice_is_harmless(entrances: Entrances) -> None:
    entrances.save(RESULT)
    entrances.remove(RESULT.model)
    entrances.remove(RESULT.model)
    assert entrances.get(RESULT.model, "d1", "l1") is None


def test_a_home_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "models").write_text("a file where the folder should be")
    assert os.path.isfile(tmp_path / "models")
    with pytest.raises(HomeNotWritable):
        Entrances(Home(tmp_path)).save(RESULT)
