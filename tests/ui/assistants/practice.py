"""An assistant with practice questions and report cards in a real library, as a build leaves them."""

from __future__ import annotations

import hashlib
from pathlib import Path

from ragdesk.domain.assistant import Changed, Measure, Outcome, ReportCard, TunedPart, Version
from ragdesk.domain.document import Passage, Span
from ragdesk.domain.training import Fold, Pair, PairSource, PairState
from ragdesk.settings import MODEL_NAME
from ragdesk.store.assistants import Assistants
from ragdesk.store.pairs import Pairs
from ragdesk.store.passages import Passages
from tests.ui.viewer.desk import Desk

LEASE = (
    "The tenant may end this lease with three months' notice to the end of a quarter.",
    "The rent is 2,450 € a month, payable in advance by the third working day.",
    "Subletting needs the landlord's consent in writing.",
)
TERMS = (
    "Invoices are payable within 14 days of the invoice date without deduction.",
    "A discount of 2 % is granted on payment within 8 days.",
    "After a second reminder we may charge interest of 8 % above the base rate.",
    "Tiles that were cut to size are not taken back.",
)
SAFETY = (
    "When cutting tiles wear goggles, gloves, ear protection and a dust mask.",
    "The first-aid box hangs beside the door of the workshop.",
)

# Document, sentence, question, answer, kind, source, usefulness.
ASKED = (
    (0, 0, "How much notice must we give to end the lease of the showroom?", "three months'", "fact",
     PairSource.TEACHER, 0.97),
    (1, 0, "How long do customers have to pay an invoice?", "14 days", "number",
     PairSource.TEACHER, 0.95),
    (0, 1, "What is the monthly rent?", "2,450 €", "key_value", PairSource.DOCUMENT, 0.9),
    (1, 1, "what discount for paying early", "2 %", "number", PairSource.TEACHER, 0.86),
    (2, 0, "What do I have to wear when I cut tiles?", "goggles, gloves, ear protection and a dust mask",
     "several", PairSource.TEACHER, 0.81),
    (0, 2, "May we let a part of the showroom to somebody else?", "", "faq",
     PairSource.DOCUMENT, 0.7),
    (2, 1, "Where is the first-aid box?", "beside the door of the workshop", "fact",
     PairSource.PERSON, 0.66),
    (-1, 0, "Which bank do we have our account with?", "", "absent", PairSource.TEACHER, 0.6),
    (1, 2, "How much interest may we charge?", "8 %", "number", PairSource.TEACHER, 0.5),
)  # fmt: skip
REJECTED = (
    (1, 3, "What does the document say?", "Tiles", "fact", "alone"),
    (1, 0, "How long may customers take to pay an invoice?", "14 days", "number", "novelty"),
)


class Practice:
    """A desk with three documents, one assistant, its practice questions and two versions."""

    def __init__(self, folder: Path) -> None:
        self.desk = Desk(folder)
        self.passages = Passages(self.desk.database, MODEL_NAME)
        self.pairs = Pairs(self.desk.database)
        self.assistants = Assistants(self.desk.database)
        self.documents = [
            self._put("Lease Hafenstrasse 12.docx", *LEASE),
            self._put("Terms of business.docx", *TERMS),
            self._put("Safety rules.docx", *SAFETY),
        ]
        self.assistant = self.assistants.create("Front desk", None)

    def _put(self, name: str, *sentences: str) -> str:
        document = self.desk.add_text(name, "\n".join(sentences), kind="docx")
        passages, at = [], 0
        for number, text in enumerate(sentences):
            passages.append(Passage(document, number, text, name, (Span(1, at, len(text)),)))
            at += len(text) + 1
        with self.desk.database.write():
            self.passages.save(document, passages)
        return document

    def fill(self) -> list[Pair]:
        """Practice questions of every kind; those that a filter left out come last."""
        made = [self._pair(*asked) for asked in ASKED]
        for document, sentence, question, answer, kind, reason in REJECTED:
            pair = self._pair(
                document, sentence, question, answer, kind, PairSource.TEACHER, 0.0,
                state=PairState.REJECTED, reason=reason,
            )  # fmt: skip
            made.append(pair)
        self.pairs.add(self.assistant.id, made)
        return made

    def _pair(
        self, document: int, sentence: int, question: str, answer: str, kind: str,
        source: PairSource, usefulness: float, *, state: PairState = PairState.MADE,
        reason: str = "",
    ) -> Pair:  # fmt: skip
        id_ = hashlib.sha256(question.encode()).hexdigest()[:16]
        if document < 0:
            return Pair(id_, question, "", "", 0, kind=kind, source=source, usefulness=usefulness)
        passage = self.passages.at(self.documents[document], sentence)
        assert passage is not None
        start = passage.text.index(answer) if answer else -1
        return Pair(
            id_, question, answer, passage.document_id, sentence, passage.text, passage.spans,
            start, start + len(answer) if answer else -1, source, kind,
            fold=Fold.EXAM if kind == "key_value" else Fold.PRACTICE, state=state, reason=reason,
            usefulness=usefulness,
        )  # fmt: skip

    def many(self, count: int) -> list[Pair]:
        """So many more, of the same passages."""
        made = [
            self._pair(1, n % len(TERMS), f"Practice question {n} about paying?", "", "faq",
                       PairSource.DOCUMENT, 0.4 - n / (10 * count))
            for n in range(count)
        ]  # fmt: skip
        self.pairs.add(self.assistant.id, made)
        return made

    def version(self, card: ReportCard) -> Version:
        number = len(self.assistants.versions(self.assistant.id)) + 1
        version = Version(self.assistant.id, number, 1_795_500_000.0, card)
        self.assistants.add_version(version)
        return next(v for v in self.assistants.versions(self.assistant.id) if v.number == number)


