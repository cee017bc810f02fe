"""Rank systems of several runs on the sets that they have in common.

Only what was measured on the same files by the same comparisons stands on one board. Whether a
system is worse than the first is judged by drawing the same fingers for both (a paired bootstrap):
two intervals that overlap can still hide a clear difference.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from civid.lab.bootstrap import ROUNDS, Resampled, draws, interval, intervals_and_band
from civid.lab.curves import error_curve, ladder
from civid.lab.errors import EvaluationError
from civid.lab.evaluation.results import Interval
from civid.lab.evaluation.store import file_name, load_arrays
from civid.lab.metrics import LIMITS
from civid.lab.report import plots

Arrays = dict[str, npt.NDArray[Any]]


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One system of one run on one board.

    Attributes
    ----------
    rank : int
        From 1; equal for systems that miss as often.
    system, run : str
    eer : float
    eer_interval : (float, float) or None
    misses, genuine : int
        At the board's limit.
    behind : (float, float) or None
        95 % interval of its FNMR less that of the first, by fingers drawn for both; None for the
        first, and where there are fewer than two fingers.
    """

    rank: int
    system: str
    run: str
    eer: float
    eer_interval: Interval | None
    misses: int
    genuine: int
    behind: Interval | None = None

    @property
    def fnmr(self) -> float:
        """At the board's limit."""
        return self.misses / self.genuine

    @property
    def clearly_behind(self) -> bool:
        """Whether even the lower end of the interval is worse than the first."""
        return self.behind is not None and self.behind[0] > 0


@dataclass(frozen=True, slots=True, eq=False)
class Board:
    """The ranking on one set by one protocol.

    Attributes
    ----------
    set_name, protocol : str
    prints : str
        Hash of the prints and of who is who.
    limit : float
        The strictest of FMR 10, 1, 0.1 and 0.01 % that its impostors can tell; it ranks. 1: fewer
        than ten impostors, which tell nothing.
    entries : tuple of Entry
        The best first.
    picture : str
        DET of all of them, as SVG.
    """

    set_name: str
    protocol: str
    prints: str
    limit: float
    entries: tuple[Entry, ...]
    picture: str

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        entries = [asdict(one) | {"fnmr": one.fnmr} for one in self.entries]
        return {
            "set": self.set_name,
            "protocol": self.protocol,
            "prints_sha256": self.prints,
            "limit": self.limit,
            "entries": entries,
        }


def boards(runs: Sequence[Path], *, rounds: int = ROUNDS) -> list[Board]:
    """Rank the systems of several runs.

    Parameters
    ----------
    runs : sequence of Path
        Folders that ``civid evaluate --output`` has written.
    rounds : int
        Of the paired bootstrap.

    Raises
    ------
    EvaluationError
        A folder is no run, or was written by another version.
    """
    found: dict[tuple[str, str, str, str], list[tuple[dict[str, Any], str, Arrays]]] = {}
    for folder in runs:
        for one in _results(folder):
            arrays = _scores(folder, one)
            who = hashlib.sha256(b"".join(arrays[name].tobytes() for name in _WHO)).hexdigest()
            key = one["set"], one["protocol"], one["prints_sha256"], who
            found.setdefault(key, []).append((one, folder.resolve().name, arrays))
    return [_board(key[:3], group, rounds) for key, group in found.items()]


#: For sets of the size of FVC's, which by its protocol have 45 impostors: they cannot tell FMR 1 %.
_COARSE = 0.1
_WHO = ("prints", "genuine_probe", "genuine_reference", "impostor_probe", "impostor_reference")


def _results(folder: Path) -> list[dict[str, Any]]:
    try:
        document = json.loads((folder / "results.json").read_text(encoding="utf-8"))
        found: list[dict[str, Any]] = document["verification"]
        for one in found:
            one["set"], one["system"], one["protocol"], one["prints_sha256"], one["eer"]
    except OSError:
        raise EvaluationError(f"{folder}: no run of civid evaluate is there") from None
    except (ValueError, KeyError, TypeError):
        raise EvaluationError(f"{folder}: results.json is of another version") from None
    return found


def _scores(folder: Path, one: dict[str, Any]) -> Arrays:
    name = file_name(one["set"], one["system"], one["protocol"])
    arrays = load_arrays(folder / "final" / f"{name}.npz")
    wanted = {"genuine", "impostor", "genuine_owners", "impostor_owners", *_WHO}
    if (
        arrays is None
        or not wanted <= arrays.keys()
        or any(
            arrays[f"{kind}_owners"].shape != (len(arrays[kind]), 2) or not len(arrays[kind])
            for kind in ("genuine", "impostor")
        )
    ):
        raise EvaluationError(f"{folder}: the scores of {one['system']} are missing or damaged")
    return arrays


def _board(
    key: tuple[str, str, str], group: list[tuple[dict[str, Any], str, Arrays]], rounds: int
) -> Board:
    impostors = len(group[0][2]["impostor"])
    known = [limit for limit in (_COARSE, *LIMITS) if limit * impostors >= 1 - 1e-9]
    limit = known[-1] if known else 1.0
    samples = [_resampled(arrays) for _, _, arrays in group]
    curves = [
        error_curve(
            arrays["genuine"],
            arrays["impostor"],
            intervals_and_band(sample, ladder(impostors), rounds)[1],
        )
        for sample, (_, _, arrays) in zip(samples, group, strict=True)
    ]
    misses = [
        next(point.misses for point in curve.points if point.limit == limit) for curve in curves
    ]
    order = sorted(range(len(group)), key=lambda at: (misses[at], group[at][0]["eer"]))
    apart = _behind([samples[at] for at in order], limit, rounds)
    names = _names([(group[at][0]["system"], group[at][1]) for at in order])
    entries = []
    for place, at in enumerate(order):
        one, run, arrays = group[at]
        ends_of_eer = one["intervals_95"].get("eer")
        entries.append(
            Entry(
                1 + sum(miss < misses[at] for miss in misses),
                names[place],
                run,
                one["eer"],
                None if ends_of_eer is None else (ends_of_eer[0], ends_of_eer[1]),
                misses[at],
                len(arrays["genuine"]),
                apart[place],
            )
        )
    drawn = [(entries[place].system, curves[at]) for place, at in enumerate(order)]
    return Board(*key, limit, tuple(entries), plots.errors(f"DET, {key[0]}", "FMR", "FNMR", drawn))


def _resampled(one: Arrays) -> Resampled:
    return Resampled(one["genuine"], one["impostor"], one["genuine_owners"], one["impostor_owners"])


def _behind(samples: Sequence[Resampled], limit: float, rounds: int) -> list[Interval | None]:
    """How far each is behind the first when the same fingers are drawn for both."""
    if samples[0].units < 2 or len(samples) < 2:
        return [None] * len(samples)
    differences: list[list[float]] = [[] for _ in samples]
    for times in draws(samples[0].units, rounds):
        rates = [sample.rates(times) for sample in samples]
        missed = []
        for curve in rates:
            if curve is None:
                break
            missed.append(float(curve[1][np.searchsorted(-curve[2], -(limit + 1e-12))]))
        else:
            for place, miss in enumerate(missed):
                differences[place].append(miss - missed[0])
    return [None, *(interval(one) if one else None for one in differences[1:])]


def _names(pairs: Sequence[tuple[str, str]]) -> list[str]:
    systems = [system for system, _ in pairs]
    return [f"{system} ({run})" if systems.count(system) > 1 else system for system, run in pairs]
