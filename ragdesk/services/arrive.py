"""What a language model writes, as it arrives: harmless, its markers in order, stopped in a loop.

A marker is kept where it points to a passage that was given, and gets the number of that passage
in the order in which passages are first cited; all others go. Links, images and tags become their
words: nothing that a model writes can be clicked or fetched.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .compare import normal
from .mend import sentence_bounds

HELD_BACK = 200  # characters after which an open bracket is taken for a bracket
LOOP_WORDS = 16  # longest run of words that is looked for three times in a row
LOOP_LEAST = 6  # words that such a loop has in all
SENTENCE_LEAST = 3  # words; shorter sentences may well come twice

MARKER = re.compile(r"\[(\d{1,3})\]")
_MARKERS = re.compile(
    r"(?<![ \t])[ \t]*[\[【](?:(?:passages?|sources?|quellen?|nos?\.)\s*)?"
    r"(?P<numbers>\[?\d{1,3}\]?(?:\s*(?:[,;&]|and|und|et|y)\s*\[?\d{1,3}\]?)*)(?:†[^\]】]*)?[\]】]",
    re.IGNORECASE,
)
_STRESSED = re.compile(
    r"([\[【])(\*\*|__|\*|_|`)(\d{1,3})\2([\]】])"
)  # a marker in bold or italics
_IMAGE_OR_LINK = re.compile(
    r"!?\[([^\[\]]*)\]\(\s*<?[^()\s]*(?:\([^()]*\)[^()\s]*)*(?:\s[^()]*)?\)"
)
_REFERENCE = re.compile(
    r"^[ \t]*\[[^\]\n]+\]:[ \t]*<?(?:[a-z][a-z0-9+.-]*:\S|//|www\.).*$",
    re.MULTILINE | re.IGNORECASE,
)
_LED = re.compile(r"^([ \t]*\[\d{1,3}\]):[ \t]*", re.MULTILINE)  # "[1]: Ten years."
_TAG = re.compile(r"</?[A-Za-z!][^<>\n]*>")
_WEB = re.compile(
    r"(?:\b[a-z][a-z0-9+.-]*://|\bwww\.|\b(?:javascript|data|file|mailto):)[^\s<>\"')\]]+",
    re.IGNORECASE,
)
_HOST = re.compile(r"^(?:[a-z][a-z0-9+.-]*:/*)?(?:[^/?#\s@]*@)?([^/?#:\s,;]+)", re.IGNORECASE)
_THINKING = re.compile(r"<think(?:ing)?>(.*?)(?:</think(?:ing)?>|\Z)", re.DOTALL | re.IGNORECASE)
_OPEN = re.compile(r"!?\[[^\]]*$|!?\[[^\]]*\]\([^)]*$|!?\[[^\]]*\]$|【[^】]*$|<[^<>]*$|!$|\([^)]*$")
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Clean:
    """A model's text made harmless. `cited[n - 1]` is the number of the passage that [n] cites."""

    text: str
    thinking: str
    cited: tuple[int, ...]


def clean(raw: str, passages: Sequence[str]) -> Clean:
    """Makes what a model wrote harmless; `passages` are the texts it was given, number 1 first.

    A web address stands as the passages have it, else only the name of its computer is left.
    """
    thinking = "\n".join(match[1].strip() for match in _THINKING.finditer(raw))
    text = _THINKING.sub("", raw)
    text = _REFERENCE.sub("", text)
    text = _IMAGE_OR_LINK.sub(r"\1", text)
    text = _TAG.sub("", text)
    text = _WEB.sub(lambda match: _address(match.group(), passages), text)
    text = _LED.sub(r"\1 ", text)
    text = _STRESSED.sub(r"\1\3\4", text)
    cited: list[int] = []

    def numbered(match: re.Match[str]) -> str:
        found = [int(number) for number in re.findall(r"\d+", match["numbers"])]
        known = [number for number in dict.fromkeys(found) if 1 <= number <= len(passages)]
        cited.extend(number for number in known if number not in cited)
        return "".join(f" [{cited.index(number) + 1}]" for number in known)

    text = _MARKERS.sub(numbered, text)
    return Clean(_tidy(text), thinking, tuple(cited))


