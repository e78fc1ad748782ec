"""Writes a source as an e-mail with one text attachment."""

from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from .markup import Source


def write_eml(source: Source, target: Path) -> None:
    """Writes the mail; a line `@attach NAME` in the source ends the body, what follows is attached."""
    body, _, rest = source.body.partition("@attach ")
    name, _, attached = rest.partition("\n")
    mail = EmailMessage(policy=SMTP)
    for key in ("From", "To", "Cc", "Subject", "Date", "Message-ID", "In-Reply-To"):
        if value := source.head.get(key):
            mail[key] = value
    mail.set_content(body.rstrip("\n") + "\n", cte="quoted-printable")
    mail.add_attachment(attached.strip("\n") + "\n", filename=name.strip(), cte="quoted-printable")
    mail.set_boundary("=_marlow-and-finch_0001")
    target.write_bytes(mail.as_bytes())
