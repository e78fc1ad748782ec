"""Templated facts of our own in passages, and questions on them: what the small model is taught."""

from __future__ import annotations

import random
from dataclasses import dataclass

from ragdesk.services.prompt import NOT_THERE, messages

_ABOUT = (
    "support sales billing delivery warranty return repair service order office warehouse shop"
    " staff training contract insurance rental membership holiday safety"
)
_WHAT = {
    "email": "email",
    "phone number": "phone",
    "opening time": "time",
    "fee": "money",
    "deposit": "money",
    "period": "span",
    "deadline": "date",
    "start date": "date",
    "manager": "person",
    "contact": "person",
    "code": "code",
    "town": "place",
    "limit": "count",
    "room": "room",
}
_MONTHS = "January February March April May June July August September October November December"
_SYLLABLES = (
    "an ar be bo ca da del di dor el fa fen gar go hal in ka kel la len lo ma mar mi mo na nor ol or"
    " pa per ra ren ri ro sa sel so ta tor ul va ven vi wal win ya"
)
_FILLERS = (
    "Please keep this note with your papers.",
    "We are glad to help you at any time.",
    "Ask at the front desk if you are not sure.",
    "This page was last read by the whole team.",
    "Nothing else has changed since last year.",
    "All of our rooms are cleaned every evening.",
    "Visitors sign the book when they come in.",
    "Older letters are kept in the blue box.",
)
_STATEMENTS = ("The {} is {}.", "Our {} is {}.", "The {} is {}.", "{}: {}.")


@dataclass(frozen=True, slots=True)
class Case:
    """A question on passages (heading, text) and the answer that is taught."""

    question: str
    passages: tuple[tuple[str, str], ...]
    answer: str

    @property
    def asked(self) -> str:
        """What the model is sent; its chat template leaves the rules out."""
        return messages(self.question, self.passages)[-1].text


def case(chance: random.Random, passages: int, facts: int, fillers: int = 0) -> Case:
    """A case of `passages` passages with `facts` facts in each; one in six has no answer in them."""
    needed = passages * facts + 1
    keys = _keys(chance, needed)
    asked = chance.randrange(needed - 1)
    absent = chance.random() < 1 / 6
    values = [_value(chance, kind) for _, kind in keys]
    texts = []
    for passage in range(passages):
        sentences = [
            _statement(chance, keys[number][0], values[number])
            for number in range(passage * facts, (passage + 1) * facts)
        ]
        for _ in range(fillers):
            sentences.insert(chance.randrange(len(sentences) + 1), chance.choice(_FILLERS))
        texts.append((_name(chance), " ".join(sentences)))
    key, kind = keys[-1 if absent else asked]
    question = f"{'Who' if kind == 'person' else 'What'} is the {key}?"
    answer = NOT_THERE if absent else f"{values[asked]} [{asked // facts + 1}]."
    return Case(question, tuple(texts), answer)


def lines(seed: int, count: int) -> list[str]:
    """Text to make the vocabulary from: without digits, so that each digit stays a token."""
    chance = random.Random(seed)
    texts = []
    for _ in range(count):
        made = case(chance, 3, 2, 1)
        texts.append("".join(c for c in f"{made.asked}\n{made.answer}" if not c.isdigit()))
    return texts


def _keys(chance: random.Random, count: int) -> list[tuple[str, str]]:
    """So many different things that may be asked for, some of which share a word."""
    about = chance.sample(_ABOUT.split(), min(len(_ABOUT.split()), max(2, count)))
    everything = [(f"{a} {what}", kind) for a in about for what, kind in _WHAT.items()]
    return chance.sample(everything, count)


def _statement(chance: random.Random, key: str, value: str) -> str:
    form = chance.choice(_STATEMENTS)
    return form.format(key.capitalize() if form.startswith("{}") else key, value)


def _word(chance: random.Random) -> str:
    return "".join(chance.choice(_SYLLABLES.split()) for _ in range(chance.choice((2, 2, 3))))


def _name(chance: random.Random) -> str:
    return _word(chance).capitalize()


def _value(chance: random.Random, kind: str) -> str:
    number = chance.randrange
    match kind:
        case "email":
            return f"{_word(chance)}@{_word(chance)}.example"
        case "phone":
            return f"0{number(100, 1000)} {number(10000, 100000)}"
        case "time":
            return f"{number(6, 12)}:{chance.choice(('00', '15', '30', '45'))}"
        case "money":
            return f"${number(5, 1000)}"
        case "span":
            return f"{number(2, 100)} {chance.choice(('days', 'weeks', 'months'))}"
        case "date":
            return f"{number(1, 29)} {chance.choice(_MONTHS.split())} {number(2015, 2030)}"
        case "person":
            return f"{_name(chance)} {_name(chance)}"
        case "code":
            letters = "".join(chance.choice("ABCDEFGHKLMNPRSTVX") for _ in range(2))
            return f"{letters}-{number(1000, 10000)}"
        case "place":
            return _name(chance)
        case "room":
            return f"{number(1, 10)}{chance.choice('ABCD')}"
        case _:
            return str(number(10, 10000))
