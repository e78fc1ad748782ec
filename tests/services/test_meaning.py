"""Two search models over one library: what each finds, on one scale, and what happens when one comes or goes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from ragdesk.services.embed import embed_waiting, is_waiting
from ragdesk.services.ingest import told
from ragdesk.services.meaning import Meaning, Sight
from ragdesk.services.retrieve import Retriever
from ragdesk.settings import LANGUAGES_MODEL
from ragdesk.store.judgements import Learned
from ragdesk.store.passages import Passages
from ragdesk.store.vectors import Serves
from tests.fakes_embedder import FakeEmbedder
from tests.fakes_index import MemoryIndex
from tests.store.filling import MODEL

from .conftest import Library

# German, Spanish and English words that mean one thing.
MEANT = {
    "fliese": "tile", "fliesen": "tile", "baldosa": "tile", "baldosas": "tile", "tiles": "tile",
    "garantie": "guarantee", "garantía": "guarantee", "guaranteed": "guarantee",
    "jahre": "years", "años": "years", "für": "for", "por": "for",
}  # fmt: skip
MARKS = {"der": "de", "die": "de", "und": "de", "el": "es", "las": "es", "y": "es"}

GERMAN = "Die Fliesen und die Garantie: für zehn Jahre, und das ist nicht wenig."
SPANISH = "Las baldosas y la garantía: por diez años, y no es poco para las personas."
ENGLISH = "The tiles are guaranteed, and it is for ten years, which is not little."
GERMAN_FILLER = [
    f"Der Garten und der Fluss sind nicht weit, und es ist Tag {n}." for n in range(40)
]
SPANISH_FILLER = [f"El jardín y el río no están lejos, y es el día {n} del mes." for n in range(40)]
ENGLISH_FILLER = [f"The garden and the river are not far, and it is day {n}." for n in range(40)]


class Polyglot(FakeEmbedder):
    """Knows what words of other languages mean.

    As with real ones of its kind, all texts lie near each other, those in one language nearer
    still, and those in some languages (here Spanish) farther from all others.
    """

    def __init__(self) -> None:
        super().__init__(LANGUAGES_MODEL)
        self._common = np.random.default_rng(1).standard_normal(self.dimensions)
        german = np.random.default_rng(2).standard_normal(self.dimensions)
        self._of = {"de": german, "es": -2.5 * self._common}

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        rows = []
        for text in texts:
            words = [word.strip(".,:;?") for word in text.lower().split()]
            meant = " ".join(MEANT.get(word, word) for word in words)
            row = super().embed([meant])[0].astype(np.float64)
            row += 0.09 * self._common
            lean = {MARKS[word] for word in words if word in MARKS}
            row += 0.02 * sum((self._of[lang] for lang in lean), np.zeros(self.dimensions))
            rows.append(row / np.linalg.norm(row))
        return np.array(rows, np.float32).reshape(len(rows), self.dimensions)


class Steps:
    """Runs to the end, or stops after so many batches."""

    def __init__(self, most: int = 10_000) -> None:
        self._left = most
        self.told: list[tuple[int, int]] = []

    def stopped(self) -> bool:
        return self._left <= 0

    def progress(self, done: int, total: int) -> None:
        self._left -= 1
        self.told.append((done, total))


class TwoModels:
    def __init__(self, library: Library, home: Path) -> None:
        self.library = library
        self.learned = Learned(library.database)
        own = Passages(library.database, MODEL, Serves.ENGLISH)
        self.english = Sight(own, library.embedder, library.index)
        others = Passages(library.database, LANGUAGES_MODEL, Serves.OTHERS)
        self.index = MemoryIndex(home / "library.db", LANGUAGES_MODEL)
        self.others = Sight(others, Polyglot(), self.index)
        self.alone = Sight(Passages(library.database, MODEL), library.embedder, library.index)
        self.retriever = Retriever(
            library.passages, library.documents, library.embedder, library.index, self.others
        )

    def add(self, path: str, *texts: str) -> None:
        place = self.library.add(path, *texts)
        passages = self.library.passages.of_document(place.document_id or "")
        self.library.passages.save(place.document_id or "", passages, *told(passages))

    def embed(self, steps: Steps | None = None) -> int:
        return embed_waiting([self.english, self.others], self.learned, steps or Steps())

    def models(self) -> dict[str, set[str]]:
        """Path → the models that its vectors are of."""
        rows = self.library.database.read(
            "SELECT p.path, v.model FROM places p JOIN passages a ON a.document_id = p.document_id"
            " JOIN vectors v ON v.passage_number = a.number"
        )
        found: dict[str, set[str]] = {}
        for row in rows:
            found.setdefault(row["path"], set()).add(row["model"])
        return found

    def find(self, question: str) -> list[str]:
        return [hit.path for hit in self.retriever.retrieve(question)]


@pytest.fixture
def two(library: Library, tmp_path: Path) -> TwoModels:
    return TwoModels(library, tmp_path / "home")


def fill(two: TwoModels) -> None:
    two.add("garten.txt", *GERMAN_FILLER)
    two.add("jardin.txt", *SPANISH_FILLER)
    two.add("garden.txt", *ENGLISH_FILLER)


def test_each_document_has_the_model_that_knows_its_language(two: TwoModels) -> None:
    fill(two)
    two.add("numbers.txt", "12.50 | 13.75")
    two.embed()
    assert two.models() == {
        "garten.txt": {LANGUAGES_MODEL},
        "jardin.txt": {LANGUAGES_MODEL},
        "garden.txt": {MODEL},
        "numbers.txt": {MODEL},
    }
    [placed] = [d for d in two.library.documents.all() if d.place.path == "garten.txt"]
    assert placed.document is not None
    assert (placed.document.lang, placed.document.model) == ("de", LANGUAGES_MODEL)
    assert placed.document.found_by == "meaning"
    assert not is_waiting([two.english, two.others], two.learned)


def test_a_question_finds_what_stands_in_another_language(two: TwoModels) -> None:
    fill(two)
    two.add("fliesen.txt", GERMAN)
    two.embed()
    question = "how many years guarantee for a tile"
    assert two.find(question)[0] == "fliesen.txt"
    alone = Meaning(two.library.passages, two.library.embedder, two.library.index)
    number = two.library.passages.highest_vector()
    assert number not in alone.near(question, None)


def test_english_is_left_as_it_is(two: TwoModels) -> None:
    two.add("garden.txt", *ENGLISH_FILLER)
    two.add("tiles.txt", ENGLISH)
    two.embed()
    question = "are tiles guaranteed for ten years?"
    alone = Retriever(
        two.library.passages, two.library.documents, two.library.embedder, two.library.index
    )
    before = [(hit.path, hit.score, hit.by_meaning) for hit in alone.retrieve(question)]
    two.add("garten.txt", *GERMAN_FILLER)
    two.embed()
    after = [
        (hit.path, hit.by_meaning)
        for hit in two.retriever.retrieve(question)
        if hit.path != "garten.txt"
    ]
    assert after == [(path, near) for path, _, near in before][: len(after)]
    assert after[0][0] == "tiles.txt"


def test_high_cosines_of_the_second_model_hide_no_english_passage(two: TwoModels) -> None:
    fill(two)
    two.add("tiles.txt", ENGLISH)
    two.embed()
    question = "tiles guaranteed for ten years"
    raw = two.others.near(question, None)
    assert min(raw.values()) > max(two.english.near(question, None).values()) - 0.1
    meaning = Meaning(two.library.passages, two.library.embedder, two.library.index, two.others)
    near = meaning.near(question, None)
    best = max(near, key=lambda number: near[number])
    assert two.library.passages.get([best])[best].path == "tiles.txt"


def test_where_no_document_is_in_the_language_asked_none_is_hidden(two: TwoModels) -> None:
    two.add("garten.txt", *GERMAN_FILLER)
    two.add("jardin.txt", *SPANISH_FILLER)
    two.add("fliesen.txt", GERMAN)
    two.add("baldosas.txt", SPANISH)
    two.embed()
    meaning = Meaning(two.library.passages, two.library.embedder, two.library.index, two.others)
    near = meaning.near("tile guarantee years for", None)
    best = sorted(near, key=lambda number: -near[number])[:2]
    paths = {stored.path for stored in two.library.passages.get(best).values()}
    assert paths == {"fliesen.txt", "baldosas.txt"}


def test_when_the_model_comes_later_the_old_vectors_answer_until_then(two: TwoModels) -> None:
    fill(two)
    two.add("fliesen.txt", GERMAN)
    assert embed_waiting([two.alone], two.learned, Steps()) == 121
    assert set().union(*two.models().values()) == {MODEL}
    assert is_waiting([two.english, two.others], two.learned)
    two.embed(Steps(1))  # stopped after the first batch
    found = two.retriever.retrieve("Fliesen Garantie Jahre")
    assert all(hit.by_meaning is not None for hit in found)
    assert two.models()["garten.txt"] >= {MODEL}
    steps = Steps()
    two.embed(steps)
    assert steps.told[-1][0] == steps.told[-1][1]
    assert two.models()["garten.txt"] == {LANGUAGES_MODEL}
    assert two.models()["garden.txt"] == {MODEL}
    assert two.find("how many years guarantee for a tile")[0] == "fliesen.txt"


def test_when_the_model_goes_the_english_one_takes_over(two: TwoModels) -> None:
    fill(two)
    two.embed()
    assert is_waiting([two.alone], two.learned)
    embed_waiting([two.alone], two.learned, Steps())
    assert set().union(*two.models().values()) == {MODEL}


def test_the_index_of_each_model_holds_its_own(two: TwoModels) -> None:
    fill(two)
    two.add("fliesen.txt", GERMAN)
    two.embed()
    question = "how many years guarantee for a tile"
    before = two.find(question)
    for sight in (two.english, two.others):
        sight.index.build(sight.passages.highest_vector())
        assert sight.newer() == 0
    assert two.find(question) == before


@pytest.mark.parametrize("texts", [[GERMAN], [GERMAN] * 100, ["Der"], ["und"] * 40])
def test_few_passages_and_equal_ones_have_a_scale_too(two: TwoModels, texts: list[str]) -> None:
    two.add("a.txt", *texts)
    two.embed()
    found = two.retriever.retrieve("Garantie")
    assert found == [] or all(np.isfinite(hit.score) for hit in found)


def test_the_sample_of_a_model_is_drawn_anew_only_for_its_own_vectors(
    two: TwoModels, monkeypatch: pytest.MonkeyPatch
) -> None:
    two.add("garten.txt", *GERMAN_FILLER)
    two.embed()
    passages = two.others.passages
    drawn: list[int] = []
    sample = passages.sample

    def noted() -> tuple[list[str], npt.NDArray[np.float32]]:
        drawn.append(1)
        return sample()

    monkeypatch.setattr(passages, "sample", noted)
    before = two.others.background("Garten", "de")
    two.add("garden.txt", *ENGLISH_FILLER)
    two.embed()
    assert two.others.background("Garten", "de") == before
    assert len(drawn) == 1
    two.add("jardin.txt", *SPANISH_FILLER)
    two.embed()
    two.others.background("Garten", "de")
    assert len(drawn) == 2


def test_sentences_are_compared_by_the_model_that_knows_their_language(two: TwoModels) -> None:
    fill(two)
    meaning = two.retriever._meaning
    question = "Are the tiles guaranteed for years?"
    near, far = [GERMAN], [GERMAN_FILLER[0]]
    vector, (shift, factor), embed = meaning.comparing(question, "de")
    assert shift + factor * float(embed(near)[0] @ vector) > 0.3
    assert abs(shift + factor * float(embed(far)[0] @ vector)) < 0.3  # as of a passage at random
    vector, scale, embed = meaning.comparing(question, "en")
    assert scale == (0.0, 1.0)
    assert float(embed(near)[0] @ vector) < 0.2
