"""Residence (cư trú): where somebody lives by their claims, and what the law asks for by when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from civid.people.citizen import Citizen
from civid.people.residence import (
    Absence,
    Clock,
    EndReason,
    Stay,
    StayKind,
    card_address,
    clocks,
)
from civid.register.population.people import held
from civid.register.session import Service, Work, reads

_KINDS = {"permanent_residence": StayKind.PERMANENT, "temporary_residence": StayKind.TEMPORARY}


@dataclass(frozen=True, slots=True, repr=False)
class ResidenceRecord:
    """Where somebody lives on a day.

    Attributes
    ----------
    stays : tuple of Stay
        Permanent and temporary, oldest first; one ends when the next begins.
    absences : tuple of Absence
        Declared (khai báo tạm vắng).
    clocks : tuple of Clock
        Duties that are open or coming, earliest first.
    card_address : str
        What a card of that day shows.
    """

    stays: tuple[Stay, ...]
    absences: tuple[Absence, ...]
    clocks: tuple[Clock, ...]
    card_address: str

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {
            "stays": [
                {"kind": one.kind.value, "unit": one.unit_code, "address": one.address,
                 "start": one.start.isoformat(), "ended": one.ended and one.ended.isoformat()}
                for one in self.stays
            ],
            "absences": [{"start": one.start.isoformat()} for one in self.absences],
            "clocks": [
                {"duty": one.duty.value, "due": one.due.isoformat(), "certain": one.certain,
                 "note": one.note}
                for one in self.clocks
            ],
            "card_address": self.card_address,
        }  # fmt: skip

    def __repr__(self) -> str:
        return f"<ResidenceRecord of {len(self.stays)} stays>"


class Residence(Service):
    """Where people of a register live. Safe for threads."""

    @reads("residence.read")
    def of(self, work: Work, person: str, *, day: date | None = None) -> ResidenceRecord:
        """Stays, absences and duties of somebody; law of 2020 (68/2020/QH14)."""
        citizen = held(work, person, None).citizen
        day = day or work.session.today()
        stays, absences = stays_of(citizen), absences_of(citizen)
        address = card_address(stays, day)
        return ResidenceRecord(
            stays,
            absences,
            clocks(stays, absences, day),
            "" if address is None else address.address,
        )


def stays_of(citizen: Citizen) -> tuple[Stay, ...]:
    """The claims about residence as stays."""
    found = []
    for field, kind in _KINDS.items():
        made = sorted(citizen.history(field), key=lambda one: (one.effective, one.recorded))
        by_day = {one.effective: one for one in made}  # the last word about a day holds
        days = list(by_day)
        for at, one in enumerate(by_day.values()):
            ended = days[at + 1] if at + 1 < len(days) else None
            reason = None if ended is None else EndReason.MOVED
            found.append(
                Stay(kind, one.unit, "", one.recorded_as, one.effective, ended=ended, reason=reason)
            )
    return tuple(sorted(found, key=lambda stay: stay.start))


def absences_of(citizen: Citizen) -> tuple[Absence, ...]:
    """The claims about absence as absences, declared when they were recorded."""
    return tuple(
        Absence(one.effective, declared=one.recorded)
        for one in citizen.history("temporary_absence")
    )
