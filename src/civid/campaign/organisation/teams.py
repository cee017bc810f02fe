"""Teams (tổ cấp căn cước), the sites where they work, and the visits of mobile ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from civid.errors import CampaignError

_MOST_STAFF = 1000


class SiteKind(StrEnum):
    """What kind of place it is."""

    OFFICE = "office"  #: trụ sở
    SCHOOL = "school"  #: trường học
    MOBILE = "mobile"  #: điểm lưu động: nhà văn hóa, tổ dân phố
    HOME = "home"  #: tại nhà, cho người già yếu, khuyết tật


@dataclass(frozen=True, slots=True)
class Team:
    """A team: people and kits that work together, in shifts.

    Attributes
    ----------
    code, unit : str
        Its own, and that of the unit that it belongs to.
    staff : int
        How many people; officers and volunteers.
    kits, shifts : tuple of str
        Codes of its kits, names of its shifts.
    site : str
        Where it works when it visits nowhere; empty for a mobile team (tổ lưu động).
    """

    code: str
    unit: str
    staff: int
    kits: tuple[str, ...] = ()
    shifts: tuple[str, ...] = ()
    site: str = ""

    def __post_init__(self) -> None:
        if not 1 <= self.staff <= _MOST_STAFF:
            raise CampaignError(f"a team has 1 to {_MOST_STAFF} people", code="staff")

    @property
    def is_mobile(self) -> bool:
        """Whether it has no place of its own."""
        return not self.site


@dataclass(frozen=True, slots=True)
class Site:
    """A place where cards are applied for: an office, a school, a house of culture."""

    code: str
    unit: str
    kind: SiteKind
    name: str = ""


@dataclass(frozen=True, slots=True)
class Visit:
    """A team at a site on a day, for one of its shifts or, when none is named, all of them."""

    team: str
    site: str
    day: date
    shift: str = ""
    expected: int = 0