class Incoming:
    """Text that arrives in pieces; gives out what is sure not to change any more."""

    def __init__(self, passages: Sequence[str]) -> None:
        self._passages = passages
        self._raw = ""
        self._given_out = ""

    def add(self, piece: str) -> str:
        """Takes a piece; what can be shown now, "" where it has to wait for the next one."""
        self._raw += piece
        sure = self._raw[: _sure(self._raw)]
        return self._more(clean(sure, self._passages).text)

    def end(self) -> str:
        """What is still to be shown when nothing more comes."""
        return self._more(self.all.text)

    @property
    def all(self) -> Clean:
        """All that came, without what only repeats what stands before it."""
        whole = clean(self._raw, self._passages)
        start = repeated_from(whole.text)
        if start is None:
            return whole
        kept = whole.text[:start].rstrip(" \n-*•,;")
        used = max((int(number) for number in MARKER.findall(kept)), default=0)
        return Clean(kept, whole.thinking, whole.cited[:used])

    @property
    def loops(self) -> bool:
        """Whether it repeats itself."""
        return repeated_from(clean(self._raw, self._passages).text) is not None

    def _more(self, text: str) -> str:
        if not text.startswith(self._given_out):  # cut since: nothing is taken back
            return ""
        more = text[len(self._given_out) :]
        self._given_out = text
        return more


def repeated_from(text: str) -> int | None:
    """Where a text begins to repeat itself: a sentence that came before, words three times in a row.

    None where it does not.
    """
    seen: set[str] = set()
    start = 0
    again: int | None = None  # where a run of sentences begins that all came before
    lines = text.split("\n")
    for number, line in enumerate(lines):
        for begin, end in sentence_bounds(line):
            over = number < len(lines) - 1 or line[end - 1] in ".!?。！？" or end < len(line)
            said = normal(MARKER.sub(" ", line[begin:end]))
            if said not in seen:
                again = None
                seen.update([said] if over else [])
                continue
            again = start + begin if again is None else again
            if len(said.split()) >= SENTENCE_LEAST:
                return again
        start += len(line) + 1
    return _looping_from(text)


def _looping_from(text: str) -> int | None:
    """Where words at the end, said three times in a row, are said for the second time."""
    words = [(normal(match.group()), match.start()) for match in _WORD.finditer(text)]
    said = [word for word, _ in words]
    for period in range(1, LOOP_WORDS + 1):
        last = said[-period:]
        rounds = 1
        while said[-period * (rounds + 1) : -period * rounds] == last and any(last):
            rounds += 1
        if rounds >= 3 and rounds * period >= LOOP_LEAST:
            return words[len(words) - period * (rounds - 1)][1]
    return None


def _sure(raw: str) -> int:
    """Up to where nothing that is still to come can change what stands there."""
    end = max(raw.rfind(" "), raw.rfind("\n")) + 1
    opened = _OPEN.search(raw[:end])
    if opened and len(raw) - opened.start() < HELD_BACK:
        end = opened.start()
    thinking = raw[:end].lower().rfind("<think")
    if thinking >= 0 and "</think" not in raw[thinking:].lower():
        end = thinking
    return end


def _address(found: str, passages: Sequence[str]) -> str:
    bare = found.rstrip(".,;:!?")
    rest = found[len(bare) :]
    if any(bare in passage for passage in passages):
        return found
    host = _HOST.match(bare)
    return (host[1] if host and "." in host[1] else "") + rest


def _tidy(text: str) -> str:
    """Without spaces at the ends of lines, and never more than one empty line."""
    lines = [re.sub(r"[ \t]+", " ", line).rstrip() for line in text.strip().split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))
