"""Was a whole name written without accents (viết không dấu)?"""

from __future__ import annotations

from enum import Enum
from functools import cache

from civid.people.names.canonical import _BARE, key
from civid.people.names.frequency import GIVEN, MIDDLE, SURNAME, share, share_without_accents
from civid.people.names.frequency import surnames as _surnames
from civid.people.names.syllable import is_syllable

#: Share under which a word is not counted as a name of the lists.
_RARE = 0.0005
#: Middle names that bare are something else: Thi and Van are given names, too.
_MIDDLE = frozenset(("thi", "van"))


@cache
def bare_surnames() -> frozenset[str]:
    """Surnames without their accents, less those that are surnames like that (mai, cao)."""
    return frozenset(map(key, _surnames())) - set(_surnames())


def lacks_accents(word: str) -> bool:
    """Whether the lists know a canonical word with accents only: nguyen, cong, tung."""
    return any(
        share_without_accents(word, part) > _RARE and share(word, part) < _RARE
        for part in (SURNAME, GIVEN, MIDDLE)
    ) and not any(share(word, part) > _RARE for part in (SURNAME, GIVEN, MIDDLE))


class Bareness(Enum):
    """Whether a name lost its accents when it was written."""

    NO = 0
    MAYBE = 1  # no accents, but every word exists without
    LIKELY = 2  # enough beside a name that has the accents, not by itself
    SURE = 3


def bareness(words: list[str]) -> Bareness:
    """Say whether a canonical name, as words, was written without accents.

    One word proves nothing (Hoa, Mai are names) unless it is no syllable without them (nguyen). A
    surname that only exists with accents does (tran, le), and so do two other words like that; one
    makes it likely.

    >>> [bareness(words.split()).name for words in ("le hoa mai", "mai hoa", "hoa")]
    ['SURE', 'MAYBE', 'NO']
    """
    if any(_BARE[word] != word for word in words):
        return Bareness.NO
    if any(lacks_accents(word) and not is_syllable(word) for word in words):
        return Bareness.SURE
    if len(words) < 2:
        return Bareness.NO
    if words[0] in bare_surnames():
        return Bareness.SURE
    lacking = sum(map(lacks_accents, words)) + any(word in _MIDDLE for word in words[1:-1])
    if lacking:
        return Bareness.SURE if lacking > 1 else Bareness.LIKELY
    return Bareness.MAYBE
