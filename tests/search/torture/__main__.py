"""``python -m tests.search.torture --minutes 10``: all kinds, plain and encrypted."""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from pathlib import Path

from . import upkeep
from .chamber import BAD, torture
from .chamber import KINDS as GALLERY_KINDS

KINDS = (*GALLERY_KINDS, *upkeep.KINDS)


def main() -> int:
    """-> 1 if a round ended badly."""
    options = argparse.ArgumentParser(prog="torture", description=__doc__)
    options.add_argument("--minutes", type=float, default=5, help="for all kinds together")
    options.add_argument("--rounds", type=int, default=1_000_000, help="at most so many of a kind")
    options.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    options.add_argument("--only", choices=[kind.__name__ for kind in KINDS], help="one kind")
    chosen = options.parse_args()
    print(f"seed {chosen.seed}")
    print(f"{'':24}{'rounds':>8}" + "".join(f"{bad:>9}" for bad in BAD))
    bad_ones = 0
    kinds = [kind for kind in KINDS if chosen.only in (None, kind.__name__)]
    for kind in kinds:
        for name in ("plain", "sealed"):
            with tempfile.TemporaryDirectory(prefix="civid-torture-") as folder:
                path = Path(folder) / "here" / name
                path.parent.mkdir()
                found = torture(
                    kind, path, chosen.seed, 30 * chosen.minutes / len(kinds), chosen.rounds
                )
            line = "".join(f"{found[bad]:9,}" for bad in BAD)
            print(f"{kind.__name__ + ', ' + name:24}{found['rounds']:8,}{line}", flush=True)
            bad_ones += sum(found[bad] for bad in BAD)
    return 1 if bad_ones else 0


if __name__ == "__main__":
    sys.exit(main())
