"""Notices (giấy mời, thông báo) as plain text: where, when, what to bring."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time

from civid.campaign.words import Language, say

_WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
_LONGEST = 300
_LAST_BOOKS = date(2022, 12, 31)
_NEW_CARD = date(2024, 7, 1)


def notice(
    name: str,
    *,
    unit: str,
    place: str,
    day: date,
    begins: time,
    ends: time,
    bring: Sequence[str] | None = None,
    language: Language | str = Language.VI,
) -> str:
    """An invitation to come for a card.

    Parameters
    ----------
    name : str
        Whom it is for; a household's notice names its head.
    unit, place : str
        Who invites, and where to come.
    day, begins, ends : date, time
        When.
    bring : sequence of str, optional
        Papers. Default: the old card, and until the end of 2022 the household book (sổ hộ khẩu),
        which ended then (Law on Residence 2020, Art 38(3)).

    The card is the căn cước công dân until 30 June 2024, the căn cước since (Law 26/2023, Art 46).

    >>> print(notice("Nguyễn Thị An", unit="Công an xã Càng Long", place="Nhà văn hóa ấp 3",
    ...              day=date(2021, 5, 8), begins=time(18), ends=time(21, 30), bring=["CMND"]))
    GIẤY MỜI
    Công an xã Càng Long kính mời ông/bà: Nguyễn Thị An
    đến làm thủ tục cấp thẻ căn cước công dân
    Thời gian: 18 giờ 00 đến 21 giờ 30, thứ Bảy, ngày 08/05/2021
    Địa điểm: Nhà văn hóa ấp 3
    Khi đi mang theo: CMND.
    Nếu không đến được, đề nghị báo cho Công an nơi cư trú để được hẹn lại.
    """
    language = Language(language)
    if bring is None:
        papers = ["bring-household"] if day <= _LAST_BOOKS else []
        bring = [say(key, language) for key in (*papers, "bring-old-card")]
    card = say("card-identity" if day >= _NEW_CARD else "card-citizen", language)
    parts = [_line(part) for part in (name, unit, place, *bring)]
    vietnamese = language is Language.VI
    clock = [f"{one.hour} giờ {one.minute:02}" if vietnamese else f"{one:%H:%M}"
             for one in (begins, ends)]  # fmt: skip
    weekday = _WEEKDAYS[day.weekday()] if vietnamese else f"{day:%A}"
    return say(
        "notice", language, name=parts[0], unit=parts[1], place=parts[2], day=day,
        weekday=weekday, card=card, begins=clock[0], ends=clock[1], bring="; ".join(parts[3:]),
    ).replace("\\n", "\n")  # fmt: skip


def _line(text: str) -> str:
    """One line of text: nothing in a name makes lines of its own."""
    kept = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(kept.split())[:_LONGEST]
