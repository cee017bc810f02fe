"""How common a part of a name is (tần suất), for the weight that agreement on it carries.

Surnames: the national list of 2022, variants of one surname (Hoàng/Huỳnh, Vũ/Võ) shared out and the
rest filled in by a sample of 207,000 names. Given names: the same sample. Middle names: estimates.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from math import log2

from civid.people.names.canonical import canonical, key
from civid.people.tables import rows

#: Share of a part that no list has: about one in 5,000.
UNSEEN = 0.0002

SURNAME, MIDDLE, GIVEN = "surname", "middle", "given"


@cache
def surnames() -> dict[str, float]:
    """Share of the population that bears each surname, by canonical form; sums to one."""
    sample = {canonical(row["surname"]): float(row["pct"]) for row in rows("surnames_sample")}
    shares: dict[str, float] = {}
    for row in rows("surnames"):
        variants = [canonical(name) for name in row["surname_or_variant_pair"].split("/")]
        total = sum(sample.get(name, 1.0) for name in variants)
        for name in variants:
            shares[name] = float(row["pct_2022_list"]) / 100 * sample.get(name, 1.0) / total
    rest = {name: pct for name, pct in sample.items() if name not in shares}
    left = 1 - sum(shares.values())
    scale = left / sum(rest.values())
    return shares | {name: pct * scale for name, pct in rest.items()}


@cache
def given_names(sex: str) -> dict[str, float]:
    """Share of each given name among women (``F``) or men (``M``), as written."""
    listed = {row["name"]: float(row["pct"]) for row in rows("given_names") if row["sex"] == sex}
    total = sum(listed.values())
    return {name: pct / total for name, pct in listed.items()}


@cache
def middle_names(sex: str) -> dict[str, float]:
    """Share of each first middle name among women (``F``) or men (``M``); estimated."""
    listed = {row["name"]: float(row["pct"]) for row in rows("middle_names") if row["sex"] == sex}
    total = sum(listed.values())
    return {name: pct / total for name, pct in listed.items()}


@cache
def _shares(part: str) -> tuple[dict[str, float], dict[str, float]]:
    """Shares by canonical form and summed by accent-less key."""
    if part == SURNAME:
        full = dict(surnames())
    else:
        full = defaultdict(float)
        for sex in ("F", "M"):
            table = given_names(sex) if part == GIVEN else middle_names(sex)
            for name, share in table.items():
                full[canonical(name)] += share / 2
    bare: dict[str, float] = defaultdict(float)
    for name, share in full.items():
        bare[key(name)] += share
    return dict(full), dict(bare)


def share(word: str, part: str) -> float:
    """Share of people with this canonical word as surname, middle or given name.

    >>> round(share("nguyễn", SURNAME), 3)
    0.315
    """
    return _shares(part)[0].get(word, UNSEEN)


def share_without_accents(word: str, part: str) -> float:
    """Share of people whose word has this accent-less key: never less than `share`."""
    return _shares(part)[1].get(word, UNSEEN)


def bits(word: str, part: str) -> float:
    """Information in the word, in bits: 1.7 for the surname Nguyễn, over 12 for a rare one."""
    return -log2(share(word, part))
