"""Accuracy on real prints: EER, FMR100, FMR1000 of every set, all pairs, thresholds per set.

    python benchmarks/accuracy/accuracy.py --data ../shared/data/prints [--json] [SET ...]

Without SET: the seven sets whose mean is civid's headline figure. ``all`` adds the others.
Intervals are 95 % bootstrap intervals that resample fingers. Nothing is kept between runs;
``civid evaluate`` does that, draws, and puts other engines beside civid.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

from civid.lab.evaluation import Lab, read_set
from civid.lab.peers import load_system
from civid.lab.report.text_tables import as_text, verification_table

SEVEN = [
    "FVC2002/DB1_B", "FVC2002/DB2_B", "FVC2002/DB3_B", "FVC2002/DB4_B",
    "FVC2004/DB1_B", "FVC2004/DB3_B", "FVC2004/DB4_B",
]  # fmt: skip
OTHERS = ["FVC2000/DB1_B", "FVC2000/DB3_B", "FVC2000/DB4_B", "UareU", "Lindex101", "UPEK"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", nargs="*", metavar="SET")
    parser.add_argument("--data", type=Path, default=Path("../shared/data/prints"))
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    sets = options.sets or SEVEN
    if sets == ["all"]:
        sets = SEVEN + OTHERS
    system = load_system("civid")
    with tempfile.TemporaryDirectory() as folder:
        lab = Lab(Path(folder), threads=options.threads, rounds=200)
        results = [lab.verify(read_set(options.data / name, name), system) for name in sets]
    if options.json:
        print(json.dumps([one.as_dict() for one in results], indent=2))
        return
    seven = [one for one in results if one.set_name in SEVEN]
    others = [one for one in results if one.set_name not in SEVEN]
    for some in filter(None, (seven, others)):
        print(as_text(verification_table(some)), end="\n\n")


if __name__ == "__main__":
    main()
