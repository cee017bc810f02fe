"""Merges that are killed at any moment: the next one goes on, nothing is lost or done twice."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select
from tests.child import Script
from tests.register.conftest import Opener
from tests.register.merge.test_merge import UNIT, claims, moved, opened_cases, unit_of
from tests.search.prints import person

from civid.position import Position
from civid.register import Register
from civid.register.store.tables import acts, intents, persons, runs
from civid.register.store.tables import prints as prints_table

PEOPLE = 12
_CHILD = """
import sys
from civid.register import Register
from civid.register.merge import merging
merging._CHUNK = 2
where, gallery, folder = sys.argv[1:]
with Register.open(where, gallery=gallery) as register:
    print("ready", flush=True)
    register.merge(folder, on_progress=lambda done, total: print(done, flush=True))
print("done", flush=True)
"""


def a_unit_with_a_day_of_work(register: Register, folder: Path, prints: bool = True) -> list[str]:
    known = [
        register.people.add(claims(f"0463010000{i:02}"), unit=UNIT).reference for i in range(PEOPLE)
    ]
    register.people.add(claims("046301000099"), unit=UNIT)
    register.pack(folder, unit=UNIT, people=known)
    register.people.record(known[0], [moved("ở đây")])
    everybody = []
    with unit_of(folder) as unit:
        for i, one in enumerate(known):
            unit.people.record(one, [moved("5 Trần Phú")])
            if prints:
                unit.prints.enrol(one, person(i, Position.RIGHT_INDEX))
            everybody.append(one)
        for i in range(PEOPLE, 2 * PEOPLE):  # the first of them has the number of somebody here
            number = "046301000099" if i == PEOPLE else f"0463010001{i:02}"
            one = unit.people.add(claims(number), unit=UNIT).reference
            if prints:
                unit.prints.enrol(one, person(i, Position.RIGHT_INDEX))
            unit.households.make(f"HS-{i}", {one: "chủ hộ"}, unit=UNIT)
            everybody.append(one)
    return everybody


def killed(where: str, gallery: Path, folder: Path, after: int, chance: random.Random) -> bool:
    """Merge in another process and kill it; whether it had come to its end before."""
    last = ""
    with Script(_CHILD, where, str(gallery), str(folder)) as script:
        for lines, line in enumerate(script.stdout, 1):
            last = line.strip()
            if lines > after or last == "done":
                break
        time.sleep(chance.uniform(0, 0.02))
        script.kill()
    return last == "done"


@pytest.mark.parametrize("seed", [1, 2])
def test_a_merge_that_is_killed_is_completed(
    where: str, opened: Opener, tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    gallery = tmp_path / "gallery"
    register = opened(gallery=gallery)
    folder = tmp_path / "unit"
    everybody = a_unit_with_a_day_of_work(register, folder)
    register.close()
    ends = [killed(where, gallery, folder, chance.randrange(1, 6), chance) for _ in range(4)]
    assert not ends[0]
    register = opened(gallery=gallery)
    report = register.merge(folder)
    assert report.resumed or report.changed_nothing
    with register._session.database.reading() as connection:
        counted = {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (persons, acts, prints_table, intents, runs)
        }
    assert counted["persons"] == 2 * PEOPLE + 1
    assert counted["intents"] == 0
    assert counted["prints"] == 2 * PEOPLE
    # Each added once and changed once; one act was withheld, one number was taken back; and one
    # act was done here.
    assert counted["acts"] == (PEOPLE + 1) + PEOPLE + PEOPLE + 1
    assert counted["runs"] == 1
    assert sum(report.counts["person"].values()) == 2 * PEOPLE
    assert report.counts["person"]["new"] == PEOPLE
    assert sorted(codes for _, codes, _ in opened_cases(register)) == [
        ["number.personal"], ["permanent_residence.changed"],
    ]  # fmt: skip
    assert len(register._session.link.gallery) == 2 * PEOPLE
    for i in (0, PEOPLE, 2 * PEOPLE - 1):
        (hit,) = register.prints.identify(person(i, Position.RIGHT_INDEX))
        assert hit.reference == everybody[i]
    assert len(register.households.page(UNIT).items) == PEOPLE
    assert register.audit.verify().whole
    assert register.merge(folder).changed_nothing
