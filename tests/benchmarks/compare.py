"""RagDesk beside the plain langchain pipeline, on the same files and with the same model, in one run.

    python -m tests.benchmarks.compare                  all FinanceBench PDFs
    python -m tests.benchmarks.compare --files 3        the three smallest of them
    python -m tests.benchmarks.compare --skip-memory    without the window (which needs Xvfb)

Prints a table and, last, one JSON line. Asserts no seconds: judge the ratios, on a quiet computer.
Each side runs alone, one after the other, in a process of its own, with its imports done before its
clock starts. RagDesk's own children import inside the measured time; `cpu` leaves those imports out
(what they cost is measured in the same run), `cpu, all` keeps them in.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from pathlib import Path
from typing import Any

from tests.benchmarks.measure import ROOT, Row, cpu_of, run_alone, table

# What each child of the engine imports; `import ragdesk` stands for Python's own start.
CHILD_IMPORTS = {
    "ragdesk.adapters.parsers": "import ragdesk.adapters.parsers, pypdfium2, pypdf",
    "ragdesk.adapters.chroma_child": "import ragdesk.adapters.chroma_child, numpy, chromadb.api.rust",
}


def chosen_files(data: Path, count: int | None) -> list[str]:
    """The PDFs of FinanceBench, smallest first, all or the first `count` of them."""
    files = sorted((data / "financebench/docs").glob("*.pdf"), key=lambda file: file.stat().st_size)
    return [str(file) for file in files[:count]]


def cpu_of_child_imports(children: dict[str, int]) -> float:
    """Processor time that the imports of these children (module: how many) took."""
    return sum(
        count * cpu_of(CHILD_IMPORTS.get(module, f"import {module}"))
        for module, count in children.items()
    )


def ratio(plain: float, ours: float) -> str:
    """How many times `ours` goes into `plain`."""
    return f"{plain / ours:.1f}" if ours else "-"


def add_rows(plain: dict[str, Any], ours: dict[str, Any], imports: float) -> list[Row]:
    """The lines of the table about adding files."""
    cpu = ours["cpu_seconds"] - imports
    asked = Row(
        "until it can be asked, by words, s",
        f"{plain['seconds']:.1f}",
        f"{ours['read_seconds']:.1f}",
        ratio(plain["seconds"], ours["read_seconds"]),
        ">= 15",
    )
    whole = Row(
        "whole add with vectors and index, s",
        f"{plain['seconds']:.1f}",
        f"{ours['seconds']:.1f}",
        ratio(plain["seconds"], ours["seconds"]),
        "",
    )
    work = Row(
        "the same, CPU s, imports left out",
        f"{plain['cpu_seconds']:.1f}",
        f"{cpu:.1f}",
        ratio(plain["cpu_seconds"], cpu),
        ">= 5",
    )
    work_all = Row(
        "the same, CPU s, children's imports in",
        f"{plain['cpu_seconds']:.1f}",
        f"{ours['cpu_seconds']:.1f}",
        ratio(plain["cpu_seconds"], ours["cpu_seconds"]),
        "",
    )
    passages = Row("passages", str(plain["passages"]), str(ours["passages"]), "", "")
    return [asked, whole, work, work_all, passages]


def parse() -> argparse.Namespace:
    """The options."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    default = os.environ.get("RAGDESK_DATA") or ROOT.parent / "shared/data"
    parser.add_argument("--data", type=Path, default=Path(default), help="the document sets")
    parser.add_argument("--files", type=int, help="only so many of the PDFs, smallest first")
    parser.add_argument("--passages", type=int, default=10_000, help="so many to search in")
    parser.add_argument("--skip-search", action="store_true", help="without search")
    parser.add_argument("--skip-memory", action="store_true", help="without window and engine")
    return parser.parse_args()


def main() -> None:
    """Run each side and each part in turn, then print the table and the JSON line."""
    options = parse()
    files = chosen_files(options.data, options.files)
    if not files:
        raise SystemExit(f"no PDFs in {options.data / 'financebench/docs'}; --data names the sets")
    figures: dict[str, Any] = {"files": len(files)}
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        home = str(Path(folder) / "home")
        figures["ours"] = run_alone("ours", home, *files)
        imports = cpu_of_child_imports(figures["ours"]["children"])
        figures["ours"]["cpu_of_child_imports"] = imports
        figures["plain"] = run_alone("plain", *files)
        rows += add_rows(figures["plain"], figures["ours"], imports)
        if not options.skip_search:
            found = run_alone("search", home, str(options.data), str(options.passages))
            figures["search"] = found
            name = f"one search in {found['passages']:,} passages, median ms"
            rows.append(Row(name, "", f"{found['median_ms']:.1f}", "", "< 50"))
    if not options.skip_memory:
        held = run_alone("memory", *files)
        figures["memory"] = held
        rows.append(Row("window while adding, MB", "", f"{held['window_mb']:.0f}", "", "< 150"))
        peak = f"{figures['plain']['peak_mb']:.0f}"
        rows.append(Row("engine while adding, MB", peak, f"{held['engine_mb']:.0f}", "", "< 900"))
        whole = f"{held['engine_and_children_mb']:.0f}"
        rows.append(Row("engine and its children, MB", peak, whole, "", ""))
    pages = f"{figures['ours']['pages']} pages of {len(files)} PDFs, {os.cpu_count()} cores"
    print(f"{pages}\n\n{table(rows)}\n")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
