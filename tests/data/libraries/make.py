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

from ragdesk.store.conversations import Conversations  # noqa: E402
from ragdesk.store.database import FORMAT, Database  # noqa: E402
from ragdesk.store.home import Home  # noqa: E402
from tests.store.filling import put  # noqa: E402


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder))
        home.make()
        database = Database.for_writing(home)
        put(
            database,
            "papers/lease.txt",
            ["The notice period is three months.", "Rent is due early."],
        )
        put(database, "papers/saw.txt", ["The wet saw is serviced every six months."])
        Conversations(database).ask("How long is the notice period?", "", None)
        database.forget()
        database.close()
        target = Path(__file__).with_name(f"format-{FORMAT}.db")
        target.write_bytes(home.library.read_bytes())


if __name__ == "__main__":
    main()
