"""Writers and readers of one register, as threads of one process or as processes of their own."""

from __future__ import annotations

import json
import random
import sys
from typing import Any

from tests.register.people import KEYS, number, said, somebody

from civid.errors import AlreadyInRegisterError, ChangedMeanwhileError
from civid.people.citizen import Source
from civid.register import Register


def write(register: Register, who: int, shared: str, rounds: int) -> dict[str, Any]:
    """Add people, and count up one record that everybody counts up."""
    changed, collided, taken = 0, 0, []
    for turn in range(rounds):
        register.people.add(somebody(1000 * (who + 1) + turn), unit="46")
        while True:
            now = register.people.get(shared)
            text = f"Số {int(now.citizen.text('permanent_residence').split()[-1]) + 1}"
            claim = said("permanent_residence", text, source=Source.RESIDENCE)
            try:
                register.people.record(shared, [claim], version=now.version)
            except ChangedMeanwhileError:
                collided += 1
                continue
            changed += 1
            break
        try:  # everybody wants the same number
            register.people.add(somebody(900_000 + turn), unit="46")
            taken.append(turn)
        except AlreadyInRegisterError:
            pass
    return {"changed": changed, "collided": collided, "taken": taken}


def read(register: Register, who: int, shared: str, rounds: int) -> dict[str, Any]:
    """Read what is being changed: never half of it."""
    choose, versions = random.Random(who), []
    for _ in range(rounds):
        found = register.people.get(shared)
        assert found.version == len(found.citizen.claims) - 3  # the first act made four
        versions.append(found.version)
        which = choose.randrange(rounds)
        for one in register.find(name="Nguyễn Thị An An", limit=5).people:
            assert one.number
        for one in register.find(number=number(900_000 + which)).people:
            assert one.name == somebody(900_000 + which)[0].value
    assert versions == sorted(versions)
    return {"versions": len(versions)}


def main() -> None:
    where, gallery, what, who, shared, rounds = sys.argv[1:]
    with Register.open(where, keys=KEYS, gallery=gallery, actor=f"{what}-{who}") as register:
        work = write if what == "write" else read
        print(json.dumps(work(register, int(who), shared, int(rounds))))


if __name__ == "__main__":
    main()
