"""The border: a card record as strict JSON, with a JSON schema. Needs pydantic, loaded here only.

>>> CardModel.from_json('{"personal_number": "046301123456", "full_name": "Nguyễn Thị An", '
...                     '"birth": "2001-03-05", "sex": "F", "issued": "2021-06-10"}').expiry
datetime.date(2026, 3, 5)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from civid.cards.card import CardRecord
from civid.cards.generations import Generation
from civid.errors import FieldError
from civid.people.dates.partial import PartialDate
from civid.people.documents.reading import wanted
from civid.people.sex import Sex

Text = Annotated[str, Field(max_length=512)]
_MAX_JSON = 64 << 10


class CardModel(BaseModel):
    """A card record at the border: strict types, no unknown fields, frozen.

    ``birth`` is ``2001-03-05``; where less is known, ``2001-03`` or ``2001``.
    """

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", hide_input_in_errors=True)

    personal_number: Annotated[str, Field(pattern="^[0-9]{12}$")]
    full_name: Annotated[str, Field(min_length=1, max_length=512)]
    birth: date | Annotated[str, Field(pattern="^[0-9]{4}(-[0-9]{2})?$")]
    sex: Sex
    issued: date
    expires_on: date | Literal["law"] | None = "law"
    generation: Generation | None = None
    residence: Text = ""
    origin: Text = ""
    birth_registration: Text = ""
    nationality: Text = "Việt Nam"
    old_number: Text = ""
    cancelled_number: Text = ""
    ethnic_group: Text = ""
    religion: Text = ""
    marks: Text = ""
    father: Text = ""
    mother: Text = ""
    spouse: Text = ""
    card_code: Text = ""

    def to_record(self) -> CardRecord:
        """The plain record; raises as `CardRecord` does."""
        values = {name: getattr(self, name) for name in type(self).model_fields}
        if isinstance(self.birth, str):
            year, _, month = self.birth.partition("-")
            values["birth"] = PartialDate(int(year), int(month) if month else None)
        return CardRecord(**values)

    @classmethod
    def from_record(cls, record: CardRecord) -> CardModel:
        """The model of a record."""
        values = {name: getattr(record, name) for name in cls.model_fields}
        if isinstance(record.birth, PartialDate):
            month = "" if record.birth.month is None else f"-{record.birth.month:02d}"
            values["birth"] = f"{record.birth.year:04d}{month}"
        return cls(**values)

    @classmethod
    def from_json(cls, text: str | bytes) -> CardRecord:
        """A record from JSON.

        Raises
        ------
        FieldError
            Not JSON, an unknown or missing field, a wrong type. The message repeats no value.
        """
        if len(text) > _MAX_JSON:
            raise FieldError("card", f"more than {_MAX_JSON} bytes of JSON")
        try:
            return cls.model_validate_json(text).to_record()
        except ValidationError as error:
            found: list[Any] = error.errors(include_input=False, include_url=False)
            where = ".".join(str(part) for part in found[0]["loc"][:1]) or "card"
            same = [one for one in found if one["loc"][:1] == found[0]["loc"][:1]]
            raise FieldError(where, _reason(same)) from None


def _reason(errors: Sequence[Mapping[str, Any]]) -> str:
    # Several where a field may have several forms, as the date of birth.
    known = {"missing": "is missing", "extra_forbidden": "is no field of a card"}
    forms = f"is not of its form ({'; '.join(wanted(one) for one in errors)})"
    return known.get(str(errors[0]["type"]), forms)
