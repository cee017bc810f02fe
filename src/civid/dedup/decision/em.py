"""m and u estimated from records themselves, without a truth (expectation-maximisation)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from math import log
from random import Random

from civid.dedup.decision.levels import LEVELS, MISSING, level
from civid.dedup.decision.record import Record
from civid.dedup.decision.weights import Weights

#: Counts added to every level, shared out as the start has them: nothing becomes impossible.
_PRIOR = 2.0
Pattern = tuple[str, ...]
_FIELDS = tuple(LEVELS)


@dataclass(frozen=True, slots=True)
class Estimate:
    """What `estimate` found.

    Attributes
    ----------
    weights : Weights
        With m and u as estimated.
    share : float
        Of the pairs that are one person.
    rounds : int
        How many it took.
    likelihood : tuple of float
        Log-likelihood after each round; never falls (but for the prior's part).
    """

    weights: Weights
    share: float
    rounds: int
    likelihood: tuple[float, ...]


def pattern(one: Record, two: Record) -> Pattern:
    """Levels of every field of a pair."""
    return tuple(level(name, one, two) for name in _FIELDS)


def random_pairs(size: int, count: int, seed: int) -> list[tuple[int, int]]:
    """Pairs of places at random: nearly all of two people, hence the source of u."""
    rng = Random(seed)
    found: list[tuple[int, int]] = []
    while len(found) < count and size > 1:
        a, b = rng.randrange(size), rng.randrange(size)
        if a != b:
            found.append((a, b))
    return found


def estimate(
    records: Sequence[Record],
    pairs: Iterable[tuple[int, int]],
    *,
    seed: int = 0,
    strangers: int = 50_000,
    start: Weights | None = None,
    share: float = 0.3,
    rounds: int = 100,
    version: str = "estimated-1",
) -> Estimate:
    """Estimate m and u.

    u comes from pairs drawn at random, m from `pairs` by EM with u of the pairs that are not one
    person learned beside it. `pairs` should be found by more than one way of blocking: a field
    that every pair was found by looks certain.

    Parameters
    ----------
    records : sequence of Record
        People of a register, and those compared with them.
    pairs : iterable of (int, int)
        Places in `records` worth a look, such as equal birth or equal name.
    seed : int
        Of the random pairs.
    strangers : int
        How many random pairs.
    start : Weights, optional
        Where to begin; the defaults.
    share : float
        First guess of the share of `pairs` that are one person.
    rounds : int
        Most rounds.

    Raises
    ------
    FieldError
        Nothing to estimate from.
    """
    begin = Weights() if start is None else start
    # Two identical field sets say one thing: patterns are counted, not pairs.
    patterns = Counter(pattern(records[a], records[b]) for a, b in pairs)
    apart = Counter(
        pattern(records[a], records[b]) for a, b in random_pairs(len(records), strangers, seed)
    )
    strangers_of = {n: {k: v[1] for k, v in begin.tables[n].items()} for n in _FIELDS}
    u = _shares(apart, lambda _: 1.0, strangers_of)
    m = {n: {k: v[0] for k, v in begin.tables[n].items()} for n in _FIELDS}
    blocked = u  # of the pairs that are not one person, which blocking has made alike
    prior = m
    history: list[float] = []
    for _ in range(rounds if patterns else 0):
        chance, total = {}, 0.0
        for found, count in patterns.items():
            same, other = share * _joint(m, found), (1 - share) * _joint(blocked, found)
            chance[found] = same / (same + other)
            total += count * log(same + other)
        history.append(total)
        share = sum(count * chance[found] for found, count in patterns.items())
        share = min(0.999, max(1e-6, share / patterns.total()))
        m = _shares(patterns, chance.__getitem__, prior)
        blocked = _shares(patterns, _other(chance), u)
        if len(history) > 1 and abs(history[-1] - history[-2]) < 1e-6 * abs(history[-1]):
            break
    tables = {n: {k: (m[n][k], u[n][k]) for k in LEVELS[n]} for n in _FIELDS}
    made = replace(begin, tables=tables, version=version)
    return Estimate(made, share, len(history), tuple(history))


Shares = dict[str, dict[str, float]]


def _joint(shares: Shares, found: Pattern) -> float:
    product = 1.0
    for name, one in zip(_FIELDS, found, strict=True):
        if one != MISSING:
            product *= shares[name][one]
    return product


def _other(chance: dict[Pattern, float]) -> Callable[[Pattern], float]:
    return lambda found: 1 - chance[found]


def _shares(
    patterns: Counter[Pattern], weight: Callable[[Pattern], float], prior: Shares
) -> Shares:
    """Share of each level among the pairs, weighted; the prior counts as two pairs."""
    sums = {n: {k: _PRIOR * prior[n][k] for k in LEVELS[n]} for n in _FIELDS}
    for found, count in patterns.items():
        each = count * weight(found)
        for name, one in zip(_FIELDS, found, strict=True):
            if one != MISSING:
                sums[name][one] += each
    return {n: {k: v / sum(table.values()) for k, v in table.items()} for n, table in sums.items()}
