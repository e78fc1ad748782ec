"""The program inside a pool process: one reading for every request, whatever the file is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from ragdesk.domain.document import Verdict

WORD_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.wordprocessingml.document.main+xml"/></Types>'
)
WORD_BODY = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'


def _verdict(pool_process: Any, path: Path) -> tuple[Verdict, str]:
    reading = pool_process.read(path)[1]
    return reading.verdict, reading.detail


def test_what_is_no_file_is_unreadable(tmp_path: Path, pool_process: Any) -> None:
    assert _verdict(pool_process, tmp_path)[0] is Verdict.UNREADABLE
    assert _verdict(pool_process, tmp_path / "gone.pdf")[0] is Verdict.UNREADABLE


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_not_waited_for(tmp_path: Path, pool_process: Any) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert _verdict(pool_process, tmp_path / "pipe.txt")[0] is Verdict.UNREADABLE


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="names are Unicode there")
@pytest.mark.parametrize("ending", [b"txt", b"pdf", b"docx"])
def test_a_name_that_is_not_utf8(
    tmp_path: Path, pool_process: Any, ending: bytes, make_pdf: Any, make_word: Any
) -> None:
    source = tmp_path / "source"
    makers = {b"pdf": make_pdf, b"docx": make_word}
    if ending in makers:
        makers[ending](source, ["The boiler is due on 14 March."])
    else:
        source.write_text("The boiler is due on 14 March.")
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/r\xe9sum\xe9." + ending))
    source.rename(path)
    pages, reading = pool_process.read(path)
    assert reading.verdict is Verdict.READY, reading
    assert "boiler" in pages[0].text
    reading.title.encode("utf-8")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs another user")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    path = tmp_path / "secret.txt"
    path.write_text("nobody but root")
    path.chmod(0o600)
    script = (
        "import os, sys; from ragdesk.adapters.parsers.__main__ import main\n"
        "os.setuid(65534)  # only now: another user may not even reach the interpreter's files\n"
        "sys.exit(main())"
    )
    child = subprocess.run(
        [sys.executable, "-c", script],
        input=json.dumps({"path": str(path), "password": None}).encode(),
        capture_output=True,
        check=True,
    )
    assert json.loads(child.stdout)["reading"]["verdict"] == "unreadable"


def test_memory_that_runs_out_is_too_large(tmp_path: Path, pool_process: Any) -> None:
    """75 MB of tiny elements: their tree does not fit into a gigabyte."""
    path = tmp_path / "many.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("[Content_Types].xml", WORD_TYPES)
        with archive.open("word/document.xml", "w") as part:
            part.write(f"{WORD_BODY}<w:body>".encode())
            for start in range(0, 1_300_000, 1000):
                part.write(
                    b"".join(
                        b"<w:p><w:r><w:t>%x</w:t></w:r><w:r/><w:r/></w:p>" % (n * 2654435761 % 2**40)
                        for n in range(start, start + 1000)
                    )
                )
            part.write(b"</w:body></w:document>")
    if not sys.platform.startswith("linux"):
        pytest.skip("the bound on memory is another one there")
    assert _verdict(pool_process, path)[0] is Verdict.TOO_LARGE


def test_libraries_cannot_print_into_the_answers(tmp_path: Path) -> None:
    """Whatever writes to descriptor 1, in Python or below it, ends on standard error."""
    path = tmp_path / "note.txt"
    path.write_text("hello")
    script = (
        "import os, sys; from ragdesk.adapters.parsers import __main__ as program\n"
        "from ragdesk.adapters.parsers import reading\n"
        "read = reading.read_file\n"
        "def noisy(*arguments):\n"
        "    print('noise'); os.write(1, b'more noise\\n'); yield from read(*arguments)\n"
        "program.read_file = noisy\n"
        "sys.exit(program.main())\n"
    )
    child = subprocess.run(
        [sys.executable, "-c", script],
        input=json.dumps({"path": str(path), "password": None}).encode(),
        capture_output=True,
        check=True,
    )
    lines = child.stdout.splitlines()
    assert [next(iter(json.loads(line))) for line in lines] == ["page", "reading"]
    assert b"more noise" in child.stderr


def test_many_files_in_one_process(tmp_path: Path, pool_process: Any) -> None:
    for number in range(5):
        path = tmp_path / f"{number}.txt"
        path.write_text(f"file {number}")
        assert pool_process.read(path)[0][0].text == f"file {number}"
        broken = tmp_path / f"{number}.pdf"
        broken.write_bytes(b"%PDF-1.7\nnothing")
        assert _verdict(pool_process, broken)[0] is Verdict.DAMAGED


def test_it_ends_when_its_input_does() -> None:
    child = subprocess.run(
        [sys.executable, "-m", "ragdesk.adapters.parsers"], input=b"", timeout=60, check=False
    )
    assert child.returncode == 0
