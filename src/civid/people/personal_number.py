"""Personal identification number (số định danh cá nhân), 12 digits.

Given at birth registration by the national population database and never used again; the number
of the CMND of 12 digits, of the CCCD and of the Căn cước card. Structure (Decree 137/2015 Art 13):
three digits for the province or country where the birth was registered, one for century and sex,
two for the year of birth, six at random. **There is no check digit.**

Only "12 ASCII digits" is a hard rule. Since 1 July 2024 the law does not state the structure, and
before it a number that contradicts the person stayed valid unless the citizen asked for another:
everything else is a warning.

Thread-safe; no state.

>>> number = parse("046301123456")
>>> number.place_code, number.sex, number.birth_year, number.warnings
('046', <Sex.FEMALE: 'F'>, 2001, ())
>>> is_valid("04630112345")
False
>>> format("046301123456", " ")
'046 3 01 123456'
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from civid.errors import NumberError
from civid.people.number_form import digits_of
from civid.people.places.provinces import MERGER, changed_meaning
from civid.people.places.registration import RegistrationPlace, assigned, meanings
from civid.people.sex import Sex
from civid.people.warning import FieldWarning

LENGTH = 12

#: Characters 3 to 5 -> (sex, birth year); Circular 59/2021 Annex III.
_BORN = {
    f"{century}{year:02d}": (
        Sex.FEMALE if century % 2 else Sex.MALE,
        1900 + 100 * (century // 2) + year,
    )
    for century in range(10)
    for year in range(100)
}


@dataclass(frozen=True, slots=True, repr=False)
class PersonalNumber:
    """A well-formed number and what its digits say; they may contradict the person.

    Parameters
    ----------
    text : str
        The 12 digits.
    allocated_on : date or None
        When the number was given out, if known: decides what the place code means.
    """

    text: str
    allocated_on: date | None = None

    @property
    def place_code(self) -> str:
        """Three digits of the place of birth registration."""
        return self.text[:3]

    @property
    def places(self) -> tuple[RegistrationPlace, ...]:
        """What the place code can mean; empty when no list has it, two when eras disagree."""
        return meanings(self.text[:3], self.allocated_on)

    @property
    def sex(self) -> Sex:
        """Sex by the fourth digit."""
        return _BORN[self.text[3:6]][0]

    @property
    def birth_year(self) -> int:
        """Year of birth by digits four to six."""
        return _BORN[self.text[3:6]][1]

    @property
    def serial(self) -> str:
        """The six random digits."""
        return self.text[6:]

    @property
    def warnings(self) -> tuple[FieldWarning, ...]:
        """What is odd about the number by itself; empty for nearly every real one."""
        return tuple(_oddities(self))

    def __repr__(self) -> str:
        return "<PersonalNumber>"


def _oddities(number: PersonalNumber) -> Iterable[FieldWarning]:
    code, year, given = number.place_code, number.birth_year, number.allocated_on
    if not assigned(code):
        yield FieldWarning("number.place", "no list assigns this place code")
    if given is not None and year > given.year:
        yield FieldWarning("number.year", "birth year after the number was allocated")
    elif given is None and year >= 2100:
        yield FieldWarning("number.year", "a birth year in a century to come")
    late = given >= MERGER if given is not None else year > MERGER.year
    if late and code[:1] == "0" and code[1:] in changed_meaning():
        yield FieldWarning("number.era", "the place code changed its meaning on 1 July 2025")


def compact(text: str) -> str:
    """Take out spaces, points and hyphens between groups of digits; any length passes.

    Raises
    ------
    NumberError
        Anything but groups of digits, ``46301123456.0`` of a spreadsheet among them.

    >>> compact("046 301 123456")
    '046301123456'
    """
    return digits_of(text)


def validate(text: str) -> str:
    """Return the 12 digits or raise.

    Raises
    ------
    NumberError
        When not exactly 12 ASCII digits stand there, perhaps in groups.

    >>> validate("079-085-000123")
    '079085000123'
    """
    if type(text) is str and len(text) == LENGTH and text.isascii() and text.isdigit():
        return text
    digits = digits_of(text)
    if len(digits) != LENGTH:
        hint = "; leading zeros may be lost" if 10 <= len(digits) < LENGTH else ""
        raise NumberError("number", f"{len(digits)} digits, not 12{hint}")
    return digits


def is_valid(text: object) -> bool:
    """Say whether `text` is well-formed; any object may be asked about."""
    try:
        validate(text)  # type: ignore[arg-type]
    except NumberError:
        return False
    return True


def parse(text: str, *, allocated_on: date | None = None) -> PersonalNumber:
    """Read a number.

    Parameters
    ----------
    text : str
        12 ASCII digits, perhaps with spaces, dots or hyphens between.
    allocated_on : date, optional
        When the number was given out: chooses the code list of provinces.

    Raises
    ------
    NumberError
        As `validate`.
    """
    return PersonalNumber(validate(text), allocated_on)


def format(text: str, separator: str = "") -> str:  # noqa: A001 - the verb of every number module
    """Write a number as on the card, or in its groups of place, century, year and serial."""
    digits = validate(text)
    return separator.join((digits[:3], digits[3], digits[4:6], digits[6:]))


def parse_many(texts: Iterable[str]) -> list[PersonalNumber | NumberError]:
    """Read many numbers; a bad one gives its error instead of stopping the rest.

    About 1 µs a number; see ``docs/people/speed.md``.

    >>> [type(n).__name__ for n in parse_many(["046301123456", "x"])]
    ['PersonalNumber', 'NumberError']
    """
    results: list[PersonalNumber | NumberError] = []
    for text in texts:
        try:
            results.append(PersonalNumber(validate(text)))
        except NumberError as error:
            results.append(error.with_traceback(None))
    return results


def validate_many(texts: Iterable[str]) -> list[bool]:
    """Say of each text whether it is well-formed."""
    return [
        (type(text) is str and len(text) == LENGTH and text.isascii() and text.isdigit())
        or is_valid(text)
        for text in texts
    ]
