"""One person under two numbers (trùng người). Twins are two people.

Evidence is added up in bits (Fellegi and Sunter): birth date, name by its frequency, place of birth
registration, parents, address; a pair is reported when it outweighs the chance of finding such a
pair among all pairs of the register. The names must be forms of one name, whatever the sum: twins
agree in everything else.
"""

from __future__ import annotations

from math import log2
from typing import TYPE_CHECKING

from civid.people import names
from civid.people.dates import DateAgreement, agreement, weight
from civid.people.findings.cross.numbers import partial
from civid.people.findings.model import Axis, Decider, Severity
from civid.people.findings.pairs import group_pairs
from civid.people.findings.rules import cross_rule

if TYPE_CHECKING:
    from civid.people.findings.join_index import JoinIndex
    from civid.people.findings.table import Ints

DUPLICATE = cross_rule(
    "person.duplicate", Axis.CLEAN, Severity.ERROR, ("name", "birth", "number"), Decider.COMMUNE,
    "Một người có hai số định danh hoặc hai bản ghi",
    "Two rows that are very likely one person, under two numbers or one of them without.",
)  # fmt: skip

#: Bits for agreement and against disagreement, log2(m/u) and log2((1-m)/(1-u)) with u of about
#: 1/40 for the place of registration (63 of uneven size), 1/4,000 for an address in one register
#: and 1/30,000 for a parent; m of 0.9, but 0.5 for an address, since people move.
_REGISTRATION, _ADDRESS, _PARENT = (5.0, -3.0), (11.0, -1.0), (15.0, -5.0)
#: One row in about 500 is a duplicate: what must be outweighed beside the number of rows.
_PRIOR = log2(500)
#: Reported from odds of eight to one.
_ODDS = 3.0
#: Names outside the levels that still count as forms of one name: variant, dialect, typing slip.
_NEAR = 0.9


def examine(register: JoinIndex) -> dict[str, tuple[Ints, Ints]]:
    """Find pairs of rows of one person."""
    import numpy as np

    one, two = _candidates(register)
    column = register.column
    number = column("number")
    sex = column("sex").astype(np.int64)
    apart = (number[one] != number[two]) | (number[one] < 0)
    possible = apart & ((sex[one] == sex[two]) | (sex[one] * sex[two] <= 0))
    one, two = one[possible], two[possible]
    bits, something = _vector_bits(register, one, two)
    needed = log2(max(register.size, 2)) + _PRIOR + _ODDS
    one, two, bits = one[something], two[something], bits[something]
    evidence = _Evidence(register)
    kept = [
        at
        for at, (a, b) in enumerate(zip(one.tolist(), two.tolist(), strict=True))
        if bits[at] + evidence.of(a, b) > needed
    ]
    return {DUPLICATE: (one[kept], two[kept])}


def _candidates(register: JoinIndex) -> tuple[Ints, Ints]:
    """Pairs by birth day and given name; by full name and a parent; by full name and address."""
    import numpy as np

    column = register.column
    birth, key = column("birth"), column("key")
    blocks = [
        group_pairs([birth, column("given")], (birth > 0) & (column("given") != 0)),
        group_pairs([key, column("mother")], (key != 0) & (column("mother") >= 0)),
        group_pairs([key, column("father")], (key != 0) & (column("father") >= 0)),
        group_pairs([key, column("residence")], (key != 0) & (column("residence") != 0)),
    ]
    packed = np.unique(np.concatenate([a * register.size + b for a, b in blocks]))
    if not register.size:
        return packed, packed
    return packed // register.size, packed % register.size


def _vector_bits(register: JoinIndex, one: Ints, two: Ints) -> tuple[Ints, Ints]:
    """Bits of everything but name and birth, and whether anything at all agrees.

    Birth day and a form of the given name alone never outweigh the chance in a register.
    """
    import numpy as np

    total = np.zeros(len(one))
    key = register.column("key")
    something = key[one] == key[two]
    for name, (agree, differ) in (
        ("registration", _REGISTRATION),
        ("mother", _PARENT),
        ("father", _PARENT),
        ("residence", _ADDRESS),
    ):
        values = register.column(name)
        known = (values >= 0) if name != "residence" else (values != 0)
        both = known[one] & known[two]
        same = both & (values[one] == values[two])
        total += np.where(same, agree, 0.0) + np.where(both & ~same, differ, 0.0)
        something |= same
    return total, something


class _Evidence:
    """Bits of name and birth of pairs; equal pairs of values are compared once.

    A register in which everybody is called the same costs look-ups, not comparisons.
    """

    _ROOM = 1 << 16

    def __init__(self, register: JoinIndex):
        self._register = register
        self._name, self._birth = register.column("name"), register.column("birth")
        self._known: dict[tuple[int, int, int, int], float] = {}

    def of(self, one: int, two: int) -> float:
        """Bits; minus infinity when the rows cannot be one person's."""
        births = int(self._birth[one]), int(self._birth[two])
        values = int(self._name[one]), int(self._name[two]), *births
        if values not in self._known:
            if len(self._known) >= self._ROOM:
                self._known.clear()
            self._known[values] = self._compare(one, two, *births)
        return self._known[values]

    def _compare(self, one: int, two: int, birth_one: int, birth_two: int) -> float:
        a, b = partial(birth_one), partial(birth_two)
        born = 0.0
        if a is not None and b is not None:
            if agreement(a, b) is DateAgreement.DIFFERENT:
                return float("-inf")
            born = weight(a, b)
        found = names.compare(self._register.names[one], self._register.names[two])
        if found.level is names.Level.DIFFERENT and found.score < _NEAR:
            return float("-inf")
        return born + found.weight
