"""A shelf of a small firm's papers: enough for practice questions, an exam, and something to tune."""

from __future__ import annotations

import random
from pathlib import Path

TRADES = (
    "Roof tiles", "Floor tiles", "Wall paint", "Oak boards", "Door locks", "Garden walls",
    "Bath tubs", "Window glass", "Copper pipes", "Stair rails", "Kitchen sinks", "Heat pumps",
    "Gutters", "Fire doors", "Skylights", "Carports",
)  # fmt: skip
PEOPLE = ("Brandt", "Okafor", "Silva", "Meyer", "Rossi", "Novak", "Lindqvist", "Tanaka")


def write_papers(folder: Path, count: int = 16, seed: int = 3) -> Path:
    """`count` Markdown files, each with headings, lines of name and value, terms and a table."""
    chance = random.Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        name = TRADES[number % len(TRADES)]
        person = chance.choice(PEOPLE)
        rows = "\n".join(
            f"| {name} {size} | {chance.randint(20, 900)} euros | {chance.randint(2, 60)} days |"
            for size in ("small", "medium", "large")
        )
        (folder / f"{name.lower().replace(' ', '-')}.md").write_text(
            f"# {name}\n\n## Delivery\n\nDelivery time: {chance.randint(3, 40)} days\n"
            f"Warranty: {chance.randint(1, 12)} years\nContact person: {person}\n\n"
            f"## Rules\n\n{name} that arrive broken are exchanged within {chance.randint(5, 50)} days."
            f" {person} signs every order of {name.lower()} above {chance.randint(1, 9)},000 euros."
            f" Orders are kept for {chance.randint(2, 10)} years.\n\n"
            f"## Terms\n\n“{name.split()[0]} lot” means a pallet of {chance.randint(10, 200)} pieces.\n\n"
            f"## Prices\n\n| Article | Price | Waiting time |\n|---|---|---|\n{rows}\n",
            encoding="utf-8",
        )
    return folder
