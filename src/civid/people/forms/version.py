"""Forms by code and circular (biểu mẫu): a code alone does not say what the form is.

DC02 was a slip to update and correct population data until 30 June 2024; since 1 July 2024 it is a
request for a procedure about the card. CC01 turned from a declaration into a receipt.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from civid.errors import FormError


@dataclass(frozen=True, slots=True)
class FormVersion:
    """One form of one circular.

    Parameters
    ----------
    code : str
        ``DC01``, ``DC02`` ...
    circular : str
        Such as ``17/2024/TT-BCA``.
    purpose : str
        ``collect``, ``update``, ``request``, ``declare``, ``receipt``, ``confirm``.
    vietnamese : str
        Title.
    valid_from, valid_to : date or None
        First and last day.
    confidence : str
        ``A`` to ``C``, of the days above.
    """

    code: str
    circular: str
    purpose: str
    vietnamese: str
    valid_from: date
    valid_to: date | None
    confidence: str = "A"


_COLLECT = "Phiếu thu thập thông tin dân cư"
_UPDATE = "Phiếu cập nhật, chỉnh sửa thông tin dân cư"
_REQUEST = "Phiếu đề nghị giải quyết thủ tục về căn cước"

VERSIONS = (
    FormVersion("DC01", "66/2015/TT-BCA", "collect", _COLLECT, date(2016, 2, 2),
                date(2020, 11, 13), "B"),
    FormVersion("DC01", "104/2020/TT-BCA", "collect", _COLLECT, date(2020, 11, 14),
                date(2024, 6, 30), "B"),
    FormVersion("DC01", "17/2024/TT-BCA", "collect", _COLLECT, date(2024, 7, 1),
                date(2025, 6, 30)),
    FormVersion("DC01", "53/2025/TT-BCA", "collect", _COLLECT, date(2025, 7, 1), None, "B"),
    FormVersion("DC02", "66/2015/TT-BCA", "update", _UPDATE, date(2016, 2, 2),
                date(2020, 11, 13), "C"),
    FormVersion("DC02", "104/2020/TT-BCA", "update", _UPDATE, date(2020, 11, 14),
                date(2024, 6, 30), "B"),
    FormVersion("DC02", "17/2024/TT-BCA", "request", _REQUEST, date(2024, 7, 1),
                date(2025, 6, 30)),
    FormVersion("DC02", "53/2025/TT-BCA", "request", _REQUEST, date(2025, 7, 1), None, "B"),
)  # fmt: skip


def form_version(code: str, day: date) -> FormVersion:
    """Find the form of a code on the day it was filled in.

    Raises
    ------
    FormError
        When no such form was in force.

    >>> [form_version("DC02", date(y, 7, 1)).purpose for y in (2021, 2024)]
    ['update', 'request']
    """
    for version in VERSIONS:
        if version.code == code and version.valid_from <= day and (
            version.valid_to is None or day <= version.valid_to
        ):  # fmt: skip
            return version
    raise FormError("form", "no form of this code in force on this day")


def by_circular(code: str, circular: str) -> FormVersion:
    """Find a form by its circular; the number alone (``17/2024``) is enough."""
    for version in VERSIONS:
        if version.code == code and version.circular.startswith(circular) and circular:
            return version
    raise FormError("form", "no form of this code in this circular")
