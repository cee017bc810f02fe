"""Units (đơn vị): paths of codes from the country down."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, or_, true

from civid.errors import FieldError

if TYPE_CHECKING:
    from civid.register.actor import Actor

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


def below(column: ColumnElement[Any], unit: str) -> ColumnElement[bool]:
    """The condition that a column holds a unit or one below it."""
    if not unit:
        return true()
    # An index serves the range; what else lies in it ("46-x") is left out row by row.
    exact = or_(column == unit, column.startswith(unit + "/", autoescape=True))
    return and_(column >= unit, column < unit + "0", exact)  # "0" follows "/"


def in_scope(column: ColumnElement[Any], actor: Actor) -> ColumnElement[bool]:
    """The condition that a column holds a unit of an actor's scope."""
    units = actor.scope if actor.scope is not None else (actor.unit,)
    return or_(*(below(column, one) for one in units)) if units else ~true()
