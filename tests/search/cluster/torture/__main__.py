"""``python -m tests.search.cluster.torture --rounds 300``: on Ray, or within this process."""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

from tests.search.cluster.torture.chamber import BAD, FAULTS, torture
from tests.search.cluster.torture.machines import LocalMachine, RayMachine


def main() -> int:
    """-> 1 if a round ended badly."""
    options = argparse.ArgumentParser(prog="torture", description=__doc__)
    options.add_argument("--rounds", type=int, default=300)
    options.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    options.add_argument("--local", action="store_true", help="within this process, without Ray")
    options.add_argument("--only", choices=list(FAULTS), help="one kind of fault")
    chosen = options.parse_args()
    print(f"seed {chosen.seed}", flush=True)
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="civid-torture-") as folder:
        machine = (LocalMachine if chosen.local else RayMachine)(Path(folder))
        try:
            done = torture(machine, chosen.rounds, chosen.seed, only=chosen.only)
        finally:
            machine.close()
    for fault, count in sorted(done.faults.items()):
        print(f"{fault:20}{count:6}")
    print(f"{chosen.rounds} rounds in {time.monotonic() - started:.0f} s, "
          f"{done.count} enrolments, {len(done.removed)} removals; "
          + ", ".join(f"{bad} {done.bad[bad]}" for bad in BAD))  # fmt: skip
    return 1 if sum(done.bad.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
