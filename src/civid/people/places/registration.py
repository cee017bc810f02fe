"""Where a birth was registered: the first three digits of the personal identification number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from civid.people.places.provinces import MERGER, changed_meaning
from civid.people.tables import rows


@dataclass(frozen=True, slots=True)
class RegistrationPlace:
    """A province or, for a birth registered abroad, a country (nơi đăng ký khai sinh).

    Parameters
    ----------
    code : str
        Three digits.
    name : str
        Vietnamese name in the list of the time.
    country : str
        ISO 3166 alpha-2; ``VN`` for a province.
    list_version : str
        ``pid-63``, ``stat-34`` or ``pid-country``.
    """

    code: str
    name: str
    country: str
    list_version: str


@cache
def _by_code() -> dict[str, RegistrationPlace]:
    found = {
        row["pid_code"]: RegistrationPlace(row["pid_code"], row["name"], "VN", "pid-63")
        for row in rows("province_codes_63")
    }
    for row in rows("country_codes"):
        found[row["pid_code"]] = RegistrationPlace(
            row["pid_code"], row["name_vi_as_listed"], row["iso3166_alpha2"], "pid-country"
        )
    return found


@cache
def _after_merger() -> dict[str, RegistrationPlace]:
    return {
        "0" + row["stat_code_2025"]: RegistrationPlace(
            "0" + row["stat_code_2025"], row["name"], "VN", "stat-34"
        )
        for row in rows("province_codes_34")
    }


def assigned(code: str) -> bool:
    """Say whether any list gives the three digits to a province or country."""
    return code in _by_code()


def place(code: str) -> RegistrationPlace | None:
    """Return the place of the list in force until 30 June 2025, or None.

    >>> place("046").name, place("175").country
    ('Thừa Thiên Huế', 'US')
    """
    return _by_code().get(code)


def meanings(code: str, allocated_on: date | None = None) -> tuple[RegistrationPlace, ...]:
    """List what the digits can mean in a number allocated on a day, likeliest first.

    No source says whether numbers allocated after 1 July 2025 use the new list, so that the
    seven codes whose meaning changed have two answers then; nothing is guessed.

    >>> [p.name for p in meanings("015", date(2026, 1, 5))]
    ['Yên Bái', 'Lào Cai']
    >>> [p.name for p in meanings("015", date(2021, 1, 5))]
    ['Yên Bái']
    """
    old = _by_code().get(code)
    if old is None:
        return ()
    if allocated_on is None or allocated_on < MERGER:
        return (old,)
    new = _after_merger().get(code)
    if new is None or new.name == old.name or code[1:] not in changed_meaning():
        return (old,)
    return (old, new)
