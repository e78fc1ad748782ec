"""Colours, type sizes, style sheet and icons: the one place where the window's look is decided."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from string import Template

from PySide6.QtCore import QObject, Qt, QTemporaryDir, Signal
from PySide6.QtGui import QColor, QFont, QFontInfo, QPalette
from PySide6.QtWidgets import QApplication

from ..resources import asset


@dataclass(frozen=True, slots=True)
class Tokens:
    """Every colour that the window uses, as #RRGGBB, and the width of its lines in pixels."""

    dark: bool
    page: str
    surface: str
    sunken: str
    text: str
    muted: str
    line: str
    border: str
    accent: str
    on_accent: str
    mark_sentence: str
    mark_words: str
    good: str
    look: str
    wrong: str
    line_width: int = 1

    @property
    def selected(self) -> str:
        """Ground of a chosen row: a breath of the accent."""
        return mixed(self.accent, self.surface, 0.13)

    @property
    def selection(self) -> str:
        """Ground of text that a person selected with the mouse."""
        return mixed(self.accent, self.surface, 0.25)

    @property
    def hover(self) -> str:
        """Ground under the pointer."""
        return mixed(self.text, self.surface, 0.05)

    @property
    def accent_pressed(self) -> str:
        return mixed(self.text, self.accent, 0.18)


LIGHT = Tokens(
    dark=False, page="#F7F6F3", surface="#FFFFFF", sunken="#EFEDE8", text="#1E2226",
    muted="#565C63", line="#DEDBD3", border="#84827B", accent="#0E6A61", on_accent="#FFFFFF",
    mark_sentence="#FFE9A3", mark_words="#FFC94D", good="#1B6E32", look="#7A4E00", wrong="#A8241C",
)  # fmt: skip
DARK = Tokens(
    dark=True, page="#16181B", surface="#1E2125", sunken="#121416", text="#E7E9EB",
    muted="#A9B1B9", line="#33383E", border="#767E87", accent="#5FCBBB", on_accent="#06231F",
    mark_sentence="#5A4B10", mark_words="#755C08", good="#74CF88", look="#E9BC62", wrong="#FF9389",
)  # fmt: skip
# For a person who wants high contrast here on a computer that is not set to it.
CONTRAST_LIGHT = Tokens(
    dark=False, page="#FFFFFF", surface="#FFFFFF", sunken="#FFFFFF", text="#000000",
    muted="#000000", line="#000000", border="#000000", accent="#00383F", on_accent="#FFFFFF",
    mark_sentence="#FFF0A8", mark_words="#FFD100", good="#00420F", look="#4A2E00", wrong="#7A0000",
    line_width=2,
)  # fmt: skip
CONTRAST_DARK = Tokens(
    dark=True, page="#000000", surface="#000000", sunken="#000000", text="#FFFFFF",
    muted="#FFFFFF", line="#FFFFFF", border="#FFFFFF", accent="#7FF5E6", on_accent="#000000",
    mark_sentence="#4A4200", mark_words="#6B5F00", good="#8CF29F", look="#FFD98A", wrong="#FFB3AB",
    line_width=2,
)  # fmt: skip

BASE_PX = 13


