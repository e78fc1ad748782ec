"""Texts to vectors: the shipped model on onnxruntime, and any other one on sentence-transformers.

Neither cuts a text unnoticed. One that is longer than the model reads is embedded in windows, and
its vector is their mean, weighted by tokens. The splitter keeps passages below that length.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import threading
import unicodedata
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import ModelUnusable, PartMissing

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Vectors = npt.NDArray[np.float32]


class OnnxEmbedder:
    """The model of a folder made as one of those in `assets/models`. Safe for many threads.

    `model.json` may name what is to stand before a passage and before a question; a file
    `characters.json` beside it, which characters are replaced before the tokenizer sees them.

    Each text is run by itself: no padding is computed, what one text needs stays in the
    processor's cache (a fifth faster than batches of 16), and its vector depends on no neighbour.
    Several texts are shared out over `threads` threads, on Linux at priority `nice`; a single one,
    which is a question, runs at once in the thread that asks.
    """

    def __init__(self, folder: Path, threads: int = 1, nice: int = 0) -> None:
        """Reads the description only; the model is loaded when it is first needed.

        Raises `ModelUnusable`.
        """
        self._folder = folder
        try:
            about = json.loads((folder / "model.json").read_text(encoding="utf-8"))
            self.name = str(about["name"])
            self.dimensions = int(about["dimensions"])
            self.max_tokens = int(about["max_tokens"])
            self._before_passage = str(about.get("passage", ""))
            self._before_question = str(about.get("question", ""))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ModelUnusable(path=str(folder), detail=str(error)) from error
        self._threads, self._nice = threads, nice
        self._lock = threading.Lock()
        self._parts: _Parts | None = None
        self._pool: ThreadPoolExecutor | None = None

    def token_count(self, text: str) -> int:
        """Tokens of `text` as the model counts them, special ones included."""
        return len(self._loaded().ids(self._before_passage + text))

    def embed(self, texts: Sequence[str]) -> Vectors:
        """float32 (len(texts), dimensions), rows of length 1, in the order given."""
        import numpy as np

        self._loaded()
        texts = [self._before_passage + text for text in texts]
        if len(texts) > 1:
            rows = list(self._workers().map(self._embed_one, texts))
        else:
            rows = [self._embed_one(text) for text in texts]
        return np.array(rows, dtype=np.float32).reshape(len(rows), self.dimensions)

    def embed_question(self, question: str) -> Vectors:
        """float32 (dimensions,), of length 1: what the passages' vectors are held against."""
        return self._embed_one(self._before_question + question)

    def _embed_one(self, text: str) -> Vectors:
        import numpy as np

        parts = self._loaded()
        first, *body, last = parts.ids(text)
        room = self.max_tokens - 2
        total = np.zeros(self.dimensions, dtype=np.float32)
        for start in range(0, max(len(body), 1), room):
            window = body[start : start + room]
            ids = np.array([[first, *window, last]], dtype=np.int32)
            total += (len(window) + 1) * parts.session.run(None, {"input_ids": ids})[0][0]
        vector: Vectors = total / np.linalg.norm(total)
        return vector

    def _loaded(self) -> _Parts:
        """Raises `ModelUnusable`."""
        with self._lock:
            if self._parts is None:
                self._parts = self._load()
            return self._parts

    def _load(self) -> _Parts:
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        # Threads share out texts, not the halves of one product: idle ones would only spin.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            tokenizer = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
            replaced = _replaced(self._folder / "characters.json")
            session = onnxruntime.InferenceSession(
                str(self._folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:
            raise ModelUnusable(path=str(self._folder), detail=str(error)) from error
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return _Parts(tokenizer, session, replaced)

    def _workers(self) -> ThreadPoolExecutor:
        with self._lock:
            if self._pool is None:
                self._pool = ThreadPoolExecutor(
                    self._threads, thread_name_prefix="embed", initializer=self._lower_priority
                )
            return self._pool

    def _lower_priority(self) -> None:
        if self._nice and sys.platform == "linux":  # elsewhere priority belongs to the process
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), self._nice)


