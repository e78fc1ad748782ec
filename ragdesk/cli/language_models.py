"""Language models from the terminal: what is here and what suits, fetching, trying out, choosing."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from ..domain.chat import Pulled
from ..domain.entrance import FAILED, PASSED
from ..engine.serving import Serving, split_name
from ..errors import ModelMissing, ServerMissing
from ..messages import ChangeSetting, ModelsListed
from ..services.entrance import in_words, sit, verdict
from ..settings import BUILT_IN, OLLAMA
from ..store.entrances import Entrances
from ..texts import fill
from .library import running
from .output import Context, left_words, size_words, wrap
from .writers import QUOTE, WRITTEN, Stop, choices_of, full_name, models_of, plain_name, serving

NEEDS_A_LOOK, INTERRUPTED = 1, 130
MOST_OFFERS = 3  # models to fetch that are described; the best come first
QUOTES = "quotes"  # the name under which `use` goes back to them
_INDENT = " " * 12
_MARKS = {
    PASSED: "It answers well enough to be relied on as far as it cites.",
    FAILED: "It does not answer well enough, so its answers come with a warning; quotes serve you"
    " better.",
}
_UNSURE = "Too few questions were asked to tell whether it is good enough."


def listed(context: Context, to_fetch: Callable[[], None]) -> None:
    """Prints the servers, their models, and what suits this computer.

    `to_fetch` prints the built-in model where it is not here.
    """
    with serving(context.home) as servers:
        found = models_of(context.home, servers).listed()
    choices = choices_of(context.home)
    chosen, writes = str(choices.get("model")), choices.get("answerer") == WRITTEN
    output = context.output
    output.words("\nLanguage models, which write answers")
    for model, result in zip(found.models, found.exams, strict=True):
        full = f"{model['server']}/{model['name']}"
        record = {**model, "model": full, "here": True, "exam": result, "chosen": full == chosen}
        output.result(record, _model_words(model, result, full == chosen, writes))
    to_fetch()
    for server in found.servers:
        output.result({**server, "server": server["name"]}, server_words(server))
    output.result(
        {"recommended": found.recommended, "offers": list(found.offers)}, _offer_words(found)
    )


def _model_words(model: dict[str, Any], exam: dict[str, str], chosen: bool, writes: bool) -> str:
    """A model's name, then size, kind, how it did in its exam."""
    said = [size_words(model["bytes"])] if model["bytes"] else []
    if model["server"] == OLLAMA:
        said.append("in Ollama")
    elif model["name"] != BUILT_IN:
        said.append("your own")
    if model["parameters"]:
        said.append(f"{model['parameters']} parameters")
    if model["experts"]:
        said.append(f"a mixture of {model['experts']} experts")
    if model["remote"]:
        said = ["run by other computers, so your documents would leave this one: never used"]
    lines = [model["name"], wrap(", ".join(said), _INDENT)]
    if not model["remote"]:
        lines.append(wrap(_exam_words(exam, model["name"]), _INDENT))
        if exam["verdict"] == FAILED:
            lines.append(wrap(_MARKS[FAILED], _INDENT))
    if chosen:
        lines.append(_INDENT + ("writes the answers" if writes else "chosen; quotes answer now"))
    return "\n".join(line for line in lines if line.strip())


def _exam_words(exam: dict[str, str], name: str) -> str:
    """What a model's exam showed, or how to have it sit one."""
    if exam["verdict"]:
        return exam["words"]
    return f"not tried out yet; in about five minutes: ragdesk models try {name}"


def server_words(server: dict[str, Any]) -> str:
    """A server that is there, or what is in the way; "" for our own where all is well."""
    title = "Ollama" if server["name"] == OLLAMA else "RagDesk's own engine for models"
    if server["trouble"] == ServerMissing.code and server["name"] == OLLAMA:
        return f"{title} is not installed or not running. With it, larger models can write answers."
    if server["trouble"]:
        return wrap(f"{title}: {fill(server['trouble'], server)}")
    if server["name"] == BUILT_IN:
        return ""
    if not server["running"]:
        return f"{title}: it is installed, and starts when it is needed"
    return f"{title}: version {server['version']}, at {server['address']}"


def _offer_words(found: ModelsListed) -> str:
    lines = ["", "What suits this computer", wrap(found.recommended, "  ")]
    fitting = [one for one in found.offers if one["fits"] and split_name(one["name"])[0] == OLLAMA]
    for offer in fitting[:MOST_OFFERS]:
        _, name = split_name(offer["name"])
        size = size_words(offer["bytes"])
        lines += ["", f"  {offer['title']}, {size} to fetch: ragdesk models pull {name}"]
        lines.append(wrap(offer["words"], "    "))
    if more := len(found.offers) - len(fitting[:MOST_OFFERS]):
        lines += ["", f"  {more} more, with what stands against them: ragdesk models --json"]
    return "\n".join(lines)


