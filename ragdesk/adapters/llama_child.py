"""llama.cpp's server in a process of its own, with one model.

    python -m ragdesk.engine.child … ragdesk.adapters.llama_child

The first line in says what to load, see `serve`. In a process of its own because llama.cpp ends the
whole process on a processor without AVX2, on some damaged files and when memory runs out. It leaves
when its input is closed.
"""

from __future__ import annotations

import contextlib
import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from typing import IO, Any

from .child_pipe import Tell, converse

WARNINGS = 2  # llama.cpp's levels: 1 errors, 2 warnings, 3 what it does, 4 and more what is said
BATCH = 256  # tokens read at once; with its own 512 it holds 40 MB more, and reads no faster
_LOG_SECONDS, _LOG_PAUSE = 2.0, 0.1
# What its log says of a file that it could not load, and how that is said to a person.
REASONS = (
    (r"unknown model architecture: '([^']*)'", "this engine does not know models of the kind {0}"),
    (r"lora|adapter", "its adapter does not fit it"),
    (r"not within the file bounds|corrupted|incomplete|failed to read", "its file is damaged"),
    (r"alloc|out of memory|insufficient memory", "there is not enough memory for it"),
    (r"chat template|jinja|template", "the way in which it wants to be asked is not understood"),
)


def serve(about: dict[str, Any], tell: Tell) -> None:
    """Loads a model and answers on loopback until standard input ends.

    about: model (path), adapter (path of a GGUF LoRA, or null), context and threads (numbers), key
    (what every request must bear). Tells {"importing": true} first, since that alone can end the
    process, then {"ready": address} or {"missing": why} or {"failed": why, in words}.
    """
    tell({"importing": True})
    try:
        import xllamacpp
    except ImportError as error:
        tell({"missing": str(error)})
        return
    parameters = xllamacpp.CommonParams()
    parameters.model.path = about["model"]
    if about["adapter"]:
        parameters.lora_adapters = [xllamacpp.CommonAdapterLoraInfo(about["adapter"], 1.0)]
    parameters.n_ctx = about["context"]
    parameters.n_parallel = 1  # its context is shared among them
    parameters.fit_params = False  # it would look for another context by itself
    parameters.n_batch = parameters.n_ubatch = BATCH
    parameters.cpuparams.n_threads = about["threads"]
    parameters.cpuparams_batch.n_threads = about["threads"]
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = 0  # any that is free
    # Any page in a browser may ask a port on loopback; without the key it learns nothing.
    parameters.api_keys = [about["key"]]
    parameters.ui = parameters.endpoint_slots = False
    parameters.n_threads_http = 4
    parameters.cache_idle_slots = False
    parameters.cache_ram_mib = 0  # 8 GB by default, and wrong where an adapter's weight changes
    parameters.warmup = False  # the first question warms as well
    parameters.verbosity = WARNINGS
    with _heard() as log:
        try:
            server = xllamacpp.Server(parameters)
        except RuntimeError:  # its own words are the same for every reason
            tell({"failed": reason(_settled(log))})
            return
    tell({"ready": server.listening_address})
    sys.stdin.read()
    os._exit(0)  # an answer that is being made is not waited for


def reason(log: str) -> str:
    """Why a model was not loaded, from the errors in llama.cpp's log."""
    errors = [line.split(" E ", 1)[1].strip() for line in log.splitlines() if " E " in line]
    for error in errors:
        for pattern, words in REASONS:
            found = re.search(pattern, error, re.IGNORECASE)
            if found:
                return words.format(*found.groups())
    return f"it could not be loaded ({errors[0][:200]})" if errors else "it could not be loaded"


def _settled(log: IO[bytes]) -> str:
    """The whole log: llama.cpp writes it from a thread of its own, and may be behind."""
    text, until = b"", time.monotonic() + _LOG_SECONDS
    while time.monotonic() < until:
        before = text
        time.sleep(_LOG_PAUSE)
        log.seek(0)
        text = log.read()
        if text == before and b" E " in text:
            break
    return text.decode("utf-8", "replace")


@contextlib.contextmanager
def _heard() -> Iterator[IO[bytes]]:
    """Standard error, kept in a file meanwhile and passed on at the end."""
    handle, name = tempfile.mkstemp()
    with open(name, "rb") as log:  # a second opening: reading must not move the place of writing
        with contextlib.suppress(OSError):  # on Windows it cannot go while it is open
            os.unlink(name)
        before = os.dup(2)
        os.dup2(handle, 2)
        os.close(handle)
        try:
            yield log
        finally:
            os.dup2(before, 2)
            os.close(before)
            log.seek(0)
            os.write(2, log.read())
    with contextlib.suppress(OSError):
        os.unlink(name)


def main() -> None:
    converse(serve)


if __name__ == "__main__":
    main()
