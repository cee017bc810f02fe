"""A unit of a campaign (đơn vị): ministry, province, district, commune or residential group."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from civid.errors import CampaignError

_LONGEST = 200


class Level(IntEnum):
    """How high a unit stands; since 1 July 2025 there are no districts."""

    MINISTRY = 0  #: bộ
    PROVINCE = 1  #: tỉnh, thành phố trực thuộc trung ương
    DISTRICT = 2  #: huyện, quận, thị xã, thành phố thuộc tỉnh
    COMMUNE = 3  #: xã, phường, thị trấn, đặc khu
    GROUP = 4  #: ấp, khóm, thôn, tổ dân phố


#: How files name the levels, besides the names above.
LEVEL_WORDS = {
    "bộ": Level.MINISTRY, "toàn quốc": Level.MINISTRY, "tỉnh": Level.PROVINCE,
    "huyện": Level.DISTRICT, "xã": Level.COMMUNE, "phường": Level.COMMUNE,
    "tổ": Level.GROUP, "tổ dân phố": Level.GROUP, "thôn": Level.GROUP, "ấp": Level.GROUP,
    "khóm": Level.GROUP,
}  # fmt: skip


def read_level(text: str) -> Level:
    """A level by its English or Vietnamese name; `CampaignError` (``no-such-level``) otherwise.

    >>> read_level("huyện").name, read_level("commune").name
    ('DISTRICT', 'COMMUNE')
    """
    shown = text.strip().lower()
    if shown in LEVEL_WORDS:
        return LEVEL_WORDS[shown]
    try:
        return Level[shown.upper()]
    except KeyError:
        raise CampaignError("no such level of units", code="no-such-level") from None


@dataclass(frozen=True, slots=True)
class CampaignUnit:
    """A unit.

    Attributes
    ----------
    code, name : str
        The code is unique in a campaign.
    level : Level
        How high it stands.
    parent : str or None
        Code of the unit above; None for the one at the top.
    opened, closed : date or None
        First and last day on which it reports; None where open.
    """

    code: str
    name: str
    level: Level
    parent: str | None = None
    opened: date | None = None
    closed: date | None = None

    def __post_init__(self) -> None:
        for text, what in ((self.code, "code"), (self.name, "name")):
            if not text.strip() or len(text) > _LONGEST or not text.isprintable():
                raise CampaignError(f"a {what} that cannot be one", code=f"unit-{what}")
        if self.opened and self.closed and self.closed < self.opened:
            raise CampaignError("closed before it opened", code="unit-days", unit=self.code)

    def works_on(self, day: date) -> bool:
        """Whether it exists on a day."""
        return (self.opened is None or self.opened <= day) and (
            self.closed is None or day <= self.closed
        )
