"""The scripts that make the search model and the reader, as they are started."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("onnx")

MODELS = Path(__file__).resolve().parents[2] / "assets" / "models"
READER = MODELS / "minilm-reader"
FEEDS = """
import hashlib, sys
from pathlib import Path
from tokenizers import Tokenizer
from make import calibration
tokenizer = Tokenizer.from_file(sys.argv[2])
digest, count = hashlib.sha256(), 0
for feed in calibration(Path(sys.argv[1]), tokenizer):
    count += 1
    for name in sorted(feed):
        digest.update(feed[name].tobytes())
print(count, digest.hexdigest())
"""


def run(*arguments: str, hashing: str = "0") -> str:
    """What a new interpreter prints, started in the reader's folder as a person would."""
    environment = {**os.environ, "PYTHONHASHSEED": hashing}
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=READER,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


@pytest.mark.parametrize("script", ["train.py", "make.py"])
def test_a_script_finds_what_it_stands_on(script: str) -> None:
    assert "CHECKPOINT" in run(script, "--help")


def test_the_search_model_s_script_tells_which_weights_it_wants(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"others")
    script = [sys.executable, str(MODELS / "all-MiniLM-L6-v2" / "make.py"), str(tmp_path)]
    done = subprocess.run(script, capture_output=True, text=True, check=False)
    assert "expected 53aa5117" in done.stderr


def test_what_the_rounding_looks_at_is_the_same_each_time(tmp_path: Path) -> None:
    sys.path.insert(0, str(READER))
    try:
        from data import SHARES  # type: ignore[import-not-found]  # it lies in that folder
    finally:
        sys.path.remove(str(READER))
    names = ("Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Ginkgo", "Hazel")
    for source in SHARES:
        rows = []
        for number in range(60 if source == "nq_qed" else 0):
            here, there = names[number % 8], names[(number + 3) % 8]
            evidence = f"In the yard {here} stands beside {there} and bears {number} nuts."
            rows.append(
                {
                    "id": f"row {number}",
                    "title": "Trees",
                    "context": f"{evidence} Others are {', '.join(names)}.",
                    "question": f"how many nuts does {here} beside {there} bear",
                    "answer": f"{number} nuts",
                    "evidence": evidence,
                    "kind": "span",
                    "lang": "en",
                }
            )
        with gzip.open(tmp_path / f"{source}.jsonl.gz", "wt", encoding="utf-8") as file:
            file.writelines(json.dumps(row) + "\n" for row in rows)
    tokenizer = str(MODELS / "all-MiniLM-L6-v2" / "tokenizer.json")
    told = {run("-c", FEEDS, str(tmp_path), tokenizer, hashing=seed) for seed in ("1", "2")}
    assert len(told) == 1
    assert int(told.pop().split()[0]) > 60  # edited questions among them
