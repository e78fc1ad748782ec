"""Models of langchain used as ours, and ours used as one of langchain's.

langchain-core is imported only where a bridge is crossed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..domain.chat import Delta, Finish, Message
from ..domain.protocols import ChatModel
from ..errors import ModelFailed, PromptTooLong, RagDeskError

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage

LETTERS_A_TOKEN = (
    2  # where a model does not count: rather too many tokens than a cut that nobody sees
)
MARKS = 8  # tokens of the marks around a message
_ROLES = {"system": "system", "human": "user", "user": "user", "ai": "assistant"}


class FromLangchain:
    """A langchain `BaseChatModel` as a `ChatModel`.

    `context` is how many tokens it has room for; `count` counts the tokens of a text as the model
    does, and where it is left out a letter and a half more than any known model needs is assumed.
    """

    def __init__(
        self,
        model: BaseChatModel,
        context: int,
        *,
        name: str = "",
        thinks: bool = False,
        count: Callable[[str], int] | None = None,
    ) -> None:
        self._model = model
        self.name = name or model.__class__.__name__
        self.context = context
        self.thinks = thinks
        self._count = count or _guess

    def count(self, messages: Sequence[Message]) -> int:
        """See `ChatModel.count`."""
        return sum(MARKS + self._count(message.text) for message in messages)

    def chat(
        self,
        messages: Sequence[Message],
        *,
        most: int,
        schema: Mapping[str, Any] | None = None,
        think: bool = False,
        stopped: Callable[[], bool] = lambda: False,
    ) -> Iterator[Delta]:
        """See `ChatModel.chat`. The limit `most` is kept here: not every model has one itself."""
        asked = self.count(messages)
        if asked + most > self.context:
            raise PromptTooLong(name=self.name)
        started = time.perf_counter()
        said = ""

        def finish(reason: str) -> Delta:
            seconds = time.perf_counter() - started
            return Delta(finish=Finish(reason, asked, self._count(said) if said else 0, seconds))

        model = self._model if schema is None else self._model.bind(response_format=dict(schema))
        sent = [(message.role, message.text) for message in messages]
        if stopped():
            yield finish("stopped")
            return
        pieces = model.stream(sent)
        try:
            for piece in pieces:
                text, thinking = _said(piece)
                if thinking and think:
                    yield Delta(thinking=thinking)
                if self._count(said + text) > most:
                    yield finish("length")
                    return
                said += text
                if text:
                    yield Delta(text)
                if stopped():
                    yield finish("stopped")
                    return
        except RagDeskError:
            raise
        except Exception as error:  # whatever a foreign model raises
            raise ModelFailed(name=self.name, detail=str(error) or type(error).__name__) from error
        finally:
            if close := getattr(pieces, "close", None):
                close()
        yield finish("done")


def as_langchain(model: ChatModel, most: int = 400) -> BaseChatModel:
    """A `ChatModel` as a langchain `BaseChatModel`, with answers of `most` tokens at most."""
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessage, AIMessageChunk
    from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult

    class RagDeskChat(BaseChatModel):
        """Answers at temperature 0; `stop` words are kept to by cutting in front of them."""

        @property
        def _llm_type(self) -> str:
            return f"ragdesk {model.name}"

        def _generate(
            self,
            messages: list[BaseMessage],
            stop: list[str] | None = None,
            run_manager: Any = None,
            **kwargs: Any,
        ) -> ChatResult:
            text = "".join(delta.text for delta in model.chat(_ours(messages), most=most))
            for word in stop or ():
                text = text.split(word)[0]
            return ChatResult(generations=[ChatGeneration(message=AIMessage(content=text))])

        def _stream(
            self,
            messages: list[BaseMessage],
            stop: list[str] | None = None,
            run_manager: Any = None,
            **kwargs: Any,
        ) -> Iterator[ChatGenerationChunk]:
            if stop:  # a stop word may come in pieces
                [made] = self._generate(messages, stop).generations
                yield ChatGenerationChunk(message=AIMessageChunk(content=made.text))
                return
            for delta in model.chat(_ours(messages), most=most):
                if delta.text:
                    chunk = ChatGenerationChunk(message=AIMessageChunk(content=delta.text))
                    if run_manager:
                        run_manager.on_llm_new_token(delta.text, chunk=chunk)
                    yield chunk

    return RagDeskChat()


def _ours(messages: Sequence[BaseMessage]) -> list[Message]:
    return [Message(_ROLES.get(message.type, "user"), str(message.text)) for message in messages]


def _said(piece: BaseMessage) -> tuple[str, str]:
    """The text and the thinking of a piece."""
    blocks = piece.content if isinstance(piece.content, list) else []
    thinking = "".join(
        str(block.get("thinking") or block.get("reasoning") or "")
        for block in blocks
        if isinstance(block, dict)
    )
    return str(piece.text), thinking or str(piece.additional_kwargs.get("reasoning_content") or "")


def _guess(text: str) -> int:
    return -(-len(text) // LETTERS_A_TOKEN)
