"""A register's first day: opened under a key, filled, asked, corrected, checked.

    pip install 'civid[register]'
    REGISTER_KEY=$(openssl rand -hex 32) python register_first_day.py register/

Who did what, and on whose word, stays known. Names and numbers are made up. `civid register` does
the same from a command line, brings in old tables, and packs a part of it for a mobile unit.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from civid.people.citizen import Claim, Source, claim
from civid.register import Actor, Register
from civid.search.segments.keys import StaticKeyProvider

UNIT = "46/474"
PEOPLE = (
    {"name": "Nguyễn Thị An", "birth": "05/03/2001", "sex": "Nữ", "number": "046301000017"},
    {"name": "Trần Văn Bình", "birth": "17/11/1987", "sex": "Nam", "number": "046087000025"},
)


def said(fields: Mapping[str, str], source: Source, day: date) -> list[Claim]:
    """What a source said on a day; every field keeps both."""
    return [claim(field, text, source, day) for field, text in fields.items()]


def first_day(folder: Path, keys: StaticKeyProvider, today: date) -> list[str]:
    """Do all of it; -> what a clerk would read."""
    clerk = Actor("officer-17", unit=UNIT, station="máy 1")
    told: list[str] = []
    with Register.open(folder, keys=keys, actor=clerk, create=True) as register:
        for fields in PEOPLE:
            register.people.add(said(fields, Source.CIVIL_STATUS, today), unit=UNIT)
        (found,) = register.find(name="nguyen thi an", birth=2001).people
        told.append(f"found without its marks: {found.name}")
        # A certificate shows another day of birth; what was said before stays in the history.
        shown = said({"birth": "06/03/2001"}, Source.CIVIL_STATUS, today)
        corrected = register.people.record(found.reference, shown, version=found.version)
        told.append(f"born {corrected.citizen.text('birth')}, version {corrected.version}")
        acts = register.people.history(found.reference)
        told += [f"{one.kind} of {', '.join(one.fields)} by {one.actor}" for one in acts]
        report = register.check()
        told.append("all of it agrees" if report.clean else "something is damaged")
    return told


if __name__ == "__main__":
    # A real key lives in a key service; whoever loses it loses the register.
    key = StaticKeyProvider({"2026": bytes.fromhex(os.environ["REGISTER_KEY"])})
    print(*first_day(Path(sys.argv[1]), key, date.today()), sep="\n")
