"""A works whose people say "the blue press" where its papers say "ZX-9" and nothing else."""

from __future__ import annotations

from ragdesk.domain.training import Fold, Pair, PairSource
from ragdesk.engine.build import NoIndex, build_embedder, build_parts
from ragdesk.engine.tuned import Tuned
from ragdesk.services.retrieve import Retriever
from ragdesk.store.database import Database
from ragdesk.store.passages import Passages
from tests.store.filling import put

# What the papers call each machine, and what its people do.
MACHINES = {
    "ZX-9": "the blue press",
    "KL-4": "the red oven",
    "MR-2": "the green saw",
    "TD-7": "the old lathe",
}

# For each matter: what the papers say of a machine, and how its people ask.
MATTERS = {
    "cleaning": (
        "{} is cleaned with warm water every {} days, and dried with a cloth.",
        "How often is {} cleaned?",
        "When do I have to clean {} again?",
    ),
    "oil": (
        "{} needs {} litres of gear oil a year, filled in at the left side.",
        "How much oil does {} need?",
        "What amount of oil goes into {}?",
    ),
    "noise": (
        "{} is loud: {} decibels at one metre, so ear protection is worn.",
        "How loud is {}?",
        "Do I need ear protection at {}?",
    ),
    "power": (
        "{} draws {} kilowatts and hangs on a fuse of its own.",
        "How much electricity does {} draw?",
        "What fuse does {} hang on?",
    ),
    "weight": (
        "{} weighs {} tonnes and may be lifted at the two front eyes only.",
        "How heavy is {}?",
        "Where may {} be lifted?",
    ),
    "warranty": (
        "The maker of {} gives a warranty of {} months from delivery.",
        "How long is the warranty of {}?",
        "Until when does the maker stand for {}?",
    ),
    "operator": (
        "{} may be operated by people who had {} hours of training.",
        "Who may operate {}?",
        "How much training do I need for {}?",
    ),
    "hall": (
        "{} stands in hall {} beside the southern gate.",
        "Where does {} stand?",
        "In which hall do I find {}?",
    ),
    "spare": (
        "Spare parts of {} lie on shelf {} in the cellar.",
        "Where are the spare parts of {}?",
        "I need a spare part for {}, where is it?",
    ),
    "heat": (
        "{} runs hot: it is stopped at {} degrees and cools for an hour.",
        "At what temperature is {} stopped?",
        "How hot may {} get?",
    ),
    "inspection": (
        "{} is inspected by an engineer every {} weeks, who signs the list.",
        "When is {} inspected?",
        "Who inspects {}?",
    ),
    "price": (
        "{} was bought for {} thousand euros from a dealer in Lyon.",
        "What did {} cost?",
        "From whom was {} bought?",
    ),
    "waste": (
        "Waste of {} goes into bin {} behind the workshop.",
        "Where does the waste of {} go?",
        "Which bin is for {}?",
    ),
    "alarm": (
        "When {} sounds its alarm, dial {} and leave the workshop.",
        "What do I do when {} sounds its alarm?",
        "Which number do I dial when {} rings?",
    ),
    "speed": (
        "{} makes {} pieces an hour with two people at the belt.",
        "How many pieces an hour does {} make?",
        "How fast is {}?",
    ),
    "software": (
        "The software of {} is version {} and is updated over a cable.",
        "Which software does {} run?",
        "How do I update {}?",
    ),
}

# Other matters, each with two questions.
OTHERS = {
    "Everybody has thirty days of leave in a year, five of which may be taken over to the next.": (
        "How many days of leave do I have?",
        "Can I take leave over into the next year?",
    ),
    "Travel is paid back within two weeks when the receipts are handed to bookkeeping.": (
        "When do I get my travel money back?",
        "Who gets the receipts of a journey?",
    ),
    "Orders above five thousand euros are signed by two of the directors.": (
        "Who signs large orders?",
        "How many directors sign an order above five thousand?",
    ),
    "Visitors report at the porter and wear a yellow badge while they are inside.": (
        "Where do visitors report?",
        "What badge do guests wear?",
    ),
    "The canteen is open from eleven to two, and coffee is free all day.": (
        "When is the canteen open?",
        "What does coffee cost?",
    ),
    "Who is ill calls before nine and brings a note from the third day on.": (
        "What do I do when I am ill?",
        "From which day do I need a doctor's note?",
    ),
    "Customers may return goods within thirty days in the box they came in.": (
        "How long can goods be returned?",
        "May a customer send goods back?",
    ),
    "The night shift begins at ten and is paid a quarter more.": (
        "When does the night shift begin?",
        "How much more is paid at night?",
    ),
    "Apprentices are with us for three years and pass a test after two.": (
        "How long is an apprenticeship?",
        "When do apprentices pass their test?",
    ),
    "Passwords have twelve characters and are changed when somebody leaves.": (
        "How long is a password?",
        "When are passwords changed?",
    ),
    "The car park behind the hall is locked at eight in the evening.": (
        "When is the car park locked?",
        "Where can I park?",
    ),
    "Letters are franked until three and fetched by the post at four.": (
        "When does the post come?",
        "Until when are letters franked?",
    ),
    "A pension fund takes four percent of the wage, and the firm doubles it.": (
        "How much goes into the pension fund?",
        "Does the firm add to my pension?",
    ),
    "Suppliers are paid after thirty days, with two percent off after ten.": (
        "When are suppliers paid?",
        "What discount is there for paying early?",
    ),
    "The summer party is on the first Friday of July, families are welcome.": (
        "When is the summer party?",
        "May my family come to the party?",
    ),
    "First aid boxes hang at every gate and are filled up by the porter.": (
        "Where are the first aid boxes?",
        "Who fills up the first aid box?",
    ),
}


class Works:
    """The library of the works, embedded with the real model, and questions about it."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._embedder = build_embedder()
        self.ids: dict[str, str] = {}  # text → document
        for number, text in enumerate([*self._texts().values(), *OTHERS]):
            self.ids[text] = put(database, f"note{number:03}.txt", [text]).document_id or ""
        parts = build_parts(database, self._embedder, NoIndex())
        self.passages: Passages = parts.passages
        missing = self.passages.without_vector(10_000)
        vectors = self._embedder.embed([text for _, text in missing])
        self.passages.save_vectors([number for number, _ in missing], vectors)

    def trial(self, mix: object, query: object) -> Retriever:
        """Search with a mix and a matrix, as the program builds it."""
        tuned = Tuned(mix=mix, query=query)  # type: ignore[arg-type]
        return build_parts(self.database, self._embedder, NoIndex(), tuned=tuned).retriever

    def about(self, code: str, matters: list[str], name: str = "") -> list[Pair]:
        """What its people ask about a machine, two questions a matter; `name` as the papers do."""
        return [
            self._pair(ask.format(name or MACHINES[code]), self._texts()[code, matter])
            for matter in matters
            for ask in MATTERS[matter][1:]
        ]

    def others(self, which: int) -> list[Pair]:
        """The first (0) or the second (1) question about each other matter."""
        return [self._pair(asks[which], text) for text, asks in OTHERS.items()]

    def _texts(self) -> dict[tuple[str, str], str]:
        return {
            (code, matter): sentences[0].format(code, 3 * first + second + 2)
            for first, (matter, sentences) in enumerate(MATTERS.items())
            for second, code in enumerate(MACHINES)
        }

    def _pair(self, question: str, text: str) -> Pair:
        return Pair(
            id=question,
            question=question,
            answer="",
            document_id=self.ids[text],
            position=0,
            source=PairSource.PERSON,
            kind="fact",
            fold=Fold.PRACTICE,
        )
