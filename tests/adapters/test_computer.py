"""The check-up sees this computer as its operating system does."""

from __future__ import annotations

import platform
import sys
from pathlib import Path

import psutil
import pytest

from ragdesk.adapters.computer import has_avx2, look
from ragdesk.domain.chat import LoadedModel
from ragdesk.errors import ServerMissing
from tests.fakes_chat import ScriptedChat, ScriptedServer


def test_it_finds_memory_disk_and_cores(tmp_path: Path) -> None:
    found = look(tmp_path)
    assert found.memory_total == psutil.virtual_memory().total
    assert 0 < found.memory_free <= found.memory_total
    assert 0 < found.disk_free <= psutil.disk_usage(str(tmp_path)).total
    assert 1 <= found.cores <= (psutil.cpu_count() or 1)
    assert (found.card_bytes, found.rate) == (0, None)


def test_a_folder_that_is_not_there_yet_has_the_disk_of_its_parent(tmp_path: Path) -> None:
    there = look(tmp_path)
    assert look(tmp_path / "not" / "yet").disk_free == pytest.approx(there.disk_free, rel=0.01)


def test_the_card_is_what_servers_say(tmp_path: Path) -> None:
    class WithCard(ScriptedServer):
        def loaded(self) -> list[LoadedModel]:
            return [LoadedModel("a", 900, 700), LoadedModel("b", 500, 50)]

    class Gone(ScriptedServer):
        def loaded(self) -> list[LoadedModel]:
            raise ServerMissing(name="gone")

    model = ScriptedChat("")
    assert look(tmp_path, [Gone(model), WithCard(model)]).card_bytes == 750


@pytest.mark.skipif(
    not sys.platform.startswith("linux") or platform.machine() != "x86_64",
    reason="reads the kernel's own list",
)
def test_avx2_is_told_as_the_kernel_tells_it() -> None:
    assert has_avx2() == (" avx2 " in Path("/proc/cpuinfo").read_text())


def test_processors_of_other_kinds_need_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "arm64")
    assert has_avx2() is True
