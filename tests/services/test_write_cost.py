"""What a written answer would have cost elsewhere, and who wrote it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ragdesk.domain.conversation import Answer
from ragdesk.errors import ServerLost
from ragdesk.services.cost import load_prices
from ragdesk.services.write import WrittenAnswerer
from tests.fakes_chat import ScriptedChat

from .conftest import Library
from .test_answer import answerer
from .test_write import QUESTION, citing, shop

__all__ = ["shop"]


def written(shop: Library, tmp_path: Path, script: object, *, prices: bool = True) -> Answer:
    model = ScriptedChat(script, name="tiny", context=6000)  # type: ignore[arg-type]
    table = load_prices(tmp_path) if prices else None
    return WrittenAnswerer(
        answerer(shop, 5.0), model, shop.documents, shop.retriever, prices=table
    ).answer(QUESTION)


def test_the_model_its_count_and_the_cost_elsewhere_are_kept(shop: Library, tmp_path: Path) -> None:
    answer = written(shop, tmp_path, citing("Ten years. [{t}]"))
    assert answer.model == "tiny"
    assert answer.asked_tokens > 50
    assert answer.answer_tokens == 3
    assert "would have charged" in answer.cost
    assert "prices of" in answer.cost


@pytest.mark.parametrize("prices", [True, False])
def test_without_a_count_or_a_table_nothing_is_said_of_cost(
    shop: Library, tmp_path: Path, prices: bool
) -> None:
    lost = ["Ten years. ", ServerLost()]
    answer = written(shop, tmp_path, lost if prices else "Ten years.", prices=prices)
    assert (answer.model, answer.cost) == ("tiny", "")
