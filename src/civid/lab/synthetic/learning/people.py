"""People whose fingers are printed: what age, sex and work do to ridges and skin."""

from __future__ import annotations

from dataclasses import dataclass

from civid.lab.synthetic.streams import Stream, SyntheticError
from civid.position import Position

#: Mean ridge period of grown-ups, mm: 7.07 mm (the diagonal of Acree's square of 25 mm^2) over
#: 15.0 ridges of men and 17.7 of women in one published sample; other samples of women count 15
#: to 17, so theirs is drawn a little wider here.
MAN, WOMAN = 0.470, 0.425
#: Ridges grow with the hand: share of the adult period at birth, and years of the last growth.
NEWBORN, GROWN = 0.50, 17.0
#: Thumb to little finger, against the mean of the hand.
BY_FINGER = (1.07, 1.0, 1.0, 0.99, 0.93)


@dataclass(frozen=True, slots=True)
class Person:
    """Whose finger it is.

    Parameters
    ----------
    age : float
        Years, 0..110.
    female : bool
        Women's ridges are finer.
    toil : float
        Work with the hands, 0 (desk) .. 1 (a life with stone, lime or soil): wear, cuts, scars.
    """

    age: float = 35.0
    female: bool = False
    toil: float = 0.2

    def __post_init__(self) -> None:
        if not 0 <= self.age <= 110:
            raise SyntheticError("age must be 0..110 years")
        if not 0 <= self.toil <= 1:
            raise SyntheticError("toil must be 0..1")

    @property
    def years(self) -> float:
        """How old the skin is: 0 to 45 years of age, 1 from 85."""
        return min(1.0, max(0.0, (self.age - 45) / 40))


def draw_person(stream: Stream) -> Person:
    """Someone of a register: grown-ups of all ages, some children and old people."""
    age = stream.uniform(14, 60)
    kind = stream.uniform(0, 1)
    if kind < 0.10:
        age = stream.uniform(5, 14)
    elif kind > 0.75:
        age = stream.uniform(60, 90)
    toil = stream.uniform(0, 1)
    return Person(age, stream.uniform(0, 1) < 0.5, 0.0 if age < 14 else toil * toil)


def draw_period(stream: Stream, person: Person, position: Position) -> float:
    """Mean ridge period of a finger, mm."""
    period = WOMAN if person.female else MAN
    period *= NEWBORN + (1 - NEWBORN) * min(1.0, person.age / GROWN)
    if Position.RIGHT_THUMB <= position <= Position.LEFT_LITTLE:
        period *= BY_FINGER[(int(position) - 1) % 5]
    return period * (1 + stream.normal(0, 0.055))
