"""Speaking to one Ollama server in its own language, and what its refusals mean.

Most goes through the `ollama` package. Three things it cannot do go through `http`: it leaves out
of its list what says that a model is run elsewhere; it cannot send `truncate`, without which Ollama
cuts long questions in silence; and while it waits for a server nobody can say stop to it.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ..errors import (
    CloudModel,
    ModelFailed,
    ModelMissing,
    ModelTooLarge,
    PromptTooLong,
    RagDeskError,
    ServerLost,
    ServerMissing,
    ServerOld,
    ServerOther,
)
from . import http

if TYPE_CHECKING:
    import httpx
    import ollama

LEAST = (0, 20, 2)  # older ones have known holes
LEAST_ADAPTERS = (0, 30, 0)  # of these on an adapter fits a model of any build
_PATIENCE = 10.0  # seconds for a short question
_UPLOAD = 120.0
_ALIAS_BYTES = (
    100_000  # a name for another computer's model has some hundred bytes, no model so few
)

_NO_MEMORY = re.compile(
    r"out of memory|signal: killed|more system memory|(can ?not|unable to|failed to) allocate"
    r"|unexpectedly stopped|resource limitations|insufficient memory"
)
_TOO_LONG = re.compile(
    r"longer than the context|exceeds? (the )?(available |maximum )?context|context (length|size|window)"
)


class Api:
    """One server at one address. Every call raises `ServerMissing` where nobody answers."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._client: httpx.Client | None = None
        self._package: ollama.Client | None = None

    @property
    def client(self) -> httpx.Client:
        if self._client is None:
            self._client = http.client(self.address)
        return self._client

    def close(self) -> None:
        client, self._client = self._client, None
        package, self._package = self._package, None
        for each in (client, package):
            if each is not None:
                each.close()

    def version(self) -> str:
        """The server's version. Raises `ServerOther` where it is no Ollama."""
        version = self.ask("GET", "/api/version").get("version")
        if not isinstance(version, str) or not re.match(r"v?\d+\.\d+", version):
            raise ServerOther(address=self.address)
        return version

    def at_least(self, least: tuple[int, ...] = LEAST) -> str:
        """The version, if it is new enough. Raises `ServerOld`, `ServerOther`."""
        version = self.version()
        if numbers(version) < least:
            raise ServerOld(version=version, least=".".join(map(str, least)))
        return version

    def online(self) -> bool | None:
        """Whether its cloud is switched on; None where it does not say."""
        try:
            cloud = http.call(self.client, "GET", "/api/status", timeout=_PATIENCE).get("cloud")
        except (http.Refused, http.Gone):
            return None
        disabled = cloud.get("disabled") if isinstance(cloud, dict) else None
        return None if disabled is None else not disabled

    def listed(self) -> list[dict[str, Any]]:
        """The entries of its list of models, each with a name, in its words."""
        models = self.ask("GET", "/api/tags").get("models")
        if models is None:  # of a server that has none yet
            return []
        if not isinstance(models, list):
            raise ServerOther(address=self.address)
        return [entry for entry in models if isinstance(entry, dict) and entry.get("name")]

    def ask(self, method: str, path: str) -> dict[str, Any]:
        """A short question that every Ollama answers. Raises `ServerOther` where this one does not."""
        import httpx

        try:
            return http.call(self.client, method, path, timeout=_PATIENCE)
        except http.Gone as error:
            cause = error.__cause__
            nobody = (httpx.NetworkError, httpx.TimeoutException, httpx.UnsupportedProtocol)
            if isinstance(cause, nobody):
                raise ServerMissing(address=self.address) from error
            raise ServerOther(address=self.address) from error
        except httpx.InvalidURL as error:
            raise ServerMissing(address=self.address) from error
        except http.Refused as error:
            raise ServerOther(address=self.address) from error

    @contextlib.contextmanager
    def package(self, name: str = "") -> Iterator[ollama.Client]:
        """The package's client for this server; what goes wrong in it is about model `name`."""
        import httpx

        ollama = _package()
        if self._package is None:
            self._package = ollama.Client(
                host=self.address,
                trust_env=False,
                follow_redirects=False,
                timeout=httpx.Timeout(_UPLOAD, connect=2.0),
                limits=httpx.Limits(max_keepalive_connections=0),
                event_hooks={"request": [_without_key]},
            )
        try:
            yield self._package
        except ollama.ResponseError as error:
            # No Ollama sends on to another address, or refuses what needs no model.
            if 300 <= error.status_code < 400 or not name:
                raise ServerOther(address=self.address) from error
            raise refusal(name, error.status_code, str(error.error)) from error
        except (httpx.ConnectError, httpx.ConnectTimeout, ConnectionError) as error:
            # Two kinds, because the package changes the one where it does not stream.
            raise ServerMissing(address=self.address) from error
        except (httpx.HTTPError, httpx.StreamError) as error:
            raise ServerLost(address=self.address) from error
        except (ValueError, TypeError, AttributeError) as error:
            # It makes its own objects of whatever comes, and fails at what Ollama would not say.
            raise ServerOther(address=self.address) from error


