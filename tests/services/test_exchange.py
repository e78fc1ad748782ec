"""Practice questions to and from files: nothing is lost, nothing is run, bad lines are named."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ragdesk.domain.document import Span
from ragdesk.domain.training import Fold, Pair, PairSource, PairState
from ragdesk.errors import WrongUse
from ragdesk.services.adopt import drawn_fold
from ragdesk.services.draft import pair_id
from ragdesk.services.examine import load_questions
from ragdesk.services.exchange import (
    COLUMNS,
    NO_PLACE,
    Imported,
    export_pairs,
    import_pairs,
)
from ragdesk.services.locate import Locator
from ragdesk.store.database import Database
from ragdesk.store.documents import Documents
from ragdesk.store.home import Home
from ragdesk.store.passages import Passages
from tests.store.filling import MODEL, put

NOTICE = "Either party may end this lease with three months notice."
RENT = "Rent is 1,850 euro. It is due on the third working day."


@pytest.fixture
def lease(database: Database) -> str:
    found = put(database, "papers/lease.txt", [NOTICE, RENT]).document_id
    assert found is not None
    return found


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    home = Home(tmp_path / "home")
    home.make()
    database = Database.for_writing(home)
    yield database
    database.close()


@pytest.fixture
def finder(database: Database, lease: str) -> Locator:
    def fold_of(document_id: str, position: int) -> Fold:
        return Fold.EXAM if position else Fold.PRACTICE

    return Locator(Documents(database, MODEL), Passages(database, MODEL), None, fold_of)


def path_of(document_id: str) -> str:
    return "papers/lease.txt"


def read(tmp_path: Path, text: str | bytes, finder: Locator, name: str = "in.csv") -> Imported:
    file = tmp_path / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return import_pairs(file, finder)


def three(lease: str) -> list[Pair]:
    return [
        Pair(
            "a", "How long is the notice?", "three months", lease, 0, NOTICE, (Span(1, 0, 57),),
            37, 49, PairSource.TEACHER, "number", "chatty", Fold.PRACTICE,
        ),
        Pair("b", "Rent", "", lease, 1, RENT, (Span(2, 0, 55),), kind="heading", fold=Fold.EXAM),
        Pair("c", "May I keep a dog?", "", "", 0, kind="absent", state=PairState.WRONG),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["out.csv", "OUT.JSONL"])
def test_what_goes_out_comes_back_as_a_persons_own(
    tmp_path: Path, lease: str, finder: Locator, name: str
) -> None:
    pairs = three(lease)
    assert export_pairs(pairs, path_of, tmp_path / name) == 3
    assert [file.name for file in tmp_path.iterdir() if file.is_file()] == [name]
    back = import_pairs(tmp_path / name, finder)
    assert back.troubles == ()
    assert len({pair.id for pair in back.pairs}) == 3
    wanted = [
        replace(pairs[0], source=PairSource.PERSON, style="natural"),
        replace(pairs[1], source=PairSource.PERSON),
        replace(
            pairs[2], source=PairSource.PERSON, position=-1, fold=drawn_fold(pairs[2].question)
        ),
    ]
    assert [replace(p, id="") for p in back.pairs] == [replace(p, id="") for p in wanted]


def test_the_same_place_and_question_have_the_same_id_twice(
    tmp_path: Path, finder: Locator
) -> None:
    text = f"question,answer,document,quote\nHow long?,three months,lease.txt,{NOTICE}\n"
    first, second = (read(tmp_path, text, finder).pairs[0] for _ in range(2))
    assert first.id == second.id
    assert first.id == pair_id("how long?", first.document_id, first.position)
    other = read(tmp_path, text.replace("How long?", "How short?"), finder).pairs[0]
    assert other.id != first.id


def test_spreadsheet_programs_know_the_file(tmp_path: Path, lease: str) -> None:
    export_pairs(three(lease), path_of, tmp_path / "out.csv")
    data = (tmp_path / "out.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf" + ",".join(COLUMNS).encode() + b"\r\n")


DANGEROUS = ["=1+1", "+1", "-2 °C", "@SUM(A1)", "\tx", "\rx", '=HYPERLINK("http://x";"y")', "'=1"]


@pytest.mark.parametrize("words", DANGEROUS)
def test_no_cell_is_run_as_a_formula(
    tmp_path: Path, finder: Locator, lease: str, words: str
) -> None:
    pair = Pair("a", words, words, lease, 0, quote=words)
    export_pairs([pair], lambda _: words, tmp_path / "out.csv")
    text = (tmp_path / "out.csv").read_bytes().decode("utf-8-sig")
    rows = list(csv.reader(text.splitlines(keepends=True)))
    cells = [cell for row in rows[1:] for cell in row]
    assert sum(words in cell for cell in cells) == 4
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "-", "@", "\t", "\r")]
    back = import_pairs(tmp_path / "out.csv", finder).pairs[0]
    assert back.question == words.strip()
    assert back.answer == words.strip()
    assert back.quote == words


@pytest.mark.parametrize("seed", range(20))
def test_any_text_survives_a_table(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    marks = "=+-@\t\r\n ,;\"'\ufeff\u2028xÄ漢🙂"
    texts = ["".join(chance.choices(marks, k=chance.randrange(12))) for _ in range(30)]
    file = tmp_path / "any.csv"
    pairs = [
        Pair(str(n), f"q{n} {text}", "", "", 0, quote=text, kind="fact")
        for n, text in enumerate(texts)
    ]
    export_pairs(pairs, path_of, file)
    back = import_pairs(file, _Nowhere())
    assert [pair.question for pair in back.pairs] == [" ".join(p.question.split()) for p in pairs]
    assert [pair.quote for pair in back.pairs] == texts


class _Nowhere:
    """Finds nothing: as `Locator` over an empty library does."""

    @staticmethod
    def fold_of(document_id: str, position: int) -> Fold:
        return Fold.PRACTICE

    def locate(self, document: str, page: int | None, quote: str, answer: str = "") -> None:
        return None


def test_a_questions_file_is_what_json_lines_are(tmp_path: Path, lease: str) -> None:
    file = tmp_path / "out.jsonl"
    export_pairs(three(lease), path_of, file, paged=lambda document_id: False)
    notice, rent, dog = load_questions(file)
    assert notice.answers == ("three months",)
    [evidence] = notice.evidence
    assert (evidence.file, evidence.page, evidence.text) == ("papers/lease.txt", None, NOTICE)
    assert rent.answers == (RENT,)  # only the passage is known: it is not refused for that
    assert dog.answers == ()
    assert dog.evidence == ()
    lines = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert (lines[0]["state"], lines[0]["source"], lines[0]["fold"]) == (
        "made", "teacher", "practice",
    )  # fmt: skip


def test_pages_are_told_where_they_mean_something(tmp_path: Path, lease: str) -> None:
    export_pairs(three(lease), path_of, tmp_path / "out.jsonl")
    assert load_questions(tmp_path / "out.jsonl")[1].evidence[0].page == 2


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_tables_of_any_spreadsheet_program_are_read(
    tmp_path: Path, finder: Locator, separator: str, encoding: str
) -> None:
    quote = f'"{NOTICE}"'
    rows = [
        ["Quote", " ANSWER", "more", "Question", "DOCUMENT"],
        [quote, "three months", "x", "Wie lang ist die Kündigungsfrist?", "lease.txt"],
    ]
    text = "\r\n".join(separator.join(row) for row in rows)
    back = read(tmp_path, text.encode(encoding), finder)
    assert back.troubles == ()
    [pair] = back.pairs
    assert pair.question == "Wie lang ist die Kündigungsfrist?"
    assert (pair.answer, pair.quote, pair.start) == ("three months", NOTICE, 37)
    assert (pair.source, pair.state, pair.kind) == (PairSource.PERSON, PairState.RIGHT, "fact")
    assert pair.fold is Fold.PRACTICE


def test_questions_that_nothing_answers_are_not_all_learned_from(
    tmp_path: Path, finder: Locator
) -> None:
    text = "".join(f'{{"question": "Who owns boat {n}?", "answer": null}}\n' for n in range(60))
    back = read(tmp_path, text, finder, "in.jsonl").pairs
    assert {pair.fold for pair in back} == set(Fold)
    assert {pair.fold for pair in back} == {drawn_fold(pair.question) for pair in back}


def test_a_first_line_that_names_the_separator_is_passed_over(
    tmp_path: Path, finder: Locator
) -> None:
    back = read(tmp_path, "sep=;\r\nquestion;page\r\nA, or b?;x\r\n", finder)
    [trouble] = back.troubles
    assert (trouble.line, trouble.words) == (3, "“x” is no number of a page.")


def test_what_a_file_says_of_a_question_stays(tmp_path: Path, finder: Locator) -> None:
    rows = [f"Q{state},three months,lease.txt,{NOTICE},{state}" for state in PairState]
    text = "\n".join(["question,answer,document,quote,state", *rows])
    states = [pair.state for pair in read(tmp_path, text, finder).pairs]
    assert states == ["made", "right", "wrong", "skipped", "rejected"]


def test_without_a_place_a_question_is_kept_aside_and_named(
    tmp_path: Path, finder: Locator
) -> None:
    text = (
        "question,answer,document,quote\n"
        "Only this?,,,\n"
        "How long?,three months,lease.txt,Nothing of the kind stands there.\n"
        "\n"
        "How long is it?,euro or dollar,lease.txt,\n"
        f'How much?,"1,850\neuro",lease.txt,{RENT.split(". ", maxsplit=1)[0]}\n'
        "Who?,Ann,,\n"
    )
    back = read(tmp_path, text, finder)
    assert [trouble.line for trouble in back.troubles] == [2, 3, 5, 8]
    assert "in lease.txt" in back.troubles[1].words
    aside = [pair for pair in back.pairs if pair.state is PairState.SKIPPED]
    assert [pair.question for pair in aside] == [
        "Only this?", "How long?", "How long is it?", "Who?",
    ]  # fmt: skip
    assert {pair.reason for pair in aside} == {NO_PLACE}
    [found] = [pair for pair in back.pairs if pair.state is PairState.RIGHT]
    assert (found.answer, found.start, found.fold) == ("1,850 euro", 8, Fold.EXAM)


def test_bad_lines_of_a_table_are_named_and_the_others_go_on(
    tmp_path: Path, finder: Locator
) -> None:
    text = (
        "question,answer,document,quote\n"
        ",no question,,\n"
        '"never closed,three months,lease.txt,\n'
        f"How long?,three months,lease.txt,{NOTICE}\n"
        '"closed" too early,x,,\n'
        f"{'long ' * 300},x,,\n"
        f'How much?,"1,850 euro",lease.txt,{RENT.split(". ", maxsplit=1)[0]}\n'
    )
    back = read(tmp_path, text, finder)
    assert [trouble.line for trouble in back.troubles] == [2, 3, 5, 6]
    assert [pair.question for pair in back.pairs] == ["How long?", "How much?"]


def test_bad_json_lines_are_named_and_the_others_go_on(tmp_path: Path, finder: Locator) -> None:
    evidence = {"file": "lease.txt", "page": None, "text": NOTICE}
    good = {"question": "How long?", "answer": "quarter of a year", "answers": ["three months"]}
    lines = [
        "{", "[1]", "null", '{"question": 3}', '{"question": "a", "answer": 3}',
        '{"question": "a", "answer": "b", "evidence": [1]}', '{"question": " "}', "[" * 100_000,
        json.dumps({**good, "evidence": [evidence]}), json.dumps({"question": "Dogs?", "answer": None}),
        '{"question": "half \\ud83d", "answer": "\\ud83d", "evidence": [{"file": "\\ud83d", "text": "x"}]}',
    ]  # fmt: skip
    back = read(tmp_path, "\n".join(lines), finder, "in.jsonl")
    assert [trouble.line for trouble in back.troubles] == [1, 2, 3, 4, 5, 6, 7, 8, 11]
    assert all(trouble.words.endswith(".") for trouble in back.troubles)
    how_long, dogs, half = back.pairs
    assert (how_long.answer, how_long.start) == ("three months", 37)  # the one that stands there
    assert (dogs.kind, dogs.document_id, dogs.state) == ("absent", "", PairState.RIGHT)
    assert half.question == "half ?"


@pytest.mark.parametrize(("name", "text"), [
    ("a.csv", ""), ("a.csv", "a,b\n1,2\n"), ("a.csv", "question\n"), ("a.jsonl", "\n"), ("a.xlsx", "question\na\n"),
])  # fmt: skip
def test_what_holds_no_questions_is_said(
    tmp_path: Path, finder: Locator, name: str, text: str
) -> None:
    with pytest.raises(WrongUse):
        read(tmp_path, text, finder, name)


def test_files_that_cannot_be_opened_or_written_are_said(tmp_path: Path, finder: Locator) -> None:
    with pytest.raises(WrongUse):
        import_pairs(tmp_path / "gone.csv", finder)
    for target in ("out.xlsx", "gone/out.csv"):
        with pytest.raises(WrongUse):
            export_pairs([], path_of, tmp_path / target)
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(WrongUse):
        export_pairs([], path_of, tmp_path / "folder.csv")
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["folder.csv", "home"]
