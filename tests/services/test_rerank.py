"""Reading what was found, and its order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ragdesk.domain.conversation import Hit, Marks
from ragdesk.domain.training import Mix
from ragdesk.services.rerank import AT_ONCE, READ, read_hits, reordered

HIT = Hit(1, 1.0, "d:0", "d", "T", "a.txt", False, 0, "text", "context", (), "text")


class Noting:
    """A reader that notes what it is given; the later, the surer."""

    name = "noting"

    def __init__(self) -> None:
        self.calls: list[list[tuple[str, str]]] = []

    def read(self, question: str, passages: Sequence[tuple[str, str]]) -> list[Marks]:
        self.calls.append(list(passages))
        return [Marks(float(len(self.calls))) for _ in passages]


def hits(count: int) -> list[Hit]:
    return [
        replace(HIT, rank=n, passage_id=f"d:{n}", text=f"text {n}") for n in range(1, count + 1)
    ]


def test_the_first_ones_are_read_in_their_order() -> None:
    reader, found = Noting(), hits(READ + 3)
    read = read_hits(reader, "question", found, 60.0)
    assert [hit for hit, _ in read] == found[:READ]
    assert [passage for call in reader.calls for passage in call] == [
        ("context", hit.text) for hit in found[:READ]
    ]
    assert [marks.there for _, marks in read[::AT_ONCE]] == [1.0, 2.0]


def test_a_slow_computer_reads_fewer() -> None:
    read = read_hits(Noting(), "question", hits(READ), 0.0)
    assert len(read) == AT_ONCE
    assert read_hits(Noting(), "question", [], 0.0) == []


def test_order_mixes_search_and_reader() -> None:
    first, second = hits(2)
    first, second = replace(first, score=1.0), replace(second, score=0.9)
    close = [(first, Marks(-3.0)), (second, Marks(4.0))]
    assert [hit.rank for hit, _ in reordered(close)] == [2, 1]
    far = [(first, Marks(0.0)), (replace(second, score=0.2), Marks(1.0))]
    assert [hit.rank for hit, _ in reordered(far)] == [1, 2]


def test_a_mix_of_its_own_orders_otherwise() -> None:
    first, second = hits(2)
    read = [(replace(first, score=1.0), Marks(0.0)), (replace(second, score=0.9), Marks(1.0))]
    assert [hit.rank for hit, _ in reordered(read)] == [1, 2]
    assert [hit.rank for hit, _ in reordered(read, Mix(found=2.0))] == [2, 1]
    assert [hit.rank for hit, _ in reordered(read, Mix(there=2.0))] == [2, 1]
