"""The sentence and the next step for every error, verdict and gap, without Qt.

The terminal prints them as they stand; the window translates the templates and fills them in.
What happened, what is safe, what to do: in that order, in everyday words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .domain.document import Verdict
from .errors import RagDeskError


@dataclass(frozen=True, slots=True)
class Text:
    """`what` happened and what to do `next`; both are `str.format` templates of the parameters."""

    what: str
    next: str


ERRORS: Mapping[str, Text] = {
    "wrong_use": Text(
        "RagDesk did not understand this: {detail}.", "Run `ragdesk --help` to see what it can do."
    ),
    "home_in_use": Text(
        "RagDesk is already open with this library ({holder}).",
        "Use that window, or close it and try again. Nothing was changed.",
    ),
    "part_missing": Text("This needs a part that is not installed: {part}.", "{how}"),
    "home_not_writable": Text(
        "RagDesk cannot write to its folder {home}. Your documents can be searched, but nothing can be added.",
        "Choose another folder with --home, or ask whoever looks after this computer to allow writing there.",
    ),
    "disk_full": Text(
        "The disk is full. What was added so far is safe, and the rest waits.",
        "Make room on the disk that holds {home}, then press Resume, or add the same files again.",
    ),
    "library_damaged": Text(
        "The library file in {home} is damaged. Your own documents are not touched.",
        "Close RagDesk, give that folder another name, and add your documents again.",
    ),
    "library_too_new": Text(
        "This library was made by a newer RagDesk (format {found}, this one reads up to {known}). Nothing was changed.",
        "Install the newer RagDesk, or use another folder with --home.",
    ),
    "library_missing": Text(
        "There are no documents in {home} yet.", "Add some: ragdesk add FOLDER"
    ),
    "library_older": Text(
        "The library in {home} was made by an earlier RagDesk and is not brought up to date yet. Nothing is lost.",
        "Open the window once, or run: ragdesk check --repair",
    ),
    "not_found": Text(
        "There is no {what} with that name: {name}.", "Check the name and try again."
    ),
    "name_taken": Text("There is already a shelf called {name}.", "Choose another name."),
    "assistant_exists": Text(
        "There is already an assistant called {name}.",
        "Choose another name, or build its next version.",
    ),
    "nothing_better": Text(
        "No version of {name} did better in its exam than RagDesk as it comes, so nothing was changed.",
        "To have one answer all the same, name its number: ragdesk use NAME VERSION",
    ),
    "nothing_before": Text(
        "{name} answers as RagDesk comes, and there is nothing before that.",
        "To have a version of it answer: ragdesk use NAME",
    ),
    "answer_not_there": Text(
        "These words do not stand in the passage: {answer}.",
        "Copy them as they stand there, or say that the documents do not answer.",
    ),
    "nothing_to_learn": Text(
        "There is too little text here to make practice questions from ({count} of {least}).",
        "Add more documents to this shelf, or write practice questions and import them.",
    ),
    "teacher_failed": Text(
        "The model {name} wrote nothing that can be used as practice questions. What was made before is kept.",
        "Choose another model to write them, or go on without one.",
    ),
    "question_empty": Text("The question is empty.", "Type a question and try again."),
    "question_too_long": Text(
        "The question has {count} characters, and {most} are the most. It was not asked.",
        "Ask in fewer words: what you want to know, without what led to it.",
    ),
    "file_differs": Text(
        "{path} is not the same document as before.",
        "Choose the file that was moved, or add this one as a new document.",
    ),
    "model_unusable": Text(
        "The language files in {path} cannot be used: {detail}.", "Install RagDesk again."
    ),
    "version_damaged": Text(
        "This version of the assistant cannot be used: {path} is damaged ({detail})."
        " Documents and practice questions are safe.",
        "Go back to the version before: ragdesk back NAME. Or build the next one.",
    ),
    "fetch_failed": Text(
        "The model {name} could not be fetched: {detail}. RagDesk works on with what it has.",
        "Connect this computer to the internet and try again, or bring the file from another one:"
        " ragdesk models get {name} --from FILE.",
    ),
    "server_missing": Text(
        "No model server answers at {address}. Answers in quotes work as before.",
        "Start Ollama and try again, or run: ragdesk models get built-in",
    ),
    "engine_missing": Text(
        "The part of RagDesk that runs language models is not installed. Answers in quotes work as before.",
        "Set RagDesk up again without --small, or run: pip install 'ragdesk[engine]'",
    ),
    "server_other": Text(
        "What answers at {address} is not Ollama. Nothing was sent to it but the question who it is.",
        "Check the address in the settings, or close the other program.",
    ),
    "server_elsewhere": Text(
        "Ollama is set to another computer ({address}), so RagDesk does not speak to it. Nothing was sent there.",
        "Set OLLAMA_HOST to this computer, or choose the built-in model.",
    ),
    "server_old": Text(
        "Ollama {version} is too old to be used safely; {least} is the least. Answers in quotes work as before.",
        "Bring Ollama up to date and start it again.",
    ),
    "server_lost": Text(
        "The model server went away while it was answering. What it had written is kept.",
        "Press Try again.",
    ),
    "model_missing": Text(
        "There is no model called {name} on this computer.",
        "Choose another one. `ragdesk models` lists what is here and how to get more.",
    ),
    "model_too_large": Text(
        "The model {name} needs about {needed} of memory, and {free} are free. It was not started.",
        "Close other programs, or choose a smaller model.",
    ),
    "model_failed": Text(
        "The model {name} could not answer: {detail}. Answers in quotes work as before.",
        "Try again, or choose another model.",
    ),
    "answer_empty": Text(
        "The model wrote nothing. Answers in quotes work as before.",
        "Try again, ask in other words, or choose another model.",
    ),
    "answer_foreign": Text(
        "The model wrote in another language than you asked in. Answers in quotes work as before.",
        "Try again, ask in other words, or choose another model.",
    ),
    "answer_kept": Text(
        "No new answer was written, so the one before is kept. {why}",
        "Press Write again to try once more.",
    ),
    "cloud_model": Text(
        "The model {name} is run by other computers, so your documents would leave this one. It was not used.",
        "Choose a model that runs on this computer.",
    ),
    "prompt_too_long": Text(
        "The question and its passages are too long for the model {name}. Nothing was cut, and it was not asked.",
        "Ask in fewer words, show fewer places with an answer (in the settings), or choose a model with more room.",
    ),
    "pull_failed": Text(
        "The model {name} could not be fetched: {detail}. What came so far is kept.",
        "Check the connection and try again; it goes on from where it stopped.",
    ),
    "child_died": Text(
        "A helper of RagDesk stopped ({what}). Nothing was lost.",
        "RagDesk starts it again by itself.",
    ),
    "child_timed_out": Text(
        "A helper of RagDesk took too long ({what}). Nothing was lost.",
        "RagDesk starts it again by itself.",
    ),
    "unexpected": Text(
        "Something went wrong inside RagDesk ({what}). What was added is safe.",
        "Try again. If it happens again, send the file {log} to whoever helps you with RagDesk.",
    ),
}

# Why no answer was written, and what to do, for errors whose particulars are not kept with an answer.
NOT_WRITTEN: Mapping[str, str] = {
    "server_missing": "Ollama is not running: start it, or choose another model.",
    "engine_missing": "The part of RagDesk that runs language models is not installed.",
    "server_other": "Another program answers where Ollama should.",
    "server_old": "Ollama is too old to be used safely: bring it up to date.",
    "server_lost": "The model went away while it was answering.",
    "server_elsewhere": "Ollama is set to another computer, so RagDesk does not speak to it.",
    "model_missing": "The chosen model is not on this computer: get it in the settings, or choose another.",
    "model_too_large": "The chosen model needs more memory than is free:"
    " close other programs, or choose a smaller one.",
    "model_failed": "The model broke down: try again, or choose another.",
    "answer_empty": "The model wrote nothing: try again, or choose another.",
    "answer_foreign": "The model wrote in another language than you asked in: try again, or choose another.",
    "cloud_model": "The chosen model runs on other computers, so it was not used.",
    "prompt_too_long": "The question is too long for the model: ask in fewer words.",
}

VERDICTS: Mapping[Verdict, Text] = {
    Verdict.READY: Text("Ready", ""),
    Verdict.READY_WITH_GAPS: Text(
        "Ready, but parts could not be read", "Open the document and look at the parts named."
    ),
    Verdict.NEEDS_PASSWORD: Text("Needs a password", "Enter the password that opens it."),
    Verdict.DAMAGED: Text(
        "Damaged: it does not open", "Open it in its own program, save it anew and add it again."
    ),
    Verdict.EMPTY: Text("Empty: there is nothing in it", "Remove it, or add the right file."),
    Verdict.NO_TEXT: Text(
        "No text in it: pictures only, perhaps a scan",
        "Add a version with text, or scan it with text recognition.",
    ),
    Verdict.UNSUPPORTED: Text(
        "This kind of file is not read yet", "Save it as PDF, Word or text and add that file."
    ),
    Verdict.TOO_LARGE: Text(
        "Too large to read safely", "Split it into smaller files and add those."
    ),
    Verdict.TIMED_OUT: Text(
        "Reading took too long and was stopped",
        "Save it anew as PDF and add that, or read it again.",
    ),
    Verdict.UNREADABLE: Text(
        "Cannot be opened: locked, not allowed, or gone",
        "Close it in other programs, check that it is still there, then read it again.",
    ),
}

GAPS: Mapping[str, str] = {
    "page_damaged": "could not be read",
    "page_without_text": "holds a picture without text",
    "cut_off": "the file is cut off here",
    "too_many_cells": "only the first part of a very large sheet was read",
    "too_much_text": "only the first part was read, it is very long",
    "attachment": "an attachment was not read",
    "hidden_text": "held text that is not visible",
    "wrong_ending": "the name's ending does not fit the content",
}


# How sure an answer is, said as it was measured: of so many answers that are as sure, so many were
# right. A single answer is right or wrong, so no word like "strong" or "weak" is true of it.
STRENGTH = "Right in about {n} of 10 such cases"
STRENGTH_CHECK = "Right in about {n} of 10 such cases: check it where it stands"
SURE = 8  # of ten; below it is said that one should check
WEAK = 0.5

# Where a passage stands: in a presentation, in a workbook with named sheets, anywhere else.
SLIDE, SHEET, PAGE = "{file}, slide {page}", "{file}, sheet {page}", "{file}, page {page}"
_PLACES = {
    **dict.fromkeys(("pptx", "ppt", "odp"), SLIDE),
    **dict.fromkeys(("xlsx", "xlsm", "xls", "ods"), SHEET),
}

# Why a question is looked for on a shelf: its words, or the document there that is nearest to it.
WHY_WORDS = "because it speaks most of {words}"
WHY_DOCUMENT = "because {document} is about something similar"


# What `Document.lang` says, in words.
LANGUAGES: Mapping[str, str] = {
    "af": "Afrikaans", "am": "Amharic", "ar": "Arabic", "bg": "Bulgarian", "bn": "Bengali", "bo": "Tibetan",
    "ca": "Catalan", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "en": "English",
    "es": "Spanish", "et": "Estonian", "fa": "Persian", "fi": "Finnish", "fr": "French", "gu": "Gujarati",
    "he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian", "hy": "Armenian", "id": "Indonesian",
    "it": "Italian", "ja": "Japanese", "ka": "Georgian", "km": "Khmer", "kn": "Kannada", "ko": "Korean",
    "lo": "Lao", "lt": "Lithuanian", "lv": "Latvian", "mk": "Macedonian", "ml": "Malayalam", "mr": "Marathi",
    "my": "Burmese", "ne": "Nepali", "nl": "Dutch", "no": "Norwegian", "or": "Odia", "pa": "Punjabi",
    "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "si": "Sinhala", "sk": "Slovak",
    "sl": "Slovenian", "sr": "Serbian", "sv": "Swedish", "sw": "Swahili", "ta": "Tamil", "te": "Telugu",
    "th": "Thai", "tl": "Tagalog", "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu", "vi": "Vietnamese",
    "zh": "Chinese",
}  # fmt: skip
GET_LANGUAGES = "ragdesk models get languages"  # fetches the search model for all but English

# The refusal of a question like "???".
NO_QUESTION = "There are no words in this question that could be looked for."


def is_weak(strength: float) -> bool:
    """Whether the evidence is so weak that words of the answer are not shown as if they were it."""
    return strength < WEAK


def right_of_ten(strength: float) -> int:
    """Of ten answers as sure as this one (a chance, 0 to 1), how many are right: never none or all."""
    return min(9, max(1, int(strength * 10 + 0.5)))


def is_sure(strength: float) -> bool:
    """Whether an answer may be taken without looking where it stands."""
    return right_of_ten(strength) >= SURE


def strength_template(strength: float) -> str:
    """How sure an answer is, to be filled with `n=right_of_ten(strength)`."""
    return STRENGTH if is_sure(strength) else STRENGTH_CHECK


def strength_sentence(strength: float) -> str:
    """How sure an answer is, for its calibrated chance (0 to 1) of being right."""
    return strength_template(strength).format(n=right_of_ten(strength))


def place_template(file: str, page_name: str) -> str:
    """How a page of a file is named; a sheet without a name is a page."""
    template = _PLACES.get(file.rpartition(".")[2].lower(), PAGE)
    return PAGE if template == SHEET and not page_name else template


def why_template(reasons: Sequence[str], question: str) -> str:
    """Why a shelf is looked at first: `WHY_WORDS` where its reasons are words of the question."""
    asked = question.casefold()
    return WHY_WORDS if all(reason.casefold() in asked for reason in reasons) else WHY_DOCUMENT


def differ_sentence(dated: bool) -> str:
    """What stands with values that differ, `dated` where at least one of them bears a date."""
    return "Your documents differ. The newest comes first." if dated else "Your documents differ."


def verdict_sentence(verdict: Verdict | None) -> str:
    """The state of a document in words."""
    return "Waiting" if verdict is None else VERDICTS[verdict].what


def gap_sentence(page: int, reason: str) -> str:
    """One gap in words, as in "page 3 could not be read"."""
    words = GAPS.get(reason, reason)
    return f"page {page} {words}" if page else words


def why_not_written(trouble: str) -> str:
    """Why no answer was written, for `Answer.trouble`; a general sentence for any other code."""
    return NOT_WRITTEN.get(trouble, "The model could not be used: try again, or choose another.")


def sentence(error: RagDeskError) -> str:
    """What happened and the next step. Parameters that are missing stay as a dash."""
    return fill(error.code, error.params)


def fill(code: str, params: Mapping[str, object]) -> str:
    """The sentence for a code as it travels in `messages.Failed`."""
    text = ERRORS.get(code, ERRORS["unexpected"])
    values = _Dashes(params)
    return f"{text.what.format_map(values)} {text.next.format_map(values)}".strip()


class _Dashes(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "–"
