"""Structures of OSIA data access 1.3.0."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, RootModel, StrictBool, StrictFloat, StrictInt, StrictStr

from civid.exchange.osia.models import Model, Quiet

MOST = 64

Value = (
    Annotated[StrictStr, Field(max_length=256)]
    | StrictInt
    | Annotated[StrictFloat, Field(allow_inf_nan=False)]
    | StrictBool
)
Name = Annotated[str, Field(max_length=64)]


class Attributes(Quiet, RootModel[Annotated[dict[Name, Value], Field(max_length=MOST)]]):
    """What the asker says of a person."""


class Sign(StrEnum):
    """Comparisons. ``!=`` is not OSIA's."""

    LESS = "<"
    MORE = ">"
    EQUAL = "="
    AT_LEAST = ">="
    AT_MOST = "<="
    DIFFERENT = "!="


class Expression(Model):
    """A comparison of an attribute with a value."""

    attribute_name: Name
    operator: Sign
    value: Value


class Expressions(Quiet, RootModel[Annotated[list[Expression], Field(max_length=MOST)]]):
    """All of which are to be true."""


class Mismatch(Model):
    """An attribute that does not agree: 0 = not there, 1 = another value."""

    attribute_name: str | None = None
    error_code: int | None = None


class MatchingError(Quiet, RootModel[list[Mismatch]]):
    """What does not agree; empty = everything does."""
