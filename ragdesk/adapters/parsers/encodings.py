"""Bytes to text: marks first, then UTF-8, then the likeliest of the rest."""

from __future__ import annotations

import codecs
import re

_MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE_BYTES = 64 * 1024
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def _marked(data: bytes) -> str | None:
    return next((encoding for mark, encoding in _MARKS if data.startswith(mark)), None)


def _unmarked_utf16(data: bytes) -> str | None:
    """UTF-16 without its mark: every other byte of mostly Latin text is zero."""
    sample = data[:2000]
    if len(sample) < 8:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd > 0.7 * half and even < 0.1 * half:
        return "utf-16-le"
    if even > 0.7 * half and odd < 0.1 * half:
        return "utf-16-be"
    return None


def looks_like_text(data: bytes) -> bool:
    """Whether the first bytes of a file can be text in some encoding, and not noise."""
    if _marked(data) or _unmarked_utf16(data):
        return True
    if not data:
        return False
    controls = len(_CONTROL.findall(data[:_SAMPLE_BYTES]))
    size = min(len(data), _SAMPLE_BYTES)
    try:
        data[:_SAMPLE_BYTES].decode("utf-8")
        return controls <= max(2, 0.15 * size)
    except UnicodeDecodeError as error:
        if size - error.start < 4 and controls <= 0.15 * size:
            return True  # the sample ends within a character
    return controls <= 0.02 * size


def sample_text(data: bytes) -> str:
    """The first bytes as text, whatever does not fit replaced; for looking, not for keeping."""
    encoding = _marked(data) or _unmarked_utf16(data) or "utf-8"
    return data[:_SAMPLE_BYTES].decode(encoding, "replace")


def decode_text(data: bytes, declared: str | None = None) -> str:
    """`data` as text. Never raises; bytes that fit nothing become U+FFFD.

    `declared` is what the file says of itself (an HTML meta tag, a mail header): it is tried after
    the byte-order mark and after UTF-8, which is hardly ever right by accident.
    """
    encoding = _marked(data) or _unmarked_utf16(data)
    if encoding:
        return data.decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data":  # cut within its last character
            return data[: error.start].decode("utf-8")
    if _is_mostly_utf8(data):
        return data.decode("utf-8", "ragdesk-cp1252")
    for name in filter(None, (declared, _guess(data), "cp1252")):
        try:
            return data.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("utf-8", "ragdesk-cp1252")


_UTF8_SEQUENCE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)


def _is_mostly_utf8(data: bytes) -> bool:
    """Whether UTF-8 characters outnumber the bytes that are not: files glued together."""
    sample = data[:_SAMPLE_BYTES]
    good = _UTF8_SEQUENCE.findall(sample)
    high = sum(byte > 0x7F for byte in sample)
    return bool(good) and 2 * sum(map(len, good)) > high


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("ragdesk-cp1252", _as_cp1252)


def _guess(data: bytes) -> str | None:
    """cp1252 where that gives western words, else what charset-normalizer makes of it."""
    sample = data[:_SAMPLE_BYTES]
    if _is_western(sample):
        return "cp1252"
    from charset_normalizer import from_bytes

    best = from_bytes(sample, cp_isolation=_LIKELY).best()
    return best.encoding if best else None


# Encodings that office programs of the last decades wrote; rarer ones only win by accident.
_LIKELY = [
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "koi8_r",
    "shift_jis", "euc_jp", "gb18030", "big5", "euc_kr", "iso8859_2",
]  # fmt: skip
_WESTERN_SHARE = 0.3  # of all bytes: other alphabets need more of the upper half than accents do
# What cp1252 has for other languages' letters: Polish, Czech and Turkish text read as cp1252 is full
# of these, western text is not.
_FOREIGN = frozenset("þðýÞÐÝ")
_SIGN_IN_WORD = re.compile(r"[^\W\d_][¡-¿×÷¤-¯\x81\x8d\x8f\x90\x9d][^\W\d_]")


def _is_western(sample: bytes) -> bool:
    high = sum(byte > 0x7F for byte in sample)
    if high > _WESTERN_SHARE * len(sample) + 2:  # a name or two say little
        return False
    try:
        text = sample.decode("cp1252")
    except UnicodeDecodeError:
        return False
    foreign = sum(character in _FOREIGN for character in text)
    return foreign <= 0.1 * high and not _SIGN_IN_WORD.search(text.replace("\xad", ""))
