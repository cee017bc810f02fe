"""Units (đơn vị): paths of codes from the country down."""

from __future__ import annotations

import re

from civid.errors import FieldError

_CODE = r"[0-9A-Za-z][0-9A-Za-z_.-]{0,15}"  # no "..": units become names of folders somewhere
_UNIT = re.compile(rf"{_CODE}(/{_CODE}){{0,4}}")
LONGEST = 64


def unit_code(text: str) -> str:
    """Check a unit: up to five codes joined by slashes, such as ``46/474/19753``.

    >>> unit_code("46/19753")
    '46/19753'
    """
    if not isinstance(text, str) or len(text) > LONGEST or not _UNIT.fullmatch(text):
        raise FieldError("unit", "expected codes joined by slashes, such as 46/474/19753")
    return text
