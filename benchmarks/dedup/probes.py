"""A register of people who do not exist, and who comes to its counter: the truth is known."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from random import Random

import numpy as np

from civid.fingerprint.template import Template
from civid.lab.synthetic.templates.galleries import SyntheticGallery
from civid.people.citizen import Claim, Source, claim
from civid.people.synthetic.households import Row
from civid.people.synthetic.linkage import REWRITINGS
from civid.position import Position
from civid.register import Register

sys.path.append(str(Path(__file__).resolve().parents[1] / "accuracy"))

AS_OF = date(2024, 12, 31)
RIGHT, LEFT = Position.RIGHT_INDEX, Position.LEFT_INDEX
Fingers = dict[Position, Template]
FIELDS = {
    "name": "name", "birth": "birth", "sex": "sex", "number": "number", "cmnd9": "cmnd9",
    "father_number": "father_number", "mother_number": "mother_number",
    "residence_file": "household", "home_town": "province_name",
}  # fmt: skip


@dataclass(frozen=True)
class Probe:
    """Somebody at the counter, and the truth about them.

    Attributes
    ----------
    kind : str
    row : dict
        Their data.
    fingers : dict
    mate : str
        Reference of who they are in the register; empty = nobody.
    look : bool
        Whether people should see this dossier although the person is new.
    """

    kind: str
    row: Row
    fingers: Fingers
    mate: str = ""
    look: bool = False


def claims(row: Row) -> tuple[Claim, ...]:
    return tuple(
        claim(name, row[column], Source.CIVIL_STATUS, AS_OF)
        for name, column in FIELDS.items()
        if row[column]
    )


def typed_again(row: Row, rng: Random) -> Row:
    """Slips of another day: a name rewritten in 1 of 5, a birth in 1 of 12, no number in 1 of 4."""
    made = dict(row)
    if rng.random() < 0.2:
        made["name"] = REWRITINGS[rng.choice(sorted(REWRITINGS))](row["name"]) or row["name"]
    slip = rng.random()
    if slip < 0.05:
        made["birth"] = row["birth"][-4:]
    elif slip < 0.08 and int(row["birth"][:2]) <= 12:
        made["birth"] = f"{row['birth'][3:5]}/{row['birth'][:2]}/{row['birth'][-4:]}"
    if rng.random() < 0.25:
        made["number"] = ""
    if rng.random() < 0.25:
        made["household"] = f"MV{rng.randrange(10**7):07d}"
    return made


class Prints:
    """Prints by subject: synthetic, or of the few real people first."""

    def __init__(self, seed: int, real: list[list[Fingers]]):
        self._made = SyntheticGallery(seed, fingers=[RIGHT, LEFT])
        self.real = real

    def of(self, subject: int, number: int = 0) -> Fingers:
        if subject < len(self.real):
            return self.real[subject][number % len(self.real[subject])]
        return {place: self._made.impression(subject, place, number) for place in (RIGHT, LEFT)}


def worse(template: Template, seed: int) -> Template:
    """A poor print of this finger: of its minutiae 4 in 10 lost, as many false, the others moved.

    So that scores spread as those of real prints below quality 20 did under `civid-comparison/1`;
    under /2 they score lower than those do: of 200 real ones 17 score below 30, 13 to 40, 33 to
    60, 71 to 90 (`mated_scores.py`); of 200 of these 24, 16, 50, 81.
    """
    rng, held = np.random.default_rng(seed), template.minutiae
    kept = held[rng.random(len(held)) < 0.6].copy()
    lost = len(held) - len(kept)
    false = held[rng.integers(0, len(held), lost)].copy()
    for name, size in (("x", template.width), ("y", template.height)):
        moved = np.round(kept[name] + rng.normal(0, 2, len(kept)))
        kept[name] = np.clip(moved, 0, size - 1)
        false[name] = rng.integers(0, size, lost)
    false["angle"] = rng.uniform(0, 2 * np.pi, lost)
    return replace(template, minutiae=np.concatenate([kept, false]), quality=5)


def real_people(threads: int) -> list[list[Fingers]]:
    """Impressions of both index fingers of each real person, two at least."""
    from finger_sets import socofing, uareu

    found: dict[str, list[Fingers]] = {}
    for (person, _), fingers in sorted(uareu(threads).items()):
        found.setdefault(f"u{person}", []).append(_index(fingers))
    enrolled = socofing("Real", threads)
    for (person, _), fingers in sorted(socofing("Altered-Easy", threads).items()):
        first = enrolled[person, ""]
        if {RIGHT, LEFT} <= set(fingers) and {RIGHT, LEFT} <= set(first):
            found.setdefault(f"s{person}", [_index(first)]).append(_index(fingers))
    return [many for many in found.values() if len(many) > 1]


def _index(fingers: Fingers) -> Fingers:
    return {place: fingers[place] for place in (RIGHT, LEFT)}


def fill(register: Register, rows: list[Row], prints: Prints, operator: Fingers) -> list[str]:
    """Everybody, the last twenty with the operator's left index finger; their references."""
    references = []
    for at, row in enumerate(rows):
        fingers = prints.of(at)
        if at >= len(rows) - 20:
            fingers = {**fingers, LEFT: operator[LEFT]}
        made = register.people.add(claims(row), unit="46")
        register.prints.enrol(made.reference, fingers)
        references.append(made.reference)
    return references


