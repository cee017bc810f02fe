"""m and u from pairs without labels, against the truth of a population that was made."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from itertools import combinations
from random import Random

import pytest

from civid.dedup.decision import Record, Weights, estimate
from civid.dedup.decision.em import pattern
from civid.dedup.decision.levels import LEVELS, MISSING
from civid.people import dates
from civid.people.names import key
from civid.people.sex import parse
from civid.people.synthetic.households import Families, Row
from civid.people.synthetic.linkage import REWRITINGS


def record(row: Row, birth: str, name: str, number: str) -> Record:
    return Record(
        names=(name,),
        birth=dates.parse(birth) if birth else None,
        sex=parse(row["sex"]),
        place=row["registration_code"],
        father=row["father_number"],
        mother=row["mother_number"],
        household=row["household"],
        number=number,
        cmnd9=frozenset(filter(None, [row["cmnd9"]])),
    )


def typed_again(row: Row, rng: Random) -> Record:
    """The same person on another day, with slips whose rates are known."""
    name, birth, number = row["name"], row["birth"], row["number"]
    if rng.random() < 0.2:
        kind = rng.choice(["case", "no accents", "middle name missing", "letter lost"])
        name = REWRITINGS[kind](name) or name
    slip = rng.random()
    if slip < 0.05:
        birth = birth[-4:]
    elif slip < 0.08 and int(birth[:2]) <= 12:
        birth = f"{birth[3:5]}/{birth[:2]}/{birth[-4:]}"
    if rng.random() < 0.3:
        number = ""
    moved = dict(row)
    if rng.random() < 0.25:
        moved["household"] = f"HH9{rng.randrange(10**7):07d}"
    return record(moved, birth, name, number)


def population(seed: int = 5, people: int = 1500) -> tuple[list[Record], set[tuple[int, int]]]:
    """People once, and 400 of them once more; the pairs that are one person."""
    rows: list[Row] = []
    families = Families(seed, date(2024, 12, 31))
    while len(rows) < people:
        rows += families.household()
    rng = Random(seed)
    records = [record(row, row["birth"], row["name"], row["number"]) for row in rows]
    twice = rng.sample(range(len(rows)), 400)
    truth = {(at, len(rows) + i) for i, at in enumerate(twice)}
    return records + [typed_again(rows[at], rng) for at in twice], truth


def blocked(records: list[Record]) -> list[tuple[int, int]]:
    """Pairs of one birth year and given name, of one household, or of one birthday."""
    blocks: dict[object, list[int]] = defaultdict(list)
    for at, one in enumerate(records):
        if one.birth is not None:
            blocks["g", one.birth.year, key(one.names[0]).split()[-1]].append(at)
            blocks["d", one.birth].append(at)
        blocks["h", one.household].append(at)
    return sorted({pair for block in blocks.values() for pair in combinations(block, 2)})


def shares(records: list[Record], pairs: set[tuple[int, int]]) -> dict[str, dict[str, float]]:
    counts: dict[str, Counter[str]] = {name: Counter() for name in LEVELS}
    for a, b in pairs:
        for name, found in zip(LEVELS, pattern(records[a], records[b]), strict=True):
            if found != MISSING:
                counts[name][found] += 1
    return {n: {k: c[k] / max(1, c.total()) for k in LEVELS[n]} for n, c in counts.items()}


def test_m_and_u_are_found_without_labels() -> None:
    records, truth = population()
    pairs = blocked(records)
    # Blocking finds nearly all, and many more that are two people.
    reached = truth & set(pairs)
    assert len(reached) > 0.95 * len(truth)
    assert len(pairs) > 4 * len(truth)
    found = estimate(records, pairs, seed=1, strangers=8000)
    assert found.share == pytest.approx(len(reached) / len(pairs), rel=0.1)
    real = shares(records, reached)
    for name in [one for one in LEVELS if any(real[one].values())]:  # residence is not known
        for level, (m, _) in found.weights.tables[name].items():
            assert m == pytest.approx(real[name][level], abs=0.05), (name, level)
    u = found.weights.tables["sex"]["same"][1]
    assert u == pytest.approx(0.5, abs=0.02)
    assert found.weights.tables["birth"]["same"][1] < 1e-3
    assert found.weights.version == "estimated-1"


def test_estimated_weights_tell_people_apart() -> None:
    records, truth = population(seed=6)
    pairs = blocked(records)
    weights = estimate(records, pairs, strangers=8000).weights
    scored = [
        (weights.together(weights.compare(records[a], records[b])), (a, b) in truth)
        for a, b in pairs
    ]
    limit = sorted((s for s, same in scored if not same), reverse=True)[5]
    found = sum(same and s > limit for s, same in scored)
    assert found > 0.93 * sum(same for _, same in scored)


def test_the_likelihood_does_not_fall_and_the_seed_decides() -> None:
    records, _ = population(people=400)
    pairs = blocked(records)
    one, again, other = (estimate(records, pairs, seed=s, strangers=2000) for s in (1, 1, 2))
    assert one == again
    assert one.weights != other.weights
    gains = [b - a for a, b in zip(one.likelihood, one.likelihood[1:], strict=False)]
    assert min(gains) > -1.0  # the prior's part: two counts a field


def test_nothing_to_learn_from_leaves_the_start() -> None:
    found = estimate([], [])
    start = Weights()
    for name in LEVELS:
        for level, pair in found.weights.tables[name].items():
            assert pair == pytest.approx(start.tables[name][level], rel=0.02)
