"""Where a person lives, and since when (nơi cư trú): registered stays and absences."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import Enum

from civid.errors import FieldError


class StayKind(Enum):
    """Kinds of residence of Law 68/2020 Art 2."""

    PERMANENT = "thường trú"
    TEMPORARY = "tạm trú"
    STAY = "lưu trú"


class EndReason(Enum):
    """Why a registration ends; Law 68/2020 Art 24(1) for the permanent one."""

    MOVED = "đăng ký nơi khác"
    DEATH = "chết hoặc bị tuyên bố mất tích"
    SETTLED_ABROAD = "ra nước ngoài để định cư"
    ANNULLED = "hủy bỏ đăng ký"
    ABSENT_12_MONTHS = "vắng mặt liên tục từ 12 tháng"
    NATIONALITY_LOST = "thôi hoặc bị tước quốc tịch"
    RENT_ENDED = "chấm dứt thuê, mượn, ở nhờ"
    OWNER_OBJECTS = "chủ sở hữu không đồng ý"
    HOME_SOLD = "nhà đã chuyển quyền sở hữu"
    DEMOLISHED = "nhà bị phá dỡ"
    EXPIRED = "hết thời hạn tạm trú"


@dataclass(frozen=True, slots=True, repr=False)
class Stay:
    """A registered residence of one person at one address.

    Parameters
    ----------
    kind : StayKind
        Permanent, temporary or a stay of less than 30 days.
    unit_code, unit_list : str
        Commune and the code list it is of: codes of 2025 mean other extents.
    address : str
        House and hamlet, as written.
    start : date
        First day.
    until : date or None
        Last day of the term of a temporary registration, as last extended.
    ended : date or None
        When it ended; None while it lasts.
    reason : EndReason or None
        Why it ended.
    """

    kind: StayKind
    unit_code: str
    unit_list: str
    address: str
    start: date
    until: date | None = None
    ended: date | None = None
    reason: EndReason | None = None

    def __post_init__(self) -> None:
        for name in ("until", "ended"):
            day = getattr(self, name)
            if day is not None and day < self.start:
                raise FieldError(f"residence.{name}", "before the first day")
        if (self.ended is None) != (self.reason is None):
            raise FieldError("residence.reason", "an end needs a reason, and a reason an end")

    def on(self, day: date) -> bool:
        """Say whether the registration stands on a day."""
        return self.start <= day and (self.ended is None or day < self.ended)

    def end(self, day: date, reason: EndReason) -> Stay:
        """Return it ended; `FieldError` when it has ended before."""
        if self.ended is not None:
            raise FieldError("residence.ended", "it has ended before")
        return replace(self, ended=day, reason=reason)

    def extend(self, until: date) -> Stay:
        """Return a temporary registration with a later term (gia hạn tạm trú).

        `FieldError` when it is not temporary, has ended, or the term is not later.
        """
        if self.kind is not StayKind.TEMPORARY or self.ended is not None:
            raise FieldError("residence.until", "only a standing temporary registration extends")
        if self.until is not None and until <= self.until:
            raise FieldError("residence.until", "not later than the term it has")
        return replace(self, until=until)

    def __repr__(self) -> str:
        return f"<Stay {self.kind.name} from {self.start}>"


class AbsenceCategory(Enum):
    """Who is absent decides when it must be declared (Law 68/2020 Art 31)."""

    SUPERVISED = "bị can, bị cáo, người chấp hành án tại cộng đồng"
    MILITARY_AGE = "trong độ tuổi nghĩa vụ quân sự"
    ORDINARY = "khác"


@dataclass(frozen=True, slots=True, repr=False)
class Absence:
    """A time away from the commune of permanent residence (tạm vắng).

    Parameters
    ----------
    start : date
        First day away.
    end : date or None
        Day of return.
    category : AbsenceCategory
        Decides the clock.
    declared : date or None
        When it was declared.
    abroad : bool
        Away abroad, not settled there: needs no declaration.
    """

    start: date
    end: date | None = None
    category: AbsenceCategory = AbsenceCategory.ORDINARY
    declared: date | None = None
    abroad: bool = False

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            raise FieldError("absence.end", "before the first day")

    def on(self, day: date) -> bool:
        """Say whether the person is away on a day."""
        return self.start <= day and (self.end is None or day < self.end)

    def __repr__(self) -> str:
        return f"<Absence {self.category.name} from {self.start}>"
