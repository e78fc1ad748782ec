"""Written answers checked by the real search and the real reader, over a small library."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from ragdesk.domain.chat import Message
from ragdesk.domain.conversation import Answer
from ragdesk.engine.build import Parts, build_embedder, build_parts
from ragdesk.services.cite import quoted
from ragdesk.services.prompt import NOT_THERE
from ragdesk.services.support import look_for_support
from ragdesk.services.write import WrittenAnswerer
from ragdesk.store.database import Database
from ragdesk.store.home import Home
from tests.fakes_chat import Line, Script, ScriptedChat
from tests.fakes_index import MemoryIndex
from tests.store.filling import put

RETURNS = (
    "Whole tiles that were not used may be returned within 30 days of the purchase, with the bill."
    " Tiles that were cut to size cannot be returned. The money is paid back to the same account"
    " within 14 days after the tiles have arrived."
)
DELIVERY = (
    "We deliver on weekdays between 8 and 17 o'clock. A delivery to Lyon costs 40 euros and takes"
    " three working days. Our driver is Maria Gomez; she needs a signature on the delivery note."
)
GROUT = "Grout has to dry for 24 hours before anyone may walk on the floor. Seal it after a week."
OTHERS = [
    "The showroom has four rooms, and the one at the back is kept for baths and kitchens.",
    "Every employee gets 28 days of holiday a year; they are asked for in writing in January.",
    "The fire extinguisher in the workshop is looked at once a year by a company from outside.",
]


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parts]:
    home = Home(tmp_path_factory.mktemp("real") / "home")
    home.make()
    database = Database.for_writing(home)
    embedder = build_embedder()
    found = build_parts(database, embedder, MemoryIndex(home.library, embedder.name))
    for name, text in (("returns.txt", RETURNS), ("delivery.txt", DELIVERY), ("grout.txt", GROUT)):
        put(database, name, [text])
    put(database, "other.txt", OTHERS)
    missing = found.passages.without_vector(100)
    vectors = embedder.embed([text for _, text in missing])
    found.passages.save_vectors([number for number, _ in missing], vectors)
    yield found
    database.close()


def ask(parts: Parts, script: Line | Sequence[Line] | Script, question: str) -> Answer:
    model = ScriptedChat(script)
    return WrittenAnswerer(parts.answerer, model, parts.documents, parts.retriever).answer(question)


def citing(text: str, words: str) -> Script:
    """Says `text`, {n} being the number under which the passage with `words` was given."""

    def script(messages: Sequence[Message]) -> str:
        given = messages[-1].text.split('"""')
        at = next((n for n, passage in enumerate(given) if words in passage), 0)
        return text.format(n=given[at - 1].rsplit("[", 1)[1].split("]")[0] if at else 99)

    return script


def marked(parts: Parts, answer: Answer) -> list[list[str]]:
    found = []
    for citation in answer.citations:
        pages = {page.number: page.text for page in parts.documents.pages(citation.document_id)}
        assert citation.quote == quoted(citation.spans, pages)
        found.append([quoted([mark], pages) for mark in citation.marked])
    return found


@pytest.mark.parametrize(
    ("question", "text", "passage", "words", "short"),
    [
        (
            "Within how many days can I return tiles?",
            "You can bring whole tiles back within 30 days of buying them. [{n}]",
            "Whole tiles",
            ["30 days"],
            "30 days",
        ),
        (
            "What does a delivery to Lyon cost?",
            "40 euros. [{n}]",
            "Maria Gomez",
            ["40 euros"],
            "40 euros",
        ),
        (
            "Who is the driver of the delivery?",
            "Maria Gomez drives the delivery and needs a signature. [{n}]",
            "Maria Gomez",
            ["Maria Gomez"],
            "Maria Gomez",
        ),
        (
            "Can I return tiles that were cut?",
            "No, tiles that were cut cannot be returned. [{n}]",
            "Whole tiles",
            ["Tiles that were cut to size cannot be returned"],
            "No",
        ),
    ],
)
def test_a_marker_opens_the_very_words(
    parts: Parts, question: str, text: str, passage: str, words: list[str], short: str
) -> None:
    answer = ask(parts, citing(text, passage), question)
    assert [sentence.doubt for sentence in answer.sentences] == [""]
    [found] = marked(parts, answer)
    assert [word in place for word, place in zip(words, found, strict=True)] == [True]
    assert answer.short == short
    assert answer.doubt == ""


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("You can bring whole tiles back within 60 days of buying them. [{n}]", "number"),
        ("You can bring whole tiles back within 30 weeks of buying them. [{n}]", "number"),
        ("You can bring whole tiles back to Peter within 30 days. [{n}]", "name"),
        ("Return whole tiles in their box until 1 May 2026. [{n}]", "date"),
        ("Every customer chooses a free gift from the catalogue at the counter. [{n}]", "words"),
    ],
)
def test_a_sentence_that_is_not_borne_out_is_marked(parts: Parts, text: str, doubt: str) -> None:
    answer = ask(parts, citing(text, "Whole tiles"), "Within how many days can I return tiles?")
    assert [sentence.doubt for sentence in answer.sentences] == [doubt]
    assert answer.doubt == "weak"
    assert answer.short is None


def test_a_wrongly_cited_sentence_finds_its_passage(parts: Parts) -> None:
    question = "Within how many days can I return tiles?"
    sentence = "Grout has to dry for 24 hours."
    answer = ask(parts, citing(f"{sentence} [{{n}}]", "Whole tiles"), question)
    assert answer.sentences[0].doubt == "number"
    hits = parts.retriever.retrieve(sentence, 5)
    found = look_for_support(sentence, hits, parts.retriever.vectors)
    assert found is not None
    assert found.hit.path == "grout.txt"
    assert found.hit.text[found.start : found.end].startswith("Grout has to dry for 24 hours")


def test_a_refusal_against_strong_evidence_shows_the_quotes(parts: Parts) -> None:
    answer = ask(parts, NOT_THERE, "What does a delivery to Lyon cost?")
    assert (answer.doubt, answer.answerer, answer.short) == ("refused", "quote", "40 euros")


def test_a_refusal_with_weak_evidence_stands(parts: Parts) -> None:
    answer = ask(parts, NOT_THERE, "Who won the football cup in Brazil?")
    assert (answer.refused, answer.doubt) == (True, "")
    assert "documents were searched" in answer.text


def test_an_answer_from_nowhere_is_uncertain(parts: Parts) -> None:
    answer = ask(parts, "Brazil won it four times. [1]", "Who won the football cup in Brazil?")
    assert (answer.refused, answer.doubt) == (False, "weak")
    assert not answer.sentences[0].supported
