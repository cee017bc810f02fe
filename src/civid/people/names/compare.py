"""Compare two full names (so sánh họ tên): a level to decide by, a score to sort by, bits to add.

Stock comparators count letters: Jaro-Winkler gives 0.971 to Hoa/Hòa, which are two names, and 0.943
to Hòa/Hoà, which are one. Here a word counts as much as it is rare, and accents are letters.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from math import log2
from unicodedata import normalize

from civid.people.names.align import Pair, align
from civid.people.names.bare import Bareness, bareness
from civid.people.names.canonical import canonical
from civid.people.names.frequency import surnames
from civid.people.names.repairs import repairs
from civid.people.names.words import Likeness


class Level(IntEnum):
    """How two names agree; a higher level is a better agreement."""

    DIFFERENT = 0
    PART_MISSING = 1
    ACCENTS_LOST = 2
    WRITTEN_DIFFERENTLY = 3
    SAME = 4


@dataclass(frozen=True, slots=True, repr=False)
class NameComparison:
    """Answer of `compare`.

    Parameters
    ----------
    level : Level
        Same (case and spaces aside); same but written differently (tone placement, i/y, typing
        residue, wrong encoding, surname last, H'Hen as H Hen); accents lost; one part missing;
        different.
    score : float
        0 to 1, the share of the information in both names that agrees.
    weight : float
        Bits of evidence that both are one person's: log2 of how much likelier the agreement is for
        one person than for two taken at random. Negative for different names.
    why : str
        What differs, in one word; empty for the same.
    """

    level: Level
    score: float
    weight: float
    why: str = ""

    def __repr__(self) -> str:
        return f"<NameComparison {self.level.name} {self.score:.3f} {self.weight:+.1f} bits>"


#: Chance that one person's name part agrees in two registers (m of Fellegi and Sunter).
_M = 0.95
#: Score of a name that only a repaired reading makes equal, and of one with the surname last.
_REPAIRED, _TURNED = 0.98, 0.9
#: Consonants that stand before a given name with an apostrophe: H' of women (Ê-đê), K' (Cơ-ho, Mạ).
_PREFIXES = frozenset(("h", "k"))


def compare(a: str, b: str) -> NameComparison:
    """Compare two full names.

    Symmetric; bounded time (names have at most 256 characters). Raises `PersonNameError` as
    `canonical` does.

    >>> compare("Hòa", "Hoà").level.name, compare("Hoa", "Hòa").level.name
    ('WRITTEN_DIFFERENTLY', 'DIFFERENT')
    >>> compare("NGUYEN THI HOA", "Nguyễn Thị Hòa").level.name
    'ACCENTS_LOST'
    >>> compare("Nguyễn Thị Thu An", "Nguyễn Thu An").level.name
    'PART_MISSING'
    """
    one, two = canonical(a), canonical(b)
    words_a, words_b = one.split(), two.split()
    if not words_a or not words_b:
        return NameComparison(Level.DIFFERENT, 0.0, 0.0, "empty")
    if one == two:
        same = _plain(a) == _plain(b)
        level = Level.SAME if same else Level.WRITTEN_DIFFERENTLY
        pairs = align(words_a, words_b, Bareness.NO, Bareness.NO)
        return NameComparison(level, 1.0, _weight(pairs), "" if same else "spelling")
    found = _compare_words(words_a, words_b)
    if found.level <= Level.PART_MISSING:
        found = _prefixed(words_a, words_b, found)
    if found.level is Level.DIFFERENT:
        return _repaired(a, b, one, two) or _turned(words_a, words_b) or found
    return found


def _plain(text: str) -> str:
    return " ".join(normalize("NFC", text).lower().split())


def _compare_words(a: list[str], b: list[str]) -> NameComparison:
    bare_a, bare_b = bareness(a), bareness(b)
    pairs = align(a, b, bare_a, bare_b)
    kinds = {pair.likeness for pair in pairs if pair.likeness is not None}
    missing = [pair for pair in pairs if pair.likeness is None]
    score, weight = _score(pairs), _weight(pairs)
    if not missing and kinds <= {Likeness.EQUAL, Likeness.ACCENTS_LOST}:
        return NameComparison(Level.ACCENTS_LOST, score, weight, "accents")
    one_side = min(len(a), len(b)) == len(pairs) - len(missing)
    alike = kinds <= {Likeness.EQUAL, Likeness.ACCENTS_LOST, Likeness.INITIAL}
    if alike and one_side and len(pairs) - len(missing) > 1:
        why = "missing" if missing else "initials"
        return NameComparison(Level.PART_MISSING, score, weight, why)
    worst = min((pair.likeness or Likeness.DIFFERENT for pair in pairs), key=lambda k: k.value)
    return NameComparison(Level.DIFFERENT, score, weight, worst.name.lower())


def _score(pairs: list[Pair]) -> float:
    """Share of the information that agrees; one missing part counts by a third, more in full."""
    agreed = total = 0.0
    part = 1 / 3 if sum(pair.likeness is None for pair in pairs) == 1 else 1.0
    for pair in pairs:
        if pair.likeness is None:
            total += pair.bits * part
        else:
            total += pair.bits
            agreed += pair.bits * pair.likeness.value
    return agreed / total if total else 0.0


def _weight(pairs: list[Pair]) -> float:
    """Log-likelihood ratio in bits, parts taken as independent."""
    weight = 0.0
    for pair in pairs:
        if pair.likeness is None:
            weight -= 1.0
        elif pair.likeness is Likeness.DIFFERENT:
            weight += log2((1 - _M) / (1 - 2.0**-pair.bits))
        else:
            full = pair.bits + log2(_M)
            against = log2(1 - _M)
            weight += against + (full - against) * pair.likeness.value
    return weight


def _repaired(a: str, b: str, one: str, two: str) -> NameComparison | None:
    for damaged, sound in ((a, two), (b, one)):
        for repair in repairs(damaged):
            if canonical(repair.text) == sound:
                words = sound.split()
                weight = _weight(align(words, words, Bareness.NO, Bareness.NO)) * _REPAIRED
                return NameComparison(Level.WRITTEN_DIFFERENTLY, _REPAIRED, weight, repair.kind)
    return None


def _prefixed(a: list[str], b: list[str], found: NameComparison) -> NameComparison:
    """The prefixes H' and K' of minorities, which registers write with and without apostrophe.

    H'Hen, Hhen and H Hen; K'Brếu and K Brếu. One of the two has to show that it is a prefix.
    """
    if not any("'" in word or word in _PREFIXES for word in (*a, *b)):
        return found
    one, two = _joined(a), _joined(b)
    if (one, two) == (a, b):
        return found
    if one == two:
        weight = _weight(align(one, two, Bareness.NO, Bareness.NO)) * _REPAIRED
        return NameComparison(Level.WRITTEN_DIFFERENTLY, _REPAIRED, weight, "prefix")
    joined = _compare_words(one, two)
    return joined if joined.level > found.level else found


def _joined(words: list[str]) -> list[str]:
    made = list[str]()
    for word in words:
        if made and made[-1] in _PREFIXES:
            made[-1] += word.replace("'", "")
        else:
            made.append(word.replace("'", "") or word)
    return made


def _turned(a: list[str], b: list[str]) -> NameComparison | None:
    """Surname last, as abroad: An Nguyễn for Nguyễn An. Minh Anh and Anh Minh stay two names.

    Of three words and more, all in turned order, that is no chance; of two, the other must not be a
    surname.
    """
    if len(a) != len(b) or len(a) < 2 or a[0] == b[0]:
        return None
    for first, second in ((a, b), (b, a)):
        if first[0] not in surnames() or (len(a) == 2 and second[0] in surnames()):
            continue
        if second == first[1:] + first[:1] or (len(a) > 2 and second == first[::-1]):
            weight = _weight(align(first, first, Bareness.NO, Bareness.NO)) * _TURNED
            return NameComparison(Level.WRITTEN_DIFFERENTLY, _TURNED, weight, "order")
    return None
