"""What a record format costs in accuracy: the same templates through each, compared again.

    python benchmarks/accuracy/formats.py [--data ../shared/data/prints] [--json FILE] [SET ...]

civid's own minutiae of the four FVC2002 B sets, all pairs (280 genuine, 2,880 impostor a set). Both
templates of a pair have been through the format: written with `Template.to_bytes`, read with
`Template.from_bytes`. EER in %, thresholds per set, and the mean of the sets; of the card formats
also with at most 60 and 36 minutiae, as cards take them.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from civid import Template
from civid.formats.minutiae import FORMATS
from civid.formats.minutiae.card import Parameters
from civid.lab.metrics import equal_error_rate

sys.path.append(str(Path(__file__).resolve().parents[1] / "train"))
from comparator_sets import Comparer, TemplateSet, extracted

SETS = [f"FVC2002/DB{number}_B" for number in (1, 2, 3, 4)]
CARD = "iso19794-2:2005-card"
COMPACT = "iso19794-2:2005-compact-card"


def through(template: Template, key: str, options: dict[str, Any]) -> Template:
    """The template that a format gives back."""
    data = template.to_bytes(key, **options)
    size = (template.width, template.height) if key == "xyt" else None
    return Template.from_bytes(data, format=key, size=size)


def eer(one: TemplateSet) -> tuple[float, int, int]:
    pairs, mated = one.pairs("all")
    raw = Comparer(one.templates).raw(pairs)
    genuine, impostor = raw[mated], raw[~mated]
    return 100 * equal_error_rate(genuine, impostor), len(genuine), len(impostor)


def ways() -> list[tuple[str, str, dict[str, Any]]]:
    """Name, key and options of every way through a format; the template itself has no key."""
    made: list[tuple[str, str, dict[str, Any]]] = [("template itself", "", {})]
    made += [(key, key, {}) for key in FORMATS]
    for most in (60, 36):
        made += [
            (f"{key}, {most} minutiae", key, {"parameters": Parameters(0, most)})
            for key in (CARD, COMPACT)
        ]
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", nargs="*", metavar="SET", default=SETS)
    parser.add_argument("--data", type=Path, default=Path("../shared/data/prints"))
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    sets = [extracted(options.data, name, options.threads) for name in options.sets]
    rows: list[dict[str, object]] = []
    names = " ".join(f"{name.split('/')[-1]:>6}" for name in options.sets)
    print(f"{'format':43} {names}   mean")
    for name, key, how in ways():
        figures = []
        for one in sets:
            templates = [through(each, key, how) if key else each for each in one.templates]
            figures.append(eer(replace(one, templates=templates)))
        errors = [figure for figure, _, _ in figures]
        shown = " ".join(f"{error:6.2f}" for error in errors)
        print(f"{name:43} {shown} {np.mean(errors):6.2f}", flush=True)
        rows.append({"format": name, "eer": errors, "mean": float(np.mean(errors))})
    genuine, impostor = (sum(figure[column] for figure in figures) for column in (1, 2))
    print(f"{genuine} genuine and {impostor} impostor pairs")
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main()
