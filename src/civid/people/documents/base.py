"""What every model shares: strict types, limits, and civid's errors on the way out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from civid.errors import FieldError
from civid.people.citizen.fields import CARD_NAMES, FIELDS

Short = Annotated[str, Field(max_length=256)]
Text = Annotated[str, Field(max_length=1024)]
Reference = Annotated[str, Field(min_length=1, max_length=200)]
Number = Annotated[str, Field(pattern=r"^[0-9]{12}$")]
FieldName = Annotated[str, Field(json_schema_extra={"enum": sorted({*FIELDS, *CARD_NAMES})})]
#: JSON has no dates; ISO text is read, nothing else is.
Day = Annotated[date, Field(strict=False)]


class Model(BaseModel):
    """Strict, frozen, no unknown fields, and errors that do not repeat the input."""

    model_config = ConfigDict(
        strict=True, frozen=True, extra="forbid", hide_input_in_errors=True, str_max_length=4096
    )


@contextmanager
def as_field_error() -> Iterator[None]:
    """What a record holds and its outgoing form does not allow, as civid's error."""
    try:
        yield
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        where = ".".join(map(str, first["loc"])) or "record"
        raise FieldError(where, str(first["type"]).replace("_", " ")) from None
