"""A small library on several shelves, and what routes in it."""

from __future__ import annotations

from dataclasses import replace

from ragdesk.domain.conversation import Answer, Citation, Judgement, ShelfChance
from ragdesk.domain.document import Span
from ragdesk.services.fit import RouterFitter
from ragdesk.services.route import Router
from ragdesk.store.contents import Contents
from ragdesk.store.conversations import Conversations
from ragdesk.store.judgements import Judgements, Learned
from tests.store.filling import MODEL

from .conftest import Library

TEXTS = {
    "Tiles": (
        "Bathroom tiles are guaranteed for ten years against cracks",
        "Grout for tiles is sold in bags of five kilos",
        "We lay tiles of stone and glass in bathroom and kitchen",
    ),
    "Dogs": (
        "Dogs are walked twice a day in the park",
        "Puppies eat four small meals until they are six months old",
        "A kennel place for dogs costs twenty a night",
    ),
    "Taxes": (
        "The tax return is filed by the bookkeeper before the end of May",
        "Receipts for tax are kept in the archive for seven years",
        "Value added tax is paid every quarter",
    ),
}


class Desk:
    """A library whose shelves hold `TEXTS`, read and embedded, nothing learned yet."""

    def __init__(self, library: Library, texts: dict[str, tuple[str, ...]] | None = None) -> None:
        self.library = library
        self.contents = Contents(library.database, MODEL)
        self.learned = Learned(library.database)
        self.judgements = Judgements(library.database)
        self.conversations = Conversations(library.database)
        self.router = Router(self.contents, library.passages, self.learned)
        self.fitter = RouterFitter(
            self.router,
            self.contents,
            library.passages,
            self.judgements,
            self.conversations,
            self.learned,
            library.embedder,
        )
        self.shelves: dict[str, str] = {}
        self.documents: dict[str, str] = {}
        for name, some in (TEXTS if texts is None else texts).items():
            self.shelve(name, *some)
        library.embed()

    def shelve(self, name: str, *texts: str) -> None:
        """Puts one document with these texts on a shelf, made where it is missing."""
        if name not in self.shelves:
            self.shelves[name] = self.library.collections.create(name).id
        path = f"{name}-{len(self.library.documents.all())}.txt"
        place = self.library.add(path, *texts, shelf=self.shelves[name])
        self.documents.setdefault(name, str(place.document_id))

    def chances(self, question: str) -> tuple[ShelfChance, ...]:
        return self.router.chances(question, self.library.embedder.embed([question])[0])

    def led(self, question: str) -> str:
        """The name of the likeliest shelf."""
        return self.chances(question)[0].name

    def chance(self, question: str, name: str) -> float:
        return next(c.chance for c in self.chances(question) if c.name == name)

    def say(self, question: str, name: str) -> None:
        """A person says that the answer stands on a shelf."""
        number = self.judgements.count()
        self.judgements.save(
            Judgement(
                f"turn {number}",
                question,
                "right",
                document_id=self.documents[name],
                collection_id=self.shelves[name],
                made_at=number + 1.0,
            )
        )

    def say_wrong(self, question: str, shown: str) -> None:
        """A person says that an answer is wrong which came from a shelf, and no more."""
        turn = self.conversations.ask(question, "", None)
        citation = Citation(1, self.documents[shown], "a", "a", False, (Span(1, 0, 3),), "a")
        answer = Answer("a [1]", None, False, "quote", 0.5, (citation,))
        self.conversations.save_answer(turn.id, replace(answer, shelves=self.chances(question)))
        self.judgements.save(Judgement(turn.id, question, "wrong"))
