"""What the engine can be asked to do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Command:
    """Base of all commands. `tag` comes back in `Done` and `Failed`, so that a caller can tell."""

    tag: str = ""


@dataclass(frozen=True, slots=True)
class AddFiles(Command):
    """Reads files and folders onto a shelf. A folder is walked; links that loop are not followed twice."""

    paths: tuple[str, ...] = ()
    collection_id: str = ""


@dataclass(frozen=True, slots=True)
class RemovePlaces(Command):
    """Takes places off the desk. With `final` they cannot be brought back by `RestorePlaces`."""

    place_ids: tuple[int, ...] = ()
    final: bool = False


@dataclass(frozen=True, slots=True)
class RestorePlaces(Command):
    """Undoes `RemovePlaces`."""

    place_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class MovePlaces(Command):
    """Puts places on another shelf."""

    place_ids: tuple[int, ...] = ()
    collection_id: str = ""


@dataclass(frozen=True, slots=True)
class ReadAgain(Command):
    """Reads places anew from disk: a changed file replaces its old version."""

    place_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class FindAgain(Command):
    """Tells where a moved file lies now. Another content fails with `FileDiffers`."""

    place_id: int = 0
    path: str = ""


@dataclass(frozen=True, slots=True)
class GivePassword(Command):
    """Reads a locked file with a password. The password is never stored."""

    place_id: int = 0
    password: str = ""


@dataclass(frozen=True, slots=True)
class CreateCollection(Command):
    name: str = ""


@dataclass(frozen=True, slots=True)
class RenameCollection(Command):
    collection_id: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class DeleteCollection(Command):
    """Takes a shelf away with what lies only on it; `RestoreCollection` brings both back."""

    collection_id: str = ""
    final: bool = False


@dataclass(frozen=True, slots=True)
class RestoreCollection(Command):
    collection_id: str = ""


@dataclass(frozen=True, slots=True)
class PauseJob(Command):
    job_id: int = 0


@dataclass(frozen=True, slots=True)
class ResumeJob(Command):
    job_id: int = 0


@dataclass(frozen=True, slots=True)
class CancelJob(Command):
    """Stops a job. Files that were read stay; files still waiting are taken off the list."""

    job_id: int = 0


@dataclass(frozen=True, slots=True)
class Ask(Command):
    """Asks a question. An empty `conversation_id` starts a conversation; no shelf asks all.

    With an `assistant_id` that assistant answers, from its own shelf.
    """

    question: str = ""
    conversation_id: str = ""
    collection_id: str | None = None
    assistant_id: str = ""


@dataclass(frozen=True, slots=True)
class AnswerAgain(Command):
    """Answers a question anew in its place: as the settings say, or by "quote" or "written"."""

    turn_id: str = ""
    answerer: str = ""


@dataclass(frozen=True, slots=True)
class StopAnswer(Command):
    """Ends the writing of an answer. What was written is kept; harmless when it is over."""

    turn_id: str = ""


@dataclass(frozen=True, slots=True)
class LookForSupport(Command):
    """Looks on the shelf that was asked for what bears out a sentence of a written answer (its number from 0).

    What is found is cited for it; `SupportSought` says what came of it.
    """

    turn_id: str = ""
    sentence: int = 0


@dataclass(frozen=True, slots=True)
class RemoveSentence(Command):
    """Takes a sentence (its number from 0) out of a written answer, with what only it cited."""

    turn_id: str = ""
    sentence: int = 0


@dataclass(frozen=True, slots=True)
class RestoreSentence(Command):
    """Undoes the last `LookForSupport` or `RemoveSentence` of an answer since the engine began."""

    turn_id: str = ""


@dataclass(frozen=True, slots=True)
class DeleteConversation(Command):
    conversation_id: str = ""


@dataclass(frozen=True, slots=True)
class Judge(Command):
    """Says that an answer was "right" or "wrong", or, with an empty verdict, takes that back.

    To teach is to say "wrong" (or "right") with the right `answer` and where it stands: `spans` are
    (page, start, length) in `document_id`; or "absent": the documents do not say it.
    """

    turn_id: str = ""
    verdict: str = ""
    answer: str = ""
    document_id: str = ""
    spans: tuple[tuple[int, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class ForgetJudgements(Command):
    """Forgets everything that was said about answers."""


@dataclass(frozen=True, slots=True)
class ListModels(Command):
    """Asks which language models there are; `ModelsListed` comes back."""


@dataclass(frozen=True, slots=True)
class FetchModel(Command):
    """Gets a language model, "server/model"; long, so it is a job."""

    name: str = ""


@dataclass(frozen=True, slots=True)
class ExamineModel(Command):
    """Has a language model, "server/model", sit its entrance exam; minutes, so it is a job.

    A stopped one keeps nothing. `ModelsListed` comes when it is done.
    """

    name: str = ""


@dataclass(frozen=True, slots=True)
class DeleteModel(Command):
    """Takes a language model, "server/model", off this computer."""

    name: str = ""


@dataclass(frozen=True, slots=True)
class ChangeSetting(Command):
    """`value` is checked against `settings.CHOICES`."""

    name: str = ""
    value: str | int | float | bool = ""


@dataclass(frozen=True, slots=True)
class Leave(Command):
    """Ends the engine: after the batch in hand, or, with `finish`, when the queue is empty."""

    finish: bool = False


@dataclass(frozen=True, slots=True)
class BuildAssistant(Command):
    """Builds an assistant of this name, or its next version: the hour; a job.

    Of one shelf, or of all (None), within `minutes`. `teacher` is a served model, "server/model",
    that writes practice questions; "" for none. With `waits` the job waits after the practice
    questions until `GoOn`, so that a person can review them; else it goes through.
    """

    name: str = ""
    collection_id: str | None = None
    minutes: int = 60
    teacher: str = ""
    waits: bool = False


@dataclass(frozen=True, slots=True)
class GoOn(Command):
    """Lets a build that waits for a person go on."""

    assistant_id: str = ""


@dataclass(frozen=True, slots=True)
class UseVersion(Command):
    """Has an assistant answer by a version of its own; 0 is RagDesk as it comes."""

    assistant_id: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class RenameAssistant(Command):
    assistant_id: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class DeleteAssistant(Command):
    """Takes an assistant away; `RestoreAssistant` brings it back until the next start.

    With `final` it is forgotten at once; where a build of it is at work, at the next start.
    """

    assistant_id: str = ""
    final: bool = False


@dataclass(frozen=True, slots=True)
class RestoreAssistant(Command):
    assistant_id: str = ""


@dataclass(frozen=True, slots=True)
class ReviewPair(Command):
    """What a person says of a practice question: "right", "wrong", "skipped", "made" (not looked at)
    or "absent": the right answer is that the documents do not say it.

    A `question` or an `answer` that is given takes the old one's place; where the answer stands
    is then looked for in the pair's passage. Fails with `AnswerNotThere` where it does not stand there.
    """

    assistant_id: str = ""
    pair_id: str = ""
    state: str = ""
    question: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class RestorePair(Command):
    """Undoes the last `ReviewPair` or `AddPair` of a practice question, since the engine began."""

    assistant_id: str = ""
    pair_id: str = ""


@dataclass(frozen=True, slots=True)
class AddPair(Command):
    """A person's own practice question with its right `answer`; `Done` has its id.

    `spans` are where that stands, each (page, start, length) in the pages of `document_id`; without
    a document the right answer is that nothing answers it.
    """

    assistant_id: str = ""
    question: str = ""
    answer: str = ""
    document_id: str = ""
    spans: tuple[tuple[int, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class ImportPairs(Command):
    """Takes practice questions from a CSV or JSONL file; `Done` says how many."""

    assistant_id: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class ExportPairs(Command):
    """Writes practice questions to a CSV or JSONL file, by its ending."""

    assistant_id: str = ""
    path: str = ""
