"""Real people for galleries: each finger of the sets of prints, or two of them as one subject's.

With two fingers, neighbouring fingers of a set are the two index fingers of one subject. Fingers of
MINDTCT sets that the codes were learned from are left out.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import search_galleries as galleries

from civid.fingerprint.template import Template
from civid.lab.evaluation import read_set
from civid.lab.evaluation.one_finger import one_name
from civid.search import Gallery

sys.path.append(str(Path(__file__).resolve().parents[1] / "accuracy"))
sys.path.append(str(Path(__file__).resolve().parents[1] / "train"))
from comparator_sets import MINDTCT_DPI, PRINT_SETS, TemplateSet, mindtct
from finger_sets import extract_all

FINGERS = galleries.FINGERS


@dataclass(frozen=True, slots=True)
class Person:
    """One subject: its id, its group, and its impressions, the first of which is enrolled."""

    name: str
    group: str
    prints: list[galleries.Prints]


def group_of(name: str) -> str:
    return name.partition("/")[0] if name.startswith("FVC") else name


def real_sets(data: Path, threads: int) -> Iterator[TemplateSet]:
    """All sets of prints through civid's extractor, then MINDTCT's without the training fingers."""
    for name in PRINT_SETS:
        samples = read_set(data / "prints" / name).samples
        templates = extract_all([one.path for one in samples], threads)
        labels = [f"{one.person}/{one.finger}" if one.person else one.finger for one in samples]
        numbers = [one.impression for one in samples]
        yield TemplateSet(name, templates, np.array(labels), np.array(numbers))
    for database in MINDTCT_DPI:
        full = mindtct(data / "templates" / "mindtct-csv", database)
        order = {finger: k for k, finger in enumerate(dict.fromkeys(full.finger.tolist()))}
        kept = [k for k, finger in enumerate(full.finger) if order[str(finger)] % 4 != 3]
        yield TemplateSet(
            full.name, [full.templates[k] for k in kept], full.finger[kept], full.impression[kept]
        )


def people(sets: list[TemplateSet], fingers: int) -> list[Person]:
    """One finger each, or two neighbouring fingers of a set; a finger of two sets comes once."""
    out = []
    for one in sets:
        rows: dict[str, list[tuple[int, Template]]] = defaultdict(list)
        for template, finger, number in zip(
            one.templates, one.finger.tolist(), one.impression.tolist(), strict=True
        ):
            if one_name(one.name, finger) == (one.name, finger) and len(template):
                rows[finger].append((number, template))
        names = list(rows)
        for k in range(0, len(names) - fingers + 1, fingers):
            chosen = [dict(rows[name]) for name in names[k : k + fingers]]
            common = sorted(set.intersection(*(set(one) for one in chosen)))
            prints = [
                dict(zip(FINGERS, [one[number] for one in chosen], strict=False))
                for number in common
            ]
            if len(prints) > 1:
                out.append(Person(f"{one.name} {names[k]}", group_of(one.name), prints))
    return out


def among_synthetic(
    folder: Path, who: list[Person], subjects: int, fingers: int, threads: int
) -> None:
    """A compacted gallery: real subjects spread evenly among synthetic ones, `subjects` in all."""
    gallery = Gallery.open(folder, background=False)
    places = np.linspace(0, subjects - 1, len(who)).astype(int)
    order = np.random.default_rng(fingers).permutation(len(who))
    real = {int(place): who[k] for place, k in zip(places, order, strict=True)}
    for begin, made in galleries.chunks(0, subjects, threads):
        batch = []
        for k, one in enumerate(made):
            person = real.get(begin + k)
            prints = dict(list(one.items())[:fingers])
            batch.append(
                (person.name, person.prints[0]) if person else (galleries.name(begin + k), prints)
            )
        gallery.enroll_many(batch, threads=threads)
    gallery.compact()
    gallery.close()


def among_made(folder: Path, who: list[Person], made: Path) -> int:
    """The same among the subjects of a gallery of `search_galleries.py`, which stay as they are:
    a compaction of few behind many would leave them a segment of their own, without lists. How
    many subjects there are."""
    with Gallery.open(made, read_only=True) as old, Gallery.open(folder, background=False) as new:
        names = list(old)
        places = np.linspace(0, len(names), len(who), dtype=int)
        order = np.random.default_rng(len(names)).permutation(len(who)).tolist()
        begin = 0
        for place, k in zip(places.tolist(), order, strict=True):
            batch = [(name, old.get(name)) for name in names[begin:place]]
            new.enroll_many([*batch, (who[k].name, who[k].prints[0])], threads=1)
            begin = place
        new.compact()
        return len(new)


def socofing(data: Path, fingers: int, threads: int) -> list[galleries.Prints]:
    """Persons of SOCOFing as strangers: each finger, or neighbouring fingers as index fingers."""
    samples = read_set(data / "prints" / "SOCOFing" / "Real").samples
    templates = [one for one in extract_all([s.path for s in samples], threads) if len(one)]
    return [
        dict(zip(FINGERS, templates[k : k + fingers], strict=False))
        for k in range(0, len(templates) - fingers + 1, fingers)
    ]
