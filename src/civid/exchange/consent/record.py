"""What a consent is (sự đồng ý của chủ thể dữ liệu), as the citizen may read, print and keep it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from civid.people.citizen import field_of

#: By the form of `civid.exchange.sharing`; any other word is a comparison.
_FORMS = {
    "full": "", "masked": "che bớt", "month": "chỉ tháng, năm", "year": "chỉ năm",
    "province": "chỉ tỉnh, thành phố",
}  # fmt: skip


class How(StrEnum):
    """How somebody said that they agree; saying nothing is none of them."""

    PAPER = "paper"  #: văn bản có chữ ký
    COUNTER = "counter"  #: tại quầy, trước mặt cán bộ
    APP = "app"  #: qua ứng dụng định danh


class By(StrEnum):
    """Who said so."""

    SELF = "self"  #: chính chủ thể dữ liệu
    REPRESENTATIVE = "representative"  #: người đại diện theo pháp luật


_HOW = {How.PAPER: "bằng văn bản", How.COUNTER: "tại quầy", How.APP: "qua ứng dụng"}


@dataclass(frozen=True, slots=True)
class ConsentRecord:
    """One consent of a person.

    Attributes
    ----------
    grant : str
        Reference of the grant, and its version after a colon: what was agreed to.
    partner, purpose, law : str
        Who may ask, what for (in words where the grant has any), and its legal basis.
    attributes : tuple of str
        What may be given or compared, such as ``birth:year``.
    how : How or None
        None for a consent that was recorded without it.
    by : By
        Who said so.
    evidence : str
        Reference of the paper or message.
    given, until, withdrawn : int or None
        Microseconds since 1970, UTC.
    in_force : bool
        Whether answers are given on it now: it has neither ended nor been withdrawn, and the grant
        gives no more today than was agreed to.
    """

    grant: str
    partner: str
    purpose: str
    law: str
    attributes: tuple[str, ...]
    how: How | None
    by: By
    evidence: str
    given: int
    until: int | None
    withdrawn: int | None
    in_force: bool

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {name: getattr(self, name) for name in self.__slots__} | {
            "attributes": list(self.attributes)
        }

    def text(self) -> str:
        """The same in Vietnamese, to be printed and handed over; names nobody.

        >>> print(ConsentRecord("ab:1", "bhxh", "Cấp thẻ BHYT", "46/2014/QH13", ("birth:year",),
        ...                     How.COUNTER, By.SELF, "PDY-12", 0, None, None, True).text())
        PHIẾU GHI NHẬN SỰ ĐỒNG Ý
        Bên được khai thác: bhxh
        Mục đích: Cấp thẻ BHYT
        Căn cứ: 46/2014/QH13
        Dữ liệu: ngày, tháng, năm sinh (chỉ năm)
        Cách thể hiện: tại quầy (PDY-12)
        Đồng ý từ: 01/01/1970 07:00; đến khi rút lại
        Chủ thể dữ liệu có quyền rút lại sự đồng ý bất cứ lúc nào; việc rút lại không ảnh hưởng đến
        việc xử lý dữ liệu đã thực hiện trước đó.
        """
        how = "không ghi" if self.how is None else _HOW[self.how]
        until = "đến khi rút lại" if self.until is None else f"đến: {_moment(self.until)}"
        lines = [
            "PHIẾU GHI NHẬN SỰ ĐỒNG Ý",
            f"Bên được khai thác: {self.partner}",
            f"Mục đích: {self.purpose}",
            f"Căn cứ: {self.law}",
            f"Dữ liệu: {'; '.join(map(_said, self.attributes))}",
            f"Cách thể hiện: {how} ({self.evidence})",
            f"Đồng ý từ: {_moment(self.given)}; {until}",
        ]
        if self.by is By.REPRESENTATIVE:
            lines.append("Người đại diện theo pháp luật thể hiện sự đồng ý.")
        if self.withdrawn is not None:
            lines.append(f"Đã rút lại: {_moment(self.withdrawn)}")
        return "\n".join([
            *lines,
            "Chủ thể dữ liệu có quyền rút lại sự đồng ý bất cứ lúc nào; việc rút lại không ảnh"
            " hưởng đến",
            "việc xử lý dữ liệu đã thực hiện trước đó.",
        ])  # fmt: skip


def _said(allowed: str) -> str:
    """What a grant allows, in the law's words.

    >>> _said("permanent_residence:lives_in:46"), _said("name:full")
    ('nơi thường trú (chỉ trả lời đúng/sai)', 'họ, chữ đệm và tên khai sinh')
    """
    name, _, rest = allowed.split()[0].partition(":")
    form, _, value = rest.partition(":")
    how = f"chỉ trả lời đã đủ {value} tuổi hay chưa" if form == "over_age" and value else ""
    how = how or _FORMS.get(form, "chỉ trả lời đúng/sai")
    term = field_of(name).vietnamese
    return f"{term} ({how})" if how else term


def _moment(micros: int) -> str:
    there = datetime.fromtimestamp(micros / 1e6, UTC) + timedelta(hours=7)
    return there.strftime("%d/%m/%Y %H:%M")
