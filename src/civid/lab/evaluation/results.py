"""What an evaluation found, as values and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from civid.lab.curves import ErrorCurve, GallerySize
from civid.lab.evaluation.comparison import Compared
from civid.lab.evaluation.plans import Plan, SearchPlan
from civid.lab.evaluation.prints import PrintSet, Sample
from civid.lab.evaluation.store import Extracted
from civid.lab.identification import Searches
from civid.lab.metrics import (
    FAILED,
    LIMITS,
    EqualError,
    OperatingPoint,
    equal_error,
    operating_point,
    rule_of_three,
    zero_fnmr,
)
from civid.lab.quality import discard_curve

Floats = npt.NDArray[np.float64]
Interval = tuple[float, float]


@dataclass(frozen=True, slots=True, eq=False)
class Acquired:
    """What extraction gave, for one set and system."""

    prints: int
    fingers: int
    failures: tuple[tuple[str, str], ...]  #: (print, reason)
    minutiae: float | None  #: median
    milliseconds: float | None  #: mean of an extraction

    @property
    def failure_rate(self) -> float:
        """FTA: the share of prints without a template."""
        return len(self.failures) / self.prints

    def as_dict(self) -> dict[str, Any]:
        """For the JSON report."""
        return {
            "prints": self.prints,
            "fingers": self.fingers,
            "failures_to_extract": len(self.failures),
            "fta": self.failure_rate,
            "fta_upper_95": rule_of_three(self.prints) if not self.failures else None,
            "failed": [{"print": name, "reason": reason} for name, reason in self.failures],
            "median_minutiae": self.minutiae,
            "extraction_ms": self.milliseconds,
        }


#: The worst sets of real prints stay far below this error rate; chance is 0.5.
_DOUBTED_EER, _ENOUGH_TO_DOUBT = 0.3, 20


@dataclass(frozen=True, slots=True, eq=False)
class Verification:
    """1:1 results of one system on one set."""

    set_name: str
    system: str
    prints: PrintSet = field(repr=False)
    plan: Plan = field(repr=False)
    compared: Compared = field(repr=False)
    extracted: Sequence[Extracted] = field(repr=False)
    acquired: Acquired
    eer: EqualError
    points: tuple[OperatingPoint, ...]  #: FMR100, FMR1000, FMR10000
    zero_fmr: OperatingPoint
    zero_fnmr: float
    intervals: dict[str, Interval]
    curve: ErrorCurve = field(repr=False)  #: DET with its band, as far as it was measured
    resampled: str  #: what the intervals resample: finger or subject
    owners: npt.NDArray[np.int64] = field(repr=False)  #: (K, 2) fingers or subjects compared
    #: What the plan's indices count: the prints of the set, or captures of several fingers.
    sides: Sequence[Sample] = field(repr=False)

    @property
    def genuine(self) -> Floats:
        """Scores of the mated comparisons."""
        return self.compared.scores[self.plan.mated]

    @property
    def impostor(self) -> Floats:
        """Scores of the others."""
        return self.compared.scores[~self.plan.mated]

    @property
    def looks_mislabelled(self) -> bool:
        """Do mated prints score so much like others that the names are to be doubted?"""
        return len(self.genuine) >= _ENOUGH_TO_DOUBT and self.eer.value > _DOUBTED_EER

    @property
    def protocol(self) -> str:
        """Which comparisons were made."""
        return self.plan.protocol

    def __repr__(self) -> str:
        return (
            f"Verification({self.system} on {self.set_name}, {self.protocol}: "
            f"EER {self.eer.value:.2%}, {len(self.genuine):,} genuine and "
            f"{len(self.impostor):,} impostor comparisons)"
        )

    def _repr_html_(self) -> str:
        from civid.lab.report.page import as_html
        from civid.lab.report.text_tables import verification_table

        return as_html(verification_table([self]))

    def as_dict(self) -> dict[str, Any]:
        """For the JSON report."""
        return {
            "set": self.set_name,
            "system": self.system,
            "protocol": self.protocol,
            "genuine": len(self.genuine),
            "impostor": len(self.impostor),
            "left_out": self.plan.left_out,
            "prints_sha256": self.compared.prints,
            "comparisons_failed": int((self.compared.scores == FAILED).sum()),
            "eer": self.eer.value,
            "eer_low": self.eer.low,
            "eer_high": self.eer.high,
            **{label(point.limit).lower(): point_as_dict(point) for point in self.points},
            "zero_fmr": point_as_dict(self.zero_fmr),
            "zero_fnmr": self.zero_fnmr,
            "intervals_95": {
                name: list(ends)
                for name, ends in self.intervals.items()
                if name == "eer" or self._measurable(name)
            },
            "intervals_resample": self.resampled,
            "det": self.curve.as_list(),
            "comparisons_per_s": self.compared.per_second,
            "error_versus_discard": self._discard(),
            "extraction": self.acquired.as_dict(),
        }

    def error_versus_discard(self) -> tuple[Floats, Floats] | None:
        """FNMR as the worst prints by quality are left out, at the threshold of FMR 1 %.

        None where the extractor tells no quality, or for captures of several fingers. A print that
        gave no template has the quality 0.
        """
        qualities = [0 if not one.usable else one.quality for one in self.extracted]
        if self.protocol == "ten-finger" or any(value is None for value in qualities):
            return None
        values = np.array(qualities, dtype=np.float64)
        if len(np.unique(values)) < 2:
            return None
        plan = self.plan
        lower = np.minimum(values[plan.probe], values[plan.reference])[plan.mated]
        return discard_curve(self.genuine, lower, self.points[0].threshold)

    def _discard(self) -> dict[str, Any] | None:
        curve = self.error_versus_discard()
        if curve is None:
            return None
        share, fnmr = curve
        return {
            "threshold": self.points[0].threshold,
            "discarded": share.tolist(),
            "fnmr": fnmr.tolist(),
        }

    def _measurable(self, name: str) -> bool:
        return any(point.measurable for point in self.points if label(point.limit).lower() == name)


@dataclass(frozen=True, slots=True, eq=False)
class Identification:
    """1:N results of one system on one set."""

    set_name: str
    system: str
    prints: PrintSet = field(repr=False)
    plan: SearchPlan = field(repr=False)
    found: Searches = field(repr=False)
    scores: Floats = field(repr=False)  #: (P, N)
    acquired: Acquired
    rank1_interval: Interval | None
    fnir: tuple[OperatingPoint, ...]
    fnir_intervals: tuple[Interval | None, ...]
    curve: ErrorCurve = field(repr=False)  #: FNIR over FPIR, as far as it was measured
    #: Smaller galleries drawn from this one, at the strictest FPIR that can be measured.
    sizes: tuple[GallerySize, ...] = field(repr=False)
    enrol_failures: int

    @property
    def mated(self) -> int:
        """Mated searches."""
        return int(self.found.mated.sum())

    @property
    def rank1(self) -> float:
        """Share of mated searches with the mate in the first place."""
        return self.found.hits(1) / self.mated

    def __repr__(self) -> str:
        return (
            f"Identification({self.system} on {self.set_name}: {self.found.hits(1):,} of "
            f"{self.mated:,} mates in the first place, {self.found.gallery:,} enrolled)"
        )

    def _repr_html_(self) -> str:
        from civid.lab.report.page import as_html
        from civid.lab.report.text_tables import identification_table

        return as_html(identification_table([self]))

    def as_dict(self) -> dict[str, Any]:
        """For the JSON report."""
        return {
            "set": self.set_name,
            "system": self.system,
            "protocol": "search",
            "enrolled": self.found.gallery,
            "failures_to_enrol": self.enrol_failures,
            "fte": self.enrol_failures / self.found.gallery,
            "probes": len(self.found.mate),
            "mated_searches": self.mated,
            "non_mated_searches": int(self.found.unenrolled.sum()),
            "non_mated_by_leaving_the_mate_out": self.found.leave_one_out,
            "comparisons_left_out": int(self.plan.ignored.sum()),
            "rank1_hits": self.found.hits(1),
            "rank1": self.rank1,
            "rank1_interval_95": self.rank1_interval,
            "cmc": self.found.cmc().tolist(),
            "fnir": [
                point_as_dict(point) | {"interval_95": ends if point.measurable else None}
                for point, ends in zip(self.fnir, self.fnir_intervals, strict=True)
            ],
            "det": self.curve.as_list(),
            "gallery_sizes": [asdict(one) for one in self.sizes],
            "extraction": self.acquired.as_dict(),
        }


def label(limit: float) -> str:
    """How FVC calls the FNMR at an FMR limit.

    >>> label(1e-3)
    'FMR1000'
    """
    return f"FMR{round(1 / limit)}"


def point_as_dict(point: OperatingPoint) -> dict[str, Any]:
    """An operating point with its counts; what they cannot tell is said."""
    errors: dict[str, Any] = {
        "value": point.rate,
        "measurable": point.measurable,
        "limit": point.limit,
        "threshold": point.threshold if np.isfinite(point.threshold) else None,
        "false_matches": point.false_matches,
        "impostors": point.impostors,
        "misses": point.misses,
        "genuine": point.genuine,
    }
    if not point.measurable:
        errors["why_not"] = f"{point.impostors} impostors allow no error at {point.limit:g}"
    elif point.misses == 0:
        errors["upper_95_rule_of_three"] = point.upper
    return errors


def acquired(prints: PrintSet, extracted: Sequence[Extracted]) -> Acquired:
    """Sum up an extraction."""
    counts = [one.minutiae for one in extracted if one.usable and one.minutiae is not None]
    times = [one.seconds for one in extracted if one.seconds > 0]
    return Acquired(
        prints=len(prints),
        fingers=1 + int(prints.fingers.max()),
        failures=tuple(
            (sample.name, one.failure)
            for sample, one in zip(prints.samples, extracted, strict=True)
            if not one.usable
        ),
        minutiae=float(np.median(counts)) if counts else None,
        milliseconds=1e3 * float(np.mean(times)) if times else None,
    )


def verification_points(
    genuine: Floats, impostor: Floats
) -> tuple[EqualError, tuple[OperatingPoint, ...], OperatingPoint, float]:
    """EER, FMR100/1000/10000, ZeroFMR, ZeroFNMR."""
    return (
        equal_error(genuine, impostor),
        tuple(operating_point(genuine, impostor, limit) for limit in LIMITS),
        operating_point(genuine, impostor, 0.0),
        zero_fnmr(genuine, impostor),
    )


def reasons(failures: Sequence[tuple[str, str]]) -> list[tuple[str, int]]:
    """Why extraction failed, most frequent first."""
    return Counter(reason for _, reason in failures).most_common()
