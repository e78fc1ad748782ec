"""Which language a text is in: told by its script and by its small words. Pure.

A script that only one language writes with tells it at once (Greek, Thai, Hangul, kana). Latin,
Cyrillic, Arabic and Devanagari letters are shared, so there the small words decide that a language
is full of ("der", "und", "nicht"), each worth less the more languages have it, with letters that
few alphabets have as a help for short texts. Where nothing decides, the language is ''.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

from .small_words import SMALL_WORDS

UNKNOWN = ""
ENGLISH = "en"
LOOKED_AT = 12_000  # characters of a document, taken from three places of it
SIGNS_A_TOKEN = 1.5  # Chinese, Japanese, Korean
LETTERS_A_TOKEN = 4.4  # with the spaces between words
_ENOUGH = 1.0  # weight of small words; a text with less says nothing
_AHEAD = 1.15  # how many times the second best language the best must have
_THIN = 0.04  # weight a word of a long text must have on average: names and numbers tell nothing

# What few alphabets have: worth half a small word where it stands.
_LETTERS = {
    "de": "ß", "es": "ñ¿¡", "pt": "ãõ", "fr": "œ", "ro": "țșţş", "pl": "łńśźż", "cs": "ěřů", "sk": "ľĺŕ",
    "hu": "őű", "tr": "ğı", "vi": "ơưđạảấầẩậắằặẹẻếềểệỉịọốồổộớờởợụứừửữựỳỷỹ", "sv": "å", "da": "æø", "no": "æø",
    "lv": "āēīūķļņģ", "lt": "ėęįųž", "et": "õ", "ru": "ыэё", "uk": "іїєґ", "sr": "ђћџљњј", "mk": "ѓќѕј", "bg": "ъ",
    "fa": "پچژگی", "ur": "ٹڈڑںےہ", "ca": "ŀ", "hr": "đć", "ar": "ةىأإ",
}  # fmt: skip

_BY_SCRIPT = {
    "HANGUL": "ko", "THAI": "th", "LAO": "lo", "KHMER": "km", "MYANMAR": "my", "HEBREW": "he", "GREEK": "el",
    "GEORGIAN": "ka", "ARMENIAN": "hy", "ETHIOPIC": "am", "BENGALI": "bn", "TAMIL": "ta", "TELUGU": "te",
    "KANNADA": "kn", "MALAYALAM": "ml", "GUJARATI": "gu", "GURMUKHI": "pa", "ORIYA": "or", "SINHALA": "si",
    "TIBETAN": "bo",
}  # fmt: skip
_SHARED = {
    "LATIN": frozenset(
        SMALL_WORDS.keys() - {"ru", "uk", "bg", "sr", "mk", "ar", "fa", "ur", "hi", "mr", "ne"}
    ),
    "CYRILLIC": frozenset(("ru", "uk", "bg", "sr", "mk")),
    "ARABIC": frozenset(("ar", "fa", "ur")),
    "DEVANAGARI": frozenset(("hi", "mr", "ne")),
}
_SIGNS = re.compile(
    "[\u1100-\u11ff\u3041-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff]"
)
_KANA_SHARE = 0.08  # of the characters; Japanese has more even in the driest text
# Accents, and the vowels of Indian and Arabic scripts, which \w leaves out.
MARKS = "".join(chr(c) for c in range(0x0300, 0x1800) if unicodedata.category(chr(c))[0] == "M")
_WORD = re.compile(rf"(?:[^\W\d_]|[{MARKS}])+(?:['-](?:[^\W\d_]|[{MARKS}])+)*")


def _profiles() -> dict[str, dict[str, float]]:
    """Small word → what it is worth for each language that has it: the fewer, the more."""
    languages = {name: frozenset(listed.split()) for name, listed in SMALL_WORDS.items()}
    having = Counter(word for words in languages.values() for word in words)
    worth: dict[str, dict[str, float]] = {}
    for name, words in languages.items():
        for word in words:
            worth.setdefault(word, {})[name] = 1 / math.sqrt(having[word])
    return worth


_WORTH = _profiles()
_LETTER_WORTH: dict[str, list[str]] = {}
for _name, _letters in _LETTERS.items():
    for _letter in _letters:
        _LETTER_WORTH.setdefault(_letter, []).append(_name)


def language(text: str) -> str:
    """The language of `text` as 'en', 'de', 'zh'; '' where it cannot be told."""
    scripts = _scripts(text)
    total = sum(scripts.values())
    if not total:
        return UNKNOWN
    han, kana = scripts["CJK"], scripts["HIRAGANA"] + scripts["KATAKANA"]
    # A Chinese or Japanese sign says as much as two or three letters.
    if 2.5 * (han + kana) > total - han - kana:
        return "ja" if kana > _KANA_SHARE * (han + kana) else "zh"
    script, count = max(scripts.items(), key=lambda item: item[1])
    if script in _BY_SCRIPT:
        return _BY_SCRIPT[script]
    candidates = _SHARED.get(script)
    return _by_words(text, candidates) if candidates and count * 2 > total else UNKNOWN


def of_document(texts: Iterable[str]) -> str:
    """The language of a document, told by its beginning, its middle and its end."""
    text = "\n".join(texts)
    if len(text) > LOOKED_AT:
        part, middle = LOOKED_AT // 3, len(text) // 2
        text = " ".join((text[:part], text[middle : middle + part], text[-part:]))
    return language(text)


def is_foreign(lang: str) -> bool:
    """Whether the English search model is the wrong one for a language."""
    return lang not in (UNKNOWN, ENGLISH)


def about_tokens(text: str) -> int:
    """About as many tokens as the model for other languages counts, special ones included.

    The English model's own count says nothing of such a text: it takes Arabic apart into letters
    and a Thai sentence for one word, and paragraphs that belong together fall into pieces. Measured
    over 30 languages, this is right within a third, and that model reads twice what a passage holds.
    """
    signs = len(_SIGNS.findall(text))
    return 2 + round(signs / SIGNS_A_TOKEN + (len(text) - signs) / LETTERS_A_TOKEN)


def small_words(lang: str) -> frozenset[str]:
    """Words of a language that say nothing of what is looked for; none where they are not known."""
    return _SMALL.get(lang, frozenset())


_SMALL = {name: frozenset(listed.split()) for name, listed in SMALL_WORDS.items()}


def _scripts(text: str) -> Counter[str]:
    """How many letters of each script, by the first word of a character's Unicode name."""
    found: Counter[str] = Counter()
    for character, count in Counter(text).items():
        if character.isalpha():
            name = unicodedata.name(character, "").partition(" ")[0]
            found[name.partition("-")[0]] += count
    return found


def _by_words(text: str, candidates: frozenset[str]) -> str:
    scores = dict.fromkeys(candidates, 0.0)
    words = _WORD.findall(text.casefold().replace("’", "'"))
    for word, count in Counter(words).items():
        for name, worth in _WORTH.get(word, {}).items():
            if name in scores:
                scores[name] += count * worth
    for word in words:
        for name in {name for letter in word for name in _LETTER_WORTH.get(letter, ())}:
            if name in scores:
                scores[name] += 0.5 / math.sqrt(len(_LETTERS[name]))
    (best, most), (second, next_best) = sorted(scores.items(), key=lambda item: -item[1])[:2]
    enough = most >= _ENOUGH and most >= _THIN * len(words)
    ahead = _AHEAD if {best, second} - {"da", "no"} else 1.02  # these two share most of their words
    return best if enough and most >= ahead * next_best else UNKNOWN
