"""The scripted model does what every model must."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ragdesk.domain.chat import Message
from tests.adapters.chat_contract import ChatContract
from tests.fakes_chat import ScriptedChat, ScriptedServer


def script(messages: Sequence[Message]) -> str:
    return "The dog swam. " * 100 if "story" in messages[-1].text else "Paris is the capital."


class TestScripted(ChatContract):
    @pytest.fixture
    def server(self) -> ScriptedServer:
        return ScriptedServer(ScriptedChat(script))

    @pytest.fixture
    def model_name(self) -> str:
        return "scripted"
