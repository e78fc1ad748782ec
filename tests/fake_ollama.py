"""A server on loopback that keeps to Ollama's API, and that fails in the ways in which Ollama fails.

It passes the contract suite of model servers, as a real one does. What it answers is made up; what
it refuses, counts, cuts and sends, it does as version 0.33 was measured to. Run as a program
(`python -m tests.fake_ollama serve`) it listens where OLLAMA_HOST says, as `ollama serve` would.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.fake_ollama_data import (
    ALIAS,
    CLOUD,
    FETCHED,
    FIRST,
    LAYERS,
    REFUSALS,
    THINKER,
    entry,
    full,
    tokens,
    words,
)
from tests.fake_ollama_wire import Wire

MODES = (
    "usual",
    "slow",  # a word in four tenths of a second
    "silent",  # it takes a question and says nothing
    "garbage",  # an answer that is no JSON
    "endless",  # an answer that takes no notice of how long it may be
    "endless_nothing",  # … and has no word
    "endless_line",  # … and has no line's end
    "dropping",  # the connection breaks in the middle
    "unfinished",  # an answer ends in order, without its last line
    "dying",  # the program that runs the model is killed in the middle
    "out_of_memory",  # … or before the first word
    "damaged",  # a model that cannot be loaded
    "busy",
    "old",
    "other",  # another program on the port, which answers everything with a page
    "other_json",  # … or with JSON
    "moved",  # … or sends on to another computer
    "moved_later",  # … as soon as it has said who it is
    "half_pulled",  # a fetch was broken off half-way
    "disk_full",  # … or breaks off because the disk is full
    "offline",  # nothing can be fetched
    "damaged_part",
    "pull_garbage",
    "pull_dropping",
)


class FakeOllama(ThreadingHTTPServer):
    """A context manager; `address` is where it listens, `requests` holds what it was asked."""

    daemon_threads = True

    def __init__(self, mode: str = "usual", port: int = 0, *, cloud: bool = True) -> None:
        assert mode in MODES
        super().__init__(("127.0.0.1", port), _Handler)
        self.mode = mode
        self.cloud = cloud
        self.version = "0.5.13" if mode == "old" else "0.33.0"
        self.models = [
            entry(FIRST, 2_100_000, ["completion"]),
            entry(THINKER, 900_000, ["completion", "tools", "thinking"]),
            entry("searcher:latest", 45_000_000, ["embedding"]),
            entry(CLOUD, 384, ["completion"], remote_host="https://ollama.com:443"),
            entry(
                ALIAS, 400, ["completion"], remote_model="giant", remote_host="https://ollama.com"
            ),
        ]
        self.had = dict.fromkeys(LAYERS, 0)  # bytes of a model being fetched
        if mode == "half_pulled":
            self.had[next(iter(LAYERS))] = 2_000_000
        self.blobs: dict[str, bytes] = {}
        self.created: list[dict[str, Any]] = []
        self.requests: list[tuple[str, str, dict[str, Any]]] = []
        self.headers: list[dict[str, str]] = []
        self.loads: list[tuple[Any, ...]] = []  # a model, and with what it was loaded
        self.in_memory: tuple[Any, ...] | None = None
        self.ended = threading.Event()  # a connection was cut while it answered
        self.one_at_a_time = threading.Lock()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def __enter__(self) -> FakeOllama:
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Those who ask may cut the connection; what else goes wrong is for the test's eyes."""
        if isinstance(sys.exception(), (BrokenPipeError, ConnectionResetError)):
            self.ended.set()
        else:
            super().handle_error(request, client_address)

    def asked(self, path: str) -> list[dict[str, Any]]:
        """The bodies of what was asked at `path`."""
        return [body for _, found, body in self.requests if found == path]

    def find(self, name: str) -> dict[str, Any] | None:
        """The model of a request's name, which may end in what keeps it on this computer."""
        here, name = name.endswith(":local"), name.removesuffix(":local")
        name = full(name)
        for model in self.models:
            if model["name"] == name and not (here and model.get("remote_host")):
                return model
        return None


