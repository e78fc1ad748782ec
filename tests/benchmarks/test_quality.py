"""The bench of quality on small files of its own: what it reads, finds, judges and prints."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ragdesk.domain.conversation import Mark, Marks
from ragdesk.domain.examination import Evidence, ExamQuestion
from ragdesk.services.examine import found_of
from ragdesk.services.score import Bin
from tests.benchmarks.measure import ROOT
from tests.benchmarks.quality import Side, chosen, groups, scored
from tests.benchmarks.quality_files import Text, read, read_set
from tests.benchmarks.quality_plain import Embeddings, PlainDense, PlainLangchain, PlainWords
from tests.benchmarks.quality_reading import said
from tests.benchmarks.quality_table import bins_table, side_by_side

RIVERS = "\n\n".join(
    f"The river of valley {n} is crossed by a bridge of stone. " * 3 for n in range(20)
)
FACT = "The warranty on every tile lasts ten years from the day of delivery."
TEXTS = [Text("docs/rivers.txt", None, RIVERS), Text("docs/tiles.pdf", 3, f"Tiles.\n\n{FACT}")]
QUESTION = "How long does the warranty on a tile last?"


def nothing(words: str) -> None:
    """Says nothing."""


def test_each_plain_way_finds_what_stands_there(tmp_path: Path) -> None:
    embeddings = Embeddings(tmp_path, nothing)
    sides = [PlainWords(TEXTS), PlainDense(TEXTS, embeddings), PlainLangchain(TEXTS, embeddings)]
    for side in sides:
        hits = side.find(QUESTION, 3)
        assert [hit.rank for hit in hits] == [1, 2, 3], side.name
        assert (hits[0].path, hits[0].page) == ("docs/tiles.pdf", 3), side.name
        assert FACT in hits[0].text, side.name
        assert hits[0].score > hits[1].score > 0 or side.name == "plain BM25", side.name


def test_words_of_scripts_without_spaces_are_found() -> None:
    texts = [
        Text("docs/a.txt", None, "狗在公园里跑步。"),
        Text("docs/b.txt", None, "瓷砖保修十年。"),
    ]
    texts += [Text(f"docs/{n}.txt", None, f"Bridge {n}") for n in range(3)]
    assert PlainWords(texts).find("保修多少年?", 1)[0].path == "docs/b.txt"


def test_windows_share_tokens_and_leave_nothing_out(tmp_path: Path) -> None:
    embeddings = Embeddings(None, nothing)
    words = [f"word{n}" for n in range(400)]
    windows = embeddings.windows(" ".join(words))
    assert len(windows) > 2
    assert set(" ".join(windows).split()) >= set(words)
    assert set(windows[0].split()) & set(windows[1].split())
    assert embeddings.windows("") == []


def test_vectors_are_kept_for_the_next_run(tmp_path: Path) -> None:
    first = Embeddings(tmp_path, nothing).of(["one", "two"])
    said: list[str] = []
    again = Embeddings(tmp_path, said.append).of(["one", "two"])
    assert said == []
    assert (first == again).all()
    Embeddings(tmp_path, said.append).of(["one", "three"])
    assert said


def test_files_are_read_as_a_plain_script_reads_them(tmp_path: Path) -> None:
    import docx
    import openpyxl

    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "a.md").write_text("# Über", encoding="utf-8")
    (docs / "b.html").write_text(
        "<p>Sums</p><table><tr><td>Rent</td><td>9</td></tr></table>", encoding="utf-8"
    )
    document = docx.Document()
    document.add_paragraph("Sums")
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Rent", "9"
    document.save(str(docs / "c.docx"))
    book = openpyxl.Workbook()
    book.active.append(["Rent", 9, None])
    book.save(docs / "d.xlsx")
    assert list(read(docs / "a.md")) == [(None, "# Über")]
    for name in ("b.html", "c.docx", "d.xlsx"):
        ((page, text),) = read(docs / name)
        assert page is None
        assert "Rent | 9" in text, name
    kept = tmp_path / "texts.json"
    texts = read_set(tmp_path, kept, nothing)
    assert [text.path for text in texts] == [
        f"docs/{n}" for n in ("a.md", "b.html", "c.docx", "d.xlsx")
    ]
    (docs / "a.md").unlink()
    assert read_set(tmp_path, kept, nothing) == texts


def outcomes(*kinds: str) -> list[Any]:
    hits = PlainWords(TEXTS).find(QUESTION, 10)
    found = []
    for kind in kinds:
        evidence = (Evidence("docs/tiles.pdf", 3, FACT if kind == "there" else "Nowhere at all."),)
        question = ExamQuestion(kind, QUESTION, ("ten years",), evidence, "en", kind)
        found.append(found_of(question, hits, 0.25))
    return found


def test_plain_sides_are_judged_like_ragdesk_where_they_find() -> None:
    side = Side("plain", 1.0, outcomes("there", "there", "not"))
    scores = scored([side])["plain"]
    assert scores["hit@1"] == scores["hit@10"] == scores["mrr@10"] == pytest.approx(2 / 3, abs=1e-4)
    assert scores["page_hit@10"] == 1.0
    assert scores["exact"] is scores["refused_wrong"] is scores["calibration_error"] is None
    assert scores["seconds"]["ready"] == 1.0
    alone = groups([side], "kind")
    assert {kind: len(some[0].outcomes) for kind, some in alone.items()} == {"there": 2, "not": 1}
    assert groups([side], None) == {}


def test_only_a_kind_or_a_language() -> None:
    questions = [one.question for one in outcomes("there", "not")]
    assert [one.kind for one in chosen(questions, "not")] == ["not"]
    assert len(chosen(questions, "en")) == len(chosen(questions, None)) == 2
    with pytest.raises(SystemExit, match="en, not, there"):
        chosen(questions, "de")


def test_the_table_has_a_column_a_side_and_leaves_out_what_nobody_has() -> None:
    sides = scored([Side("one", None, outcomes("there")), Side("two", 12.0, outcomes("not"))])
    lines = side_by_side(sides).splitlines()
    assert lines[0].split() == ["one", "two"]
    first = next(line for line in lines if line.startswith("hit@1 "))
    assert first.split() == ["hit@1", "1.000", "(.206-1.000)", ".000", "(.000-.793)"]
    assert any(line.split()[-1] == "12" for line in lines if line.startswith("seconds to get"))
    assert not any(line.startswith("exact") for line in lines)
    assert bins_table([Bin(0.9, 7, 0.95, 0.86)]).splitlines()[1].split() == [
        "0.9", "to", "1.0", "7", "0.95", "0.86",
    ]  # fmt: skip


def test_what_a_reader_says_in_short() -> None:
    text = "It lasts ten years."
    assert said(Marks(2.0, 0.1, 0.1, (Mark(9, 18, 1.0),)), text) == "ten years"
    assert said(Marks(2.0, 0.7, 0.2, (Mark(0, 19, 1.0),)), text) == "Yes"
    assert said(Marks(2.0, 0.2, 0.7, (Mark(0, 19, 1.0),)), text) == "No"
    assert said(Marks(-9.0), text) == ""


@pytest.mark.benchmark
@pytest.mark.timeout(900)
def test_the_whole_bench_on_a_set_of_two_files(tmp_path: Path) -> None:
    folder = tmp_path / "squad"
    (folder / "docs").mkdir(parents=True)
    (folder / "docs" / "rivers.txt").write_text(RIVERS, encoding="utf-8")
    (folder / "docs" / "tiles.txt").write_text(FACT, encoding="utf-8")
    evidence = [{"file": "docs/tiles.txt", "page": None, "text": FACT}]
    lines: list[dict[str, Any]] = [
        {"id": "1", "question": QUESTION, "answer": "ten years", "evidence": evidence},
        {"id": "2", "question": "Who won the football match in 1998?", "answer": None},
    ]
    (folder / "questions.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    command = [sys.executable, "-m", "tests.benchmarks.quality", "--data", str(tmp_path)]
    command += ["--set", "squad", "--json", "--reading", "--details", str(tmp_path / "details")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found, total = map(json.loads, done.stdout.splitlines())
    assert list(found["sides"]) == ["RagDesk", "plain BM25", "plain dense", "plain langchain"]
    assert {scores["hit@1"] for scores in found["sides"].values()} == {1.0}
    assert found["reading"]["questions"] == 2
    assert total["sets"] == ["squad"]
    assert len((tmp_path / "details").read_text("utf-8").splitlines()) == 8
