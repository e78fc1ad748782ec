"""Makes `format-<n>.db` of the present format, before a migration makes it old.

    python tests/data/libraries/make.py

Run it on the last commit of a format, and commit the file: `tests/store/test_migrations.py` opens
every one of them with the present program.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT))

from ragdesk.domain.assistant import Measure, Outcome, ReportCard, Version  # noqa: E402
from ragdesk.domain.document import Span  # noqa: E402
from ragdesk.domain.training import Fold, Pair, PairSource, PairState  # noqa: E402
from ragdesk.store.assistants import Assistants  # noqa: E402
from ragdesk.store.conversations import Conversations  # noqa: E402
from ragdesk.store.database import FORMAT, Database  # noqa: E402
from ragdesk.store.home import Home  # noqa: E402
from ragdesk.store.pairs import Pairs  # noqa: E402
from tests.store.filling import put  # noqa: E402


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder))
        home.make()
        database = Database.for_writing(home)
        lease = put(
            database,
            "papers/lease.txt",
            ["The notice period is three months.", "Rent is due early."],
        )
        put(database, "papers/saw.txt", ["The wet saw is serviced every six months."])
        Conversations(database).ask("How long is the notice period?", "", None)
        _assistant(database, lease.document_id or "")
        database.forget()
        database.close()
        target = Path(__file__).with_name(f"format-{FORMAT}.db")
        target.write_bytes(home.library.read_bytes())


def _assistant(database: Database, document_id: str) -> None:
    """An assistant with a version that answers, and a practice question that a person confirmed."""
    assistants = Assistants(database)
    made = assistants.create("Leases", None)
    right = Measure("right", 0.5, 0.75, 0.05, 0.4, 40)
    card = ReportCard(Outcome.BETTER, "Right answers rose.", (right,), exam=40, documents=2)
    assistants.add_version(Version(made.id, 1, 1_790_000_000.0, card))
    assistants.use(made.id, 1)
    pair = Pair(
        "lease-notice",
        "How long is the notice period?",
        "three months",
        document_id,
        0,
        quote="The notice period is three months.",
        spans=(Span(1, 0, 34),),
        start=21,
        end=33,
        source=PairSource.PERSON,
        kind="fact",
        fold=Fold.PRACTICE,
        state=PairState.RIGHT,
    )
    Pairs(database).add(made.id, [pair])


if __name__ == "__main__":
    main()
