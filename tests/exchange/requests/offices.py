"""Offices of two provinces for tests of requests between units."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from tests.register.citizens import WEEKDAYS, Clock, citizen
from tests.register.people import KEYS

from civid.exchange.requests import RequestDesk, UnitRequest
from civid.register import Actor, Capability, Register

HUE, SAIGON, HANOI = "46/474", "79/760", "01/004"
BASIS = "Nghị định 70/2024/NĐ-CP, Điều 6"
NUMBER = "046301000777"
_RIGHTS = frozenset({Capability.READ, Capability.CORRECT, Capability.VERIFY})


@dataclass
class Offices:
    """A register with one person of Huế, and a desk for each office."""

    register: Register
    clock: Clock
    person: str

    @classmethod
    def of(cls, register: Register, clock: Clock) -> Self:
        """Put the person there."""
        said = citizen(number=NUMBER, permanent_residence="12 Lê Lợi, Huế")
        made = register.acting_as("setup").people.add(said, unit=HUE)
        return cls(register, clock, made.reference)

    def desk(self, unit: str, rights: Iterable[Capability] = _RIGHTS) -> RequestDesk:
        """The desk as a clerk of a unit has it."""
        clerk = Actor(f"clerk-{unit.replace('/', '-')}", frozenset(rights), unit=unit)
        return RequestDesk(self.register.acting_as(clerk), calendar=WEEKDAYS)

    def confirmation(self, **more: str) -> UnitRequest:
        """Sài Gòn asks Huế about its resident."""
        values = {"number": NUMBER, "name": "NGUYỄN THỊ AN", "birth": "2001-03-05", **more}
        return self.desk(SAIGON).send(HUE, "confirmation", basis=BASIS, values=values, days=5)

    def check(self, days: int = 5, asked: str = HUE) -> UnitRequest:
        """Sài Gòn asks for a check."""
        return self.desk(SAIGON).send(
            asked, "check", basis=BASIS, wanted=["residence.real"], days=days
        )


__all__ = ["BASIS", "HANOI", "HUE", "KEYS", "NUMBER", "SAIGON", "Offices"]
