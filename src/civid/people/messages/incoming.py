"""An entry of a citizen message -> claims about a citizen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING

from civid.people.citizen import Claim, Source, claim
from civid.people.messages.countries import HOME, country_name
from civid.people.messages.group_codes import read_ethnic, read_religion
from civid.people.warning import FieldWarning

if TYPE_CHECKING:
    from civid.formats.qcvn109.record import Citizen, Place, Relative

PLACES = (
    "birth_registration_place",
    "home_town",
    "permanent_residence",
    "current_residence",
)
RELATIVES = ("father", "mother", "spouse", "representative", "head")


@dataclass(frozen=True, slots=True, repr=False)
class Incoming:
    """What a message says of one citizen.

    Parameters
    ----------
    claims : tuple of Claim
        One a field; what cannot be read is kept without a value.
    warnings : tuple of FieldWarning
        What was odd, by field, and what claims have no place for.
    units : mapping
        Field of a place -> code of its administrative unit, which claims do not hold.
    """

    claims: tuple[Claim, ...]
    warnings: tuple[FieldWarning, ...] = ()
    units: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def __repr__(self) -> str:
        return f"<Incoming with {len(self.claims)} claims, {len(self.warnings)} warnings>"


def claims(
    said: Citizen,
    source: Source,
    effective: date,
    *,
    recorded: date | None = None,
    evidence: str = "",
    unit: str = "",
    ethnic_list: str = "2008",
) -> Incoming:
    """Read an entry of a message as claims.

    Parameters
    ----------
    said : civid.formats.qcvn109.record.Citizen
    source : Source
        Who says it: `Source.SECTOR_DATABASE` for a ministry, and so on.
    effective, recorded : date
        From when it holds, and when the register learned it (the same day when left out).
    evidence, unit : str
        As in `civid.people.citizen.claim`.
    ethnic_list : str
        ``2008`` (annex E) or ``1979``: how the sender numbers ethnic groups.

    Examples
    --------
    >>> from civid.formats.qcvn109.record import Birth, Citizen, Coded, Name
    >>> said = Citizen(name=Name("Bùi", "Thị", "An"), ethnic=Coded("04"), birth=Birth(year="1950"))
    >>> read = claims(said, Source.SECTOR_DATABASE, date(2026, 11, 29))
    >>> [(one.field, str(one.value)) for one in read.claims]
    [('name', 'Bùi Thị An'), ('birth', '1950'), ('ethnic', 'Mường')]
    >>> [one.code for one in read.warnings]
    ['ethnic.list']
    """
    reader = _Reader(said, ethnic_list)
    reader.read()
    made = tuple(
        claim(
            name, text, source, effective, recorded=recorded, evidence=evidence, unit=unit,
            keep_unread=True,
        )
        for name, text in reader.texts.items()
        if text.strip()
    )  # fmt: skip
    unread = [
        FieldWarning(f"{one.field}.unread", "cannot be read as its field")
        for one in made
        if not one.is_read
    ]
    units = MappingProxyType(reader.units)
    return Incoming(made, tuple(reader.warnings + unread), units)


class _Reader:
    def __init__(self, said: Citizen, ethnic_list: str) -> None:
        self.said = said
        self.ethnic_list = ethnic_list
        self.texts: dict[str, str] = {}
        self.units: dict[str, str] = {}
        self.warnings: list[FieldWarning] = []

    def warn(self, code: str, message: str) -> None:
        self.warnings.append(FieldWarning(code, message))

    def read(self) -> None:
        said = self.said
        self.texts["name"] = said.name.full if said.name else ""
        self.texts["number"] = said.number or ""
        self.texts["cmnd9"] = said.old_number or ""
        if said.birth is not None:
            self.texts["birth"] = said.birth.day or said.birth.year or ""
            if said.birth.day and said.birth.year and said.birth.year not in said.birth.day[:4]:
                self.warn("birth.year", "the year beside the day is another")
        self.texts["sex"] = said.sex or ""
        self.texts["marital"] = said.marital or ""
        self.texts["blood"] = said.blood or ""
        if said.ethnic is not None:
            self.texts["ethnic"], found = read_ethnic(said.ethnic, self.ethnic_list)
            self.warnings += found
        if said.religion is not None:
            self.texts["religion"], found = read_religion(said.religion)
            self.warnings += found
        if said.nationality:
            self.texts["nationality"] = country_name(said.nationality) or said.nationality
            if country_name(said.nationality) is None:
                self.warn("nationality.code", "not a code of ISO 3166-1")
        for name in PLACES:
            place = getattr(said, name)
            if place is not None:
                self.place(name, place)
        for name in RELATIVES:
            relative = getattr(said, name)
            if relative is not None:
                self.relative(name, relative)
        self.texts["household_book"] = said.household_book or ""
        if said.extras:
            self.warn("message.extras", "elements that nobody knows are left out")

    def place(self, name: str, place: Place) -> None:
        text = place.detail or ""
        unit = place.unit or place.commune or place.district or place.province
        if unit:
            self.units[name] = unit
        if place.country and place.country != HOME:
            country = country_name(place.country) or place.country
            if country_name(place.country) is None:
                self.warn(f"{name}.country", "not a code of ISO 3166-1")
            if country.lower() not in text.lower():
                text = f"{text}, {country}" if text else country
        if unit and not text:
            self.warn(f"{name}.text", "names its unit by code only")
        self.texts[name] = text

    def relative(self, name: str, relative: Relative) -> None:
        self.texts[f"{name}_name"] = relative.name.full if relative.name else ""
        self.texts[f"{name}_number"] = relative.number or ""
        if name == "head":
            self.texts["relation"] = relative.relation or ""
        if relative.old_number:
            self.warn(f"{name}.old_number", "the old number of a relative is left out")
        if relative.nationality and relative.nationality != HOME:
            self.warn(f"{name}.nationality", "the nationality of a relative is left out")
