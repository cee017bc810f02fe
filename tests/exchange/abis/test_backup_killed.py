"""Backups and restorations that are killed at any moment, while a service enrols.

``CIVID_KILLS=1000`` kills so often; a few times unless told.
"""

from __future__ import annotations

import os
import random
import shutil
import time
from pathlib import Path

import pytest
from tests import child
from tests.exchange.abis.model import KEYS
from tests.search.prints import person, same

from civid.errors import GalleryError
from civid.exchange.abis import Abis
from civid.exchange.abis.backup import copies, restore
from civid.position import Position

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs SIGKILL")

ROUNDS = int(os.environ.get("CIVID_KILLS", "4"))
#: How many the writer enrols at a time, so that prints enter the gallery long before the ledger.
TOGETHER = 3

WRITER = """
import sys
from tests.exchange.abis.model import KEYS
from tests.search.prints import person
from civid.exchange.abis import Abis

folder, together = sys.argv[1], int(sys.argv[2])
with Abis.open(folder + "/office", create=True, keys=KEYS, threads=1) as engine:
    if "passing" in engine:
        engine.delete("passing")
    first = engine.count()
    with open(folder + "/acknowledged", "a") as file:
        print("ready", flush=True)
        for number in range(first, 100_000, together):
            with engine.batch():
                for one in range(number, number + together):
                    engine.insert(str(one), person(one, 2))
            engine.insert("passing", person(number, 7))
            engine.delete("passing")
            file.write(f"{number + together}\\n")
            file.flush()
"""

COPIER = """
import sys
from pathlib import Path
from tests.exchange.abis.model import KEYS
from civid.exchange.abis.backup import backup, restore

where = Path(sys.argv[1])
while True:
    acknowledged = (where / "acknowledged").read_text().split("\\n")[:-1] or ["0"]
    report = backup(where / "office", where / "copies", keys=KEYS, keep=3)
    print("copy", report.copy.number, acknowledged[-1], flush=True)
    restore(where / "copies", where / f"again-{report.copy.number}", keys=KEYS)
    print("restored", report.copy.number, flush=True)
"""


def test_killed_backups_beside_a_service(tmp_path: Path) -> None:
    choose = random.Random(os.environ.get("CIVID_SEED", "1"))
    seen = 0
    for turn in range(ROUNDS):
        with child.Script(WRITER, str(tmp_path), str(TOGETHER)) as writer:
            assert writer.stdout.readline() == "ready\n"
            with child.Script(COPIER, str(tmp_path)) as copier:
                first = copier.stdout.readline()
                time.sleep(choose.uniform(0, 0.6))
                if turn % 3 == 2:
                    writer.kill()  # the service dies while it is copied
                    time.sleep(choose.uniform(0, 0.2))
                copier.kill()
                assert copier.was_killed
                lines = [line for line in (first, *copier.stdout) if line.endswith("\n")]
            writer.kill()
            assert writer.was_killed
        seen += _look(tmp_path, [line.split() for line in lines])
    assert seen >= ROUNDS


def _look(folder: Path, said: list[list[str]]) -> int:
    """Everything that was said to be there is, and everything that is there is whole."""
    held = {one.number: one for one in copies(folder / "copies")}
    told = {int(words[1]): int(words[2]) for words in said if words[0] == "copy"}
    assert told
    assert max(held) >= max(told)
    for number, copy in held.items():
        target = folder / f"again-{number}"
        if not target.exists():
            try:
                restore(folder / "copies", target, copy=number, keys=KEYS)
            except GalleryError as error:
                raise AssertionError(f"copy {number} is not whole") from error
        with Abis.open(target, keys=KEYS, threads=1) as engine:
            people = set(engine.people(limit=1_000_000))
            whole = {one for one in people if one != "passing"}
            assert len(people) == copy.people
            assert len(whole) % TOGETHER == 0
            assert len(whole) >= told.get(number, 0)
            assert engine.check() == len(engine._parts.gallery) == len(people)
            for one in sorted(whole, key=int)[-TOGETHER:]:
                (kept,) = engine.encounters(one)
                for place, print_ in person(int(one), 2).items():
                    assert same(kept.fingers[Position(place)], print_)
        shutil.rmtree(target)
    with Abis.open(folder / "office", keys=KEYS, threads=1) as engine:
        engine.check()
    return len(told)
