"""Merges beside others who write, and beside the same merge."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from tests.register.conftest import Opener
from tests.register.merge.test_killed import a_unit_with_a_day_of_work
from tests.register.merge.test_merge import UNIT, claims, moved, opened_cases, unit_of

from civid.errors import ChangedMeanwhileError
from civid.register import Register
from civid.register.merge import merging, people
from civid.register.store.tables import acts, intents, persons


def test_somebody_else_changes_a_person_meanwhile(
    register: Register, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = register.people.add(claims("046301000001"), unit=UNIT)
    folder = tmp_path / "unit"
    register.pack(folder, unit=UNIT)
    with unit_of(folder) as unit:
        unit.people.record(held.reference, [moved("5 Trần Phú")])
    real, lost = people._append, [2]

    def slower_than_another(*args: Any) -> Any:
        lost[0] -= 1
        if lost[0] >= 0:
            raise ChangedMeanwhileError("somebody else was first")
        return real(*args)

    monkeypatch.setattr(people, "_append", slower_than_another)
    assert register.merge(folder).counts["person"] == {"changed": 1}
    assert register.people.get(held.reference).version == 2
    with unit_of(folder) as unit:
        unit.people.record(held.reference, [moved("7 Hùng Vương")])
    lost[0] = 100
    with pytest.raises(ChangedMeanwhileError):
        register.merge(folder)
    assert register.people.get(held.reference).version == 2
    lost[0] = 0
    assert register.merge(folder).counts["person"] == {"changed": 1}
    assert register.people.get(held.reference).version == 3


def test_one_folder_merged_twice_at_once(
    opened: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without prints: a gallery lets one writer in, the other waits or says so."""
    monkeypatch.setattr(merging, "_CHUNK", 3)
    registers = [opened(), opened()]
    folder = tmp_path / "unit"
    everybody = a_unit_with_a_day_of_work(registers[0], folder, prints=False)
    failed: list[BaseException] = []

    def merge(register: Register) -> None:
        try:
            register.merge(folder)
        except ChangedMeanwhileError:
            register.merge(folder)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=merge, args=(one,)) for one in registers]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert failed == []
    with registers[0]._session.database.reading() as connection:
        counted = [
            connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (persons, acts, intents)
        ]
    half = len(everybody) // 2
    assert counted == [len(everybody) + 1, 3 * half + 2, 0]
    assert len(opened_cases(registers[0])) == 2
    assert registers[0].merge(folder).changed_nothing
    assert registers[0].audit.verify().whole