def pull(context: Context) -> int:
    """Fetches a model through its server; stopped, what came is kept where the server keeps it."""
    name = context.arguments.name
    server, slash, _ = name.partition("/")
    full = name if slash and server in (OLLAMA, BUILT_IN) else f"{OLLAMA}/{name}"
    full = f"{BUILT_IN}/{BUILT_IN}" if name == BUILT_IN else full
    server, model = split_name(full)
    progress = context.output.progress

    def tell(pulled: Pulled) -> None:
        progress(_pulled_words(pulled))

    progress("Asking…")
    with Stop(keep=True) as stop, serving(context.home) as servers:
        servers.server(server).pull(model, tell, stop.wished)
        progress("")
        if stop.wished():
            kept = (
                "Nothing of it was kept"
                if server == BUILT_IN
                else "What came so far is kept; it goes on from there with"
            )
            context.output.result(
                {"name": full, "here": False}, f"Stopped. {kept}: ragdesk models pull {name}"
            )
            return INTERRUPTED
    context.output.result(
        {"name": full, "here": True},
        f"{model} is here. Try it: ragdesk models try {model}\n"
        f"Have it write the answers: ragdesk models use {model}",
    )
    return 0


def _pulled_words(pulled: Pulled) -> str:
    """ "fetching: 120 of 2500 MB, 5.0 MB a second, about 4 min left"."""
    if not pulled.total:
        return f"{pulled.step}…"
    words = f"{pulled.step}: {pulled.done / 1e6:.0f} of {size_words(pulled.total)}"
    if pulled.rate:
        words += f", {pulled.rate / 1e6:.1f} MB a second"
    return words + left_words(pulled.seconds_left or 0.0)


def delete(context: Context, name: str) -> int:
    """Takes a model of Ollama off this computer."""
    with serving(context.home) as servers:
        full = full_name(servers, name)
        models_of(context.home, servers).delete(full)
    context.output.result({"name": full, "here": False}, f"{plain_name(full)} is deleted.")
    return 0


def use(context: Context) -> int:
    """Has a model write the answers from now on, or quotes give them."""
    name = context.arguments.name
    if name in (QUOTE, QUOTES):
        with running(context, start=False) as engine:
            engine.handle(ChangeSetting("", "answerer", QUOTE))
        context.output.result({"answerer": QUOTE}, "Answers come in your documents' own words.")
        return 0
    with serving(context.home) as servers:
        full = full_name(servers, name)
        exam = _exam_of(context, servers, full)
    with running(context, start=False) as engine:
        engine.handle(ChangeSetting("", "model", full))
        engine.handle(ChangeSetting("", "answerer", WRITTEN))
    known = _exam_words(exam, name)
    words = f"{plain_name(full)} writes the answers from now on ({known})."
    if exam["verdict"] == FAILED:
        words += f" {_MARKS[FAILED]}"
    context.output.result(
        {"answerer": WRITTEN, "model": full, "exam": exam},
        wrap(f"{words} Back to quotes: ragdesk models use {QUOTES}"),
    )
    return 0


def _exam_of(context: Context, servers: Serving, full: str) -> dict[str, str]:
    """What is known of a model that is here. Raises `ModelMissing`."""
    found = models_of(context.home, servers).listed()
    for model, result in zip(found.models, found.exams, strict=True):
        if f"{model['server']}/{model['name']}" == full and not model["remote"]:
            return dict(result)
    raise ModelMissing(name=plain_name(full))


def sit_exam(context: Context) -> int:
    """The entrance exam of a model; one that is stopped keeps no result."""
    output, began = context.output, time.monotonic()

    def tell(asked: int, total: int) -> None:
        left = min((time.monotonic() - began) / asked * (total - asked), 300.0)
        output.progress(f"Asked {asked} of {total} questions{left_words(left)}")

    with serving(context.home) as servers:
        full = full_name(servers, context.arguments.name)
        output.progress(f"Getting {plain_name(full)} ready…")
        model, digest = servers.chat(full), servers.digest(full)
        output.note("Its entrance exam takes about five minutes. Ctrl-C stops it.")
        with Stop(keep=True) as stop:
            result = sit(model, digest, stopped=stop.wished, on_progress=tell)
    output.progress("")
    if result.ended == "stopped":
        output.note("Stopped. Nothing of this exam was kept.")
        return INTERRUPTED
    Entrances(context.home).save(result)
    passed = verdict(result)
    output.result(
        {"model": full, "verdict": passed, "words": in_words(result), "asked": result.asked,
         "total": result.total, "seconds": round(result.seconds, 3)},
        wrap(f"{plain_name(full)}: {in_words(result)}. {_MARKS.get(passed, _UNSURE)}"),
    )  # fmt: skip
    return 0 if passed == PASSED else NEEDS_A_LOOK
