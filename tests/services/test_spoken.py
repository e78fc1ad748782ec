"""Languages that a few sentences tell surely."""

from __future__ import annotations

import pytest

from ragdesk.services.spoken import spoken


@pytest.mark.parametrize(
    ("text", "tongue"),
    [
        ("The warranty on tiles lasts ten years and it is free.", "en"),
        ("Die Garantie auf die Fliesen gilt zehn Jahre und ist kostenlos.", "de"),
        ("La garantie des carreaux est de dix ans et elle est gratuite.", "fr"),
        ("保証は十年間です。", "ja"),
        ("Гарантия на плитку действует десять лет, и она не платная.", "ru"),
        # `language` takes these for Polish, and for Afrikaans
        ("Ten years. The warranty on tiles lasts ten years.", ""),
        ("word0 word1", ""),
        ("Maria Gomez", ""),
        ("", ""),
    ],
)
def test_told_or_not(text: str, tongue: str) -> None:
    assert spoken(text) == tongue
