"""How texts are held against each other in an exam. Pure.

`normal`, `tokens` and `f1` give exactly what the scoring script of the shared document sets gives.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from difflib import SequenceMatcher

from ..domain.examination import Evidence

_THOUSANDS = re.compile(r"(?<=\d),(?=\d)")
_BETWEEN_WORDS = re.compile(r"[^\w%.$€£-]+")
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]")  # kana, Han, Thai
_RUN = 3  # words in a row that are taken for the same text
_SURE = 20  # letters and digits; shorter texts may be equal by chance


def normal(text: str | None) -> str:
    """Lower case, one kind of white space, punctuation gone but for signs that belong to numbers."""
    folded = _THOUSANDS.sub("", unicodedata.normalize("NFKC", text or "").casefold())
    return " ".join(_BETWEEN_WORDS.sub(" ", folded).split()).strip(" .")


def tokens(text: str | None) -> list[str]:
    """Words; characters in scripts that put no space between words."""
    plain = normal(text)
    return list(plain.replace(" ", "")) if _UNSPACED.search(plain) else plain.split()


def f1(given: str | None, right: str | None) -> float:
    """Harmonic mean of the shares of words that the two texts have in common, 0 to 1."""
    ours, theirs = tokens(given), tokens(right)
    common = sum((Counter(ours) & Counter(theirs)).values())
    return 2 * common / (len(ours) + len(theirs)) if common else 0.0


def same_file(path: str, file: str) -> bool:
    """Whether `path`, as a person named it, ends with the evidence's file."""
    return path == file or path.endswith("/" + file)


def holds(text: str, evidence: str) -> bool:
    """Whether a passage holds the evidence, or the two overlap by half of the shorter one."""
    ours, theirs = _letters(text), _letters(evidence)
    if not ours or not theirs:
        return False
    if theirs in ours or (ours in theirs and len(ours) >= min(_SURE, len(theirs))):
        return True
    first, second = tokens(text), tokens(evidence)
    needed = min(len(first), len(second)) / 2
    if sum((Counter(first) & Counter(second)).values()) < needed or len(ours) < _SURE:
        return False
    runs = SequenceMatcher(None, first, second, autojunk=False).get_matching_blocks()
    return sum(run.size for run in runs if run.size >= _RUN) >= needed


def hits(path: str, text: str, evidence: Evidence) -> bool:
    """Whether a passage of a file is the one that holds the evidence."""
    return same_file(path, evidence.file) and holds(text, evidence.text)


def _letters(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character for character in folded if character.isalnum())
