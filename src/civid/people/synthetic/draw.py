"""Draw names, places and days by their real frequencies; fast and repeatable under a seed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import accumulate
from random import Random

from civid.people.names.frequency import given_names, middle_names, surnames
from civid.people.tables import rows

_POOL = 1 << 15

#: Names of peoples of the Central Highlands, made of listed parts; about 2 per cent of the people.
_HIGHLAND = {
    "M": ("Y Moan", "Y Wang", "Y Bhăm", "A Dưng", "Y Thuê", "K'Brôih", "Y Ngông", "Y Blim"),
    "F": ("H'Hen", "H'Wiêt", "H'Jưn", "H'Ban", "Y Blưn", "Ka Hem", "H'Lim", "H'Nga"),
}
_CLANS = ("Niê", "Êban", "Ksor", "Mlô", "Kbuôr", "Byă", "Siu", "Rmah", "Kpă", "Adrơng")
#: Old placement -> new placement, for registers that write it.
_NEW_STYLE = {
    "Hòa": "Hoà", "Thúy": "Thuý", "Thùy": "Thuỳ", "Thủy": "Thuỷ", "Lý": "Lí", "Mỹ": "Mĩ",
    "Quý": "Quí", "Kỳ": "Kì",
}  # fmt: skip


class Draw:
    """Seeded draws.

    Parameters
    ----------
    seed : int
        The same seed gives the same draws.
    """

    def __init__(self, seed: int):
        self.rng = Random(seed)
        titled = {name.title(): share for name, share in surnames().items()}
        self._surnames = self._pool(titled)
        self._given = {sex: self._pool(given_names(sex)) for sex in "FM"}
        self._middle = {sex: self._pool(middle_names(sex)) for sex in "FM"}
        #: Provinces weighted a little towards the two largest.
        codes = [row["pid_code"] for row in rows("province_codes_63")]
        self._provinces = self._pool({code: 6 if code in ("001", "079") else 1 for code in codes})
        self.province_names = {row["pid_code"]: row["name"] for row in rows("province_codes_63")}

    def _pool(self, shares: Mapping[str, float]) -> list[str]:
        names, weights = list(shares), list(accumulate(shares.values()))
        return self.rng.choices(names, cum_weights=weights, k=_POOL)

    def of(self, pool: list[str]) -> str:
        """One of a pool."""
        return pool[int(self.rng.random() * len(pool))]

    def chance(self, share: float) -> bool:
        """True in this share of cases."""
        return self.rng.random() < share

    def surname(self) -> str:
        """A surname by frequency."""
        return self.of(self._surnames)

    def name(self, sex: str, surname: str, avoid: str = "") -> str:
        """A full name; `avoid` is a given name not to repeat (twins)."""
        given = self.of(self._given[sex])
        while given == avoid:
            given = self.of(self._given[sex])
        middle = self.of(self._middle[sex])
        words = [surname, middle, given] if not self.chance(0.04) else [surname, given]
        if self.chance(0.2):
            extra = self.of(self._middle[sex])
            if extra not in words:
                words.insert(-1, extra)
        if self.chance(0.3):
            words = [_NEW_STYLE.get(word, word) for word in words]
        return " ".join(words)

    def highland_name(self, sex: str) -> str:
        """A name of a people of the Central Highlands, clan last."""
        return f"{self.of(list(_HIGHLAND[sex]))} {self.of(list(_CLANS))}"

    def province(self) -> str:
        """Three digits of a province."""
        return self.of(self._provinces)

    def day(self, first: date, last: date) -> date:
        """A day between two, both included; the first when `last` is earlier."""
        span = max(0, last.toordinal() - first.toordinal())
        return date.fromordinal(first.toordinal() + int(self.rng.random() * (span + 1)))


def written(day: date) -> str:
    """Write a day as registers do: 05/03/2001."""
    return f"{day.day:02d}/{day.month:02d}/{day.year}"
