"""The reader alone: the passage that answers among three, and whether it sees that none does.

A question with evidence is handed over with the passage that holds it and the two best found that
do not; an unanswerable one with the three best found. The answer is the first mark (or yes, or no)
of the passage that the reader finds likeliest to answer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ragdesk.domain.conversation import Marks
from ragdesk.domain.examination import ExamQuestion
from ragdesk.domain.protocols import Reader
from ragdesk.engine.build import Parts
from ragdesk.services.compare import f1, hits, normal
from ragdesk.services.examine import FOUND, rank_of
from ragdesk.services.score import auroc, auroc_range, wilson

HANDED = 3  # passages
Passage = tuple[str, str]  # title and headings, text


def reading_scores(
    parts: Parts,
    reader: Reader,
    questions: Sequence[ExamQuestion],
    on_question: Callable[[int, int], None],
) -> dict[str, Any]:
    """exact, f1, right (the passage read first is the one that answers), auroc of `there`."""
    exact, f1s, right = [], [], []
    there: tuple[list[float], list[float]] = ([], [])
    left_out = 0
    for done, question in enumerate(questions, 1):
        on_question(done, len(questions))
        passages = handed(parts, question)
        if len(passages) < 2:
            left_out += not question.absent
            continue
        read = reader.read(question.question, passages)
        best = max(range(len(read)), key=lambda number: read[number].there)
        there[not question.answerable].append(read[best].there)
        if question.answerable:
            given = said(read[best], passages[best][1])
            exact.append(any(normal(given) == normal(answer) for answer in question.answers))
            f1s.append(max(f1(given, answer) for answer in question.answers))
            right.append(best == 0)
    return {
        "questions": len(f1s) + len(there[1]),
        "left_out": left_out,
        "right_passage": round(sum(right) / len(right), 4) if right else None,
        "exact": round(sum(exact) / len(exact), 4) if exact else None,
        "f1": round(sum(f1s) / len(f1s), 4) if f1s else None,
        "auroc": auroc(*there),
        "ranges": {
            "right_passage": wilson(right),
            "exact": wilson(exact),
            "auroc": auroc_range(*there),
        },
    }


def said(marks: Marks, text: str) -> str:
    """What a reader says of one passage, in short; nothing where it marks nothing."""
    if max(marks.yes, marks.no) > 0.5:
        return "Yes" if marks.yes > marks.no else "No"
    return text[marks.marks[0].start : marks.marks[0].end] if marks.marks else ""


def handed(parts: Parts, question: ExamQuestion) -> list[Passage]:
    """The passages of a question, the right one first; none where no passage holds the evidence."""
    if question.absent or (question.answerable and not question.evidence):
        return []
    found = parts.retriever.retrieve(question.question, FOUND)
    if not question.answerable:
        return [(hit.context, hit.text) for hit in found[:HANDED]]
    holding = [hit for hit in found if rank_of(question, [hit]) is not None]
    right = (holding[0].context, holding[0].text) if holding else _held(parts, question)
    wrong = [hit for hit in found if rank_of(question, [hit]) is None]
    return [right, *((hit.context, hit.text) for hit in wrong[: HANDED - 1])] if right else []


def _held(parts: Parts, question: ExamQuestion) -> Passage | None:
    """The first passage of the library that holds evidence, where search did not find one."""
    for placed in parts.documents.all():
        path = placed.place.path
        for evidence in question.evidence:
            if placed.document is None or not hits(path, evidence.text, evidence):
                continue
            for passage in parts.passages.of_document(placed.document.id):
                if hits(path, passage.text, evidence):
                    return passage.context, passage.text
    return None
