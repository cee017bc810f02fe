"""Claims about a citizen -> an entry of a citizen message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from civid.people.citizen import Citizen
from civid.people.dates.partial import PartialDate, Precision
from civid.people.messages.countries import HOME, country_code
from civid.people.messages.group_codes import write_ethnic, write_religion
from civid.people.names.annotate import annotate
from civid.people.sex import Sex
from civid.people.warning import FieldWarning

if TYPE_CHECKING:
    from civid.formats.qcvn109 import record as message

#: Fields of a citizen that a message of 2017 has no place for.
_NO_PLACE = (
    "other_name", "birth_place", "temporary_residence", "temporary_absence", "residence_file",
    "death", "phone", "email",
)  # fmt: skip


@dataclass(frozen=True, slots=True, repr=False)
class Outgoing:
    """An entry of a message, good enough to be built, and what it could not take.

    Parameters
    ----------
    entry : civid.formats.qcvn109.record.Citizen
    warnings : tuple of FieldWarning
        What was left out or doubtful, by field.
    """

    entry: message.Citizen
    warnings: tuple[FieldWarning, ...] = ()

    def __repr__(self) -> str:
        return f"<Outgoing with {len(self.warnings)} warnings>"


def entry(
    citizen: Citizen,
    *,
    on: date | None = None,
    known: date | None = None,
    units: Mapping[str, str] | None = None,
) -> Outgoing:
    """Write what holds of a citizen as an entry of a message.

    Parameters
    ----------
    on, known : date or None
        What held on a day, as the register knew it on another; see `Citizen.current`.
    units : mapping or None
        Field of a place -> code of its administrative unit, which claims do not hold.

    Examples
    --------
    >>> from civid.people.citizen import Source, claim
    >>> an = Citizen("p-1").with_claims(
    ...     claim("name", "Bùi Thị An", Source.CIVIL_STATUS, date(2001, 3, 12)),
    ...     claim("ethnic", "Mường", Source.CIVIL_STATUS, date(2001, 3, 12)),
    ...     claim("birth", "03/2001", Source.CIVIL_STATUS, date(2001, 3, 12)))
    >>> made = entry(an)
    >>> made.entry.name.surname, made.entry.ethnic.code, made.entry.birth.year
    ('Bùi', '04', '2001')
    >>> [one.code for one in made.warnings]
    ['birth.month']
    """
    writer = _Writer(citizen, on, known, dict(units or {}))
    return Outgoing(writer.write(), tuple(writer.warnings))


class _Writer:
    def __init__(
        self, citizen: Citizen, on: date | None, known: date | None, units: dict[str, str]
    ) -> None:
        self.citizen = citizen
        self.on, self.known = on, known
        self.units = units
        self.warnings: list[FieldWarning] = []

    def warn(self, code: str, text: str) -> None:
        self.warnings.append(FieldWarning(code, text))

    def value(self, name: str) -> object:
        held = self.citizen.current(name, on=self.on, known=self.known)
        if held is None:
            return None
        if not held.is_read:
            self.warn(f"{name}.unread", "was never read as its field; left out")
        return held.value

    def text(self, name: str) -> str | None:
        value = self.value(name)
        return value if isinstance(value, str) and value else None

    def write(self) -> message.Citizen:
        from civid.formats.qcvn109.record import Citizen as Entry

        sex = self.value("sex")
        made = Entry(
            number=self.text("number"),
            old_number=self.text("cmnd9"),
            name=self.name("name"),
            sex=sex.code if isinstance(sex, Sex) else None,
            marital=self.text("marital"),
            blood=self.text("blood"),
            birth=self.birth(),
            household_book=self.text("household_book"),
            birth_registration_place=self.place("birth_registration_place"),
            home_town=self.place("home_town"),
            permanent_residence=self.place("permanent_residence"),
            current_residence=self.place("current_residence"),
            father=self.relative("father"),
            mother=self.relative("mother"),
            spouse=self.relative("spouse"),
            representative=self.relative("representative"),
            head=self.relative("head"),
        )
        ethnic, religion = self.text("ethnic"), self.text("religion")
        if ethnic is not None:
            coded, found = write_ethnic(ethnic)
            made, self.warnings = replace(made, ethnic=coded), self.warnings + found
        if religion is not None:
            coded, found = write_religion(religion)
            made, self.warnings = replace(made, religion=coded), self.warnings + found
        nationality = self.text("nationality")
        if nationality is not None:
            made = replace(made, nationality=country_code(nationality))
            if made.nationality is None:
                self.warn("nationality.code", "has no code of ISO 3166-1; left out")
        for name in _NO_PLACE:
            if self.citizen.current(name, on=self.on, known=self.known) is not None:
                self.warn(f"{name}.no_place", "a message has no place for it; left out")
        return made

    def name(self, field: str) -> message.Name | None:
        from civid.formats.qcvn109.record import Name

        text = self.text(field)
        if text is None:
            return None
        parts = annotate(text)
        made = Name(parts.surname or None, parts.middle or None, parts.given or None)
        if not parts.given or made.full != text:
            self.warn(f"{field}.order", "cannot be split in its order; it stands in Ten alone")
            return Name(given=text)
        if not parts.certain:
            self.warn(f"{field}.split", "may be split elsewhere")
        return made

    def birth(self) -> message.Birth | None:
        from civid.formats.qcvn109.record import Birth

        day = self.value("birth")
        if not isinstance(day, PartialDate):
            return None
        if day.precision is Precision.DAY:
            return Birth(day.iso())
        if day.precision is Precision.MONTH:
            self.warn("birth.month", "a message holds a day or a year; the month is left out")
        return Birth(year=f"{day.year:04d}")

    def place(self, field: str) -> message.Place | None:
        from civid.formats.qcvn109.record import Place

        text, unit = self.text(field), self.units.get(field)
        if text is None and unit is None:
            return None
        return Place(unit, text, HOME if unit else None)

    def relative(self, field: str) -> message.Relative | None:
        from civid.formats.qcvn109.record import Relative

        relation = self.text("relation") if field == "head" else None
        made = Relative(
            self.text(f"{field}_number"), None, None, self.name(f"{field}_name"), relation
        )
        return None if made == Relative() else made
