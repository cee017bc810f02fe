"""How well cases are judged: agreement, time, what was overturned, fatigue, reasons a batch."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from civid.dedup.cases.ruling import Statement
from civid.register.adjudication.rows import CLOSED, UNDONE, Stored
from civid.register.adjudication.ruled import Ruled

#: A pause of so many microseconds ends a shift.
PAUSE = 4 * 3_600_000_000
#: Positions in a shift that are counted together: up to the 10th case, the 25th, the 50th, later.
POSITIONS = (10, 25, 50)


@dataclass(frozen=True, slots=True)
class Share:
    """A share with what it is counted of.

    Attributes
    ----------
    count, of : int
    """

    count: int
    of: int

    @property
    def share(self) -> float | None:
        """None of nothing."""
        return self.count / self.of if self.of else None

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {"count": self.count, "of": self.of, "share": self.share}


@dataclass(frozen=True, slots=True)
class Measures:
    """What a report says. Seeded known cases count in `known` and `fatigue` alone.

    Attributes
    ----------
    cases : dict
        State -> count.
    rulings : int
    agreement : Share
        Cases in which the second officer said what the first had said.
    third : Share
        Decided cases that took more than two.
    undone : Share
        Decided cases that were taken back.
    overturned : Share
        Rulings that did not stand: another outcome came of it, or the case was undone.
    seconds_median, seconds_p90 : float or None
        From when an officer got a case until the ruling.
    known : Share
        Errors among rulings on known cases.
    fatigue : dict
        Position in the shift (``1-10``, ``11-25``, ``26-50``, ``51-``) -> errors among rulings on
        known cases.
    reasons : dict
        Batch -> ``ruling reason`` -> count, of decided cases.
    """

    cases: Mapping[str, int]
    rulings: int
    agreement: Share
    third: Share
    undone: Share
    overturned: Share
    seconds_median: float | None
    seconds_p90: float | None
    known: Share
    fatigue: Mapping[str, Share]
    reasons: Mapping[str, Mapping[str, int]]

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {
            "cases": dict(self.cases), "rulings": self.rulings,
            "agreement": self.agreement.to_dict(), "third": self.third.to_dict(),
            "undone": self.undone.to_dict(), "overturned": self.overturned.to_dict(),
            "seconds_median": self.seconds_median, "seconds_p90": self.seconds_p90,
            "known": self.known.to_dict(),
            "fatigue": {place: one.to_dict() for place, one in self.fatigue.items()},
            "reasons": {batch: dict(found) for batch, found in self.reasons.items()},
        }  # fmt: skip


def measure(cases: Sequence[Stored], rulings: Sequence[Ruled]) -> Measures:
    """The measures of some cases and of all rulings said in a time, these in its order."""
    real = [one for one in cases if one.body["seed"] is None]
    by_case: defaultdict[bytes, list[Ruled]] = defaultdict(list)
    for one in rulings:
        by_case[one.case].append(one)
    mine = {one.id for one in real}
    said = [one for one in rulings if one.case in mine]
    seconds = sorted((one.at - one.began) / 1e6 for one in said)
    decided = [one for one in real if one.state in (CLOSED, UNDONE)]
    judged = [sorted(by_case[one.id], key=lambda ruling: ruling.seq) for one in real]
    twice = [found for found in judged if len(found) > 1]
    undone = [one for one in decided if one.state == UNDONE]
    return Measures(
        dict(Counter(one.state for one in real)), len(said),
        Share(sum(_key(found[0]) == _key(found[1]) for found in twice), len(twice)),
        Share(sum(one.row["rulings"] > 2 for one in decided), len(decided)),
        Share(len(undone), len(decided)), _overturned(decided, by_case),
        median(seconds) if seconds else None,
        seconds[min(len(seconds) - 1, int(len(seconds) * 0.9))] if seconds else None,
        *_known(cases, rulings), _reasons(decided),
    )  # fmt: skip


def _key(one: Ruled) -> tuple[str, tuple[str, ...]]:
    return Statement.from_dict(one.body).key


def _overturned(decided: Iterable[Stored], by_case: Mapping[bytes, list[Ruled]]) -> Share:
    count = total = 0
    for case in decided:
        final = Statement.from_dict(case.body["final"]).key
        for one in by_case[case.id]:
            total += 1
            count += case.state == UNDONE or _key(one) != final
    return Share(count, total)


def _known(
    cases: Iterable[Stored], rulings: Sequence[Ruled]
) -> tuple[Share, Mapping[str, Share]]:  # fmt: skip
    """Errors on known cases, together and by position in the shift."""
    expected = {
        one.id: Statement.from_dict(one.body["seed"]["said"]).key
        for one in cases
        if one.body["seed"] is not None
    }
    wrong: Counter[str] = Counter()
    total: Counter[str] = Counter()
    last: dict[str, tuple[int, int]] = {}
    for one in rulings:
        at, place = last.get(one.officer, (0, 0))
        place = 1 if one.at - at > PAUSE else place + 1
        last[one.officer] = one.at, place
        if one.case in expected:
            total[_place(place)] += 1
            wrong[_place(place)] += _key(one) != expected[one.case]
    places = {name: Share(wrong[name], total[name]) for name in _NAMES if total[name]}
    return Share(wrong.total(), total.total()), places


_NAMES = ("1-10", "11-25", "26-50", "51-")


def _place(position: int) -> str:
    return _NAMES[sum(position > most for most in POSITIONS)]


def _reasons(decided: Iterable[Stored]) -> dict[str, dict[str, int]]:
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for case in decided:
        final = case.body["final"]
        found[case.row["batch"]][f"{final['ruling']} {final['reason']}"] += 1
    return {batch: dict(sorted(one.items())) for batch, one in sorted(found.items())}
