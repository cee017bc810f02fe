"""Where somebody lives, out of the claims."""

from __future__ import annotations

from datetime import date

import pytest
from tests.register.test_register import an, said

from civid.errors import AccessRefusedError
from civid.people.citizen import Source
from civid.people.residence import Duty, StayKind
from civid.register import Actor, Register


def test_stays_absences_and_duties(register: Register) -> None:
    made = register.people.add(
        [
            *an(),
            said("permanent_residence", "12 Lê Lợi", date(2010, 1, 1), Source.RESIDENCE),
            said("permanent_residence", "5 Trần Phú", date(2020, 1, 1), Source.RESIDENCE),
            said("temporary_residence", "Quận 1", date(2024, 3, 1), Source.RESIDENCE),
            said("temporary_absence", "đi học", date(2024, 3, 1), Source.RESIDENCE),
        ],
        unit="46",
    )
    found = register.residence.of(made.reference, day=date(2025, 1, 1))
    assert [(one.kind, one.address, one.ended) for one in found.stays] == [
        (StayKind.PERMANENT, "12 Lê Lợi", date(2020, 1, 1)),
        (StayKind.PERMANENT, "5 Trần Phú", None),
        (StayKind.TEMPORARY, "Quận 1", None),
    ]
    assert found.card_address == "5 Trần Phú"
    assert [(one.duty, one.due) for one in found.clocks] == [
        (Duty.EXTEND_TEMPORARY, date(2026, 3, 1))
    ]
    assert len(found.absences) == 1
    assert found.to_dict()["stays"][0]["ended"] == "2020-01-01"
    assert register.residence.of(made.reference, day=date(2012, 1, 1)).card_address == "12 Lê Lợi"
    with pytest.raises(AccessRefusedError):
        register.acting_as(Actor("other", unit="79")).residence.of(made.reference)
