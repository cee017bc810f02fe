"""Accuracy of the comparator alone, on minutiae by other extractors.

    python benchmarks/accuracy/comparator_accuracy.py [--data ../shared/data] [--json FILE]

MINDTCT minutiae of FVC2002 DB1-4_A under the full FVC protocol (2,800 genuine, 4,950 impostor),
without quality and type; those of DB1_A with the quality that MINDTCT gives and with wrong ones;
another vendor's ISO records of the B sets (types, no quality), all pairs (280 genuine, 2,880
impostor). EER, FMR100 and FMR1000 in %, thresholds per set.
"""

from __future__ import annotations

import argparse
import json
import sys
from itertools import chain
from pathlib import Path

import numpy as np

from civid.lab.metrics import equal_error_rate, fnmr_at_fmr

sys.path.append(str(Path(__file__).resolve().parents[1] / "train"))
from comparator_sets import Comparer, foreign, mindtct_with_quality


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    rows: list[dict[str, object]] = []
    print(f"{'set':34} genuine impostor   EER  FMR100 FMR1000")
    groups: dict[str, list[list[float]]] = {}
    xyt = arguments.data / "templates" / "mindtct-xyt-FVC2002-DB1_A"
    for one in chain(foreign(arguments.data), mindtct_with_quality(xyt)):
        mindtct = one.name.startswith("MINDTCT")
        group = "MINDTCT A sets" if mindtct else "ISO records"
        pairs, mated = one.pairs("fvc" if mindtct else "all")
        raw = Comparer(one.templates).raw(pairs)
        genuine, impostor = raw[mated], raw[~mated]
        figures = [
            100 * equal_error_rate(genuine, impostor),
            100 * fnmr_at_fmr(genuine, impostor, 1e-2),
            100 * fnmr_at_fmr(genuine, impostor, 1e-3),
        ]
        if "quality" not in one.name:
            groups.setdefault(group, []).append(figures)
        print(
            f"{one.name:34} {len(genuine):7} {len(impostor):8} {figures[0]:5.2f} "
            f"{figures[1]:7.2f} {figures[2]:7.2f}",
            flush=True,
        )
        rows.append(
            {
                "set": one.name,
                "genuine": len(genuine),
                "impostor": len(impostor),
                "eer": figures[0],
                "fmr100": figures[1],
                "fmr1000": figures[2],
            }
        )
    for group, all_figures in groups.items():
        mean = np.mean(all_figures, axis=0)
        name = f"mean of {len(all_figures)} {group}"
        print(f"{name:51} {mean[0]:5.2f} {mean[1]:7.2f} {mean[2]:7.2f}")
    if arguments.json:
        arguments.json.write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main()
