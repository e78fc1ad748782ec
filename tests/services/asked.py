"""Small documents from which practice questions are made."""

from __future__ import annotations

from ragdesk.domain.document import Document, Page, Passage, Span, Verdict
from ragdesk.domain.training import Pair
from ragdesk.services.cite import quoted
from ragdesk.services.draft import Source

Part = tuple[str, str]  # the headings below the title, joined, and the text


def source(title: str, *parts: Part, lang: str = "en", kind: str = "md", path: str = "") -> Source:
    """A document of one page, its passages one behind the other."""
    name = title.replace(" ", "-").lower()
    text = "\n\n".join(part for _, part in parts)
    passages = []
    at = 0
    for position, (headings, part) in enumerate(parts):
        context = f"{title} › {headings}" if headings else title
        passages.append(Passage(name, position, part, context, (Span(1, at, len(part)),)))
        at += len(part) + 2
    document = Document(name, kind, title, Verdict.READY, passages=len(passages), lang=lang)
    return Source(document, path or f"docs/{name}.{kind}", (Page(1, text),), tuple(passages))


def stands(pair: Pair, sources: list[Source]) -> bool:
    """Whether a pair's answer stands in its passage where it says, and its quote on the page."""
    made_of = next(one for one in sources if one.document.id == pair.document_id)
    passage = made_of.passages[pair.position]
    there = pair.start < 0 or passage.text[pair.start : pair.end] == pair.answer
    texts = {page.number: page.text for page in made_of.pages}
    return there and bool(pair.spans) and quoted(pair.spans, texts) == pair.quote


HANDBOOK = source(
    "Staff handbook",
    (
        "Leaving",
        (
            "The notice period is 14 days. Staff must return all keys within 3 days of leaving. "
            "The last salary is paid with the next run, as everybody has agreed with the office."
        ),
    ),
    (
        "Words",
        (
            "Paid Time Off (PTO) is asked for in the calendar. “Probation” means the first six months "
            "of a contract of employment. A deputy is a colleague who decides while somebody is away."
        ),
    ),
    ("Who is told when I am ill?", "Call the office before nine. It tells your team and the shop."),
    (
        "Contact",
        "Opening hours: 8:00 to 17:00\nPhone: 030 555 0199\nRemember: be kind to all of the people",
    ),
    (
        "History",
        (
            "The workshop was founded in 1987. In 2004, the firm moved to Graz, near the river. "
            "It was enlarged once more in 2011. The showroom is located in Linz. "
            "The showroom has 12 rooms. Anna Berg designed the new hall with the glass roof. "
            "The firm is a company of many parts. The old hall was built by Josef Maier in those "
            "days. Members may resign upon 30 days notice."
        ),
    ),
)
PRICES = source(
    "Price list 2026",
    (
        "Tiles",
        "Product | Price | Delivery time |\nDeluxe tile | 48 € | 5 days\nBasic tile | 19 € | 2 days",
    ),
    ("Tools", "Product | Price |\nTile cutter | 250 €\nGrout float | 12 €"),
)
OLD_PRICES = source(
    "Price list 2024",
    ("Tiles", "Product | Price |\nDeluxe tile | 41 €\nMosaic tile | 77 €"),
)
GERMAN = source(
    "Preisliste",
    ("Lieferung", "Ware | Preis |\nBodenplatte | 30 €\nWandplatte | 20 €"),
    (
        "Fragen",
        "Wie lange dauert die Lieferung?\nDie Lieferung dauert fünf Tage nach der Bestellung.",
    ),
    (
        "Rückgabe",
        (
            "Waren können innerhalb von 14 Tagen in das Lager gebracht werden. Der Preis wird dann auf "
            "das Konto gezahlt. Die Platten müssen unbenutzt und in der Verpackung sein."
        ),
    ),
    lang="de",
)
MAIL = source(
    "Re: Delivery of the blue press",
    ("", "Dear Ms Berg, the blue press arrives on Monday. Please keep the ramp free for us."),
    kind="eml",
)
