"""The plan of a counter: which steps in which order, who works at them, what prints are good.

"7 người 6 bước" of Đắk Nông in 2021 was such a plan; who did what was never published, so that the
default follows the order of Circular 60/2021 Art 5, with two people at the prints. [C]
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from civid.errors import FieldError


class CounterStep(StrEnum):
    """A step at the counter."""

    CHECK = "check"
    CONFIRM = "confirm"
    PRINTS = "prints"
    PORTRAIT = "portrait"
    SIGN = "sign"
    HAND_OVER = "hand_over"

    @property
    def vietnamese(self) -> str:
        """What it is called."""
        return _VIETNAMESE[self]


_VIETNAMESE = {
    CounterStep.CHECK: "kiểm tra dữ liệu dân cư",
    CounterStep.CONFIRM: "xác nhận, điều chỉnh thông tin",
    CounterStep.PRINTS: "thu nhận vân tay",
    CounterStep.PORTRAIT: "chụp ảnh chân dung",
    CounterStep.SIGN: "in phiếu, ký xác nhận",
    CounterStep.HAND_OVER: "thu giấy tờ cũ, trả giấy hẹn",
}
BIOMETRIC = frozenset({CounterStep.PRINTS, CounterStep.PORTRAIT})
#: What stands before must be done before.
_BEFORE = (
    (CounterStep.CHECK, CounterStep.CONFIRM),
    (CounterStep.CONFIRM, CounterStep.PRINTS),
    (CounterStep.CONFIRM, CounterStep.PORTRAIT),
    (CounterStep.CONFIRM, CounterStep.SIGN),
    (CounterStep.SIGN, CounterStep.HAND_OVER),
)


@dataclass(frozen=True, slots=True)
class Place:
    """A step, and how many people work at it."""

    step: CounterStep
    staff: int = 1


@dataclass(frozen=True, slots=True)
class Plan:
    """How a counter works.

    Parameters
    ----------
    places : tuple of Place
        Every step once, in order. Check comes first, then confirmation; signing comes behind it,
        and the hand-over behind that.
    good : int
        Quality, 0 to 100, from which a print is taken at once. A choice: the median of the public
        sets is near 60, and what is below 40 is worth another try.
    attempts : int
        After so many captures of a frame the best one is taken, if it is a print at all.
    max_fpir : float
        Somebody is a possible duplicate who would turn up at most so often in a search for
        somebody who is not here.
    swapped : bool
        Search for mixed hands, too; takes longer.

    Examples
    --------
    >>> plan = Plan.default()
    >>> len(plan.places), plan.staff
    (6, 7)
    """

    places: tuple[Place, ...]
    good: int = 40
    attempts: int = 3
    max_fpir: float = 0.01
    swapped: bool = False

    def __post_init__(self) -> None:
        order = [place.step for place in self.places]
        if sorted(order) != sorted(CounterStep):
            raise FieldError("plan", "every step once")
        if any(order.index(first) > order.index(then) for first, then in _BEFORE):
            raise FieldError("plan", "check, confirm, sign and hand over come in this order")
        if any(place.staff < 1 for place in self.places):
            raise FieldError("plan", "somebody has to work at every step")
        if not 0 <= self.good <= 100 or not 1 <= self.attempts <= 20:
            raise FieldError("plan", "quality is 0 to 100, attempts are 1 to 20")
        if not 0 < self.max_fpir <= 1:
            raise FieldError("plan", "max_fpir is more than 0 and at most 1")

    @classmethod
    def default(cls) -> Plan:
        """Seven people, six steps (7 người 6 bước)."""
        return cls(
            tuple(Place(step, 2 if step is CounterStep.PRINTS else 1) for step in CounterStep)
        )

    @property
    def staff(self) -> int:
        """How many people."""
        return sum(place.staff for place in self.places)

    def steps(self, *, biometrics: bool = True) -> tuple[CounterStep, ...]:
        """The steps in order; without biometrics for children under six (Law 26/2023 Art 23)."""
        return tuple(
            place.step for place in self.places if biometrics or place.step not in BIOMETRIC
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {
            "places": [[place.step.value, place.staff] for place in self.places],
            "good": self.good, "attempts": self.attempts, "max_fpir": self.max_fpir,
            "swapped": self.swapped,
        }  # fmt: skip

    @classmethod
    def from_dict(cls, found: dict[str, Any]) -> Plan:
        """The plan of `to_dict`; `FieldError` for anything else."""
        try:
            places = tuple(Place(CounterStep(step), int(staff)) for step, staff in found["places"])
            rest = {name: found[name] for name in ("good", "attempts", "max_fpir", "swapped")}
        except (KeyError, TypeError, ValueError):
            raise FieldError("plan", "not a plan") from None
        return cls(places, **rest)