class _Handler(Wire):
    server: FakeOllama

    def take(self, raw: bytes) -> None:
        blob = self.path.startswith("/api/blobs/")
        body = json.loads(raw) if raw and not blob else {}
        server = self.server
        server.requests.append((self.command, self.path, body))
        server.headers.append({key.lower(): value for key, value in self.headers.items()})
        if server.mode == "other":
            return self.plain(200, b"<html>A printer</html>", "text/html")
        if server.mode == "other_json":
            return self.plain(200, b'{"version": 3, "name": "printer"}')
        who = self.path in ("/api/version", "/api/tags")
        if server.mode == "moved" or (server.mode == "moved_later" and not who):
            return self.plain(307, b"", location="http://192.0.2.1:11434" + self.path)
        if blob:
            return self._blob(self.path.rpartition("/")[2], raw)
        answers = {
            ("GET", "/api/version"): lambda: self.json({"version": server.version}),
            ("GET", "/api/status"): self._status,
            ("GET", "/api/tags"): lambda: self.json({"models": server.models}),
            ("POST", "/api/show"): lambda: self._show(body),
            ("GET", "/api/ps"): self._ps,
            ("POST", "/api/chat"): lambda: self._chat(body),
            ("POST", "/api/pull"): lambda: self._pull(body),
            ("DELETE", "/api/delete"): lambda: self._delete(body),
            ("POST", "/api/create"): lambda: self._create(body),
        }
        answer = answers.get((self.command, self.path))
        return answer() if answer else self.plain(404, b"404 page not found", "text/plain")

    def _status(self) -> None:
        disabled = not self.server.cloud
        self.json({"cloud": {"disabled": disabled, "source": "env" if disabled else "none"}})

    def _show(self, body: dict[str, Any]) -> None:
        model = self.server.find(body["model"])
        if model is None:
            return self.refuse(404, f"model '{body['model']}' not found")
        info = {
            "general.architecture": "lfm2moe",
            "lfm2moe.context_length": 32_768,
            "lfm2moe.expert_count": 8,
            "lfm2moe.block_count": 4,
            "lfm2moe.embedding_length": 128,
            "lfm2moe.attention.head_count": 4,
            "lfm2moe.attention.head_count_kv": None,  # lists are left out of short answers
        }
        return self.json(
            {
                "license": "Apache-2.0",
                "template": "{{ .Prompt }}",
                "details": model["details"],
                "model_info": info,
                "capabilities": model["capabilities"],
                "modified_at": model["modified_at"],
            }
        )

    def _ps(self) -> None:
        loaded = self.server.in_memory
        model = loaded and self.server.find(str(loaded[0]))
        if not model:
            return self.json({"models": []})
        until = time.strftime("%Y-%m-%dT%H:%M:%S.123456789Z", time.gmtime(time.time() + 600))
        about = {key: model[key] for key in ("name", "model", "digest", "details")}
        size = model["size"] + 9_000_000
        more = {"size": size, "size_vram": 0, "expires_at": until, "context_length": 8192}
        return self.json({"models": [about | more]})

    def _delete(self, body: dict[str, Any]) -> None:
        model = self.server.find(body["model"])
        if model is None:
            return self.refuse(404, f"model '{body['model']}' not found")
        self.server.models.remove(model)
        return self.plain(200, b"")

    # What is fetched and made.

    def _pull(self, body: dict[str, Any]) -> None:
        server = self.server
        self.begin()
        self.line(status="pulling manifest")
        if server.mode == "offline":
            self.line(error="pull model manifest: dial tcp: lookup registry.example: no such host")
            return self.end()
        if not body["model"].startswith(FETCHED.partition(":")[0]):
            self.line(error="pull model manifest: file does not exist")
            return self.end()
        for digest, total in LAYERS.items():
            about = {"status": f"pulling {digest[7:19]}", "digest": digest, "total": total}
            self.line(**about, completed=server.had[digest])
            while server.had[digest] < total:
                time.sleep(0.03)
                server.had[digest] = min(server.had[digest] + 400_000, total)
                self.line(**about, completed=server.had[digest])
                if server.had[digest] > total // 2 and self._broke_off():
                    return None
        for status in ("verifying sha256 digest", "writing manifest", "success"):
            if status == "success" and server.find(body["model"]) is None:
                new = entry(full(body["model"]), sum(LAYERS.values()), ["completion"])
                server.models.append(new)
            self.line(status=status)
        return self.end()

    def _broke_off(self) -> bool:
        mode = self.server.mode
        if mode == "pull_garbage":
            self.send(b"<html>\n")
        elif mode == "pull_dropping":
            self.cut()
            return True
        elif mode == "disk_full":
            self.line(error="write /models/blobs/sha256-aaaa-partial: no space left on device")
        elif mode == "damaged_part":
            self.line(error="digest mismatch, file must be downloaded again: want sha256:aa")
        else:
            return False
        self.end()
        return True

    def _blob(self, digest: str, data: bytes) -> None:
        if self.command == "HEAD":
            return self.plain(200 if digest in self.server.blobs else 404, b"")
        if digest in self.server.blobs:
            return self.plain(200, b"")
        if digest != f"sha256:{hashlib.sha256(data).hexdigest()}":
            return self.refuse(400, f'digest mismatch, expected "{digest}"')
        self.server.blobs[digest] = data
        return self.plain(201, b"")

    def _create(self, body: dict[str, Any]) -> None:
        base = self.server.find(body["from"])
        if base is None:
            return self.refuse(404, f"model '{body['from']}' not found")
        self.begin()
        if any(digest not in self.server.blobs for digest in body["adapters"].values()):
            self.line(error="adapter blob not found")
            return self.end()
        self.server.created.append(body)
        name = full(body["model"])
        others = [model for model in self.server.models if model["name"] != name]
        self.server.models = [*others, entry(name, base["size"], base["capabilities"])]
        for status in ("parsing GGUF", "using existing layer sha256:00", "writing manifest"):
            self.line(status=status)
        self.line(status="success")
        return self.end()

    # What is answered.

    def _chat(self, body: dict[str, Any]) -> None:
        server = self.server
        model = server.find(body["model"])
        if model is None:
            return self.refuse(404, f"model '{body['model']}' not found")
        if model.get("remote_host"):
            raise AssertionError("a model of another computer was asked")
        if body.get("think") and "thinking" not in model["capabilities"]:
            return self.refuse(400, f'"{body["model"]}" does not support thinking')
        if server.mode in ("out_of_memory", "damaged", "busy"):
            return self.refuse(*REFUSALS[server.mode])
        if server.mode == "silent":
            # For as long as the other side keeps the connection.
            self.connection.settimeout(20.0)
            if not self.rfile.read(1):
                server.ended.set()
            return self.cut()
        options = body.get("options", {})
        loaded = (model["name"], options.get("num_ctx"), options.get("num_thread"))
        with server.one_at_a_time:
            if (*loaded, body.get("shift")) != server.in_memory:
                server.in_memory = (*loaded, body.get("shift"))
                server.loads.append(server.in_memory)
            if not body["messages"]:
                message = {"role": "assistant", "content": ""}
                return self.json({"message": message, "done": True, "done_reason": "load"})
            return self._answer(body, model, options)

    def _answer(self, body: dict[str, Any], model: dict[str, Any], options: dict[str, Any]) -> None:
        context = options.get("num_ctx", 4096)
        asked = 12 + sum(5 + tokens(message["content"]) for message in body["messages"])
        if asked >= context:
            if not body.get("truncate", True):
                room = f"the available context size ({context} tokens)"
                return self.refuse(400, f"request ({asked} tokens) exceeds {room}")
            asked = context // 2 + 2  # in silence, as the real one does
        thinks = "thinking" in model["capabilities"] and body.get("think", True)
        said = words(body)
        if thinks:
            said = itertools.chain([("thinking", "Let me "), ("thinking", "see.")], said)
        return self._stream(said, asked, options.get("num_predict", 10_000))

    def _stream(self, said: Iterator[tuple[str, str]], asked: int, most: int) -> None:
        mode, made, reason = self.server.mode, 0, "stop"
        self.begin()
        if mode == "endless":
            said = (("content", f"and {number} ") for number in itertools.count())
        if mode == "endless_nothing":
            said = (("content", "") for _ in itertools.count())
        for field, word in said:
            if made >= most and mode not in ("endless", "endless_nothing"):
                reason = "length"
                break
            time.sleep(0.4 if mode == "slow" else 0.0 if mode.startswith("endless") else 0.005)
            self.line(message={"role": "assistant", "content": "", field: word}, done=False)
            made += 1
            if made == 3 and self._went_wrong():
                return None
        self.line(
            message={"role": "assistant", "content": ""},
            done=True,
            done_reason=reason,
            prompt_eval_count=asked,
            eval_count=made,
            total_duration=1_000_000 + 5_000_000 * made,
        )
        return self.end()

    def _went_wrong(self) -> bool:
        mode = self.server.mode
        if mode == "garbage":
            self.send(b"\xff\xfe this is no JSON\n")
        elif mode == "endless_line":
            while True:
                self.send(b"x" * 65_536)
        elif mode == "dropping":
            self.cut()
            return True
        elif mode == "dying":
            self.line(error="an error was encountered while running the model: unexpected EOF")
        elif mode != "unfinished":
            return False
        self.end()
        return True


def main() -> None:
    """Serves where OLLAMA_HOST says; notes who it is where FAKE_OLLAMA_NOTES says."""
    _, _, port = os.environ["OLLAMA_HOST"].rpartition(":")
    runner = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(120)"])
    notes = {
        "pid": os.getpid(),
        "runner": runner.pid,
        "environment": {key: os.environ[key] for key in os.environ if key.startswith("OLLAMA_")},
        "arguments": sys.argv[1:],
    }
    Path(os.environ["FAKE_OLLAMA_NOTES"]).write_text(json.dumps(notes), encoding="utf-8")
    mode = os.environ.get("FAKE_OLLAMA_MODE", "usual")
    FakeOllama(mode, int(port), cloud=not os.environ.get("OLLAMA_NO_CLOUD")).serve_forever()


if __name__ == "__main__":
    main()
