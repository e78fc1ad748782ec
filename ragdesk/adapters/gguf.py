"""The head of a GGUF file: what kind of model lies in it, and whether the file is whole.

Format: the GGUF description of the ggml project, versions 2 and 3, little-endian. Only the head is
read; long lists are stepped over, but for the words that a model takes for marks of its own.
"""

from __future__ import annotations

import math
import os
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

_NUMBERS = {
    0: "B",
    1: "b",
    2: "H",
    3: "h",
    4: "I",
    5: "i",
    6: "f",
    7: "?",
    10: "Q",
    11: "q",
    12: "d",
}
_TEXT, _LIST = 8, 9
_LONGEST_LIST = 4_096  # numbers by layer are kept, vocabularies are not
_LARGEST = 1 << 40  # bytes of one entry, more than any disk of a person holds
_WORDS, _KINDS = "tokenizer.ggml.tokens", "tokenizer.ggml.token_type"
_CONTROL = 3  # the kind of a mark
_MOST = 1_000_000  # entries, tensors: more is no model but noise
# Bytes of a block and numbers in it, by the type of a tensor; for the rest, its end is not known.
_BLOCKS = {
    0: (4, 1), 1: (2, 1), 2: (18, 32), 3: (20, 32), 6: (22, 32), 7: (24, 32), 8: (34, 32),
    10: (84, 256), 11: (110, 256), 12: (144, 256), 13: (176, 256), 14: (210, 256), 16: (66, 256),
    17: (74, 256), 18: (98, 256), 19: (50, 256), 20: (18, 32), 21: (110, 256), 22: (82, 256),
    23: (136, 256), 24: (1, 1), 25: (2, 1), 26: (4, 1), 27: (8, 1), 28: (8, 1), 29: (56, 256),
    30: (2, 1), 39: (17, 32),
}  # fmt: skip


class NotGgufError(ValueError):
    """The file holds no model in this format, or a part of one; its text says which, in words."""


@dataclass(frozen=True, slots=True)
class Head:
    """What the head says. `parameters` counts numbers; `bytes` is the size of the file.

    `marks` are the words by which the model tells who speaks and where a text ends.
    """

    values: dict[str, Any]
    parameters: int
    bytes: int
    marks: tuple[str, ...]

    @property
    def architecture(self) -> str:
        return str(self.values.get("general.architecture", ""))

    @property
    def adapter(self) -> bool:
        """Whether it only changes another model."""
        return self.values.get("general.type") == "adapter"

    @property
    def parts(self) -> int:
        """Of how many files this is one."""
        return max(_number(self.values.get("split.count")), 1)

    @property
    def context(self) -> int:
        """Tokens that the model was trained to read together, 0 where the file does not say."""
        return self._of("context_length")

    @property
    def experts(self) -> int:
        return self._of("expert_count")

    @property
    def thinks(self) -> bool:
        template = str(self.values.get("tokenizer.chat_template", ""))
        return "enable_thinking" in template or "<think>" in template

    def memory(self, context: int) -> int:
        """Bytes that running it takes, for a room of `context` tokens: weights, and what was read."""
        heads = self._of("attention.head_count")
        size = self._of("embedding_length") // max(heads, 1)
        key = self._of("attention.key_length") or size
        value = self._of("attention.value_length") or size
        # A list where layers differ: some keep nothing of what was read.
        held = self.values.get(f"{self.architecture}.attention.head_count_kv", heads)
        in_all = (
            sum(map(_number, held))
            if isinstance(held, list)
            else self._of("block_count") * _number(held)
        )
        return self.bytes + in_all * (key + value) * 2 * context  # two bytes a number

    def _of(self, key: str) -> int:
        value = self.values.get(f"{self.architecture}.{key}")
        return max(map(_number, value), default=0) if isinstance(value, list) else _number(value)


def read(path: Path) -> Head:
    """The head of a file. Raises `NotGgufError`, and `OSError` where it cannot be opened."""
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        try:
            return _head(file, size)
        except (  # a place behind the end of the file is an OSError too
            struct.error,
            OverflowError,
            UnicodeDecodeError,
            KeyError,
            MemoryError,
            OSError,
        ) as error:
            raise NotGgufError("the file is cut off or damaged") from error


def _head(file: IO[bytes], size: int) -> Head:
    if file.read(4) != b"GGUF":
        raise NotGgufError("it is no GGUF file")
    (version,) = _take(file, "I")
    if version not in (2, 3):
        raise NotGgufError("it is of a version of GGUF that is not known here")
    tensors, entries = _take(file, "QQ")
    if tensors > _MOST or entries > _MOST:
        raise NotGgufError("the file is damaged")
    values = {}
    for _ in range(entries):
        name = _text(file)
        values[name] = _value(file, _take(file, "I")[0], whole=name in (_WORDS, _KINDS))
    parameters, ends = 0, [0]
    for _ in range(tensors):
        _text(file)
        (dimensions,) = _take(file, "I")
        if dimensions > 8:
            raise NotGgufError("the file is damaged")
        shape = _take(file, f"{dimensions}Q")
        kind, offset = _take(file, "IQ")
        parameters += math.prod(shape)
        block, numbers = _BLOCKS.get(kind, (0, 1))
        ends.append(offset + math.prod(shape) // numbers * block)
    step = _number(values.get("general.alignment")) or 32
    start = -(-file.tell() // step) * step
    if start + max(ends) > size:
        raise NotGgufError("the file is cut off: it is not all there")
    return Head(
        values, parameters, size, _marks(values.pop(_WORDS, None), values.pop(_KINDS, None))
    )


def _marks(words: Any, kinds: Any) -> tuple[str, ...]:
    if not isinstance(words, list) or not isinstance(kinds, list):
        return ()
    pairs = zip(words, kinds, strict=False)  # a damaged file may have fewer of the one
    return tuple(str(word) for word, kind in pairs if kind == _CONTROL and word)


def _number(value: Any) -> int:
    return max(int(value), 0) if isinstance(value, int) else 0


def _take(file: IO[bytes], format: str) -> tuple[Any, ...]:  # noqa: A002 - as `struct` calls it
    layout = struct.Struct(f"<{format}")
    return layout.unpack(file.read(layout.size))


def _text(file: IO[bytes]) -> str:
    (length,) = _take(file, "Q")
    data = file.read(length) if length <= 1 << 24 else b""
    if len(data) != length:
        raise NotGgufError("the file is cut off or damaged")
    return data.decode("utf-8", "replace")


def _value(file: IO[bytes], kind: int, *, whole: bool = False) -> Any:
    """An entry's value; None in the place of a long list, unless it is wanted as a whole."""
    if kind == _TEXT:
        return _text(file)
    if kind != _LIST:
        return _take(file, _NUMBERS[kind])[0]
    of, count = _take(file, "IQ")
    if of == _TEXT and whole and count <= _MOST:
        return [_text(file) for _ in range(count)]
    if of == _TEXT:
        for _ in range(count):
            _skip(file, _take(file, "Q")[0])
        return None
    number = struct.calcsize(f"<{_NUMBERS[of]}")
    if count > (_MOST if whole else _LONGEST_LIST):
        _skip(file, count * number)
        return None
    return list(_take(file, f"{count}{_NUMBERS[of]}"))


def _skip(file: IO[bytes], count: int) -> None:
    if count > _LARGEST:
        raise NotGgufError("the file is damaged")
    file.seek(count, os.SEEK_CUR)
