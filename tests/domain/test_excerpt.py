from __future__ import annotations

from ragdesk.domain.excerpt import excerpt

TEXT = "The tenant pays the rent. " * 5 + "Notice is three months. " + "The landlord paints. " * 5


def test_the_stretch_with_the_words_is_shown() -> None:
    shown = excerpt(TEXT, ["notice", "month"], 60)
    assert "Notice is three months." in shown
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert shown.strip("… ") in TEXT
    assert len(shown) <= 60 + len("… ") + len(" …")


def test_without_the_words_it_is_the_beginning() -> None:
    assert excerpt(TEXT, ["nowhere"], 30) == "The tenant pays the rent. The …"
    assert excerpt("short\n words", [], 30) == "short words"


def test_a_word_without_end_is_cut_all_the_same() -> None:
    assert excerpt("x" * 100, ["x"], 30) == "x" * 30 + " …"
