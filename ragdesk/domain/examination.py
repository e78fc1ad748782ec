"""Questions with known answers, and what an exam measures."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where the right answer stands. `page` counts from 1, None where the format has none."""

    file: str
    page: int | None
    text: str


@dataclass(frozen=True, slots=True)
class ExamQuestion:
    """One line of a questions file. `answers` is empty when the documents do not say it."""

    id: str
    question: str
    answers: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    lang: str = ""

    @property
    def answerable(self) -> bool:
        return bool(self.answers)
