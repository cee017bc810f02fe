"""Whose fault is it? Errors by finger, by person and by print.

Errors are counted at one threshold. A genuine comparison counts for its finger (or person) once, an
impostor comparison for each of the two. By print, every comparison counts for both prints.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from civid.lab.evaluation.prints import numbered
from civid.lab.evaluation.results import Verification
from civid.lab.metrics import FAILED
from civid.lab.tables.table import Column, DataTable, Labels

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def decision_threshold(result: Verification) -> float:
    """The threshold of the strictest of FMR 1, 0.1 and 0.01 % that can be measured here.

    That of ZeroFMR where none can be.
    """
    known = [point for point in result.points if point.measurable]
    return known[-1].threshold if known else result.zero_fmr.threshold


def by_finger(result: Verification, threshold: float | None = None) -> DataTable:
    """Errors of each finger (of each person, in a ten-finger evaluation).

    Parameters
    ----------
    result : Verification
    threshold : float, optional
        Default: `decision_threshold`.

    Returns
    -------
    DataTable
        ``person``, ``finger``, ``prints``, and the counts: ``genuine``, ``misses``, ``fnmr``,
        ``genuine_lowest``, ``genuine_median``, ``impostor``, ``false_matches``, ``fmr``,
        ``impostor_highest``.
    """
    sides = result.sides
    owners = numbered([one.identity for one in sides])
    first = np.unique(owners, return_index=True)[1]
    who: dict[str, Column] = {
        "person": Labels.of([sides[at].person for at in first]),
        "finger": Labels.of([sides[at].finger for at in first]),
        "prints": np.bincount(owners),
    }
    return _counted("by-finger", result, owners, who, threshold)


def by_subject(result: Verification, threshold: float | None = None) -> DataTable:
    """Errors of each person; where nobody says whose the prints are, of each finger.

    Parameters and columns as `by_finger`, with ``fingers`` in place of ``finger``.
    """
    sides = result.sides
    owners = numbered([("", one.person) if one.person else one.identity for one in sides])
    first = np.unique(owners, return_index=True)[1]
    fingers = numbered([one.identity for one in sides])
    pairs = np.unique(np.stack([owners, fingers]), axis=1)
    who: dict[str, Column] = {
        "person": Labels.of([sides[at].person or sides[at].finger for at in first]),
        "fingers": np.bincount(pairs[0]),
        "prints": np.bincount(owners),
    }
    return _counted("by-subject", result, owners, who, threshold)


def by_image(result: Verification, threshold: float | None = None) -> DataTable:
    """Errors, quality, minutiae and time of each print.

    Parameters as `by_finger`. Columns: ``print``, ``person``, ``finger``, ``impression``, ``file``,
    ``quality``, ``minutiae``, ``extraction_ms``, ``failure`` (why there is no template), and the
    counts as there. Of a ten-finger evaluation there are no counts.
    """
    samples, extracted = result.prints.samples, result.extracted
    who: dict[str, Column] = {
        "print": Labels.of([one.name for one in samples]),
        "person": Labels.of([one.person for one in samples]),
        "finger": Labels.of([one.finger for one in samples]),
        "impression": np.array([one.impression for one in samples], np.int64),
        "file": Labels.of([one.path.name for one in samples]),
        "quality": _numbers([one.quality for one in extracted]),
        "minutiae": _numbers([one.minutiae for one in extracted]),
        "extraction_ms": np.array([1e3 * one.seconds or np.nan for one in extracted]),
        "failure": Labels.of([one.failure for one in extracted]),
    }
    if result.protocol == "ten-finger":
        return DataTable("by-image", who)
    return _counted("by-image", result, np.arange(len(samples)), who, threshold)


def _counted(
    name: str, result: Verification, owners: Ints, who: dict[str, Column], threshold: float | None
) -> DataTable:
    at = decision_threshold(result) if threshold is None else threshold
    plan, values = result.plan, result.compared.scores
    one, other = owners[plan.probe], owners[plan.reference]
    count = 1 + int(owners.max(initial=-1))
    columns = dict(who)
    for kind, wrong, error, rate in (
        ("genuine", values < at, "misses", "fnmr"),
        ("impostor", values >= at, "false_matches", "fmr"),
    ):
        rows = plan.mated if kind == "genuine" else ~plan.mated
        # Of two different owners, the comparison counts for both.
        twice = rows & (one != other)
        owner = np.concatenate([one[rows], other[twice]])
        all_ = np.bincount(owner, minlength=count)
        bad = np.bincount(
            owner, np.concatenate([wrong[rows], wrong[twice]]), minlength=count
        ).astype(np.int64)
        scores = np.concatenate([values[rows], values[twice]])
        columns |= {kind: all_, error: bad, rate: _share(bad, all_)}
        if kind == "genuine":
            columns["genuine_lowest"] = _lowest(scores, owner, count)
            columns["genuine_median"] = _median(scores, owner, count)
        else:
            columns["impostor_highest"] = -_lowest(-scores, owner, count)
    words = f"errors at threshold {at:.4g}" if np.isfinite(at) else "errors where nobody matches"
    return DataTable(name, columns, words)


def _share(part: Ints, whole: Ints) -> Floats:
    return np.where(whole > 0, part / np.maximum(whole, 1), np.nan)


def _lowest(scores: Floats, owner: Ints, count: int) -> Floats:
    found = np.full(count, np.inf)
    np.minimum.at(found, owner, scores)
    return found


def _median(scores: Floats, owner: Ints, count: int) -> Floats:
    """The lower of the two middle scores: no mean of a score and a failure."""
    found = np.full(count, FAILED)
    order = np.lexsort((scores, owner))
    sizes = np.bincount(owner, minlength=count)
    middle = np.cumsum(sizes) - sizes + (np.maximum(sizes, 1) - 1) // 2
    there = sizes > 0
    found[there] = scores[order][middle[there]]
    return found


def _numbers(values: list[int | None]) -> Floats:
    return np.array([np.nan if value is None else value for value in values], np.float64)
