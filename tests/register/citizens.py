"""Citizens to put into registers, and a clock that tests can turn."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime

from civid.people.citizen import Claim, Source, claim
from civid.people.working_days import Calendar

#: Weekends alone, so that deadlines do not hang on the package of holidays.
WEEKDAYS = Calendar(national=False)
DAY_SECONDS = 86_400
_numbers = itertools.count(1)


def citizen(
    name: str = "Nguyễn Thị An", birth: str = "05/03/2001", sex: str = "Nữ", *,
    number: str | None = None, **more: str,
) -> list[Claim]:  # fmt: skip
    """Claims about somebody whose number agrees with sex and year of birth."""
    year = int(birth[-4:])
    code = (year // 100 - 19) * 2 + (sex == "Nữ")
    made = number if number is not None else f"046{code}{year % 100:02d}{next(_numbers):06d}"
    said = {"name": name, "birth": birth, "sex": sex, "number": made, "nationality": "Việt Nam",
            **more}  # fmt: skip
    born = date(year, 12, 31)
    return [
        claim(field, text, Source.CIVIL_STATUS, born, recorded=born)
        for field, text in said.items()
        if text
    ]


class Clock:
    """Microseconds since 1970; goes on by itself only when told."""

    def __init__(self, day: date = date(2026, 3, 2), hour: int = 9):
        # Nine o'clock in Vietnam.
        self.now = (
            int(datetime(day.year, day.month, day.day, hour - 7, tzinfo=UTC).timestamp()) * 10**6
        )

    def __call__(self) -> int:
        return self.now

    def wait(self, *, seconds: float = 0, days: float = 0) -> None:
        """Later."""
        self.now += int((seconds + days * DAY_SECONDS) * 10**6)
