"""What is odd about a name, as bits; each distinct word is looked at once."""

from __future__ import annotations

import re
from enum import IntFlag
from unicodedata import category, normalize

from civid.errors import PersonNameError
from civid.people.names.bare import Bareness, bareness
from civid.people.names.canonical import MAX_LENGTH, canonical, key
from civid.people.names.marks import D_STROKE, recompose
from civid.people.names.syllable import is_syllable, place_tone

_CACHE_SIZE = 1 << 16
_ALPHABET = frozenset("abcdeghiklmnopqrstuvxyăâđêôơư")


class NameFlag(IntFlag):
    """Oddities of a name; several may hold."""

    UNREADABLE = 1
    NOT_NFC = 2
    INVISIBLE = 4
    LOOK_ALIKE = 8
    DIGIT = 16
    MIXED_CASE = 32
    MISPLACED = 64  # a tone where no style puts it: đọan
    NO_SYLLABLE = 128
    ACCENTED = 256
    BARE = 512  # exists with accents only: nguyen
    OUTSIDE = 1024  # letters outside the Vietnamese alphabet: f, j, w, z, č
    SCRIPT = 2048  # letters of another script
    INITIAL = 4096
    SPACES = 8192
    ONE_WORD = 16384
    EMPTY = 32768
    SYMBOL = 65536
    PUNCTUATED = 131072  # a stop around the name


def name_flags(name: str) -> int:
    """Flags of a whole name; never raises.

    >>> NameFlag(name_flags("NGUYễN Văn An")) == NameFlag.MIXED_CASE | NameFlag.ACCENTED
    True
    """
    if len(name) > MAX_LENGTH:
        return int(NameFlag.UNREADABLE)
    words = name.split()
    if not words:
        return int(NameFlag.EMPTY)
    flags = 0
    for word in words:
        flags |= _WORDS[word]
    if " ".join(words) != name:
        flags |= NameFlag.SPACES
    if name.strip() != name.strip().strip(".,;:") and words[-1].rstrip(".")[1:]:
        flags |= NameFlag.PUNCTUATED
    if len(words) == 1:
        flags |= NameFlag.ONE_WORD
    readable_bare = not flags & (NameFlag.ACCENTED | NameFlag.UNREADABLE)
    if readable_bare and bareness(_canonicals(words)) is Bareness.SURE:
        flags |= NameFlag.BARE
    return int(flags)


def _canonicals(words: list[str]) -> list[str]:
    return [word for text in words for word in canonical(text).split()]


class _Words(dict[str, int]):
    def __missing__(self, word: str) -> int:
        value = int(_word_flags(word))
        if len(self) >= _CACHE_SIZE:
            self.clear()
        if len(word) <= 24:
            self[word] = value
        return value


_WORDS = _Words()


def _word_flags(word: str) -> NameFlag:
    flags = NameFlag(0)
    try:
        folded = canonical(word)
    except PersonNameError:
        return NameFlag.UNREADABLE
    if normalize("NFC", word) != word or recompose(word) != normalize("NFC", word):
        flags |= NameFlag.NOT_NFC
    for char in word:
        kind = category(char)
        if kind in ("Cf", "Cc", "Co", "Cn"):
            flags |= NameFlag.INVISIBLE
        elif kind.startswith("N"):
            flags |= NameFlag.DIGIT
        elif ord(char) in D_STROKE:
            flags |= NameFlag.LOOK_ALIKE
        elif kind[0] in "SP" and char not in "'-.’":
            flags |= NameFlag.SYMBOL
        elif kind[0] == "L" and not _latin(char):
            flags |= NameFlag.SCRIPT
    return flags | _spelling(word, folded)


def _spelling(word: str, folded: str) -> NameFlag:
    flags = NameFlag(0)
    lower = recompose(word.lower())
    bare = key(folded)
    if bare != folded:
        flags |= NameFlag.ACCENTED
    if not _cased(word):
        flags |= NameFlag.MIXED_CASE
    letters = folded.rstrip(".")
    if len(letters) == 1 and letters not in "ayoiuêôơưâăý" and letters.isalpha():
        flags |= NameFlag.INITIAL
    elif not is_syllable(folded):
        flags |= NameFlag.NO_SYLLABLE
        if any(char.isalpha() and char not in _ALPHABET for char in _letters(folded)):
            flags |= NameFlag.OUTSIDE
    elif lower != folded and _misplaced(lower, folded):
        flags |= NameFlag.MISPLACED
    return flags


def _letters(folded: str) -> str:
    """Letters without tone marks, quality marks kept."""
    tones = dict.fromkeys(map(ord, "\u0300\u0301\u0303\u0309\u0323"))
    return normalize("NFC", normalize("NFD", folded).translate(tones))


def _misplaced(lower: str, folded: str) -> bool:
    """Whether the tone stands where neither the old nor the new style puts it."""
    if place_tone(lower) != folded or lower == folded:
        return False
    plain = key(folded)
    return not (plain.endswith(("oa", "oe", "uy")) or plain.endswith(("i", "y")))


def _cased(word: str) -> bool:
    """Upper, lower, or a capital first in each part (H'Hen, Kon-Tum)."""
    if word.isupper() or word.islower() or not any(map(str.isalpha, word)):
        return True
    parts = _APART.split(word)
    return all(part[:1] + part[1:].lower() == part for part in parts)


_APART = re.compile(r"[\W\d_]+")


def _latin(char: str) -> bool:
    point = ord(char)
    return point < 0x250 or 0x1E00 <= point < 0x1F00 or 0xFF21 <= point <= 0xFF5A
