"""What the register holds of a person: the groups of data of Law 26/2023 Art 9.

The law of 2014 knew 15 of them, so that a field has a day from which it may be collected.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from unicodedata import category

from civid.errors import CodeError, FieldError
from civid.people import cmnd9, dates, personal_number, sex
from civid.people.codes import blood, marital, relation
from civid.people.names.canonical import MAX_LENGTH, canonical

LAW_2014, LAW_2023 = date(2016, 1, 1), date(2024, 7, 1)


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a citizen.

    Parameters
    ----------
    name : str
        English name in the model.
    vietnamese : str
        Term of the law.
    read : callable
        Text -> value; raises a `FieldError` for what cannot be one.
    changes : bool
        True where life changes it (residence), so that the latest claim holds; False where only a
        correction does (birth), so that the best source holds.
    since : date
        From when the law lets it be collected.
    """

    name: str
    vietnamese: str
    read: Callable[[str], object]
    changes: bool = False
    since: date = LAW_2014


def _text(value: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise FieldError("text", "empty or not text")
    if len(value) > 1024:
        raise FieldError("text", "longer than 1024 characters")
    return _printable("text", value)


def _name(value: str) -> str:
    if not canonical(value):
        raise FieldError("name", "empty")
    return _printable("name", value)


def _printable(field: str, value: str) -> str:
    # No card and no QR code can hold these; said when a claim is made, not when a card is printed.
    text = " ".join(value.split())
    if "|" in text or any(category(char) == "Cc" for char in text):
        raise FieldError(field, "has a | or a control character")
    return text


def _code(value: str) -> str:
    text = _text(value)
    if len(text) > MAX_LENGTH:
        raise CodeError("code", "too long")
    return text


def _marital(value: str) -> str:
    return value if value in marital() else marital().code(value)


def _blood(value: str) -> str:
    return value if value in blood() else blood().code(value)


def _relation(value: str) -> str:
    return relation(value).term


_FIELDS = (
    Field("name", "họ, chữ đệm và tên khai sinh", _name),
    Field("other_name", "tên gọi khác", _name, True, LAW_2023),
    Field("number", "số định danh cá nhân", personal_number.validate, True),
    Field("birth", "ngày, tháng, năm sinh", dates.parse),
    Field("sex", "giới tính", sex.parse),
    Field("birth_place", "nơi sinh", _text, False, LAW_2023),
    Field("birth_registration_place", "nơi đăng ký khai sinh", _text),
    Field("home_town", "quê quán", _text),
    Field("ethnic", "dân tộc", _text),
    Field("religion", "tôn giáo", _text, True),
    Field("nationality", "quốc tịch", _text, True),
    Field("blood", "nhóm máu", _blood),
    Field("cmnd9", "số chứng minh nhân dân 09 số", cmnd9.validate, True),
    Field("card_issued", "ngày cấp thẻ căn cước", dates.parse, True),
    Field("card_expires", "thời hạn sử dụng thẻ", dates.parse, True),
    Field("father_name", "họ tên cha", _name),
    Field("father_number", "số định danh của cha", personal_number.validate),
    Field("mother_name", "họ tên mẹ", _name),
    Field("mother_number", "số định danh của mẹ", personal_number.validate),
    Field("spouse_name", "họ tên vợ hoặc chồng", _name, True),
    Field("spouse_number", "số định danh của vợ hoặc chồng", personal_number.validate, True),
    Field("representative_name", "họ tên người đại diện hợp pháp", _name, True),
    Field("representative_number", "số định danh của người đại diện", personal_number.validate,
          True),
    Field("permanent_residence", "nơi thường trú", _text, True),
    Field("temporary_residence", "nơi tạm trú", _text, True),
    Field("current_residence", "nơi ở hiện tại", _text, True),
    Field("temporary_absence", "tình trạng khai báo tạm vắng", _text, True, LAW_2023),
    Field("residence_file", "số hồ sơ cư trú", _code, True, LAW_2023),
    Field("marital", "tình trạng hôn nhân", _marital, True),
    Field("relation", "mối quan hệ với chủ hộ", _relation, True),
    Field("head_name", "họ tên chủ hộ", _name, True),
    Field("head_number", "số định danh của chủ hộ", personal_number.validate, True),
    Field("household_book", "số sổ hộ khẩu", _code, True),
    Field("death", "ngày chết hoặc mất tích", dates.parse, True),
    Field("phone", "số thuê bao di động", _code, True, LAW_2023),
    Field("email", "địa chỉ thư điện tử", _code, True, LAW_2023),
)  # fmt: skip

#: Every field by its name.
FIELDS: dict[str, Field] = {field.name: field for field in _FIELDS}


#: What cards and QR codes call six of them. Claims, questions and JSON may use either name; what is
#: kept and given out has the citizen's.
CARD_NAMES: dict[str, str] = {
    "personal_number": "number",
    "full_name": "name",
    "old_number": "cmnd9",
    "origin": "home_town",
    "ethnic_group": "ethnic",
    "birth_registration": "birth_registration_place",
}


def field_of(name: str) -> Field:
    """Find a field by its name, or by the one that cards and QR codes have for it.

    Raises
    ------
    FieldError
        When the model has none of that name.

    >>> field_of("number") is field_of("personal_number")
    True
    """
    try:
        return FIELDS[CARD_NAMES.get(name, name)]
    except (KeyError, TypeError):
        raise FieldError("field", "no such field of a citizen") from None
