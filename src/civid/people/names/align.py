"""Put the words of two names side by side (gióng từng chữ)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from civid.people.names.bare import Bareness
from civid.people.names.frequency import GIVEN, MIDDLE, SURNAME, bits
from civid.people.names.words import Likeness, compare_words, information

#: Names have two to five words; of longer ones only the ends are looked at.
MAX_WORDS = 12


@dataclass(frozen=True, slots=True)
class Pair:
    """Two words side by side, or one that the other name lacks.

    Parameters
    ----------
    bits : float
        What agreement on it is worth.
    likeness : Likeness or None
        None where one name has no such word.
    """

    bits: float
    likeness: Likeness | None


def align(a: list[str], b: list[str], bare_a: Bareness, bare_b: Bareness) -> list[Pair]:
    """Align two canonical names, each as a list of words.

    The first words go together as surnames and the last as given names; those between are matched
    in order so that the most information agrees. When only one name has a first word that is a
    surname, the other lacks it.
    """
    a, b = _cut(a), _cut(b)
    if min(len(a), len(b)) == 1:
        return _ends(a, b, bare_a, bare_b)
    first = _pair(a[0], b[0], SURNAME, bare_a, bare_b)
    last = _pair(a[-1], b[-1], GIVEN, bare_a, bare_b)
    middle = _between(a[1:-1], b[1:-1], bare_a, bare_b)
    if first.likeness is Likeness.DIFFERENT and len(a) != len(b):
        shifted = _shifted(a, b, bare_a, bare_b)
        if shifted is not None:
            return shifted
    return [first, *middle, last]


def _cut(words: list[str]) -> list[str]:
    if len(words) <= MAX_WORDS:
        return words
    return words[: MAX_WORDS // 2] + words[-MAX_WORDS // 2 :]


@lru_cache(maxsize=1 << 14)
def _pair(a: str, b: str, part: str, bare_a: Bareness, bare_b: Bareness) -> Pair:
    likeness = compare_words(a, b, part, bare_a, bare_b)
    return Pair(information(a, b, part, likeness), likeness)


def _ends(a: list[str], b: list[str], bare_a: Bareness, bare_b: Bareness) -> list[Pair]:
    """One name is a single word: hold it against the given name of the other."""
    longer = a if len(a) > len(b) else b
    rest = [
        Pair(bits(word, SURNAME if at == 0 else MIDDLE), None)
        for at, word in enumerate(longer[:-1])
    ]
    return [*rest, _pair(a[-1], b[-1], GIVEN, bare_a, bare_b)]


def _shifted(a: list[str], b: list[str], bare_a: Bareness, bare_b: Bareness) -> list[Pair] | None:
    """The longer name has a surname that the shorter lacks."""
    longer, shorter = (a, b) if len(a) > len(b) else (b, a)
    bare_l, bare_s = (bare_a, bare_b) if longer is a else (bare_b, bare_a)
    if all(
        compare_words(x, y, MIDDLE, bare_l, bare_s) in (Likeness.EQUAL, Likeness.ACCENTS_LOST)
        for x, y in zip(longer[-len(shorter) :], shorter, strict=True)
    ):
        gap = len(longer) - len(shorter)
        missing = [Pair(bits(word, SURNAME), None) for word in longer[:gap]]
        middle = [
            _pair(x, y, MIDDLE, bare_l, bare_s)
            for x, y in zip(longer[gap:-1], shorter[:-1], strict=True)
        ]
        return [*missing, *middle, _pair(longer[-1], shorter[-1], GIVEN, bare_l, bare_s)]
    return None


def _between(a: list[str], b: list[str], bare_a: Bareness, bare_b: Bareness) -> list[Pair]:
    """Match middle words in order by dynamic programming over at most 10 by 10 words."""
    if not a or not b:
        return [Pair(bits(word, MIDDLE), None) for word in a or b]
    if len(a) == len(b) == 1 or a == b:
        return [_pair(x, y, MIDDLE, bare_a, bare_b) for x, y in zip(a, b, strict=True)]
    best: dict[tuple[int, int], tuple[float, list[Pair]]] = {(len(a), len(b)): (0.0, [])}
    for i in range(len(a), -1, -1):
        for j in range(len(b), -1, -1):
            if i == len(a) and j == len(b):
                continue
            options = []
            if i < len(a):
                gain, rest = best[i + 1, j]
                options.append((gain - 0.1, [Pair(bits(a[i], MIDDLE), None), *rest]))
            if j < len(b):
                gain, rest = best[i, j + 1]
                options.append((gain - 0.1, [Pair(bits(b[j], MIDDLE), None), *rest]))
            if i < len(a) and j < len(b):
                gain, rest = best[i + 1, j + 1]
                pair = _pair(a[i], b[j], MIDDLE, bare_a, bare_b)
                worth = pair.likeness.value if pair.likeness is not None else 0.0
                options.append((gain + pair.bits * worth, [pair, *rest]))
            best[i, j] = max(options, key=lambda option: option[0])
    return best[0, 0][1]
