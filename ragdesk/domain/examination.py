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
    """One line of a questions file. `answers` is empty when the documents do not say it.

    `kind` and `lang` sort questions where a file does.
    """

    id: str
    question: str
    answers: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    lang: str = ""
    kind: str = ""

    @property
    def answerable(self) -> bool:
        return bool(self.answers)

    @property
    def absent(self) -> bool:
        """Whether the right answer is that there is no such thing: "No", with nothing to show it."""
        said = {answer.casefold().strip(" .") for answer in self.answers}
        return said == {"no"} and not self.evidence
