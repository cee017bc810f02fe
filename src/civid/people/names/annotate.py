"""Surname, middle and given name (họ, chữ đệm, tên) as an annotation of the full name.

The split cannot be read off the text: Trần Lê may be a surname and a middle name or the surnames of
both parents, and many names of ethnic minorities have no surname or have it last. The full name is
the truth; this is a reading of it, with its doubt.
"""

from __future__ import annotations

from dataclasses import dataclass

from civid.people.names.canonical import canonical
from civid.people.names.frequency import surnames

#: Surnames of more than one syllable, longest first.
COMPOUND = (
    ("công", "tằng", "tôn", "nữ"), ("công", "tằng", "tôn", "thất"), ("công", "huyền", "tôn", "nữ"),
    ("tôn", "thất"), ("tôn", "nữ"), ("hoàng", "phủ"), ("âu", "dương"), ("rơ", "châm"),
)  # fmt: skip
#: Two surnames in a row that may be one double surname.
DOUBTFUL_SECOND = frozenset(("lê", "nguyễn", "trần", "phạm", "phúc", "huỳnh", "hoàng", "vũ", "võ"))
#: First words that mark sex in names of the Central Highlands, not a surname.
MARKERS = frozenset(("y", "a", "ka", "k'", "h'"))
#: Surnames that these peoples write last.
LAST = frozenset(
    ("niê", "êban", "ksor", "kpă", "siu", "rmah", "mlô", "adrơng", "byă", "kbuôr", "êñuôl", "nay")
)


@dataclass(frozen=True, slots=True, repr=False)
class NameParts:
    """A reading of a full name; words as they were written.

    Parameters
    ----------
    surname, middle, given : str
        Empty where the reading finds none.
    certain : bool
        False where another reading is about as likely.
    """

    surname: str
    middle: str
    given: str
    certain: bool

    def __repr__(self) -> str:
        return f"<NameParts certain={self.certain}>"


def annotate(text: str) -> NameParts:
    """Read surname, middle and given name out of a full name.

    >>> parts = annotate("Tôn Nữ Thị Ninh")
    >>> parts.surname, parts.middle, parts.given, parts.certain
    ('Tôn Nữ', 'Thị', 'Ninh', True)
    >>> annotate("H'Hen Niê").certain
    False
    """
    folded = canonical(text).split()
    words = text.split()
    if len(words) != len(folded):  # invisible words: annotate what can be seen
        words = folded
    if not words:
        return NameParts("", "", "", False)
    if len(words) == 1:
        return NameParts("", "", words[0], False)
    if folded[0] in MARKERS or "'" in folded[0] or folded[-1] in LAST:
        last = folded[-1] in LAST
        given = " ".join(words[:-1]) if last else " ".join(words)
        return NameParts(words[-1] if last else "", "", given, False)
    length = _surname_length(folded)
    certain = length > 1 or (
        folded[0] in surnames() and not (len(folded) > 2 and folded[1] in DOUBTFUL_SECOND)
    )
    middle = " ".join(words[length:-1])
    return NameParts(" ".join(words[:length]), middle, words[-1], certain)


def _surname_length(folded: list[str]) -> int:
    for compound in COMPOUND:
        if len(folded) > len(compound) and tuple(folded[: len(compound)]) == compound:
            return len(compound)
    return 1
