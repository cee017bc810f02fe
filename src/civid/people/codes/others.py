"""Religions (tôn giáo), marital status (tình trạng hôn nhân), blood groups (nhóm máu)."""

from __future__ import annotations

from functools import cache

from civid.people.codes.codelist import CodeList
from civid.people.tables import rows

_QCVN = "QCVN 109:2017/BTTTT"


@cache
def religion(version: str = "2014") -> CodeList:
    """Religions of QCVN 109 annex G (``2014``), or with the codes seen in use (``deployed``).

    Two religions recognised later have no code in either. 00 and 99 are seen in data only.

    >>> religion().term("14"), "00" in religion(), "00" in religion("deployed")
    ('Mặc Môn', False, True)
    """
    coded = [(row["code"], row["name_vi"]) for row in rows("religions") if row["code"]]
    if version == "2014":
        coded = [entry for entry in coded if entry[0] not in ("00", "99")]
    return CodeList("religion", version, tuple(sorted(coded)), _QCVN + " annex G")


@cache
def religions_without_code() -> tuple[str, ...]:
    """Religions that the state recognises and the list does not number."""
    return tuple(row["name_vi"] for row in rows("religions") if not row["code"])


_VIETNAMESE = {
    "never married": "Chưa kết hôn",
    "married": "Đã kết hôn",
    "divorced or widowed": "Ly hôn hoặc góa",
    "unknown": "Chưa có thông tin",
}


def _qcvn(element: str, name: str) -> CodeList:
    found = [
        (row["code"], _VIETNAMESE.get(row["meaning"], row["meaning"]))
        for row in rows("qcvn109_enums")
        if row["element"] == element
    ]
    return CodeList(name, "2017", tuple(found), _QCVN)


@cache
def marital() -> CodeList:
    """Marital status 0 to 3. Newer data also write ly thân, ly hôn, góa as text."""
    return _qcvn("TinhTrangHonNhan", "marital")


@cache
def blood() -> CodeList:
    """Blood groups 00 to 04; only with a medical paper.

    >>> blood().term("03")
    'AB'
    """
    return _qcvn("NhomMau", "blood")