def mixed(front: str, back: str, share: float) -> str:
    """`share` (0 to 1) of `front` over `back`, as #RRGGBB."""
    a, b = QColor(front), QColor(back)

    def part(of_front: int, of_back: int) -> int:
        return round(of_front * share + of_back * (1 - share))

    return QColor(
        part(a.red(), b.red()), part(a.green(), b.green()), part(a.blue(), b.blue())
    ).name()


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours after WCAG 2.2, 1 to 21."""

    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)

    c = QColor(colour)
    return 0.2126 * linear(c.redF()) + 0.7152 * linear(c.greenF()) + 0.0722 * linear(c.blueF())


def tokens_of(palette: QPalette) -> Tokens:
    """The colours of a high-contrast system: its own palette, nothing of ours."""
    role = QPalette.ColorRole

    def colour(which: QPalette.ColorRole) -> str:
        return palette.color(which).name()

    base = CONTRAST_DARK if palette.color(role.Base).lightness() < 128 else CONTRAST_LIGHT
    text = colour(role.WindowText)
    return dataclasses.replace(
        base, page=colour(role.Window), surface=colour(role.Base), sunken=colour(role.Window),
        text=text, muted=text, line=text, border=text,
        accent=colour(role.Highlight), on_accent=colour(role.HighlightedText),
    )  # fmt: skip


class Theme(QObject):
    """The look in force. Widgets that paint themselves read `tokens` and `px` when they paint.

    Signals:
        changed: another look is in force; whatever was kept of the old one is stale.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.tokens = LIGHT
        self._base = float(BASE_PX)
        self._scale = 1.0
        self._appearance = "system"
        self._pictures = QTemporaryDir()
        self._system_palette: QPalette | None = None

    def px(self, size: float) -> int:
        """A length given for 13 px text, at the text size in force."""
        return round(size * self._base * self._scale / BASE_PX)

    def font(self, size: float = BASE_PX, *, strong: bool = False) -> QFont:
        """The system's font, `size` in pixels given for 13 px text."""
        font = QFont(QApplication.font())
        font.setPixelSize(self.px(size))
        font.setWeight(QFont.Weight.DemiBold if strong else QFont.Weight.Normal)
        return font

    def apply(self, app: QApplication, appearance: str = "system", text_size: int = 100) -> None:
        """Puts a look in force: "system", "light", "dark" or "contrast", text in percent."""
        if self._system_palette is None:
            self._system_palette = QPalette(app.palette())
            self._base = float(max(BASE_PX, QFontInfo(app.font()).pixelSize()))
            app.setStyle("Fusion")
            app.styleHints().colorSchemeChanged.connect(self._follow_system)
        self._appearance = appearance
        self._scale = text_size / 100
        self.tokens = self._chosen(app, appearance)
        font = QFont(app.font())
        font.setPixelSize(self.px(BASE_PX))
        app.setFont(font)
        app.setPalette(_palette(self.tokens))
        app.setStyleSheet(self._style_sheet())
        self.changed.emit()

    def _chosen(self, app: QApplication, appearance: str) -> Tokens:
        hints = app.styleHints()
        is_dark = hints.colorScheme() == Qt.ColorScheme.Dark
        system_contrast = hints.accessibility().contrastPreference()
        if (
            system_contrast == Qt.ContrastPreference.HighContrast
            and appearance in ("system", "contrast")
            and self._system_palette is not None
        ):
            return tokens_of(self._system_palette)
        if appearance == "contrast":
            return CONTRAST_DARK if is_dark else CONTRAST_LIGHT
        if appearance == "dark" or (appearance == "system" and is_dark):
            return DARK
        return LIGHT

    def _follow_system(self) -> None:
        app = QApplication.instance()
        if isinstance(app, QApplication) and self._appearance in ("system", "contrast"):
            self.apply(app, self._appearance, round(self._scale * 100))

    def _style_sheet(self) -> str:
        t = self.tokens
        values = {item.name: str(getattr(t, item.name)) for item in dataclasses.fields(t)}
        values |= {"selected": t.selected, "hover": t.hover, "accent_pressed": t.accent_pressed}
        values |= {f"px{n}": f"{self.px(n)}px" for n in range(1, 65)}
        values["line"] = f"{t.line_width}px solid {t.line}"
        values["edge"] = f"{t.line_width}px solid {t.border}"
        values["line_colour"] = t.line
        # Where grounds do not differ, an edge says what they would.
        values["groove"] = f"1px solid {t.border}" if t.line_width > 1 else "none"
        values["chosen_edge"] = t.accent if t.line_width > 1 else "transparent"
        values["chosen_line"] = f"{t.line_width}px solid {t.accent}"
        values["scroll"] = t.border if t.line_width > 1 else mixed(t.border, t.surface, 0.7)
        # A style sheet takes pictures only from files.
        for name, colour in (("down", t.muted), ("up", t.muted), ("check", t.on_accent)):
            values[f"picture_{name}"] = self._picture(name, colour)
        template = asset("ragdesk.qss").read_text("utf-8")
        return Template(template).substitute(values)

    def _picture(self, name: str, colour: str) -> str:
        path = Path(self._pictures.path()) / f"{name}-{colour[1:]}.svg"
        if not path.exists():
            path.write_text(icon_source(name).replace("currentColor", colour), "utf-8")
        return path.as_posix()


def icon_source(name: str) -> str:
    """The drawing of an icon, in `currentColor`."""
    return asset("icons", f"{name}.svg").read_text("utf-8")


def _palette(t: Tokens) -> QPalette:
    role, group = QPalette.ColorRole, QPalette.ColorGroup
    palette = QPalette()
    colours = {
        role.Window: t.page, role.WindowText: t.text, role.Base: t.surface, role.Text: t.text,
        role.AlternateBase: t.sunken, role.Button: t.surface, role.ButtonText: t.text,
        role.BrightText: t.wrong, role.Highlight: t.accent, role.HighlightedText: t.on_accent,
        role.PlaceholderText: t.muted, role.ToolTipBase: t.text, role.ToolTipText: t.surface,
        role.Link: t.accent, role.LinkVisited: t.accent, role.Accent: t.accent,
        role.Light: t.surface, role.Midlight: t.surface, role.Mid: t.line, role.Dark: t.border,
        role.Shadow: t.border,
    }  # fmt: skip
    for which, colour in colours.items():
        palette.setColor(which, QColor(colour))
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(group.Disabled, which, QColor(mixed(t.muted, t.surface, 0.7)))
    return palette


theme = Theme()
