"""Two texts letter by letter: what differs, so that it can be marked."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from unicodedata import normalize

#: Longer texts are not taken apart: no field of a citizen has more.
_LONGEST = 1024
#: Share of the shorter text's letters that must be in the other; with fewer both are marked as a
#: whole: single letters in common are chance.
_ALIKE = 0.6


@dataclass(frozen=True, slots=True)
class Part:
    """A run of letters, and whether the other text has them, too, at that place."""

    text: str
    same: bool


def marked(one: str, two: str) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """Both texts in parts. Capital letters, spaces, and how Unicode composes letters do not count.

    >>> a, b = marked("Nguyễn Thị Hòa", "NGUYỄN THỊ HOA")
    >>> [part.text for part in a if not part.same], [part.text for part in b if not part.same]
    (['ò'], ['O'])
    """
    a, b = (" ".join(normalize("NFC", text).split()) for text in (one, two))
    if max(len(a), len(b)) > _LONGEST:
        return _whole(a, b)
    # Letter by letter, so that both strings keep their length whatever folding does.
    found = SequenceMatcher(
        None, [letter.casefold() for letter in a], [letter.casefold() for letter in b], False
    )
    common = sum(block.size for block in found.get_matching_blocks())
    if common < _ALIKE * min(len(a), len(b)):
        return _whole(a, b)
    left: list[Part] = []
    right: list[Part] = []
    for tag, i1, i2, j1, j2 in found.get_opcodes():
        same = tag == "equal"
        if i2 > i1:
            left.append(Part(a[i1:i2], same))
        if j2 > j1:
            right.append(Part(b[j1:j2], same))
    return tuple(left), tuple(right)


def _whole(a: str, b: str) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    return tuple(Part(a, a == b) for _ in a[:1]), tuple(Part(b, a == b) for _ in b[:1])
