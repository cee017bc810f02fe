"""OSIA's Filter: which of the people whom a search finds are wanted.

A search compares prints; what is said of people is looked at afterwards, and only of candidates. So
a filter never makes a search faster, and it never adds anybody.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from civid.exchange.abis import Encounter
from civid.exchange.osia.faults import unhonoured
from civid.exchange.osia.records import said_of
from civid.exchange.osia.vocabulary import BiometricType

MAX_NAMES: Final = 32
MAX_VALUES: Final = 64
_TYPE, _KIND = "biometricType", "encounterType"


class Wanted:
    """A filter, checked.

    Parameters
    ----------
    names : mapping
        ``biometricType`` and ``encounterType``: a word, or several of which one is enough; other
        names are those of ``biographicData`` and ``contextualData``, where a name with ``Min`` or
        ``Max`` behind it is the end of a range, itself included.

    Raises
    ------
    Fault
        400: too many names, a value that is no word and no number, or no finger among the types.

    Notes
    -----
    Somebody of whom a name is not known is not wanted. Texts compare letter by letter, which is
    right for dates as ISO 8601 writes them.

    Examples
    --------
    >>> one = Encounter("p", "e", document={"osia": {"biographicData": {"yearOfBirth": 1990}}})
    >>> Wanted({"yearOfBirthMin": 1985}).passes(one), Wanted({"gender": "F"}).passes(one)
    (True, False)
    """

    def __init__(self, names: Mapping[str, Any]):
        if len(names) > MAX_NAMES:
            raise unhonoured(f"a filter has at most {MAX_NAMES} names")
        self._names = {name: _values(value) for name, value in names.items()}
        types = self._names.pop(_TYPE, None)
        if types is not None and BiometricType.FINGER.value not in types:
            raise unhonoured("only fingers are compared; the filter asks for none")

    def __bool__(self) -> bool:
        return bool(self._names)

    def passes(self, encounter: Encounter) -> bool:
        """Whether an encounter is one of those that are wanted."""
        said = said_of(encounter)
        known = {**(said.get("contextualData") or {}), **(said.get("biographicData") or {})}
        known[_KIND] = encounter.kind
        return all(_passes(known, name, values) for name, values in self._names.items())


def _values(value: Any) -> tuple[Any, ...]:
    values = tuple(value) if isinstance(value, list) else (value,)
    if len(values) > MAX_VALUES or not all(isinstance(one, (str, int, float)) for one in values):
        raise unhonoured(f"a filter has words and numbers, or lists of at most {MAX_VALUES}")
    return values


def _passes(known: Mapping[str, Any], name: str, values: tuple[Any, ...]) -> bool:
    if name not in known and name.endswith(("Min", "Max")):
        found = known.get(name[:-3])
        least = name.endswith("Min")
        return all(_in_order(one, found) if least else _in_order(found, one) for one in values)
    return name in known and any(_same(known[name], one) for one in values)


def _same(one: Any, other: Any) -> bool:
    # True is 1 in Python, and is not in JSON.
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)


def _in_order(low: Any, high: Any) -> bool:
    if isinstance(low, bool) or isinstance(high, bool):
        return False
    if isinstance(low, str) and isinstance(high, str):
        return low <= high
    numbers = isinstance(low, (int, float)) and isinstance(high, (int, float))
    return bool(numbers and low <= high)
