"""Fetching a model through Ollama: how far it is, how fast, and why it broke off."""

from __future__ import annotations

import re
import time
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ..domain.chat import Pulled
from ..errors import CloudModel, DiskFull, ModelFailed, PullFailed, RagDeskError, ServerLost
from . import http
from .ollama_api import Api, refusal

_SILENCE = 600.0  # seconds: checking a large file on a slow disk says nothing meanwhile
_REPORTS = 0.2  # seconds between two reports
_WINDOW = 10.0  # seconds over which the speed is told
_SHORT = 0.5  # … and of which on it can be
_RESERVE = 512 << 20  # bytes that stay free on the disk

_STEPS = (  # what Ollama says at first, and what it is to a person
    ("pulling manifest", "asking what belongs to it"),
    ("pulling", "fetching"),
    ("verifying", "checking"),
    ("writing", "putting it in place"),
    ("removing", "tidying up"),
    ("success", "ready"),
)
_REASONS = (
    (r"no such host|dial tcp|lookup |network is unreachable", "there is no way to the internet"),
    (r"does not exist|not found|invalid model name", "there is no such model to be had"),
    (r"digest mismatch", "a part of it came damaged, and will be fetched anew"),
    (r"newer version", "it needs a newer Ollama"),
    (r"timeout|deadline|max retries|stalled|reset by peer|eof", "the connection broke off"),
    (r"unauthorized|forbidden|access denied", "it is not given to everyone"),
    (r"read-only|permission denied", "Ollama may not write where its models are"),
)
_FULL = re.compile(r"no space left|disk full|not enough space|quota exceeded")


class Progress:
    """Adds up the parts of a download; times in seconds of a clock of your choice."""

    def __init__(self) -> None:
        self._parts: dict[str, tuple[int, int]] = {}  # bytes done, bytes in all
        self._arrived = 0  # since we look: what was there before says nothing about the speed
        self._seen: deque[tuple[float, int]] = deque()

    def take(self, line: Mapping[str, Any], at: float) -> Pulled:
        """How far it is after one more line of the server."""
        digest, total = line.get("digest"), _count(line.get("total"))
        if isinstance(digest, str) and total:
            done = min(_count(line.get("completed")), total)
            before = self._parts.get(digest)
            # A part that is fetched anew goes back; that is no speed either.
            self._arrived += max(done - before[0], 0) if before else 0
            self._parts[digest] = (done, total)
        self._seen.append((at, self._arrived))
        while len(self._seen) > 2 and at - self._seen[0][0] > _WINDOW:
            self._seen.popleft()
        since, had = self._seen[0]
        return Pulled(
            step(str(line.get("status", ""))),
            sum(done for done, _ in self._parts.values()),
            sum(total for _, total in self._parts.values()),
            (self._arrived - had) / (at - since) if at - since > _SHORT else 0.0,
        )


def pull(
    api: Api,
    name: str,
    on_progress: Callable[[Pulled], None],
    stopped: Callable[[], bool],
    *,
    folder: Path,
    free: Callable[[Path], int] | None,
) -> bool:
    """Fetches `name`; False if it was stopped before all was there.

    `free` tells how many bytes a disk still holds, None for a disk that cannot be looked at.
    Raises `PullFailed`, `DiskFull`, `CloudModel`.
    """
    progress, told, last = Progress(), 0.0, ""
    found = http.lines(
        api.client, "/api/pull", {"model": name, "stream": True}, stopped, silence=_SILENCE
    )
    try:
        for line in http.objects(found):
            if "error" in line:
                raise _broken(name, -1, str(line["error"]), folder)
            now = time.monotonic()
            pulled = progress.take(line, now)
            if free is not None and pulled.total - pulled.done > max(free(folder) - _RESERVE, 0):
                raise DiskFull(home=str(folder))
            if pulled.step != last or now - told >= _REPORTS:
                told, last = now, pulled.step
                on_progress(pulled)
            if line.get("status") == "success":
                return True
    except http.Stopped:
        return False
    except http.Refused as error:
        raise _broken(name, error.status, str(error.said.get("error", "")), folder) from error
    except http.Garbled as error:
        raise PullFailed(name=name, detail="what Ollama says of it cannot be read") from error
    except http.Silent as error:
        raise PullFailed(name=name, detail="nothing came for ten minutes") from error
    except http.Gone as error:
        api.version()  # says so where nobody is there any more
        raise PullFailed(name=name, detail="Ollama broke off") from error
    finally:
        found.close()  # type: ignore[attr-defined]  # an iterator that is a generator
    raise PullFailed(name=name, detail="Ollama broke off")


def step(status: str) -> str:
    """What is being done, in words, for one of Ollama's."""
    return next((words for start, words in _STEPS if status.startswith(start)), "working")


def _broken(name: str, status: int, said: str, folder: Path) -> RagDeskError:
    words = said.lower()
    if _FULL.search(words):
        return DiskFull(home=str(folder))
    for pattern, detail in _REASONS:
        if re.search(pattern, words):
            return PullFailed(name=name, detail=detail)
    error = refusal(name, status, said)
    if isinstance(error, (CloudModel, ServerLost)):
        return error
    if isinstance(error, ModelFailed):
        return PullFailed(name=name, detail=error.params["detail"])
    return PullFailed(name=name, detail=" ".join(said.split())[:200] or "Ollama refused")


def _count(value: object) -> int:
    return int(value) if isinstance(value, (int, float)) and value > 0 else 0
