"""One finger under two names in public sets: pairs that no evaluation may count as impostors.

One such pair of names is enough to bend the tail of a whole evaluation: of the 121 pairs of
"different" fingers above 40 dB among the FVC, UareU, Lindex101 and UPEK prints 40 were the first.
Nothing is left out silently: plans count what they left out, reports name it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

#: A finger's set, as `civid.lab.evaluation.read_set` calls it, and its name there.
Name = tuple[str, str]


@dataclass(frozen=True, slots=True)
class OneFinger:
    """Two names of one finger.

    Attributes
    ----------
    first, second : (str, str)
        Set and finger.
    evidence : str
        How it is known, so that whoever doubts it can look.
    """

    first: Name
    second: Name
    evidence: str

    def __str__(self) -> str:
        return "=".join(":".join(name) for name in (self.first, self.second))


_ONE_PERSON: Final = (
    "score {0}, with {1} of the fewer minutiae paired; of 1,999,000 pairs of SOCOFing the seven"
    " above 60 are all of one person, as is one pair in 222: the finger was captured twice, or its"
    " file got two names; in the first five the pictures show it at once"
)
#: Looked for by ``benchmarks/accuracy/far_tail.py``, which prints the pairs of fingers that are
#: most alike over all of their prints.
KNOWN: Final = (
    OneFinger(
        ("FVC2002/DB3_B", "108"),
        ("FVC2004/DB3_B", "102"),
        "45 of 64 pairs of prints above 36 dB, up to 113; ridges, core and minutiae coincide when"
        " laid over each other (civid explain 108_6.png 102_1.png: 83 % of the overlap's minutiae"
        " paired, 4.7 px left over); both sets come from one laboratory's volunteers",
    ),
    *(
        OneFinger(
            ("SOCOFing/Real", first),
            ("SOCOFing/Real", second),
            _ONE_PERSON.format(score, paired),
        )
        for first, second, score, paired in (
            ("071_08", "071_09", 224, "25 of 26"),
            ("167_01", "167_02", 204, "20 of 20"),
            ("032_02", "032_03", 174, "18 of 19"),
            ("191_03", "191_04", 164, "19 of 19"),
            ("113_04", "113_05", 102, "15 of 24"),
            ("041_09", "041_10", 72, "11 of 19"),
            ("166_03", "166_08", 64, "7 of 12"),
        )
    ),
)


def known_among(names: Iterable[Name]) -> frozenset[frozenset[Name]]:
    """Those of `KNOWN` of which both names are there.

    >>> sorted(map(sorted, known_among([("FVC2002/DB3_B", "108"), ("FVC2004/DB3_B", "102")])))
    [[('FVC2002/DB3_B', '108'), ('FVC2004/DB3_B', '102')]]
    >>> known_among([("FVC2002/DB3_B", "108")])
    frozenset()
    """
    there = set(names)
    return frozenset(
        frozenset((one.first, one.second)) for one in KNOWN if {one.first, one.second} <= there
    )


def one_name(set_name: str, finger: str) -> Name:
    """The first name of a finger that has two; of any other its own.

    >>> one_name("FVC2004/DB3_B", "102")
    ('FVC2002/DB3_B', '108')
    >>> one_name("UareU", "012_2")
    ('UareU', '012_2')
    """
    name = (set_name, finger)
    return next((one.first for one in KNOWN if one.second == name), name)