def _namesake(fresh: Iterator[Row], named: dict[tuple[str, str], list[Row]]) -> tuple[Row, Row]:
    """The next newcomer who bears the name of somebody here, as it comes; and that person.

    Common names meet most: a name drawn from those of everybody here is far rarer.
    """
    for person in fresh:
        if others := named.get((person["name"], person["sex"])):
            return person, others[0]
    raise AssertionError("newcomers never end")


def probes(
    rows: list[Row], fresh: Iterator[Row], references: list[str], prints: Prints,
    operators: Prints, each: int, rng: Random,
) -> Iterator[Probe]:  # fmt: skip
    usual = range(len(rows) - 20)
    named: dict[tuple[str, str], list[Row]] = {}
    for at in usual:
        named.setdefault((rows[at]["name"], rows[at]["sex"]), []).append(rows[at])
    new = len(rows) + 1000
    # The real ones first, so that they are asked about.
    chosen = list(range(min(each, len(prints.real))))
    chosen += rng.sample(range(len(prints.real), len(usual)), each - len(chosen))
    for at in chosen:
        again, here = typed_again(rows[at], rng), references[at]
        second, third = prints.of(at, 1), prints.of(at, 2)
        yield Probe("duplicate, same data", again, second, here)
        yield Probe("duplicate, other name and numbers", next(fresh), third, here)
        yield Probe("duplicate, hands swapped", again, {RIGHT: third[LEFT], LEFT: third[RIGHT]},
                    here)  # fmt: skip
        new += 1
        own = prints.of(new)
        yield Probe("duplicate, one finger useless", again, {**second, LEFT: own[LEFT]}, here)
        poor = {place: worse(one, at) for place, one in second.items()}
        yield Probe("duplicate, both fingers poor", again, poor, here)
        yield Probe("duplicate, another's prints", again, prints.of(new + 5 * 10**6), here)
        yield Probe("newcomer", next(fresh), own)
        bad = {place: worse(one, new) for place, one in own.items()}
        yield Probe("newcomer, both fingers poor", next(fresh), bad)
        person, namesake = _namesake(fresh, named)
        alike = {**person, "birth": namesake["birth"]}
        yield Probe("newcomer, name and birth of another", alike, prints.of(new + 10**6))
        person = next(fresh)
        rare = {**person, "name": rows[at]["name"], "birth": rows[at]["birth"],
                "sex": rows[at]["sex"]}  # fmt: skip
        yield Probe("newcomer, a name drawn from all", rare, prints.of(new + 5 * 10**7))
        words = rows[at]["name"].split()
        while person["name"].split()[-1] == words[-1]:  # twins never bear one name
            person = next(fresh)
        twin = {**rows[at], "number": person["number"], "cmnd9": "",
                "name": " ".join([*words[:-1], person["name"].split()[-1]])}  # fmt: skip
        yield Probe("newcomer, twin of another", twin, prints.of(new + 2 * 10**6))
        shared = {**person, "number": rows[at]["number"]}
        yield Probe("two people, one number", shared, prints.of(new + 3 * 10**6), look=True)
        fingers = {**prints.of(new + 4 * 10**6), LEFT: operators.of(0, 2 + new)[LEFT]}
        yield Probe("operator's finger", next(fresh), fingers, look=True)
