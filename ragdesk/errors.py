"""Every failure a person can meet, as one tree.

    RagDeskError
    ├── WrongUse            the call itself is off                                (exit 2)
    ├── HomeInUse           another engine holds the data folder                  (exit 3)
    ├── PartMissing         an optional part is not installed                     (exit 4)
    ├── HomeNotWritable     the data folder cannot be written                     (exit 5)
    ├── DiskFull            no room left                                          (exit 5)
    ├── LibraryDamaged      library.db fails its check                            (exit 5)
    ├── LibraryTooNew       library.db was written by a newer RagDesk             (exit 5)
    ├── LibraryMissing      nothing was added here yet                            (exit 2)
    │   └── LibraryOlder    made by an earlier RagDesk, not brought up to date    (exit 2)
    ├── NotFound            a document, shelf, job or conversation that is gone   (exit 2)
    ├── NameTaken           a shelf with that name stands already                 (exit 2)
    │   └── AssistantExists a name that an assistant has                          (exit 2)
    ├── NothingBetter       an assistant without a version that did better        (exit 1)
    ├── NothingBefore       an assistant that answers as RagDesk comes            (exit 1)
    ├── AnswerNotThere      an answer that does not stand in its passage          (exit 2)
    ├── NothingToLearn      too little text for practice questions                (exit 1)
    ├── TeacherFailed       the teacher answers nothing that can be used          (exit 5)
    ├── QuestionEmpty       nothing was asked                                     (exit 2)
    ├── QuestionTooLong     more was asked than can be looked for                 (exit 2)
    ├── FileDiffers         "find it again" was given another document            (exit 1)
    ├── ModelUnusable       a folder that holds no usable model                   (exit 5)
    │   └── VersionDamaged  … nor a usable version of an assistant                (exit 5)
    ├── FetchFailed         a model could not be fetched                          (exit 5)
    ├── ServerMissing       no model server answers                               (exit 4)
    │   └── EngineMissing   … and the built-in one is not installed               (exit 4)
    ├── ServerOther         something else answers at the server's address        (exit 5)
    ├── ServerElsewhere     the model server is set to another computer           (exit 5)
    ├── ServerOld           the model server is too old to be safe                (exit 5)
    ├── ServerLost          the model server went away while it answered          (exit 5)
    ├── ModelMissing        the server has no model of that name                  (exit 4)
    ├── ModelTooLarge       a model needs more memory than is free                (exit 5)
    ├── ModelFailed         a model could not be loaded, or broke off             (exit 5)
    │   ├── AnswerEmpty     it wrote nothing                                      (exit 5)
    │   └── AnswerForeign   it wrote in a language that nobody asked in           (exit 5)
    ├── AnswerKept          a new answer came to nothing, the written one stays   (exit 5)
    ├── CloudModel          a model that other computers would run                (exit 2)
    ├── PromptTooLong       question and passages do not fit the model            (exit 5)
    ├── PullFailed          a model's download broke off                          (exit 5)
    ├── ChildDied           a helper process ended                                (exit 5)
    │   └── ChildTimedOut   … or did not answer in time
    └── Unexpected          a defect of ours; the log has the rest                (exit 5)

An error is a code (its class) with parameters. `texts.sentence` makes words of it, so this module
holds no sentences, and the window can translate them.
"""

from __future__ import annotations


class RagDeskError(Exception):
    """Base of all. `code` names the sentence in `texts`; `params` fill it in."""

    code = "unexpected"
    exit_status = 5

    def __init__(self, **params: object) -> None:
        super().__init__(self.code, params)
        self.params: dict[str, object] = params


class WrongUse(RagDeskError):
    code = "wrong_use"
    exit_status = 2


class HomeInUse(RagDeskError):
    code = "home_in_use"
    exit_status = 3


class PartMissing(RagDeskError):
    code = "part_missing"
    exit_status = 4


class HomeNotWritable(RagDeskError):
    code = "home_not_writable"


class DiskFull(RagDeskError):
    code = "disk_full"


class LibraryDamaged(RagDeskError):
    code = "library_damaged"


class LibraryTooNew(RagDeskError):
    code = "library_too_new"


class LibraryMissing(RagDeskError):
    code = "library_missing"
    exit_status = 2


class LibraryOlder(LibraryMissing):
    code = "library_older"


class NotFound(RagDeskError):
    code = "not_found"
    exit_status = 2


class NameTaken(RagDeskError):
    code = "name_taken"
    exit_status = 2


class AssistantExists(NameTaken):
    code = "assistant_exists"


class NothingBetter(RagDeskError):
    code = "nothing_better"
    exit_status = 1


class NothingBefore(RagDeskError):
    code = "nothing_before"
    exit_status = 1


class AnswerNotThere(RagDeskError):
    code = "answer_not_there"
    exit_status = 2


class NothingToLearn(RagDeskError):
    code = "nothing_to_learn"
    exit_status = 1


class TeacherFailed(RagDeskError):
    code = "teacher_failed"


class QuestionEmpty(RagDeskError):
    code = "question_empty"
    exit_status = 2


class QuestionTooLong(RagDeskError):
    code = "question_too_long"
    exit_status = 2


class FileDiffers(RagDeskError):
    code = "file_differs"
    exit_status = 1


class ModelUnusable(RagDeskError):
    code = "model_unusable"


class VersionDamaged(ModelUnusable):
    code = "version_damaged"


class FetchFailed(RagDeskError):
    code = "fetch_failed"


class ServerMissing(RagDeskError):
    code = "server_missing"
    exit_status = 4


class EngineMissing(ServerMissing):
    code = "engine_missing"


class ServerOther(RagDeskError):
    code = "server_other"


class ServerElsewhere(RagDeskError):
    code = "server_elsewhere"


class ServerOld(RagDeskError):
    code = "server_old"


class ServerLost(RagDeskError):
    code = "server_lost"


class ModelMissing(RagDeskError):
    code = "model_missing"
    exit_status = 4


class ModelTooLarge(RagDeskError):
    code = "model_too_large"


class ModelFailed(RagDeskError):
    code = "model_failed"


class AnswerEmpty(ModelFailed):
    code = "answer_empty"


class AnswerForeign(ModelFailed):
    code = "answer_foreign"


class AnswerKept(RagDeskError):
    code = "answer_kept"


class CloudModel(RagDeskError):
    code = "cloud_model"
    exit_status = 2


class PromptTooLong(RagDeskError):
    code = "prompt_too_long"


class PullFailed(RagDeskError):
    code = "pull_failed"


class ChildDied(RagDeskError):
    code = "child_died"


class ChildTimedOut(ChildDied):
    code = "child_timed_out"


class Unexpected(RagDeskError):
    code = "unexpected"
