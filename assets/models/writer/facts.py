"""Sentences as terms of sale and house rules hold them, each with a value to be drawn."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

Draw = random.Random
Value = Callable[[Draw], str]


@dataclass(frozen=True)
class Fact:
    """A sentence with a value in it, and how people ask for it.

    `yes` and `no` are questions that the sentence decides, whatever the value.
    """

    sentence: str
    value: Value
    questions: tuple[str, ...]
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()


def number(low: int, high: int, unit: str) -> Value:
    return lambda draw: f"{draw.randint(low, high)} {unit}"


def money(low: int, high: int) -> Value:
    def value(draw: Draw) -> str:
        amount, sign = draw.randint(low, high), draw.choice("€€$£")
        return (
            f"{sign}{amount:,}" if draw.random() < 0.5 else f"{sign}{amount:,}.{draw.choice(CENTS)}"
        )

    return value


def one_of(*values: str) -> Value:
    return lambda draw: draw.choice(values)


FIRMS = (
    "brenner-tiles",
    "holt-supplies",
    "marlow-garden",
    "kestrel-print",
    "lindqvist",
    "oakfield",
    "tern-and-sons",
    "voss-electric",
    "pike-bakery",
    "amber-dental",
)
BOXES = ("claims", "service", "office", "help", "orders")
CENTS = ("00", "50", "90", "95", "40", "25")
PERCENT: Value = lambda draw: f"{draw.choice((1, 2, 3, 4, 5, 8, 10, 12, 15, 20, 25))}%"  # noqa: E731
FACTS: dict[str, tuple[Fact, ...]] = {
    "Delivery": (
        Fact(
            "Orders leave our warehouse within {v}.",
            number(1, 9, "working days"),
            (
                "How soon are orders sent out?",
                "How long until my order leaves the warehouse?",
                "when do you ship",
            ),
        ),
        Fact(
            "Delivery costs {v} per pallet.",
            money(20, 190),
            (
                "What does delivery of a pallet cost?",
                "How much is shipping per pallet?",
                "delivery charge pallet",
            ),
        ),
        Fact(
            "Delivery is free for orders over {v}.",
            money(150, 2500),
            (
                "From what amount is delivery free?",
                "When do I not pay for delivery?",
                "free delivery from how much",
            ),
        ),
        Fact(
            "We deliver to {v} only.",
            one_of(
                "the mainland",
                "the county",
                "business addresses",
                "kerbside",
                "Austria and Germany",
            ),
            ("Where do you deliver to?", "Which places do you deliver to?"),
        ),
        Fact(
            "Damage in transit must be reported within {v}.",
            number(1, 7, "days"),
            (
                "By when do I have to report damage in transit?",
                "How long do I have to tell you about broken goods?",
                "deadline transport damage",
            ),
        ),
        Fact(
            "Drivers call {v} before they arrive.",
            number(15, 90, "minutes"),
            ("How long before arrival does the driver call?",),
            ("Do drivers call before arriving?",),
        ),
        Fact(
            "Pallets are collected again for a deposit of {v}.",
            money(8, 40),
            ("How much is the deposit on a pallet?",),
            ("Do you take pallets back?",),
        ),
    ),
    "Returns": (
        Fact(
            "Unused goods can be returned within {v} of delivery.",
            number(7, 90, "days"),
            (
                "How long can I return unused goods?",
                "Until when can I send things back?",
                "return period",
            ),
            ("Can unused goods be returned?",),
        ),
        Fact(
            "A restocking fee of {v} is kept back.",
            PERCENT,
            ("How high is the restocking fee?", "What do you keep back for a return?"),
            ("Is there a restocking fee?",),
            ("Are returns free of charge?",),
        ),
        Fact(
            "Goods cut to size cannot be returned; the sample fee of {v} is not paid back.",
            money(3, 30),
            ("What is the sample fee?",),
            (),
            ("Can I return goods cut to size?",),
        ),
        Fact(
            "Refunds are paid within {v}.",
            number(3, 30, "days"),
            ("How long does a refund take?", "When do I get my money back?", "refund how long"),
        ),
        Fact(
            "Opened boxes are taken back at {v} of their price.",
            one_of("half", "60%", "70%", "80%"),
            ("What do I get for opened boxes?",),
            ("Do you take opened boxes back?",),
        ),
    ),
    "Payment": (
        Fact(
            "Invoices are due within {v}.",
            number(7, 60, "days"),
            ("When do I have to pay an invoice?", "What is the payment term?", "invoice due when"),
        ),
        Fact(
            "Whoever pays within {v} takes off a discount.",
            number(5, 14, "days"),
            ("Within how many days must I pay to get the discount?",),
            ("Is there a discount for paying early?",),
        ),
        Fact(
            "The discount for early payment is {v}.",
            PERCENT,
            ("How much discount is there for early payment?", "What do I save by paying early?"),
        ),
        Fact(
            "A reminder costs {v}.",
            money(3, 45),
            ("What does a reminder cost?", "How much is charged for a reminder?"),
            (),
            ("Are reminders free?",),
        ),
        Fact(
            "Interest on late payments is {v} a year.",
            PERCENT,
            ("What interest is charged on late payments?", "late payment interest"),
        ),
        Fact(
            "We ask for a deposit of {v} on orders made to measure.",
            PERCENT,
            ("How much deposit is needed for orders made to measure?",),
            ("Do you ask for a deposit on made-to-measure orders?",),
        ),
        Fact(
            "Cards are accepted from {v}.",
            money(5, 50),
            ("From what amount can I pay by card?",),
            ("Can I pay by card?",),
        ),
        Fact(
            "Cash is taken up to {v}.",
            money(500, 5000),
            ("Up to what amount do you take cash?",),
            ("Do you take cash?",),
        ),
    ),
    "Warranty": (
        Fact(
            "We give a warranty of {v} on all tiles.",
            number(2, 30, "years"),
            ("How long is the warranty on tiles?", "What warranty do I get on tiles?"),
        ),
        Fact(
            "On machines the warranty is {v}.",
            number(6, 48, "months"),
            ("How long is the warranty on machines?", "machine warranty"),
        ),
        Fact(
            "Claims go to {v}.",
            lambda draw: f"{draw.choice(BOXES)}@{draw.choice(FIRMS)}.example",
            ("Where do I send a warranty claim?", "Which address is for claims?"),
        ),
        Fact(
            "Frost damage is not covered; an inspection costs {v}.",
            money(30, 200),
            ("What does an inspection cost?",),
            (),
            ("Is frost damage covered?",),
        ),
        Fact(
            "The customer keeps the receipt for {v}.",
            number(2, 10, "years"),
            ("How long must the receipt be kept?",),
        ),
    ),
    "Staff handbook": (
        Fact(
            "Full-time staff have {v} of paid leave a year.",
            number(20, 35, "days"),
            (
                "How many days of leave do I get?",
                "How much paid holiday do full-time staff have?",
                "holiday entitlement",
            ),
        ),
        Fact(
            "Leave is asked for {v} ahead.",
            number(1, 8, "weeks"),
            ("How far ahead must leave be asked for?", "How early do I ask for leave?"),
        ),
        Fact(
            "A doctor's note is needed from day {v} of an illness.",
            one_of("1", "2", "3", "4", "5"),
            ("From which day is a doctor's note needed?", "when do i need a sick note"),
        ),
        Fact(
            "The probation period is {v}.",
            number(1, 9, "months"),
            ("How long is the probation period?", "How long am I on probation?"),
        ),
        Fact(
            "Staff may work from home up to {v} a week.",
            number(1, 4, "days"),
            ("How many days a week can I work from home?",),
            ("Can I work from home?",),
        ),
        Fact(
            "The mileage allowance is {v} a kilometre.",
            one_of("€0.30", "€0.42", "$0.67", "£0.45"),
            ("What is the mileage allowance?", "What do I get per kilometre?"),
        ),
        Fact(
            "Overtime is paid with a supplement of {v}.",
            PERCENT,
            ("What supplement is paid for overtime?",),
            ("Is overtime paid?",),
            ("Is overtime unpaid?",),
        ),
        Fact(
            "Notice is {v} to the end of the month.",
            number(2, 12, "weeks"),
            ("How long is the notice period?", "What notice do I have to give?"),
        ),
        Fact(
            "Smoking is allowed {v} only.",
            one_of("in the yard", "behind hall 2", "at the gate"),
            ("Where is smoking allowed?",),
            (),
            ("May I smoke in the office?",),
        ),
    ),
    "Bookings": (
        Fact(
            "Appointments can be cancelled free of charge up to {v} before.",
            number(12, 72, "hours"),
            ("How late can I cancel for free?", "Until when is cancelling free?"),
        ),
        Fact("After that we charge {v}.", money(10, 120), ("What does a late cancellation cost?",)),
        Fact(
            "Groups of more than {v} need a written booking.",
            number(5, 20, "people"),
            ("From what size does a group need a written booking?",),
        ),
        Fact(
            "The room seats {v}.",
            number(8, 140, "people"),
            ("How many people fit into the room?", "room capacity"),
        ),
        Fact(
            "Dogs are welcome for {v} a day.",
            money(5, 30),
            ("What does a dog cost a day?",),
            ("Can I bring my dog?",),
        ),
        Fact(
            "Breakfast is served from {v}.",
            one_of("6:30 am", "7 am", "7:30 am", "8 am"),
            ("When is breakfast served?", "from what time breakfast"),
        ),
        Fact(
            "The house is closed in {v}.",
            one_of("January", "February", "November"),
            ("In which month is the house closed?",),
            (),
            ("Is the house open all year?",),
        ),
    ),
}
