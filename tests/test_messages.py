from __future__ import annotations

import dataclasses

import pytest

from ragdesk.messages import (
    TYPES,
    AddFiles,
    Failed,
    JobChanged,
    Judge,
    Message,
    MessageUnreadable,
    Ready,
    decode,
    encode,
)


@pytest.mark.parametrize("message", [
    AddFiles("t1", ("/a/ü.pdf", "/b/\udcff"), "shelf"),
    JobChanged(1, "add", "running", "docs", 3, 9, 1.5, None),
    Failed("t", "disk_full", {"home": "/x"}),
    Ready("0.1.0", "/home"),
    Judge("t", "turn", "wrong", "14 days", "document", ((1, 2, 3), (4, 5, 6))),
])  # fmt: skip
def test_a_message_comes_back_as_it_was(message: Message) -> None:
    line = encode(message)
    assert line.isascii()
    assert "\n" not in line
    assert decode(line) == message


def test_every_message_type_can_be_sent() -> None:
    assert len(TYPES) > 20
    for cls in TYPES.values():
        values = {f.name: "x" for f in dataclasses.fields(cls) if f.default is dataclasses.MISSING}
        assert decode(encode(cls(**values))) == cls(**values)


@pytest.mark.parametrize(
    "line", ["", "{}", "[]", '{"type":"Nonsense"}', '{"type":"Ready"}', "null", "\xff"]
)
def test_other_lines_are_refused(line: str) -> None:
    with pytest.raises(MessageUnreadable):
        decode(line)
