"""The plan of a counter: which steps in which order, who works at them, what prints are good.

"7 người 6 bước" of Đắk Nông in 2021 was such a plan; who did what was never published, so that the
default follows the order of Circular 60/2021 Art 5, with two people at the prints. [C]
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from civid.errors import FieldError
from civid.fingerprint.gate import Gate


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
_MOST_RETRIES = 19
_GATE = Gate(min_quality=40, retries=2, last_resort=1)
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
    gate : Gate
        From which quality on a print is taken at once, how often a frame is captured again, and
        what is taken then. Here another try costs seconds: quality 40 instead of 20, and after two
        retries the best capture is taken if it is a print at all (``docs/explain/quality.md``).
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
    gate: Gate = _GATE
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
        if self.gate.retries > _MOST_RETRIES:
            raise FieldError("plan", f"a frame is captured again at most {_MOST_RETRIES} times")
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
            "gate": self.gate.to_dict(), "max_fpir": self.max_fpir, "swapped": self.swapped,
        }  # fmt: skip

    @classmethod
    def from_dict(cls, found: dict[str, Any]) -> Plan:
        """The plan of `to_dict`; `FieldError` for anything else."""
        try:
            places = tuple(Place(CounterStep(step), int(staff)) for step, staff in found["places"])
            rest = {name: found[name] for name in ("max_fpir", "swapped")}
            if "gate" in found:
                gate = Gate.from_dict(found["gate"])
            else:  # dossiers that were opened before plans had gates
                gate = Gate(found["good"], 0, found["attempts"] - 1, last_resort=1)
        except (KeyError, TypeError, ValueError):
            raise FieldError("plan", "not a plan") from None
        return cls(places, gate, **rest)
