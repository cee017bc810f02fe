"""Backups and restorations that are killed at any moment: nothing that there is, is half.

``CIVID_KILLS=1000`` kills so often; a few times unless told.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
from pathlib import Path

from tests.register.faults.worker import fingers
from tests.register.people import KEYS, number, somebody

from civid.register import Register
from civid.register.backup import copies, restore

ROUNDS = int(os.environ.get("CIVID_KILLS", "6"))
ROOT = Path(__file__).resolve().parents[3]


def main(folder: str, first: str) -> None:
    """Change, copy and restore until killed; say what a copy has to hold."""
    where = Path(folder)
    with Register.open(where / "centre", create=True, keys=KEYS, timeout=60) as register:
        done: list[int] = []
        threading.Thread(target=_write, args=(register, int(first), done), daemon=True).start()
        while True:
            acknowledged = list(done)
            report = register.backup(where / "copies", keep=3)
            print("copy", report.copy.number, *acknowledged, flush=True)
            target = where / f"again-{report.copy.number}"
            restore(where / "copies", target, keys=KEYS)
            print("restored", report.copy.number, flush=True)


def _write(register: Register, first: int, done: list[int]) -> None:
    for which in range(first, first + 100_000):
        made = register.people.add(somebody(which), unit="46")
        register.prints.enrol(made.reference, fingers(which))
        done.append(which)


def test_killed_backups(tmp_path: Path) -> None:
    choose = random.Random(os.environ.get("CIVID_SEED", "1"))
    seen = 0
    for turn in range(ROUNDS):
        path = os.pathsep.join([*sys.path, str(ROOT)])
        with subprocess.Popen(
            [sys.executable, __file__, str(tmp_path), str(turn * 10_000)],
            stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": path}, text=True,
        ) as process:  # fmt: skip
            assert process.stdout is not None
            first = process.stdout.readline()
            time.sleep(choose.uniform(0, 2.0))
            process.kill()
            lines = [first, *process.stdout]
        seen += _look(tmp_path, [line.split() for line in lines if line.endswith("\n")])
    assert seen >= ROUNDS


def _look(folder: Path, said: list[list[str]]) -> int:
    """Everything that was said to be there is, and everything that is there is whole."""
    held = {one.number: one for one in copies(folder / "copies")}
    told = {int(words[1]): words[2:] for words in said if words and words[0] == "copy"}
    assert said
    assert max(told) in held or max(held) > max(told)
    for which in range(max(told) - 1, max(held) + 1):
        target = folder / f"again-{which}"
        if not target.exists() and which in held:
            restore(folder / "copies", target, copy=which, keys=KEYS)
        if target.exists():
            with Register.open(target, keys=KEYS) as again:
                report = again.check()
                assert report.clean, report.found
                for one in told.get(which, ()):
                    again.person(number(int(one)))
    with Register.open(folder / "centre", keys=KEYS) as register:
        register.check(repair=True)
        assert register.check().clean
    return len(told)


if __name__ == "__main__":
    main(*sys.argv[1:])
