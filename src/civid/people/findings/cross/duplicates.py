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
from civid.people.findings.registry import cross_rule

if TYPE_CHECKING:
    from civid.people.findings.register import Register
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
#: No two names agree in more bits than this.
_MOST_NAME = 36.0


def examine(register: Register) -> dict[str, tuple[Ints, Ints]]:
    """Find pairs of rows of one person."""
    import numpy as np

    one, two = _candidates(register)
    column = register.column
    number = column("number")
    sex = column("sex").astype(np.int64)
    apart = (number[one] != number[two]) | (number[one] < 0)
    possible = apart & ((sex[one] == sex[two]) | (sex[one] * sex[two] <= 0))
    one, two = one[possible], two[possible]
    bits = _vector_bits(register, one, two)
    needed = log2(max(register.size, 2)) + _PRIOR + _ODDS
    hopeful = bits + 15 + _MOST_NAME > needed
    one, two, bits = one[hopeful], two[hopeful], bits[hopeful]
    kept = [
        at
        for at in range(len(one))
        if bits[at] + _name_and_birth(register, int(one[at]), int(two[at])) > needed
    ]
    return {DUPLICATE: (one[kept], two[kept])}


def _candidates(register: Register) -> tuple[Ints, Ints]:
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


def _vector_bits(register: Register, one: Ints, two: Ints) -> Ints:
    import numpy as np

    total = np.zeros(len(one))
    for name, (agree, differ) in (
        ("registration", _REGISTRATION),
        ("mother", _PARENT),
        ("father", _PARENT),
        ("residence", _ADDRESS),
    ):
        values = register.column(name)
        known = (values >= 0) if name != "residence" else (values != 0)
        both = known[one] & known[two]
        total += np.where(both, np.where(values[one] == values[two], agree, differ), 0.0)
    return total


def _name_and_birth(register: Register, one: int, two: int) -> float:
    """Bits of name and birth; minus infinity when they cannot be one person's."""
    births = register.column("birth")
    a, b = partial(int(births[one])), partial(int(births[two]))
    born = 0.0
    if a is not None and b is not None:
        if agreement(a, b) is DateAgreement.DIFFERENT:
            return float("-inf")
        born = weight(a, b)
    found = names.compare(register.names[one], register.names[two])
    if found.level is names.Level.DIFFERENT and found.score < _NEAR:
        return float("-inf")
    return born + found.weight
