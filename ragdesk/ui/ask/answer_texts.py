"""Answers in words: how sure, from where, and as plain text to paste elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from PySide6.QtCore import QCoreApplication

from ...domain.conversation import Answer, Citation, Hit, Sentence, Step, Turn, Value
from ...settings import BUILT_IN
from ...texts import NO_QUESTION, is_sure, right_of_ten, strength_template
from ..words import plain
from .place_names import PlaceNames

# Cosine of question and passage.
CLOSE, RELATED = 0.6, 0.4

_MARKER = re.compile(r"\s*\[(\d{1,3})\]")


def tr(text: str) -> str:
    """A sentence about answers in the language in force."""
    return QCoreApplication.translate("Answer", text)


def pieces(text: str, numbers: Sequence[int]) -> Iterator[str | int]:
    """An answer's text cut at its markers: strings, and the number of each marker that is known."""
    at = 0
    for match in _MARKER.finditer(text):
        number = int(match[1])
        if number in numbers:
            if match.start() > at:
                yield text[at : match.start()]
            yield number
            at = match.end()
    if at < len(text):
        yield text[at:]


def without_markers(text: str, numbers: Sequence[int]) -> str:
    """A sentence without the markers that stand in it."""
    return "".join(piece for piece in pieces(text, numbers) if isinstance(piece, str)).strip()


def citation_of(hit: Hit, number: int) -> Citation:
    """A passage found as something that can be opened like a citation."""
    return Citation(number, hit.document_id, hit.path, hit.title, hit.paged, hit.spans, hit.quote)


def short(answer: Answer) -> str:
    """The short answer in words, empty where there is none."""
    fixed = {"yes": tr("Yes"), "no": tr("No")}
    return fixed.get(answer.kind, answer.short or "")


def _value_line(value: Value) -> str:
    dated = f"{value.dated}: " if value.dated else ""
    return f"{dated}{value.text} [{value.number}]"


def how_sure(strength: float) -> tuple[str, str]:
    """(icon, words) for the calibrated chance that an answer is right."""
    words = tr(strength_template(strength)).format(n=right_of_ten(strength))
    return "check" if is_sure(strength) else "warning", words


def documents_agree(answer: Answer) -> str:
    """From how many documents an answer is made."""
    count = len({citation.document_id for citation in answer.citations})
    return tr("from 1 document") if count == 1 else tr("from {n} documents").format(n=count)


def seconds(value: float) -> str:
    """A time that was measured, in words."""
    if value < 0.05:
        return tr("less than 0.1 seconds")
    return tr("{n} seconds").format(n=f"{value:.1f}" if value < 10 else f"{value:.0f}")


def searched(answer: Answer) -> str:
    """How many documents were searched."""
    return (
        tr("1 document") if answer.searched == 1 else tr("{n} documents").format(n=answer.searched)
    )


def how_near(hit: Hit) -> str:
    """Why a passage was found, in words."""
    if hit.by_meaning is None:
        return tr("shares words with the question")
    if hit.by_meaning >= CLOSE:
        near = tr("says much the same as the question")
    elif hit.by_meaning >= RELATED:
        near = tr("is about something similar")
    else:
        near = tr("has little to do with the question")
    return near if hit.by_words is None else tr("{near}, and shares words").format(near=near)


def hint(sentence: Sentence) -> str:
    """What is doubtful in a sentence that is not borne out, as it stands behind it in the text."""
    return {
        "number": tr("check the number"),
        "name": tr("check the name"),
        "date": tr("check the date"),
        "uncited": tr("no source"),
    }.get(sentence.doubt, tr("check this"))


def why_doubtful(sentence: Sentence) -> str:
    """The same as a sentence of its own."""
    return {
        "number": tr("A number in it stands in none of the passages that it points to."),
        "name": tr("A name in it stands in none of the passages that it points to."),
        "date": tr("A date in it stands in none of the passages that it points to."),
        "uncited": tr("It does not say where this stands."),
    }.get(sentence.doubt, tr("The passages that it points to hardly say this."))


def understood(answer: Answer) -> str:
    """What a question was taken to mean where it was reworded, "" where it was not."""
    return next((step_words(step) for step in answer.steps if step.kind == "reworded"), "")


def step_words(step: Step) -> str:
    """One step towards an answer."""
    if step.kind == "reworded":
        return tr("Understood as: {question}").format(question=plain(step.text))
    if step.kind == "part":
        return tr("Asked for itself: {question}").format(question=plain(step.text))
    if not step.text:
        return tr("Nothing was found for it.")
    return tr("Found in {documents}.").format(documents=plain(step.text))


def pace(answer: Answer) -> str:
    """How fast an answer was written, "" where that was not measured."""
    if not answer.words_a_second:
        return ""
    return tr("{n} words a second").format(n=max(1, round(answer.words_a_second)))


def writer(answer: Answer) -> str:
    """Which model wrote an answer, "" where none did."""
    if not answer.model:
        return ""
    name = tr("the built-in model") if answer.model == BUILT_IN else plain(answer.model)
    return tr("Written by {model}.").format(model=name)


def unproven(answer: Answer) -> str:
    """What is to be known of the model that wrote an answer, "" where it passed or is not known."""
    return {
        "failed": tr(
            "This model did not answer well enough when it was tried out here: check what it says."
        ),
        "unsure": tr("This model could not be tried out to the end here: check what it says."),
        "none": tr("This model was not tried out on this computer yet: check what it says."),
    }.get(answer.exam, "")


def spoken(answer: Answer) -> str:
    """A finished answer as a screen reader is to say it."""
    if answer.refused:
        return f"{refusal_title()}. {refusal_reason(answer)}"
    said = _MARKER.sub("", answer.text)
    first = short(answer)
    return said if not first or said.startswith(first) else f"{first}. {said}"


def with_sources(turn: Turn, names: PlaceNames) -> str:
    """Question, answer and the places it stands on, as plain text."""
    answer = turn.answer
    if answer is None:
        return turn.question
    lines = [turn.question, ""]
    if answer.refused:
        lines += [refusal_title(), refusal_reason(answer)]
        lines += [
            f"– “{' '.join(hit.quote.split())}” ({names.of(hit)})" for hit in answer.nearest[:3]
        ]
        return "\n".join(lines)
    said = short(answer)
    if answer.kind == "list" and answer.items:
        lines += [*(f"• {item.text} [{item.number}]" for item in answer.items), ""]
    elif answer.kind == "values" and answer.values:
        lines += [*(_value_line(value) for value in answer.values), ""]
    elif said:
        lines += [said, ""]
    lines += [answer.text.strip(), ""]
    lines += [f"(!) “{s.text}” {why_doubtful(s)}" for s in answer.sentences if not s.supported]
    for citation in answer.citations:
        lines.append(f"[{citation.number}] {names.of(citation)}")
        lines.append(f"    “{' '.join(citation.quote.split())}”")
    return "\n".join(lines)


def refusal_title() -> str:
    return tr("No clear answer found")


def asks_nothing(answer: Answer) -> bool:
    """Whether a question was refused because nothing in it could be looked for."""
    return answer.refused and answer.text == NO_QUESTION


def refusal_reason(answer: Answer) -> str:
    """What was searched before refusing, or that there was nothing to look for."""
    if asks_nothing(answer):
        return tr(NO_QUESTION)
    if answer.searched == 0:
        return tr("There is no document to search yet.")
    return tr("RagDesk searched {documents}; none says this clearly enough.").format(
        documents=searched(answer)
    )
