"""The few choices a person has: at most twenty, each with default, label and help.

To add one: a line in `CHOICES`; the settings page and `doctor` show it by themselves. Values live
in the store (table `settings`); the engine writes them, anyone reads them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .errors import WrongUse

Value = str | int | float | bool

# The embedding model that comes with RagDesk; vectors of any other name are not counted or searched.
MODEL_NAME = "all-MiniLM-L6-v2/int8"
# The one for all other languages, once it was fetched; documents in English do not use it.
LANGUAGES_MODEL = "multilingual-e5-small/q4"

# Servers of language models: llama.cpp inside RagDesk, and the model that is fetched for it.
BUILT_IN = "built-in"
OLLAMA = "ollama"


@dataclass(frozen=True, slots=True)
class Choice:
    """One setting. `options` lists (value, label) where only some are allowed, `low`/`high` bound numbers."""

    name: str
    group: str
    default: Value
    label: str
    help: str
    options: tuple[tuple[str, str], ...] = ()
    low: float | None = None
    high: float | None = None
    own_place: bool = False  # it has a place of its own in the window, not a row of the settings


CHOICES: tuple[Choice, ...] = (
    Choice(
        "appearance",
        "Window",
        "system",
        "Appearance",
        "Light, dark, or the same as the rest of your computer.",
        options=(
            ("system", "Like the computer"),
            ("light", "Light"),
            ("dark", "Dark"),
            ("contrast", "High contrast"),
        ),
    ),
    Choice(
        "text_size",
        "Window",
        100,
        "Text size in percent",
        "Makes all text in the window larger or smaller.",
        low=80,
        high=200,
    ),
    Choice(
        "answerer",
        "Answers",
        "quote",
        "How RagDesk answers",
        "In your documents' own words, or written by a language model on this computer, with the"
        " quotes shown first.",
        options=(("quote", "In quotes"), ("written", "Written")),
    ),
    Choice(
        "caution",
        "Answers",
        "usual",
        "When RagDesk is not sure",
        "How soon it says that something is not in your documents instead of showing what comes closest.",
        options=(("bold", "Answer more often"), ("usual", "Usual"), ("careful", "Refuse sooner")),
    ),
    Choice(
        "passages_shown",
        "Answers",
        4,
        "Places shown with an answer",
        "How many places in your documents an answer may quote.",
        low=1,
        high=10,
    ),
    Choice(
        "model",
        "Answers",
        f"{BUILT_IN}/{BUILT_IN}",
        "Language model",
        "Who writes the answers, as server/model.",
        own_place=True,
    ),
    Choice(
        "readers",
        "Work",
        0,
        "Files read at the same time",
        "0 means that RagDesk chooses. A change holds from the next start.",
        low=0,
        high=16,
    ),
    Choice(
        "keep_awake",
        "Work",
        True,
        "Keep the computer awake while reading",
        "The computer does not go to sleep until all files are read.",
    ),
)

BY_NAME: Mapping[str, Choice] = {choice.name: choice for choice in CHOICES}


def checked(name: str, value: Value) -> Value:
    """`value` in the setting's own type. Raises `WrongUse` when it is not allowed."""
    choice = BY_NAME.get(name)
    if choice is None:
        raise WrongUse(detail=f"there is no setting {name}")
    kind = type(choice.default)
    try:
        value = str(value).lower() in ("true", "1", "yes", "on") if kind is bool else kind(value)
    except (TypeError, ValueError) as error:
        raise WrongUse(detail=f"{choice.label}: {value}") from error
    if choice.options and value not in [option for option, _ in choice.options]:
        raise WrongUse(detail=f"{choice.label}: {value}")
    if (
        choice.low is not None
        and isinstance(value, (int, float))
        and not choice.low <= value <= (choice.high or value)
    ):
        raise WrongUse(detail=f"{choice.label}: between {choice.low:g} and {choice.high:g}")
    return value
