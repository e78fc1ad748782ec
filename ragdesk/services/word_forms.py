"""What the word search reads of a text in each language, and what it is asked for. Pure.

The search itself (FTS5) cuts at white space and punctuation, drops accents and takes English
endings off. That is right for English, and for nothing else. So a text in another language is
written for it once more (`searched`): each word in its ground form; Chinese, Japanese, Korean and
Thai, which write without spaces or hang particles to their words, in overlapping pairs of signs;
Arabic without vowel signs and with one form of each letter. The words of a question go the same
way (`terms`), through every language that the documents hold.
"""

from __future__ import annotations

import functools
import itertools
import re
import threading
import unicodedata
from collections.abc import Iterable

from . import match
from .language import ENGLISH, MARKS, UNKNOWN, language, small_words
from .match import is_small, stem, words

# Languages that snowball has rules for and FTS5 has not.
_STEMMERS = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek", "es": "spanish",
    "et": "estonian", "fa": "persian", "fi": "finnish", "fr": "french", "hi": "hindi", "hu": "hungarian",
    "hy": "armenian", "id": "indonesian", "it": "italian", "lt": "lithuanian", "ne": "nepali", "nl": "dutch",
    "no": "norwegian", "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian",
    "sv": "swedish", "ta": "tamil", "tr": "turkish",
}  # fmt: skip

_WORD = re.compile(rf"(?:\w|[{MARKS}])+(?:[.,]\d+)*")
# Written without spaces between words, or with endings that no rule takes off.
_PAIRED = re.compile(
    "[\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Chinese and Japanese
    "\u1100-\u11ff\uac00-\ud7a3"  # Korean
    "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ede\u1000-\u109f\u1780-\u17d3]+"  # Thai, Lao, Burmese, Khmer
)
_SIGN = re.compile(rf".[{MARKS}]*", re.DOTALL)  # with the vowels above and below it
_ARABIC = re.compile("[\u0600-\u06ff]")
_ARABIC_MARKS = re.compile("[\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed]")
_ARABIC_LETTERS = str.maketrans("أإآٱىیکةؤئ", "ااااييكهوي")
# FTS5 cuts a word at a vowel mark of an Indian script. As a private letter it is part of the word.
_KEPT_MARKS = {ord(mark): 0xE000 + ord(mark) - 0x0900 for mark in MARKS if ord(mark) >= 0x0900}


def searched(text: str, lang: str) -> str | None:
    """What the word search shall read in place of `text`; None where that is `text` itself."""
    if lang in (UNKNOWN, ENGLISH) and not _PAIRED.search(text):
        return None
    return " ".join(form for word in _words(text) for form in _forms(word, lang))


def terms(question: str, langs: Iterable[str]) -> list[str]:
    """The words that say what is looked for, each once, as documents in any of `langs` hold them.

    All words where only small ones stand. Small are those of the question's own language: "die" is
    one in German and none in English.
    """
    asked_in = language(question)
    known = {UNKNOWN if lang == ENGLISH else lang for lang in langs} or {UNKNOWN}
    small = frozenset().union(*map(small_words, known if asked_in == UNKNOWN else {asked_in}))
    every = list(dict.fromkeys(_words(question)))
    chosen = [word for word in every if word not in small and not is_small(word)] or every
    return list(
        dict.fromkeys(
            form for word in chosen for lang in sorted(known) for form in _forms(word, lang)
        )
    )


def stems(text: str, lang: str) -> list[str]:
    """All words of a text in order, as two texts are compared by: without their endings.

    In English coarser than what the word search reads: "delivery" and "deliver" are one.
    """
    if lang in (UNKNOWN, ENGLISH):
        return [stem(word) for word in words(text)]
    return [form for word in _words(text) for form in _forms(word, lang)]


def said(question: str, lang: str) -> dict[str, str]:
    """The words of a question that say something, as the search holds them in `lang`: with stems.

    The stems are those of `stems`. All words where only small ones stand.
    """
    if lang in (UNKNOWN, ENGLISH):
        return {word: stem(word) for word in match.terms(question)}
    return {form: form for form in terms(question, {lang})}


def _words(text: str) -> list[str]:
    """All words and numbers in order, in lower case, compatibility forms undone."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def _forms(word: str, lang: str) -> list[str]:
    """What stands for a word: its ground form, or pairs of signs for its parts without spaces."""
    if not _PAIRED.search(word):
        return [_ground(word, lang)]
    found: list[str] = []
    end = 0
    for run in _PAIRED.finditer(word):
        found += [_ground(part, lang) for part in _WORD.findall(word[end : run.start()])]
        found += _pairs(run.group())
        end = run.end()
    return found + [_ground(part, lang) for part in _WORD.findall(word[end:])]


def _pairs(run: str) -> list[str]:
    signs = [_kept(sign) for sign in _SIGN.findall(run)]
    return [a + b for a, b in itertools.pairwise(signs)] or signs


@functools.lru_cache(100_000)
def _ground(word: str, lang: str) -> str:
    """A word in lower case without its ending, written so that FTS5 leaves it whole."""
    if _ARABIC.search(word):
        word = _ARABIC_MARKS.sub("", word)
    word = _stem(word, lang)
    if _ARABIC.search(word):
        word = word.translate(_ARABIC_LETTERS)
    return _kept(word)


def _kept(word: str) -> str:
    return word.translate(_KEPT_MARKS)


_made = threading.local()  # a stemmer holds the word it works on: each thread has its own


def _stem(word: str, lang: str) -> str:
    name = _STEMMERS.get(lang)
    if name is None:
        return word
    stemmer = _made.__dict__.get(name)
    if stemmer is None:
        import snowballstemmer  # type: ignore[import-untyped]

        stemmer = _made.__dict__[name] = snowballstemmer.stemmer(name)
    return str(stemmer.stemWord(word))
