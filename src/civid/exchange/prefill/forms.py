"""Forms as lists of boxes: which of them the register may know, and which only the citizen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from civid.errors import FieldError
from civid.people.citizen import field_of
from civid.people.forms.dc01 import BOXES
from civid.register.codes import code

_MOST, _LONGEST = 200, 120


@dataclass(frozen=True, slots=True)
class Box:
    """One box of a form.

    Parameters
    ----------
    label : str
        As it is printed.
    field : str or None
        Field of a citizen that goes there; None = only the citizen can say it.
    """

    label: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class FormSheet:
    """A form to be filled in.

    Parameters
    ----------
    key : str
        A code such as ``ct01``.
    title : str
        As it is printed.
    basis : str
        Circular that has the form.
    boxes : tuple of Box
        In the order of the form.

    Examples
    --------
    >>> sheet = FormSheet.of("bhyt-01", "Tờ khai thẻ BHYT",
    ...                      {"Họ và tên": "full_name", "Nơi khám ban đầu": None})
    >>> [one.field for one in sheet.boxes]
    ['name', None]
    """

    key: str
    title: str
    basis: str
    boxes: tuple[Box, ...]

    def __post_init__(self) -> None:
        code(self.key, "form")
        labels = [one.label for one in self.boxes]
        if not 1 <= len(labels) <= _MOST or len(set(labels)) < len(labels):
            raise FieldError("boxes", f"expected 1 to {_MOST} boxes with labels of their own")
        for text in (self.title, self.basis, *labels):
            if not isinstance(text, str) or not text.isprintable() or len(text) > _LONGEST:
                raise FieldError("boxes", f"expected texts of at most {_LONGEST} characters")

    @classmethod
    def of(
        cls, key: str, title: str, boxes: Mapping[str, str | None], *, basis: str = ""
    ) -> FormSheet:
        """A form of anybody's own: label -> field, or None for what only the citizen knows.

        Raises
        ------
        FieldError
            No such field, or labels that cannot be printed.
        """
        made = tuple(
            Box(label, None if field is None else field_of(field).name)
            for label, field in boxes.items()
        )
        return cls(key, title, basis, made)


DC01 = FormSheet.of(
    "dc01", "Phiếu thu thập thông tin dân cư (DC01)", dict(BOXES), basis="53/2025/TT-BCA"
)
#: Its boxes beside the number are not public in full: these are what civid's model of it holds.
DC02 = FormSheet.of(
    "dc02", "Phiếu đề nghị giải quyết thủ tục về căn cước (DC02)",
    {
        "Số định danh cá nhân": "number", "Thủ tục đề nghị": None,
        "Nội dung đề nghị điều chỉnh": None, "Giấy tờ, tài liệu kèm theo": None,
    },
    basis="17/2024/TT-BCA",
)  # fmt: skip
CT01 = FormSheet.of(
    "ct01", "Tờ khai thay đổi thông tin cư trú (CT01)",
    {
        "Họ, chữ đệm và tên": "name", "Ngày, tháng, năm sinh": "birth", "Giới tính": "sex",
        "Số định danh cá nhân": "number", "Số điện thoại liên hệ": "phone", "Email": "email",
        "Họ, chữ đệm và tên chủ hộ": "head_name", "Mối quan hệ với chủ hộ": "relation",
        "Số định danh cá nhân của chủ hộ": "head_number", "Nội dung đề nghị": None,
    },
    basis="66/2023/TT-BCA",
)  # fmt: skip
#: What is printed on the card (Law 26/2023/QH15 Art 18), as a dossier confirms it.
CARD = FormSheet.of(
    "card", "Thông tin in trên thẻ căn cước",
    {
        "Số định danh cá nhân": "number", "Họ, chữ đệm và tên khai sinh": "name",
        "Ngày, tháng, năm sinh": "birth", "Giới tính": "sex",
        "Nơi đăng ký khai sinh": "birth_registration_place", "Quốc tịch": "nationality",
        "Nơi cư trú": "permanent_residence", "Ảnh khuôn mặt": None, "Vân tay": None,
    },
    basis="26/2023/QH15",
)  # fmt: skip
SHEETS: Mapping[str, FormSheet] = MappingProxyType(
    {one.key: one for one in (DC01, DC02, CT01, CARD)}
)


def sheet_of(key: str) -> FormSheet:
    """A form by its key; `FieldError` for one that is not here.

    >>> sheet_of("ct01").basis
    '66/2023/TT-BCA'
    """
    try:
        return SHEETS[key]
    except KeyError:
        raise FieldError("form", f"expected one of {', '.join(SHEETS)}") from None
