"""A claim (thông tin và nguồn của nó): somebody said, on evidence, that a field has a value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from civid.errors import FieldError
from civid.people.citizen.fields import field_of
from civid.people.kinds import day_of


class Source(IntEnum):
    """Where a claim comes from; a higher one is believed before a lower one.

    Decree 70/2024 Art 5 lists the sources; their order here is a choice of civid: what civil status
    and courts establish stands over what archives, residence files, other databases and the citizen
    say.
    """

    CITIZEN = 1  # công dân kê khai
    SECTOR_DATABASE = 2  # cơ sở dữ liệu chuyên ngành
    RESIDENCE = 3  # cơ sở dữ liệu về cư trú
    ARCHIVE = 4  # tàng thư căn cước
    CIVIL_STATUS = 5  # hộ tịch
    COURT = 6  # bản án, quyết định


@dataclass(frozen=True, slots=True, repr=False)
class Claim:
    """One statement about one field; never changed, only followed by others.

    Parameters
    ----------
    field : str
        Name of a field of `civid.people.citizen.FIELDS`; the names of cards are taken and turned
        into these.
    value : object
        The value, read; None when `recorded_as` could not be read and is kept as it is.
    recorded_as : str
        What was written.
    source : Source
        Who says so.
    effective : date
        From when it holds.
    recorded : date
        When the register learned it.
    evidence : str
        Reference of the paper or message.
    unit : str
        Unit that recorded it.
    """

    field: str
    value: object
    recorded_as: str
    source: Source
    effective: date
    recorded: date
    evidence: str = ""
    unit: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "field", field_of(self.field).name)
        if not isinstance(self.source, Source):
            raise FieldError("source", "should be a Source")
        day_of(self.effective, "effective")
        day_of(self.recorded, "recorded")
        if self.effective > self.recorded and self.field == "death":
            raise FieldError("death", "recorded before it happened")

    @property
    def is_read(self) -> bool:
        """Whether the text could be read as a value of its field."""
        return self.value is not None

    def __repr__(self) -> str:
        return f"<Claim {self.field} by {self.source.name}, {self.effective}>"


def claim(
    field: str,
    text: str,
    source: Source,
    effective: date,
    *,
    recorded: date | None = None,
    evidence: str = "",
    unit: str = "",
    keep_unread: bool = False,
) -> Claim:
    """Make a claim from text.

    Parameters
    ----------
    keep_unread : bool
        Keep what cannot be read, with no value, instead of raising: old papers hold 31/04.

    Raises
    ------
    FieldError
        When there is no such field, or its text cannot be read.

    >>> made = claim("birth", "05/03/2001", Source.CIVIL_STATUS, date(2001, 3, 12))
    >>> made.value.iso(), made.recorded_as
    ('2001-03-05', '05/03/2001')
    """
    known = field_of(field)
    try:
        value = known.read(text)
    except FieldError as error:
        if not keep_unread:
            raise FieldError(field, error.reason) from error
        value = None
    text = text[:1024] if isinstance(text, str) else ""
    return Claim(field, value, text, source, effective, recorded or effective, evidence, unit)
