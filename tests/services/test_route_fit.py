"""What people said is learned in batches, with the passages replayed, behind a gate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from ragdesk.errors import ModelUnusable
from ragdesk.services import fit
from ragdesk.services.fit import BATCH, fit_logistic
from ragdesk.services.route import RouterState
from ragdesk.store.contents import ReadyShelf

from .conftest import Library
from .routing import Desk

if TYPE_CHECKING:
    from ragdesk.services.route import Scores

# Words that stand in no document: only what was said can lead them.
ASKED = [f"zork blimp {n}" for n in range(40)]


@pytest.fixture
def desk(library: Library) -> Desk:
    desk = Desk(library)
    desk.fitter.fit()
    return desk


def test_it_is_due_after_a_batch_and_not_before(desk: Desk) -> None:
    assert not desk.fitter.due()
    for question in ASKED[: BATCH - 1]:
        desk.say(question, "Dogs")
    assert not desk.fitter.due()
    desk.say(ASKED[BATCH], "Dogs")
    assert desk.fitter.due()
    desk.fitter.fit()
    assert not desk.fitter.due()


def test_what_fails_stops_nobody(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []

    def fails() -> bool:
        tried.append("due")
        raise ModelUnusable(path="model", detail="gone")

    monkeypatch.setattr(desk.fitter, "due", fails)
    desk.fitter.keep_up()
    desk.fitter.keep_up()
    assert tried == ["due", "due"]


def test_it_is_due_when_documents_came_or_a_shelf_is_new(desk: Desk) -> None:
    desk.shelve("Dogs", *(f"Dog number {n} barks" for n in range(4)))
    desk.library.embed()
    assert desk.fitter.due()
    desk.fitter.fit()
    assert not desk.fitter.due()
    desk.shelve("Gardens", "Roses are cut in March")
    assert desk.fitter.due()


def test_while_nothing_changes_the_shelves_are_not_looked_through(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready, looked = desk.contents.ready, list[int]()

    def noted() -> list[ReadyShelf]:
        looked.append(1)
        return ready()

    monkeypatch.setattr(desk.contents, "ready", noted)
    assert not desk.fitter.due()
    desk.conversations.ask("zork", "", None)
    assert not desk.fitter.due()
    assert len(looked) == 1
    places = [row.place.id for row in desk.library.documents.all(desk.shelves["Dogs"])]
    desk.library.documents.move(places, desk.shelves["Taxes"])
    assert desk.fitter.due()  # no vector is new


def test_one_shelf_or_no_vector_is_never_due(library: Library) -> None:
    desk = Desk(library, {"Tiles": ("Tiles of stone",)})
    assert not desk.fitter.due()
    assert not desk.fitter.fit()
    desk.shelve("Dogs", "Dogs of the park")
    with library.database.write() as db:
        db.execute("DELETE FROM vectors")
    assert not desk.fitter.due()
    assert not desk.fitter.fit()


@pytest.mark.parametrize("shelf", ["Tiles", "Dogs", "Taxes"])
def test_what_was_said_leads_other_questions_of_the_kind(desk: Desk, shelf: str) -> None:
    before = desk.chance("zork blimp", shelf)
    for question in ASKED:
        desk.say(question, shelf)
    assert desk.fitter.fit()
    assert desk.led("zork blimp") == shelf
    assert desk.chance("zork blimp", shelf) > before + 0.2
    assert desk.led("how long are bathroom tiles guaranteed") == "Tiles"  # replayed, not forgotten


def test_some_wrong_judgements_do_not_carry_it_away(desk: Desk) -> None:
    for place, question in enumerate(ASKED):
        desk.say(question, "Taxes" if place % 7 == 0 else "Dogs")
    desk.fitter.fit()
    assert desk.led("zork blimp") == "Dogs"


def test_the_last_word_on_a_question_counts(desk: Desk) -> None:
    for question in ASKED:
        desk.say(question, "Dogs")
    for question in ASKED:
        desk.say(question.upper() + " ", "Taxes")
    desk.fitter.fit()
    assert desk.led("zork blimp") == "Taxes"


def test_what_is_forgotten_leads_no_more(desk: Desk) -> None:
    bare = desk.chances("zork blimp")
    for question in ASKED:
        desk.say(question, "Taxes")
    desk.fitter.fit()
    assert desk.chances("zork blimp") != bare
    desk.judgements.clear()
    assert desk.fitter.due()
    desk.fitter.fit()
    assert desk.chances("zork blimp") == bare


def test_what_is_forgotten_is_gone_at_once_also_where_nothing_is_learned_anew(desk: Desk) -> None:
    for question in ASKED:
        desk.say(question, "Taxes")
    desk.fitter.fit()
    for name in ("Dogs", "Tiles"):
        desk.library.collections.remove(desk.shelves[name])
    desk.judgements.clear()
    assert not desk.fitter.due()
    assert desk.learned.get("router") is None


def test_wrong_alone_leads_away_from_the_shelf_shown_but_gently(desk: Desk) -> None:
    before = desk.chance("zork blimp", "Dogs")
    for question in ASKED:
        desk.say_wrong(question, "Dogs")
    desk.fitter.fit()
    after = desk.chance("zork blimp", "Dogs")
    assert after < before
    desk.judgements.clear()
    for question in ASKED:
        desk.say(question, "Tiles")
    desk.fitter.fit()
    assert desk.chance("zork blimp", "Dogs") < after


def test_wrong_where_the_router_had_no_hand_says_nothing(desk: Desk) -> None:
    bare = desk.chances("zork blimp")
    desk.learned.save("router", None)  # answered without it
    for question in ASKED:
        desk.say_wrong(question, "Dogs")
    desk.fitter.fit()
    assert desk.chances("zork blimp") == bare


def test_a_document_counts_for_the_shelf_where_it_lies_now(desk: Desk) -> None:
    for question in ASKED:
        desk.say(question, "Dogs")
    places = [row.place.id for row in desk.library.documents.all(desk.shelves["Dogs"])]
    desk.library.documents.move(places, desk.shelves["Taxes"])
    desk.shelve("Dogs", "Puppies eat four meals", "A kennel for the night", "Walks in the park")
    desk.library.embed()
    desk.fitter.fit()
    assert desk.led("zork blimp") == "Taxes"


def test_a_document_on_two_shelves_counts_for_both(desk: Desk) -> None:
    desk.shelve("Pets", "Cats and birds eat twice", "Fish swim in a bowl")
    dogs = desk.library.documents.all(desk.shelves["Dogs"])[0]
    texts = [page.text for page in desk.library.documents.pages(str(dogs.place.document_id))]
    desk.shelve("Pets", *texts)
    desk.library.embed()
    for question in ASKED:
        desk.say(question, "Dogs")
    desk.fitter.fit()
    assert {chance.name for chance in desk.chances("zork blimp")[:2]} == {"Dogs", "Pets"}


def test_a_refit_that_routes_questions_kept_apart_worse_is_not_taken(desk: Desk) -> None:
    before = desk.learned.get("router")["coefficients"]
    for n in range(60):
        question = f"bathroom tiles {n}"
        apart = fit._Judged(question, frozenset({"x"})).apart
        desk.say(question, "Tiles" if apart else "Dogs")
    assert not desk.fitter.fit()
    assert desk.learned.get("router")["coefficients"] == before
    assert not desk.fitter.due()  # it was weighed; the same batch is not weighed again
    assert desk.led("bathroom tiles") == "Tiles"


def test_the_newest_questions_kept_apart_decide_and_no_more(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fit, "MOST_APART", 3)
    for question in ASKED:
        desk.say(question, "Dogs")
    apart = [q for q in ASKED if fit._Judged(q, frozenset({"x"})).apart]
    assert len(apart) > 3
    words, looked_up = desk.router.words, list[str]()

    def noted(question: str, shelves: Sequence[ReadyShelf]) -> list[tuple[str, Scores]]:
        looked_up.append(question)
        return words(question, shelves)

    monkeypatch.setattr(desk.router, "words", noted)
    assert desk.fitter.fit()
    assert looked_up == apart[-3:]


def test_what_is_said_during_a_fit_is_for_the_next(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = desk.fitter._state

    def said_meanwhile(*given: Any) -> RouterState:
        desk.say(f"zork {desk.judgements.count()}", "Dogs")
        return state(*given)

    monkeypatch.setattr(desk.fitter, "_state", said_meanwhile)
    desk.fitter.fit()
    assert desk.learned.get("router")["judged"] == 0
    assert desk.judgements.count() > 0


def test_logistic_regression_ends_where_no_slope_is_left() -> None:
    chance = np.random.default_rng(3)
    rows = chance.standard_normal((90, 12)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    targets = np.eye(3)[(rows[:, 0] > 0).astype(int) + (rows[:, 1] > 0.1)]
    weights = np.full(90, 1 / 90)
    ridge = 1e-2
    fitted = fit_logistic(rows, targets, weights, ridge).astype(np.float64)
    inputs = np.hstack([rows, np.ones((90, 1))])
    scores = np.exp(inputs @ fitted.T)
    chances = scores / scores.sum(axis=1, keepdims=True)
    shrink = np.append(np.full(12, ridge), ridge / 100)
    slope = inputs.T @ ((targets - chances) * weights[:, None]) - shrink[:, None] * fitted.T
    assert abs(slope).max() < 1e-4
