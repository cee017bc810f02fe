"""People for tests of registers."""

from __future__ import annotations

from datetime import date

from civid.people.citizen import Claim, Source, claim
from civid.search.segments.keys import StaticKeyProvider

DAY = date(2001, 3, 12)
KEYS = StaticKeyProvider({"2026": bytes(range(32))})
NAMES = ("An", "Bình", "Châu", "Dũng", "Giang", "Hạnh", "Khánh", "Lan", "Minh", "Nga")


def said(field: str, text: str, day: date = DAY, source: Source = Source.CIVIL_STATUS) -> Claim:
    return claim(field, text, source, day)


def number(which: int) -> str:
    """The number of somebody: 046301 and six digits."""
    return f"046301{which:06d}"


def somebody(which: int) -> list[Claim]:
    """Name, birth and number of one of many."""
    name = f"Nguyễn Thị {NAMES[which % 10]} {NAMES[which // 10 % 10]}"
    return [said("name", name), said("birth", "05/03/2001"), said("number", number(which))]
