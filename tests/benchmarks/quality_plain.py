"""What RagDesk's finding is held against: three plain ways to search the same files.

Plain BM25 (rank_bm25) over paragraphs, plain dense search (all-MiniLM-L6-v2 over fixed windows of
256 tokens, 64 of them shared with the next one), and the pipeline that most tutorials build of
langchain's parts (a loader, RecursiveCharacterTextSplitter of 1000 and 200, Chroma). All three
read the files alike, once; both dense ones use the weights that RagDesk ships.
"""

from __future__ import annotations

import hashlib
import re
import uuid
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from ragdesk.adapters.embedder import OnnxEmbedder
from ragdesk.domain.conversation import Hit
from ragdesk.domain.document import Span
from ragdesk.resources import asset
from tests.benchmarks.quality_files import Say, Text

LONGEST_PARAGRAPH = 1000  # characters; a longer one is cut, as langchain cuts
WINDOW, SHARED = 256, 64  # tokens
EMBEDDED_AT_ONCE = 200
_WORD = re.compile("[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]|\\w+")  # unspaced scripts: characters


class Plain(Protocol):
    """One plain way to search."""

    name: str

    def find(self, question: str, limit: int) -> list[Hit]:
        """The best passages, best first."""
        ...


class PlainWords:
    """BM25 (Okapi, k1 1.5, b 0.75) over paragraphs."""

    name = "plain BM25"

    def __init__(self, texts: Sequence[Text]) -> None:
        from rank_bm25 import BM25Okapi

        cut = _recursive(LONGEST_PARAGRAPH, 0)
        self._passages = [
            Text(text.path, text.page, part)
            for text in texts
            for paragraph in re.split(r"\n\s*\n", text.text)
            for part in cut.split_text(paragraph.strip())
        ]
        self._bm25 = BM25Okapi([_words(passage.text) for passage in self._passages])

    def find(self, question: str, limit: int) -> list[Hit]:
        scores = self._bm25.get_scores(_words(question))
        best = np.argsort(-scores, kind="stable")[:limit]
        return _hits([(self._passages[n], float(scores[n])) for n in best])


class PlainDense:
    """Exact cosine over fixed windows."""

    name = "plain dense"

    def __init__(self, texts: Sequence[Text], embeddings: Embeddings) -> None:
        self._embeddings = embeddings
        self._passages = [
            Text(text.path, text.page, window)
            for text in texts
            for window in embeddings.windows(text.text)
        ]
        self._vectors = embeddings.of([passage.text for passage in self._passages])

    def find(self, question: str, limit: int) -> list[Hit]:
        cosines = self._vectors @ self._embeddings.of_question(question)
        best = np.argsort(-cosines, kind="stable")[:limit]
        return _hits([(self._passages[n], float(cosines[n])) for n in best])


class PlainLangchain:
    """`Chroma.from_documents` and `similarity_search`."""

    name = "plain langchain"

    def __init__(self, texts: Sequence[Text], embeddings: Embeddings) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from langchain_chroma import Chroma
            from langchain_core.documents import Document
        documents = [
            Document(text.text, metadata={"path": text.path, "page": text.page or 0})
            for text in texts
        ]
        passages = _recursive(1000, 200).split_documents(documents)
        # In memory, where all of a process share what has one name.
        self._store = Chroma.from_documents(
            passages, _for_langchain(embeddings), collection_name=f"plain-{uuid.uuid4().hex}"
        )

    def find(self, question: str, limit: int) -> list[Hit]:
        found = self._store.similarity_search_with_score(question, k=limit)
        return _hits(
            [
                (
                    Text(one.metadata["path"], one.metadata["page"] or None, one.page_content),
                    1 - distance / 2,  # squared distance of vectors of length 1, as cosine
                )
                for one, distance in found
            ]
        )


class Embeddings:
    """The shipped model; what it made of many texts is kept in `folder`, where there is one."""

    def __init__(self, folder: Path | None, say: Say) -> None:
        self._model = OnnxEmbedder(asset("models", "all-MiniLM-L6-v2"), threads=2)
        self._folder, self._say = folder, say

    def of(self, texts: Sequence[str]) -> Any:
        """float32 (n, 384), rows of length 1."""
        key = hashlib.sha256("\0".join((self._model.name, *texts)).encode()).hexdigest()[:16]
        kept = self._folder / f"vectors-{key}.npy" if self._folder else None
        if kept is not None and kept.exists():
            return np.load(kept)
        parts = []
        for start in range(0, len(texts), EMBEDDED_AT_ONCE):
            self._say(f"embedding {start:,} of {len(texts):,} passages")
            parts.append(self._model.embed(texts[start : start + EMBEDDED_AT_ONCE]))
        vectors = np.concatenate(parts)
        if kept is not None:
            np.save(kept, vectors)
        return vectors

    def of_question(self, question: str) -> Any:
        """float32 (384,), of length 1."""
        return self._model.embed([question])[0]

    def windows(self, text: str) -> list[str]:
        """The text in windows of `WINDOW` tokens, each sharing `SHARED` with the next one."""
        from tokenizers import Tokenizer

        if not hasattr(self, "_tokenizer"):
            self._tokenizer = Tokenizer.from_file(
                str(asset("models", "all-MiniLM-L6-v2", "tokenizer.json"))
            )
            self._tokenizer.no_truncation()
            self._tokenizer.no_padding()
        places = self._tokenizer.encode(text, add_special_tokens=False).offsets
        size, step = WINDOW - 2, WINDOW - 2 - SHARED
        firsts = range(0, max(len(places) - SHARED, 1), step)
        parts = [places[first : first + size] for first in firsts]
        return [text[part[0][0] : part[-1][1]] for part in parts if part]


def _for_langchain(embeddings: Embeddings) -> Any:
    from langchain_core.embeddings import Embeddings as LangchainEmbeddings

    class Shipped(LangchainEmbeddings):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            found: list[list[float]] = embeddings.of(texts).tolist()
            return found

        def embed_query(self, text: str) -> list[float]:
            found: list[float] = embeddings.of_question(text).tolist()
            return found

    return Shipped()


def _recursive(size: int, shared: int) -> Any:
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    return RecursiveCharacterTextSplitter(chunk_size=size, chunk_overlap=shared)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _hits(found: Sequence[tuple[Text, float]]) -> list[Hit]:
    """As the exam wants them: it judges by path, text and page."""
    return [
        Hit(
            rank=rank,
            score=score,
            passage_id="",
            document_id=text.path,
            title="",
            path=text.path,
            paged=text.page is not None,
            position=0,
            text=text.text,
            context="",
            spans=(Span(text.page or 1, 0, len(text.text)),),
            quote=text.text,
        )
        for rank, (text, score) in enumerate(found, 1)
    ]