MINUTES = {
    "check": 1.2, "questions": 14.0, "review": 0.0, "exam_before": 5.5, "learning": 21.0,
    "exam_after": 5.4, "report": 0.1,
}  # fmt: skip

BETTER = ReportCard(
    Outcome.BETTER,
    "Right answers: 71 → 78 of 100, likely between +2 and +12. Nothing else got clearly worse.",
    (
        Measure("right", 0.71, 0.78, 0.021, 0.118, 164),
        Measure("found", 0.80, 0.86, 0.02, 0.10, 141),
        Measure("found_in_five", 0.93, 0.95, -0.01, 0.05, 141),
        Measure("cited", 0.88, 0.89, -0.02, 0.04, 141),
        Measure("refused_right", 0.65, 0.74, -0.04, 0.21, 23),
        Measure("refused_wrong", 0.06, 0.05, -0.03, 0.02, 141),
        Measure("seconds", 1.31, 1.34, None, None, 164),
    ),
    (
        TunedPart("mix", True, "Kept, because it helps: right page found first, 80 → 84 of 100 on 60"
                  " tuning questions.", 0.80, 0.84),
        TunedPart("query", False, "Left as it was, because it did not help enough: right page found"
                  " first, 84 → 84 of 100 on 60 tuning questions.", 0.84, 0.84),
        TunedPart("reader", True, "Kept, because it helps: right words, 52 → 61 of 100 on 60 tuning"
                  " questions.", 0.52, 0.61),
    ),
    tuple(
        Changed(f"{ask} Asked as question {n}", right, before, right, n == 1)
        for n, (ask, right, before) in enumerate((
            ("How long is the guarantee on grout?", "two years", ""),
            ("Who signs for deliveries above 5,000 €?", "the managing director", "the driver"),
            ("What does a call-out cost?", "48 € net", "45 € net"),
            ("When is stock-taking?", "the first week of January", ""),
            ("How many days of holiday do apprentices have?", "28 days", "25 days"),
            ("What is the PIN of the safe?", "", "1234"),
            ("Who has the key of the van?", "the dispatcher", ""),
        ), 1)
    ),
    (Changed("What is the ZX-9 rated for?", "200 bar", "200 bar", "20 bar"),),
    practice=412, confirmed=26, exam=164, documents=42, teacher="qwen3:4b", minutes=MINUTES,
    notes=(("How often it says “not in your documents” where that is right was measured on 23"
           " questions only: a fall counts there when it is more than chance explains."),),
)  # fmt: skip

NO_GAIN = ReportCard(
    Outcome.NO_GAIN,
    "No clear difference: 71 → 72 of 100, likely between −3 and +5. Your old one stays.",
    (
        Measure("right", 0.71, 0.72, -0.03, 0.05, 120),
        Measure("found", 0.80, 0.80, -0.01, 0.01, 100),
        Measure("cited", None, None),
        Measure("refused_right", 0.65, 0.60, -0.2, 0.1, 20),
    ),
    (TunedPart("reader", False, "Left as it was, because it got worse.", 0.61, 0.58),),
    practice=98, exam=120, documents=9, minutes={"check": 1.0, "learning": 12.0},
)  # fmt: skip
