"""What the tests of Ollama share: fakes in any mode, a server of ours that looks at one, whole sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ragdesk import errors, texts
from ragdesk.adapters.ollama import OllamaServer
from ragdesk.domain.chat import Message
from tests.fake_ollama import FakeOllama

ASKED = [Message("system", "You are helpful."), Message("user", "Write a long story.")]
PLENTY = 1 << 40
Fake = Callable[..., FakeOllama]


def server_at(fake: FakeOllama | str, **more: Any) -> OllamaServer:
    """A server of ours that looks at one address, with no program to start and memory enough."""
    address = fake if isinstance(fake, str) else fake.address
    options: dict[str, Any] = {"memory": lambda: PLENTY, "disk": lambda _: PLENTY}
    return OllamaServer(address, program=lambda: None, **{**options, **more})


def fakes() -> Iterator[Fake]:
    """For a fixture: a function that starts a fake server in a mode."""
    started: list[FakeOllama] = []

    def start(mode: str = "usual", **more: Any) -> FakeOllama:
        started.append(FakeOllama(mode, **more).__enter__())
        return started[-1]

    yield start
    for each in started:
        each.__exit__()


def said(error: errors.RagDeskError) -> str:
    """Its sentence, whole: a dash would stand where something is missing."""
    sentence = texts.sentence(error)
    assert "–" not in sentence
    return sentence
