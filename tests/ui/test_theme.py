from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QColor, QImage, QPainter, QPalette
from PySide6.QtWidgets import QApplication

from ragdesk.resources import asset
from ragdesk.ui.icons import icon, pixmap
from ragdesk.ui.theme import (
    CONTRAST_DARK,
    CONTRAST_LIGHT,
    DARK,
    LIGHT,
    Tokens,
    contrast,
    mixed,
    theme,
    tokens_of,
)

LOOKS = {
    "light": LIGHT,
    "dark": DARK,
    "contrast light": CONTRAST_LIGHT,
    "contrast dark": CONTRAST_DARK,
}
WORDS = ("text", "muted", "accent", "good", "look", "wrong")
GROUNDS = ("page", "surface", "sunken", "selected", "hover")


@pytest.fixture(params=LOOKS.values(), ids=LOOKS.keys())
def tokens(request: pytest.FixtureRequest) -> Tokens:
    tokens: Tokens = request.param
    return tokens


def test_contrast_of_known_colours() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)
    assert contrast("#123456", "#123456") == 1


def test_every_word_can_be_read_on_every_ground(tokens: Tokens) -> None:
    weak = [
        (word, ground, round(contrast(getattr(tokens, word), getattr(tokens, ground)), 2))
        for word in WORDS
        for ground in GROUNDS
        if contrast(getattr(tokens, word), getattr(tokens, ground)) < 4.5
    ]
    assert weak == []


def test_text_can_be_read_where_it_is_marked_and_on_buttons(tokens: Tokens) -> None:
    assert contrast(tokens.text, tokens.mark_sentence) >= 4.5
    assert contrast(tokens.text, tokens.mark_words) >= 4.5
    assert contrast(tokens.on_accent, tokens.accent) >= 4.5
    assert contrast(tokens.on_accent, tokens.accent_pressed) >= 4.5
    # A short notice is drawn in the surface's colour on the text's.
    assert contrast(tokens.surface, tokens.text) >= 4.5


def test_edges_of_controls_and_focus_can_be_seen(tokens: Tokens) -> None:
    for ground in ("page", "surface", "sunken"):
        assert contrast(tokens.border, getattr(tokens, ground)) >= 3
        assert contrast(tokens.accent, getattr(tokens, ground)) >= 3


def test_high_contrast_is_higher_and_its_lines_are_thicker() -> None:
    for tokens in (CONTRAST_LIGHT, CONTRAST_DARK):
        assert contrast(tokens.text, tokens.page) == pytest.approx(21)
        assert tokens.line_width == 2
        assert min(contrast(getattr(tokens, word), tokens.surface) for word in WORDS) >= 7


def test_a_system_of_high_contrast_keeps_its_own_colours() -> None:
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.Window, QColor("#2D3236"))
    palette.setColor(QPalette.ColorRole.Base, QColor("#202020"))
    palette.setColor(QPalette.ColorRole.WindowText, QColor("#FFFF00"))
    palette.setColor(QPalette.ColorRole.Highlight, QColor("#00FFFF"))
    tokens = tokens_of(palette)
    assert (tokens.page, tokens.surface, tokens.text) == ("#2d3236", "#202020", "#ffff00")
    assert tokens.accent == "#00ffff"
    assert tokens.dark


def test_mixing() -> None:
    assert mixed("#000000", "#FFFFFF", 0.5) in ("#7f7f7f", "#808080")
    assert mixed("#102030", "#FFFFFF", 1) == "#102030"


def test_an_icon_takes_the_colour_of_the_look_in_force(qapp: QApplication) -> None:
    lock = icon("lock", "wrong")

    def strongest() -> QColor:
        image = QImage(QSize(48, 48), QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(0)
        painter = QPainter(image)
        lock.paint(painter, QRect(0, 0, 48, 48))
        painter.end()
        pixels = (image.pixelColor(x, y) for x in range(48) for y in range(48))
        return max(pixels, key=lambda colour: colour.alpha())

    theme.apply(qapp, "light")
    assert strongest().name() == LIGHT.wrong.lower()
    theme.apply(qapp, "dark")
    assert strongest().name() == DARK.wrong.lower()
    theme.apply(qapp, "light")


def test_every_icon_can_be_drawn(qapp: QApplication) -> None:
    files = sorted(asset("icons").glob("*.svg"))
    assert len(files) > 30
    for file in files:
        image = pixmap(file.stem, "text", 32).toImage()
        assert any(image.pixelColor(x, y).alpha() for x in range(32) for y in range(32)), file.name


def test_sizes_follow_the_text_size(qapp: QApplication) -> None:
    theme.apply(qapp, "light", 100)
    usual, letters = theme.px(36), qapp.font().pixelSize()
    theme.apply(qapp, "light", 200)
    assert theme.px(36) == 2 * usual
    assert qapp.font().pixelSize() == 2 * letters
    theme.apply(qapp, "light", 100)
    assert qapp.font().pixelSize() == letters
