"""Mails: who, when, what; quoted replies apart; attachments read or named."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

from ragdesk.domain.document import BlockKind, Page, Reading, Verdict

Read = Callable[..., tuple[list[Page], Reading]]
Blocks = Callable[[Page], list[tuple[BlockKind, str]]]


def _mail(body: str = "The rent goes up.") -> EmailMessage:
    mail = EmailMessage()
    mail["Subject"] = "Rent review – Quay Road"
    mail["From"] = "Jörg Müller <jm@example.org>"
    mail["To"] = "office@example.org"
    mail["Date"] = "Mon, 02 Nov 2026 09:00:00 +0000"
    mail.set_content(body)
    return mail


def _save(mail: EmailMessage, path: Path) -> Path:
    path.write_bytes(bytes(mail))
    return path


def test_a_plain_mail(tmp_path: Path, read: Read, blocks_of: Blocks) -> None:
    mail = _mail("Thank you.\n\nOn Friday Ann wrote:\n> When is it due?\n> Ann\n\nOn Monday.\n")
    (page,), reading = read(_save(mail, tmp_path / "rent.eml"))
    assert reading == Reading(Verdict.READY, "eml", "Rent review – Quay Road", False, 1)
    who = "From: Jörg Müller <jm@example.org>\nTo: office@example.org"
    assert blocks_of(page) == [
        (BlockKind.TITLE, "Rent review – Quay Road"),
        (BlockKind.PARAGRAPH, f"{who}\nDate: Mon, 02 Nov 2026 09:00:00 +0000"),
        (BlockKind.PARAGRAPH, "Thank you."),
        (BlockKind.PARAGRAPH, "On Friday Ann wrote:"),
        (BlockKind.PARAGRAPH, "> When is it due?\n> Ann"),
        (BlockKind.PARAGRAPH, "On Monday."),
    ]


def test_plain_before_html_and_html_alone(tmp_path: Path, read: Read) -> None:
    both = _mail("plain words")
    both.add_alternative("<p>rich words</p>", subtype="html")
    text = read(_save(both, tmp_path / "both.eml"))[0][0].text
    assert "plain words" in text
    assert "rich words" not in text
    rich = _mail()
    rich.set_content("<script>x()</script><p>rich words</p>", subtype="html")
    text = read(_save(rich, tmp_path / "rich.eml"))[0][0].text
    assert "rich words" in text
    assert "x()" not in text


def test_attachments(tmp_path: Path, read: Read, blocks_of: Blocks) -> None:
    mail = _mail()
    mail.add_attachment("a,b\n1,2\n", subtype="csv", filename="rates.csv")
    (page,), reading = read(_save(mail, tmp_path / "csv.eml"))
    assert reading.verdict is Verdict.READY
    assert (BlockKind.HEADING, "rates.csv") in blocks_of(page)
    assert (BlockKind.TABLE_ROW, "1 | 2") in blocks_of(page)
    mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="x.pdf")
    reading = read(_save(mail, tmp_path / "pdf.eml"))[1]
    assert reading.verdict is Verdict.READY_WITH_GAPS
    assert reading.gaps == ((0, "attachment"),)


def test_a_mail_in_a_mail(tmp_path: Path, read: Read, blocks_of: Blocks) -> None:
    outer = _mail("See below.")
    outer.add_attachment(_mail("The inner words."))
    (page,), _ = read(_save(outer, tmp_path / "outer.eml"))
    assert (BlockKind.HEADING, "Rent review – Quay Road") in blocks_of(page)
    assert (BlockKind.PARAGRAPH, "The inner words.") in blocks_of(page)


def test_odd_mails(tmp_path: Path, read: Read) -> None:
    path = tmp_path / "odd.eml"
    path.write_bytes(
        b"Subject: =?no-such-code?q?T=FCr?=\nFrom: x\nContent-Type: text/plain; charset=what\n\n"
        b"caf\xe9\n"
    )
    (page,), reading = read(path)
    assert reading.title == "Tür"
    assert "café" in page.text
    path.write_bytes(b"just a note, no mail at all\n")
    assert read(path)[0][0].text == "just a note, no mail at all"
    sealed = b"Subject: x\nContent-Type: multipart/encrypted; boundary=b\n\n--b\n\n--b--\n"
    path.write_bytes(sealed)
    assert read(path)[1].verdict is Verdict.UNSUPPORTED
