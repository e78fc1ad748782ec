"""`ragdesk models`: what is there, and what fetching the rest would take."""

from __future__ import annotations

from pathlib import Path

from .test_commands import call, words


def test_size_and_purpose_are_told_before_anything_is_fetched(tmp_path: Path) -> None:
    printed = words("models", home=tmp_path / "home")
    assert (
        "languages   search by meaning in a hundred languages, and from one to another\n"
        "            not here; to fetch about 91 MB from the internet, once: ragdesk models get languages\n"
    ) in printed
    assert "here, it comes with RagDesk" in printed
    _, lines = call("models", home=tmp_path / "home")
    assert [(line["name"], line.get("fetched_bytes")) for line in lines if "here" in line] == [
        ("english", None), ("languages", 91_000_000), ("built-in", 92_871_040),
    ]  # fmt: skip