@dataclass(frozen=True, slots=True)
class _Parts:
    """A loaded model."""

    tokenizer: Any
    session: Any
    replaced: dict[int, str]  # by code point

    def ids(self, text: str) -> list[int]:
        """Token numbers, special ones included."""
        if self.replaced:
            text = unicodedata.normalize("NFC", text).translate(self.replaced)
        ids: list[int] = self.tokenizer.encode(text).ids
        return ids


def _replaced(path: Path) -> dict[int, str]:
    if not path.exists():
        return {}
    listed: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return {int(code): instead for code, instead in listed.items()}


class SentenceTransformerEmbedder:
    """A sentence-transformers model in a folder (extra `tuning`). Runs no code of that folder."""

    def __init__(self, folder: Path, threads: int | None = None) -> None:
        """Loads the model, which takes seconds. Raises `PartMissing` or `ModelUnusable`.

        `threads` sets torch's number of threads for the whole process; None leaves it.
        """
        _check_folder(folder)
        try:
            import torch
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise PartMissing(
                part="sentence-transformers",
                how='Set RagDesk up with its part "tuning", or use the model that comes with it.',
            ) from error
        if threads is not None:
            torch.set_num_threads(threads)
        try:
            self._model = SentenceTransformer(
                str(folder), device="cpu", local_files_only=True, trust_remote_code=False
            )
            self.dimensions = len(self._model.encode("a", show_progress_bar=False))
        except Exception as error:
            raise ModelUnusable(path=str(folder), detail=str(error)) from error
        self._tokenizer: Any = self._model.tokenizer
        if not getattr(self._tokenizer, "is_fast", False):
            raise ModelUnusable(path=str(folder), detail="its tokenizer gives no positions")
        self.name = f"{folder.resolve().name}-{_digest(folder)}"
        self.max_tokens = int(self._model.max_seq_length or 512)

    def token_count(self, text: str) -> int:
        """Tokens of `text` as the model counts them, special ones included."""
        return len(self._tokenizer(text, truncation=False, verbose=False)["input_ids"])

    def embed(self, texts: Sequence[str]) -> Vectors:
        """float32 (len(texts), dimensions), rows of length 1, in the order given."""
        import numpy as np

        pieces = [
            (number, *piece) for number, text in enumerate(texts) for piece in self._windows(text)
        ]
        sums = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        if pieces:
            vectors = self._model.encode(
                [text for _, text, _ in pieces],
                batch_size=16,
                show_progress_bar=False,
                normalize_embeddings=True,
            )
            for (number, _, weight), vector in zip(pieces, vectors, strict=True):
                sums[number] += weight * vector
        lengths: Vectors = np.linalg.norm(sums, axis=1, keepdims=True)
        return sums / lengths

    def embed_question(self, question: str) -> Vectors:
        """float32 (dimensions,), of length 1."""
        vector: Vectors = self.embed([question])[0]
        return vector

    def _windows(self, text: str) -> Iterator[tuple[str, int]]:
        """Pieces of `text` that the model reads whole, with their weights."""
        count = self.token_count(text)
        if count <= self.max_tokens:
            yield text, 1
            return
        encoded = self._tokenizer(
            text,
            add_special_tokens=False,
            return_offsets_mapping=True,
            truncation=False,
            verbose=False,
        )
        offsets = encoded["offset_mapping"]
        # A word that is cut in two may count a few more when it is read again.
        room = (self.max_tokens - (count - len(offsets))) * 9 // 10
        for start in range(0, len(offsets), room):
            part = offsets[start : start + room]
            yield text[part[0][0] : part[-1][1]], len(part)


def _check_folder(folder: Path) -> None:
    """Raises `ModelUnusable` unless `folder` holds a model that loads without running its code."""
    try:
        modules = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
        foreign = [
            kind
            for kind in (str(module["type"]) for module in modules)
            if not kind.startswith("sentence_transformers.")
        ]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelUnusable(path=str(folder), detail=str(error)) from error
    if foreign:
        # Releases before 6 ran such code of a local folder without asking.
        raise ModelUnusable(path=str(folder), detail=f"it wants to run code of its own: {foreign}")
    if not any(folder.rglob("*.safetensors")):
        # The older format, a pickle, runs code when it is read.
        raise ModelUnusable(path=str(folder), detail="it holds no .safetensors file")


def _digest(folder: Path) -> str:
    """Eight hex digits of the SHA-256 over all weights: tuned again, a model is another model."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.safetensors")):
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:8]
