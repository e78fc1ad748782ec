"""The head of a GGUF file: what kind of model it is, and whether it is all there."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from ragdesk.adapters import gguf
from tests import gguf_files


def test_what_a_model_says_of_itself(tmp_path: Path) -> None:
    dense = gguf.read(gguf_files.write_random(tmp_path / "dense.gguf"))
    assert (dense.architecture, dense.experts, dense.context) == ("llama", 0, gguf_files.CONTEXT)
    assert (dense.parts, dense.adapter, dense.thinks) == (1, False, False)
    width, layers = gguf_files.WIDTH, gguf_files.LAYERS
    words = 259
    layer = 2 * width + 4 * width**2 + 3 * width * gguf_files.INNER
    assert dense.marks == ("<|im_start|>", "<|im_end|>")
    assert dense.parameters == 2 * words * width + width + layers * layer
    assert dense.memory(100) - dense.memory(0) == 100 * layers * 2 * width * 2
    assert dense.memory(0) == dense.bytes == (tmp_path / "dense.gguf").stat().st_size
    mixture = gguf.read(gguf_files.write_random(tmp_path / "mixture.gguf", experts=4))
    assert mixture.experts == 4


def test_an_adapter_is_known_as_one(tmp_path: Path) -> None:
    assert gguf.read(gguf_files.write_adapter(tmp_path / "a.gguf")).adapter


@pytest.mark.parametrize("share", [0.0, 0.001, 0.01, 0.1, 0.5, 0.99, 0.99999])
def test_a_file_that_is_cut_off(tmp_path: Path, share: float) -> None:
    whole = gguf_files.write_random(tmp_path / "m.gguf").read_bytes()
    cut = tmp_path / "cut.gguf"
    cut.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(gguf.NotGgufError):
        gguf.read(cut)


HUGE = (1 << 63) - 1


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04 an archive",
        b"GGUF" + struct.pack("<I", 1),
        b"GGUF" + struct.pack("<I", 0x03000000),  # written for other processors
        b"GGUF" + struct.pack("<IQQ", 3, 1 << 60, 0),
        b"GGUF" + struct.pack("<IQQ", 3, 0, 1 << 60),
        b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + struct.pack("<Q", HUGE) + b"abc",
        b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 1) + b"a" + struct.pack("<I", 99),
        b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 1) + b"a" + struct.pack("<IIQQ", 9, 8, 2, HUGE),
        b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 1) + b"a" + struct.pack("<IIQ", 9, 9, 2),
        b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 1) + b"a" + struct.pack("<IIQ", 9, 4, HUGE),
        b"GGUF" + struct.pack("<IQQQ", 3, 1, 0, 1) + b"a" + struct.pack("<I", 1 << 31),
        b"GGUF" + struct.pack("<IQQQ", 3, 1, 0, 1) + b"a" + struct.pack("<IQIQ", 1, HUGE, 0, HUGE),
    ],
)
def test_what_is_no_such_file_is_told(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "x.gguf"
    file.write_bytes(data)
    with pytest.raises(gguf.NotGgufError):
        gguf.read(file)


def test_bytes_changed_anywhere_in_the_head_never_break_it(tmp_path: Path) -> None:
    whole = bytearray(gguf_files.write_random(tmp_path / "m.gguf").read_bytes()[:6_000])
    file = tmp_path / "x.gguf"
    for place in range(4, 6_000, 37):
        spoilt = bytearray(whole)
        spoilt[place] ^= 0xFF
        file.write_bytes(spoilt + bytes(400_000))
        try:
            head = gguf.read(file)
        except gguf.NotGgufError:
            continue
        assert head.memory(100) >= head.bytes
        assert head.experts >= 0
        assert isinstance(head.thinks, bool)
