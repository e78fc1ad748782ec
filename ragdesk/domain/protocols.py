"""What is slow, remote or heavy, behind protocols. SQLite is never hidden and never faked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from .chat import Delta, LoadedModel, Message, Pulled, ServedModel, ServerStatus
from .conversation import Marks
from .document import Page, Reading
from .training import Lesson, WriterLesson

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


class ChatModel(Protocol):
    """A language model that is ready to answer. One answer at a time; safe to call from any thread."""

    name: str
    context: int  # tokens that messages and answer may have together
    thinks: bool  # whether it can think before it answers

    def count(self, messages: Sequence[Message]) -> int:
        """Tokens of `messages` as the model counts them, its own marks around them included."""
        ...

    def chat(
        self,
        messages: Sequence[Message],
        *,
        most: int,
        schema: Mapping[str, Any] | None = None,
        think: bool = False,
        stopped: Callable[[], bool] = lambda: False,
    ) -> Iterator[Delta]:
        """The answer as it is made, of `most` tokens at most, at temperature 0; a `Finish` ends it.

        Nothing is ever cut from what is asked: raises `PromptTooLong` where messages and `most` do
        not fit the context. With `schema` (JSON schema) the text is JSON that keeps to it. When
        `stopped` turns true, or the iterator is closed, the server stops within half a second; in
        the first case the last delta says so. Raises `ServerLost` when the server goes away while it
        answers (what came before it stays true), `ModelFailed` when it says that it cannot.
        """
        ...


class ModelServer(Protocol):
    """Serves language models. Every call raises `ServerMissing` where there is none to ask."""

    name: str

    def status(self) -> ServerStatus:
        """Raises nothing: what is wrong is in `trouble`."""
        ...

    def models(self) -> list[ServedModel]:
        """Those that are here, by name; remote ones are in the list and marked."""
        ...

    def open(self, name: str, adapter: Path | None = None) -> ChatModel:
        """Gets a model ready, with an adapter of the built-in engine where one is given.

        Raises `ModelMissing`, `ModelTooLarge` (more memory than is free), `ModelFailed`, `CloudModel`.
        """
        ...

    def pull(
        self, name: str, on_progress: Callable[[Pulled], None], stopped: Callable[[], bool]
    ) -> None:
        """Fetches a model; when stopped it ends early, and the next call goes on from there.

        Raises `PullFailed` (`FetchFailed` by a server that keeps nothing), `DiskFull`, `CloudModel`.
        """
        ...

    def delete(self, name: str) -> None:
        """Raises `ModelMissing`."""
        ...

    def loaded(self) -> list[LoadedModel]:
        """Those in memory now."""
        ...

    def close(self) -> None:
        """Ends what RagDesk started itself, and nothing else."""
        ...


class ReaderTrainer(Protocol):
    """Tunes the reader in a process of its own, which may be killed at any time."""

    def measure(self, lessons: Sequence[Lesson]) -> tuple[float, float]:
        """Seconds a step and seconds to write the tuned reader, measured or well guessed here.

        Raises `PartMissing` where what tuning needs is not installed.
        """
        ...

    def train(
        self,
        lessons: Sequence[Lesson],
        steps: int,
        seed: int,
        work: Path,
        folder: Path,
        *,
        on_progress: Callable[[int, int], None],
        stopped: Callable[[], bool],
    ) -> bool:
        """Learns `lessons` for `steps` steps and writes a reader's folder; False when it was stopped.

        Checkpoints lie in `work`: killed or stopped, the next call goes on from there and ends in
        the same bytes. Raises `PartMissing`, `ChildDied`, `DiskFull`.
        """
        ...


class WriterTrainer(Protocol):
    """Tunes a language model that writes answers, in a process that may be killed at any time."""

    def measure(
        self, lessons: Sequence[WriterLesson], *, base: Path, start: Path | None
    ) -> tuple[float, int]:
        """Seconds a step, and in how many steps all lessons are learned once.

        Raises `PartMissing` where what tuning needs is not installed, and as `train`.
        """
        ...

    def train(
        self,
        lessons: Sequence[WriterLesson],
        steps: int,
        seed: int,
        work: Path,
        target: Path,
        *,
        base: Path,
        start: Path | None,
        on_progress: Callable[[int, int], None],
        stopped: Callable[[], bool],
    ) -> bool:
        """Learns `lessons` for `steps` steps and writes an adapter; False when it was stopped.

        base: the model's own file, as it is served; start: the adapter that is gone on from, if any.
        Checkpoints lie in `work`: killed or stopped, the next call goes on from there and ends in the
        same bytes. Raises `PartMissing`, `ModelUnusable`, `ChildDied`, `DiskFull`.
        """
        ...
