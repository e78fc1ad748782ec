"""Exams drawn by chance, before and after, for tests of what a report card may claim."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ragdesk.domain.examination import Evidence, ExamQuestion
from ragdesk.services.score import Outcome


@dataclass(frozen=True)
class Drawn:
    """How exams are drawn: of 100 questions so many turn `up` (wrong to right) and `down`.

    132 of 150 questions have their answer in one of 24 documents of uneven size, 18 nowhere. The
    chances that a question turns, and that one that does not is right (62 of 100 on average), hang on
    its document: each is a log-normal factor of mean 1 and spread 0.4 away from its average. A right answer is word
    for word in 65 of 100 and else a token F1 of 0.6 to 0.95, with its source cited and found among
    the first three; a wrong one is a refusal in 30 of 100, else an F1 below 0.5, found among the
    first five in 60 and cited in 35 of 100. What does not turn stays as it was, but for `stir` of
    100 that are drawn anew as right or as wrong as before, which moves F1, citations and refusals.
    """

    up: float
    down: float
    stir: float = 5
    questions: int = 150
    documents: int = 24
    absent: float = 0.12
    spread: float = 0.4
    right: float = 0.62

    def exam(self, rng: np.random.Generator) -> tuple[list[Outcome], list[Outcome]]:
        shares = rng.dirichlet(np.full(self.documents, 3.0))
        easy, moved, lost = np.exp(
            rng.normal(-(self.spread**2) / 2, self.spread, (3, self.documents))
        )
        before, after = [], []
        for number in range(self.questions):
            document = int(rng.choice(self.documents, p=shares))
            nowhere = number < self.absent * self.questions
            asked = _question(number, document, nowhere)
            up, down = self.up / 100 * moved[document], self.down / 100 * lost[document]
            chance = rng.random()
            turns = chance < up + down
            right = chance >= up if turns else rng.random() < self.right * easy[document]
            stirred = rng.random() < self.stir / 100
            was = _outcome(asked, bool(right), rng)
            before.append(was)
            after.append(_outcome(asked, bool(right) != turns, rng) if turns or stirred else was)
        return before, after


def _question(number: int, document: int, nowhere: bool) -> ExamQuestion:
    evidence = () if nowhere else (Evidence(f"document-{document}.pdf", None, "words"),)
    return ExamQuestion(
        f"q{number}", f"question {number}?", () if nowhere else ("the right words",), evidence
    )


def _outcome(question: ExamQuestion, right: bool, rng: np.random.Generator) -> Outcome:
    if not question.answerable:
        return Outcome(question, False, None, given=None if right else "x", refused=right)
    seen = Outcome(question, True, None, refused=False, exact=False)
    if right:
        exact = rng.random() < 0.65
        return replace(
            seen,
            rank=int(rng.integers(1, 4)),
            given="the right words",
            exact=bool(exact),
            f1=1.0 if exact else float(rng.uniform(0.6, 0.95)),
            evidence_cited=True,
        )
    refused = bool(rng.random() < 0.3)
    return replace(
        seen,
        rank=int(rng.integers(1, 6)) if rng.random() < 0.6 else None,
        given=None if refused else "other words",
        refused=refused,
        f1=0.0 if refused else float(rng.uniform(0.0, 0.5)),
        evidence_cited=bool(not refused and rng.random() < 0.35),
    )