def _package() -> Any:
    """The package. It reads OLLAMA_HOST while it is imported and fails at one that is no address."""
    host = os.environ.pop("OLLAMA_HOST", None)
    try:
        import ollama
    finally:
        if host is not None:
            os.environ["OLLAMA_HOST"] = host
    return ollama


def _without_key(request: httpx.Request) -> None:
    """Takes off a person's key for Ollama's cloud: the package would tell it whoever answers."""
    request.headers.pop("authorization", None)


def numbers(version: str) -> tuple[int, ...]:
    """The three numbers of a version; a build that names none is the oldest of all."""
    found = re.match(r"v?(\d+)\.(\d+)(?:\.(\d+))?", version)
    return tuple(int(part or 0) for part in found.groups()) if found else (0, 0, 0)


def is_cloud_name(name: str) -> bool:
    """Whether a name is that of a model which Ollama would run on its own computers."""
    return name.strip().lower().endswith(("cloud", ":cloud", "-cloud"))


def is_remote(entry: Mapping[str, Any]) -> bool:
    """Whether a model of the list is run by another computer, whatever its name says."""
    size = entry.get("size") or 0
    alias = isinstance(size, int) and 0 < size < _ALIAS_BYTES
    return bool(
        entry.get("remote_host")
        or entry.get("remote_model")
        or is_cloud_name(str(entry["name"]))
        or alias
    )


def same(name: str, listed: str) -> bool:
    """Whether a person's name for a model is one of the list: without a tag the latest is meant."""

    def whole(text: str) -> str:
        text = text.strip().lower()
        return text if ":" in text.rpartition("/")[2] else f"{text}:latest"

    return whole(name) == whole(listed)


def refusal(
    name: str,
    status: int,
    said: str,
    *,
    begun: bool = False,
    sizes: Mapping[str, str] | None = None,
) -> RagDeskError:
    """What it means that a server refuses something of model `name`, with `status` (-1: none).

    `begun` says that a part of the answer was there already, `sizes` how much memory was `needed`
    and `free`.
    """
    words = said.lower()
    if status == 404 or ("model" in words and "not found" in words):
        return ModelMissing(name=name)
    if status == 403 and "cloud" in words:
        return CloudModel(name=name)
    if not begun and _NO_MEMORY.search(words):
        return ModelTooLarge(name=name, **(sizes or {}))
    if _TOO_LONG.search(words):
        return PromptTooLong(name=name)
    return ModelFailed(name=name, detail=_detail(status, said, words))


def _detail(status: int, said: str, words: str) -> str:
    if status == 503:
        return "Ollama is busy with other questions"
    if "does not support" in words and "chat" in words:
        return "it is not made to answer questions"
    if "newer version" in words or status == 412:
        return "it needs a newer Ollama"
    if _NO_MEMORY.search(words) or "unexpected eof" in words:
        return "it ended in the middle, most often because the memory was full"
    if "terminated" in words:
        return "it could not be started; its file may be damaged"
    return " ".join(said.split())[:200] or f"Ollama refused (status {status})"
