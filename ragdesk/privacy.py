"""Nothing leaves: switches of libraries, and a hook that stops them where a switch is missing.

Called before anything else is imported, in every process of RagDesk. The hook sees Python's own
sockets only (not those of Qt or of compiled libraries), so the proof is made from outside the
process by the tests; the hook is what keeps a careless library from calling out meanwhile.

There are two exceptions, and only when a person orders it. `ragdesk models get` starts pip as a
child of its own, which is no process of RagDesk, to fetch one package; it is told nothing but the
name of that package (`adapters/model_store.py`). And an Ollama server that we start, its cloud
switched off, fetches a model, of which it is told nothing but the name
(`adapters/ollama_process.py`). No other code calls `outward`.
"""

from __future__ import annotations

import os
import sys

_FORCED = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
    "ANONYMIZED_TELEMETRY": "False",
    "LANGSMITH_TRACING": "false",
    "LANGCHAIN_TRACING_V2": "false",
    "OTEL_SDK_DISABLED": "true",
    "ORT_DISABLE_TELEMETRY": "1",  # onnxruntime 1.29 and newer call their maker at the first session
}
_REMOVED_PREFIXES = ("OTEL_EXPORTER_", "HF_ENDPOINT")
_MARK = "_ragdesk_shut"  # a hook cannot be taken out again; on `sys`, it holds for the process


_removed: dict[str, str] = {}


class LeavingRefused(PermissionError):
    """Something inside RagDesk tried to reach another computer."""


def shut() -> None:
    """Forces the switches and installs the hook; a second call changes nothing."""
    os.environ.update(_FORCED)
    for name in list(os.environ):
        if name.startswith(_REMOVED_PREFIXES) or name.lower().endswith("_proxy"):
            _removed[name] = os.environ.pop(name)
    if _MARK not in sys.__dict__:
        setattr(sys, _MARK, True)
        sys.addaudithook(_refuse)


def outward() -> dict[str, str]:
    """The environment for the one child that may go out: the way out that the person set is in it."""
    ways = {name: way for name, way in _removed.items() if name.lower().endswith("_proxy")}
    return {**os.environ, **ways}


def _refuse(event: str, args: tuple[object, ...]) -> None:
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = args[1]
        host = address[0] if isinstance(address, tuple) and address else None
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = args[0]
    else:
        return
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if isinstance(host, str) and host and not _is_here(host):
        raise LeavingRefused(f"refused to reach {host}")


def _is_here(host: str) -> bool:
    import ipaddress  # not at the top: this module runs before all others

    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return host.lower() == "localhost"
