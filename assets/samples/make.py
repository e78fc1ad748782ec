"""Makes the sample documents in `documents/` from the texts in `source/`.

    python assets/samples/make.py

Needs reportlab, python-docx, openpyxl, python-pptx and the two font packages named in
`typeset/pdf.py`; no network. The same texts give the same bytes. The TXT, MD, HTML and CSV files
are what they are: they are written by hand in `documents/` and this script leaves them alone.
"""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from typeset.mail import write_eml  # noqa: E402
from typeset.markup import read_source  # noqa: E402
from typeset.office import write_docx, write_pptx, write_xlsx  # noqa: E402
from typeset.pdf import write_pdf  # noqa: E402

WRITERS = {
    ".pdf": write_pdf,
    ".docx": write_docx,
    ".xlsx": write_xlsx,
    ".pptx": write_pptx,
    ".eml": write_eml,
}


def make(folder: Path) -> list[Path]:
    """Writes every document that has a source into `folder`; gives their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for path in sorted((HERE / "source").glob("*.md")):
        source = read_source(path)
        target = folder / source.head["file"]
        WRITERS[target.suffix](source, target)
        made.append(target)
    return made


if __name__ == "__main__":
    for document in make(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "documents"):
        print(f"{document.stat().st_size:9,} {document.name}")
