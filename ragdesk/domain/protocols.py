"""What is slow, remote or heavy, behind protocols. SQLite is never hidden and never faked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from .conversation import Marks
from .document import Page, Reading

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Vectors = npt.NDArray[np.float32]  # shape (n, dimensions), rows of length 1


class Parser(Protocol):
    """Reads one family of formats; runs only inside a process of the parser pool."""

    kinds: tuple[str, ...]

    def parse(self, path: Path, password: str | None) -> Iterator[Page | Reading]:
        """Yields the pages in order, then exactly one `Reading`. Raises nothing it can name."""
        ...


class Embedder(Protocol):
    """Turns texts into vectors of length 1."""

    name: str  # model and build, stored with every vector: another name is another model
    dimensions: int
    max_tokens: int

    def token_count(self, text: str) -> int:
        """Tokens of `text` as the model counts them, special ones included."""
        ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """float32 (len(texts), dimensions), in the order given. No text may exceed `max_tokens`."""
        ...

    def embed_question(self, question: str) -> Vectors:
        """float32 (dimensions,) of a question, to be held against vectors of `embed`.

        Some models want to be told which of the two a text is.
        """
        ...


class Index(Protocol):
    """Nearest vectors by number. Derived from the store: may be thrown away at any time.

    A vector's number (`seq`) is its row in `vectors`, rising, never used twice.
    """

    def covered(self) -> int:
        """The highest number in the live generation, 0 while there is no healthy one."""
        ...

    def search(self, vector: Vectors, limit: int) -> list[tuple[int, float]]:
        """(number, cosine) of the nearest, best first, from the live generation. Empty without one.

        `vector` has shape (dimensions,).
        """
        ...

    def warm(self) -> None:
        """Gets ready, so that the first search need not wait; harmless without a generation."""
        ...

    def build(self, upto: int) -> bool:
        """Builds, verifies and publishes a generation of all vectors up to `upto`; False if it failed."""
        ...

    def close(self) -> None:
        """Ends its processes."""
        ...


class ChildProcess(Protocol):
    """A started child that speaks JSON lines (see `engine.child`)."""

    pid: int

    def send(self, message: dict[str, Any]) -> None:
        """Writes one line. Raises `ChildDied`."""
        ...

    def receive(self, timeout: float) -> dict[str, Any]:
        """Reads one line. Raises `ChildDied` or `ChildTimedOut`."""
        ...

    def kill(self) -> None:
        """Ends it at once and collects it; harmless when it is gone already."""
        ...

    def close(self, timeout: float = 5.0) -> None:
        """Closes its input, waits, and kills it if it stays."""
        ...


class Spawn(Protocol):
    """Starts `python -m module arguments…` as a limited child."""

    def __call__(
        self,
        module: str,
        arguments: Sequence[str] = (),
        *,
        memory_bytes: int | None = None,
        file_bytes: int | None = None,
        nice: int = 0,
    ) -> ChildProcess: ...


class Reader(Protocol):
    """Marks the very words of a passage that answer a question, or says that they are not there."""

    name: str

    def read(self, question: str, passages: Sequence[tuple[str, str]]) -> list[Marks]:
        """What each passage (its title and headings, its text) says; places are in the text.

        As many as `passages`, in their order. A text longer than the model reads is read in parts.
        """
        ...
