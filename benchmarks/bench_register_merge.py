"""How long the merge of a mobile unit's day takes: 700 dossiers, on SQLite and PostgreSQL.

Run: ``python benchmarks/bench_register_merge.py [dossiers] [url]`` prints seconds and counts; a URL
names an empty PostgreSQL database. The people are invented, their prints random.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from datetime import date
from pathlib import Path

import numpy as np
from sqlalchemy import insert

from civid.fingerprint.template import MINUTIA_DTYPE, Template
from civid.people.citizen import Claim, Source, claim
from civid.position import Position
from civid.register import Register
from civid.register.enrolment.captures import place
from civid.register.enrolment.frames import FRAMES
from civid.register.identity.gallery_link import pack
from civid.register.identity.prints import promise_enrol, settle
from civid.register.ids import from_text, new_id
from civid.register.session import Work
from civid.register.store.identity_tables import captures, dossier_events, dossiers
from civid.register.vault import Purpose
from civid.search.segments.keys import StaticKeyProvider

DAY = date(2026, 3, 2)
UNIT = "46/19753"
KEYS = StaticKeyProvider({"2026": bytes(range(32))})
UNIT_KEYS = StaticKeyProvider({"unit": bytes(range(1, 33))})


def said(number: int) -> list[Claim]:
    texts = {
        "name": f"Nguyễn Văn {'ABCDEFGHIK'[number % 10]}nh", "birth": "05/03/1985", "sex": "nam",
        "number": f"046085{number:06d}", "permanent_residence": f"{number} Lê Lợi",
        "nationality": "Việt Nam", "ethnic": "Kinh", "home_town": "Huế",
    }  # fmt: skip
    return [claim(name, text, Source.CIVIL_STATUS, DAY) for name, text in texts.items()]


def dossier(register: Register, person: str) -> None:
    """A dossier as the counter leaves it: events, and 13 captures of 20 kB."""
    session = register._session

    def write(connection) -> None:  # type: ignore[no-untyped-def]
        work = Work(connection, session, session.clock())
        made = new_id()
        key, sealed = work.vault.seal(json.dumps({"todo": []}).encode(), "dossiers", made)
        connection.execute(insert(dossiers).values(
            id=made, person=from_text(person), unit=UNIT, procedure="issue", area="urban",
            state="taken", step="", filed=DAY.isoformat(), due=DAY.isoformat(), entered=work.now,
            version=1, key=key, sealed=sealed,
        ))  # fmt: skip
        connection.execute(insert(dossier_events), [
            {"dossier": made, "seq": seq, "at": work.now, "step": "capture", "state": "taken",
             "seconds": 60, "officer": "officer-3", "station": "1"}
            for seq in range(1, 9)
        ])  # fmt: skip
        rows = []
        for frame in FRAMES:
            key, sealed = work.vault.seal(
                os.urandom(20_000), "captures", made, place(frame.name, 1), purpose=Purpose.PRINTS
            )
            rows.append({"dossier": made, "frame": frame.name, "attempt": 1, "at": work.now,
                         "quality": 70, "reasons": "", "kept": 1, "key": key,
                         "sealed": sealed})  # fmt: skip
        connection.execute(insert(captures), rows)

    session.database.write(write)


def prints(seed: int, fingers: int = 10) -> dict[Position, Template]:
    """Random minutiae: as large as a hand's, and nobody's."""
    rng = np.random.default_rng(seed)
    found = {}
    for position in list(Position)[1 : fingers + 1]:
        minutiae = np.zeros(40, MINUTIA_DTYPE)
        minutiae["x"], minutiae["y"] = rng.uniform(20, 380, (2, 40))
        minutiae["angle"] = rng.uniform(0, 2 * np.pi, 40)
        minutiae["quality"] = 60
        found[position] = Template(minutiae, 60, 400, 400)
    return found


def main(count: int = 700, where: str = "") -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        options = {"keys": KEYS, "gallery": place / "gallery", "create": True}
        with Register.open(where or place / "register", **options) as register:  # type: ignore[arg-type]
            known = [register.people.add(said(i), unit=UNIT) for i in range(count // 2)]
            began = time.perf_counter()
            register.pack(place / "unit", unit=UNIT, keys=UNIT_KEYS)
            print(f"pack of {len(known)} people: {time.perf_counter() - began:.2f} s")
            with Register.open(place / "unit", keys=UNIT_KEYS) as unit:
                packed = {}
                for i in range(count):
                    if i < len(known):
                        change = claim("religion", "Không", Source.CITIZEN, DAY)
                        person = unit.people.record(known[i].reference, [change])
                    else:
                        person = unit.people.add(said(i), unit=UNIT)
                    dossier(unit, person.reference)
                    packed[from_text(person.reference)] = pack(prints(i))

                def promise(connection) -> None:  # type: ignore[no-untyped-def]
                    work = Work(connection, unit._session, unit._session.clock())
                    for one, fingers in packed.items():
                        promise_enrol(work, one, fingers)

                unit._session.database.write(promise)
                settle(unit._session)
            for what in ("merge", "again"):
                began, cpu = time.perf_counter(), time.process_time()
                report = register.merge(place / "unit", keys=UNIT_KEYS)
                wall, cpu = time.perf_counter() - began, time.process_time() - cpu
                print(f"{what}: {wall:.2f} s, CPU {cpu:.2f} s, {dict(report.counts)}")
            began = time.perf_counter()
            assert register.audit.verify().whole
            print(f"audit verified: {time.perf_counter() - began:.2f} s")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dossiers", type=int, nargs="?", default=700)
    parser.add_argument("where", nargs="?", help="address of a PostgreSQL server; else a folder")
    asked = parser.parse_args()
    main(asked.dossiers, *([asked.where] if asked.where else []))
