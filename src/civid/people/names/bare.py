"""Was a whole name written without accents (viết không dấu)?"""

from __future__ import annotations

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


def written_bare(words: list[str]) -> bool:
    """Say whether a canonical name, as words, was written without accents.

    One word proves nothing (Hoa, Mai are names) unless it is no syllable without them (nguyen). A
    surname that only exists with accents does (tran, le), and so do two other words like that.

    >>> written_bare(["le", "hoa", "mai"]), written_bare(["mai", "hoa"]), written_bare(["hoa"])
    (True, False, False)
    """
    if any(_BARE[word] != word for word in words):
        return False
    if any(lacks_accents(word) and not is_syllable(word) for word in words):
        return True
    if len(words) == 1:
        return False
    if words[0] in bare_surnames():
        return True
    lacking = sum(map(lacks_accents, words))
    return lacking + any(word in _MIDDLE for word in words[1:-1]) > 1
