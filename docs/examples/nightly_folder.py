"""A folder of the day's prints, every night into the gallery; who looks like another is held.

    python nightly_folder.py in/ people/ night.csv

Files are called ``PERSON_FINGER.png`` (or BMP, JPEG, WSQ, a record), for example
``046301123456_right-index.png``. The same folder may be run again: what is in the gallery already
stays. Exit code 1: somebody is held, or a file could not be used; the report says who and why.
`civid enroll --folder` and `civid gallery duplicates` do this without a program, for larger folders
and with pictures.
"""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from pathlib import Path

from civid import CividError, Gallery, Gate, Position, Template, read_upload

GATE = Gate(min_quality=20, min_minutiae=12)
NAMED = {one.word: one for one in Position}


def run(folder: Path, gallery_folder: Path, report: Path) -> int:
    """Enrol the folder; -> the exit code."""
    people: dict[str, dict[Position, Template]] = defaultdict(dict)
    rows: list[tuple[str, str, str]] = []
    for path in sorted(folder.iterdir()):
        person, _, finger = path.stem.rpartition("_")
        try:
            one = read_upload(path.read_bytes()).one(NAMED[finger])
        except KeyError:
            rows.append((path.name, "left out", "its name does not say who and which finger"))
        except CividError as error:
            rows.append((path.name, "left out", str(error)))
        else:
            verdict = GATE.judge(one)
            if verdict.accepted:
                people[person][NAMED[finger]] = one.template
            else:
                rows.append((path.name, "refused", "; ".join(verdict.advice("en"))))
    with Gallery.open(gallery_folder) as gallery:
        for person, fingers in people.items():
            rows.append((person, *enrolled(gallery, person, fingers)))
    with report.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("what", "outcome", "why"), *rows])
    return int(any(outcome != "in the gallery" for _, outcome, _ in rows))


def enrolled(gallery: Gallery, person: str, fingers: dict[Position, Template]) -> tuple[str, str]:
    """Outcome and reason; search and enrolment are one step, as only this program writes."""
    others = [one for one in gallery.search(fingers, 5, max_fpir=1e-4) if one.subject_id != person]
    if others:
        return "held", "like " + ", ".join(f"{one.subject_id} ({one.score:.0f})" for one in others)
    if person not in gallery:
        gallery.enroll(person, fingers)
        return "in the gallery", "new"
    kept = gallery.get(person)
    added = [position for position in fingers if position not in kept]
    for position in added:
        gallery.put_finger(person, position, fingers[position])
    return "in the gallery", "another finger" if added else "as before"


if __name__ == "__main__":
    sys.exit(run(*map(Path, sys.argv[1:4])))
