"""How ready a table is (mức độ sẵn sàng kết nối): criteria with thresholds, as data."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from importlib.resources import files
from pathlib import Path
from typing import Any

from civid.errors import FieldError
from civid.exchange.sector.judge.examining import Examined
from civid.exchange.sector.judge.rules import ROW_RULES, about
from civid.people.findings import COLUMNS, Decider

_LARGEST = 1 << 20


class Grade(Enum):
    """Ready to be connected?"""

    READY = "ready"
    RESERVED = "ready with reservations"
    NOT_READY = "not ready"


_ORDER = list(Grade)
_ROWS = frozenset(ROW_RULES.values())


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that a table is asked for.

    Attributes
    ----------
    id : str
        Its name.
    vietnamese, english : str
        One line each.
    rules : tuple of str
        A row is good for it when none of these objects; empty for the one about the register.
    ready, reserved : float
        Least share of good rows to be ready, and to be ready with reservations.
    """

    id: str
    vietnamese: str
    english: str
    rules: tuple[str, ...]
    ready: float
    reserved: float

    def grade(self, share: float) -> Grade:
        """What a share of good rows is worth."""
        if share >= self.ready:
            return Grade.READY
        return Grade.RESERVED if share >= self.reserved else Grade.NOT_READY


@dataclass(frozen=True, slots=True)
class Criteria:
    """All of them, and what else is a matter of opinion.

    Attributes
    ----------
    needed : tuple of str
        Fields that a table must have; without one of them it is not ready.
    criteria : tuple of Criterion
        In the order of reports.
    minutes : dict of Decider to float
        Work on one row, by who may decide: an assumption, not a measurement.
    smallest_shown : int
        Counts that come from the register and are smaller are only said to be so.
    """

    needed: tuple[str, ...]
    criteria: tuple[Criterion, ...]
    minutes: dict[Decider, float]
    smallest_shown: int

    @classmethod
    def read(cls, path: str | os.PathLike[str] | None = None) -> Criteria:
        """Of a JSON file; those that come with civid, unless given.

        Raises
        ------
        FieldError
            The file cannot be read, or a criterion is not one.

        >>> [one.id for one in Criteria.read().criteria][:3]
        ['readable', 'number', 'name']
        """
        try:
            if path is None:
                place = files("civid.exchange.sector.judge").joinpath("criteria.json")
                text = place.read_text("utf-8")
            else:
                with Path(path).open(encoding="utf-8-sig") as file:
                    text = file.read(_LARGEST)
            return cls._made(json.loads(text))
        except OSError as error:
            raise FieldError("criteria", f"the file cannot be read ({error.strerror})") from None
        except FieldError:
            raise
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise FieldError("criteria", "not a file of criteria") from None

    @classmethod
    def _made(cls, said: dict[str, Any]) -> Criteria:
        made, known = [], about()
        for one in said["criteria"]:
            rules = () if one.get("register") else tuple(one["rules"])
            if unknown := [rule for rule in rules if rule not in known]:
                raise FieldError("criteria", f"no such rule: {str(unknown[0])[:60]}")
            ready, reserved = float(one["ready"]), float(one["reserved"])
            if not 0 <= reserved <= ready <= 1 or not (rules or one.get("register")):
                raise FieldError("criteria", "thresholds out of order, or no rules")
            made.append(
                Criterion(str(one["id"]), str(one["vi"]), str(one["en"]), rules, ready, reserved)
            )
        needed, smallest = tuple(said["needed"]), int(said["smallest_shown"])
        if not set(needed) <= COLUMNS.keys() or not 1 <= smallest <= 1000:
            raise FieldError("criteria", "needs fields of a citizen, and a count from 1 to 1000")
        minutes = {one: float(said["minutes"][one.name]) for one in Decider}
        return cls(needed, tuple(made), minutes, smallest)


@dataclass(frozen=True, slots=True)
class Judged:
    """A criterion and what a table reaches.

    Attributes
    ----------
    criterion : Criterion
        Which.
    share : float or None
        Of good rows, among those that could be read; None where it was not looked at.
    bad : int
        Rows that are not good.
    grade : Grade or None
        None where it was not looked at.
    """

    criterion: Criterion
    share: float | None
    bad: int
    grade: Grade | None


def judge(criteria: Criteria, examined: Examined, matched: float | None) -> tuple[Judged, ...]:
    """Hold a table against the criteria.

    Parameters
    ----------
    matched : float or None
        Share of the rows asked about that agree with the register; None without one.
    """
    made = []
    for one in criteria.criteria:
        if not one.rules:
            grade = None if matched is None else one.grade(matched)
            made.append(Judged(one, matched, 0, grade))
            continue
        # Of a row that could not be read nobody knows whether its name is in order.
        about_rows = bool(_ROWS & set(one.rules))
        size = examined.size if about_rows else len(examined.numbers)
        if not _looked_at(one, examined) or (examined.size and not size):
            made.append(Judged(one, None, 0, None))
        else:
            bad = len(union(examined, one.rules))
            share = 1 - bad / size if size else 0.0
            made.append(Judged(one, share, bad, one.grade(share)))
    return tuple(made)


def grade(criteria: Criteria, examined: Examined, judged: Iterable[Judged]) -> Grade:
    """The worst of all; not ready where a needed field has no column."""
    if not examined.size or set(criteria.needed) - examined.fields:
        return Grade.NOT_READY
    found = [one.grade for one in judged if one.grade is not None]
    return max(found, key=_ORDER.index, default=Grade.NOT_READY)


def union(examined: Examined, rules: Iterable[str]) -> Any:
    """Rows that any of the rules objects to."""
    import numpy as np

    found = [examined.rows[name] for name in rules if name in examined.rows]
    return np.unique(np.concatenate(found)) if found else np.zeros(0, np.int64)


def _looked_at(criterion: Criterion, examined: Examined) -> bool:
    """Whether the table has any column that a rule of it looks at."""
    known = about()
    fields = {field for name in criterion.rules for field in known[name].fields}
    return "row" in fields or bool(fields & examined.fields)
