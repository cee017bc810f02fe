"""Number of the identity card of 12 digits (CMND 12 số), from 21 September 2012.

Issued in 16 localities before the CCCD; the same number as the later personal identification
number, with the same structure, so that every verb is that of `civid.people.personal_number`.

>>> parse("001085000123").birth_year
1985
"""

from civid.people.personal_number import (
    PersonalNumber,
    compact,
    format,  # noqa: A004 - the verb of every number module
    is_valid,
    parse,
    validate,
)

#: Where it was issued (Hà Nội first): names of the list of 63.
LOCALITIES = (
    "Hà Nội", "Vĩnh Phúc", "Hưng Yên", "Hải Dương", "Hà Nam", "Nam Định", "Ninh Bình",
    "Thái Bình", "Hải Phòng", "Quảng Ninh", "Thanh Hóa", "Quảng Bình", "Hồ Chí Minh",
    "Cần Thơ", "Tây Ninh", "Bà Rịa - Vũng Tàu",
)  # fmt: skip

__all__ = ["LOCALITIES", "PersonalNumber", "compact", "format", "is_valid", "parse", "validate"]
