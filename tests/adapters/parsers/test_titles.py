"""What a document is called."""

from __future__ import annotations

from pathlib import Path

import pytest

from ragdesk.adapters.parsers.titles import choose, sensible


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Staff handbook", "Staff handbook"),
        ("  Staff \n handbook ", "Staff handbook"),
        ("Microsoft Word - Staff handbook", "Staff handbook"),
        ("Microsoft Word - handbook.doc", ""),
        ("handbook_final.docx", ""),
        ("untitled", ""),
        ("PowerPoint Presentation", ""),
        ("Untitled 3", ""),
        ("2024", ""),
        ("", ""),
        (None, ""),
        ("x" * 300, ""),
        ("Rent: 12 Quay Road", "Rent: 12 Quay Road"),
        ("Document retention policy", "Document retention policy"),
    ],
)
def test_sensible(said: str | None, kept: str) -> None:
    assert sensible(said) == kept


def test_the_file_name_is_the_last_resort() -> None:
    assert choose(Path("/a/price_list 2026.pdf"), "untitled", None) == "price list 2026"
    assert choose(Path("/a/x.pdf"), "untitled", "Price list") == "Price list"
