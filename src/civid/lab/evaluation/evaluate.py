"""Run an evaluation: every system on every set."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from civid.lab.bootstrap import ROUNDS, Resampled, intervals_and_band, probe_band, probe_interval
from civid.lab.curves import ErrorCurve, error_curve, ladder, over_gallery_sizes
from civid.lab.errors import EvaluationError
from civid.lab.evaluation.comparison import Compared, compare_pairs, kept_scores
from civid.lab.evaluation.extraction import extract_set
from civid.lab.evaluation.plans import (
    PROTOCOLS,
    Plan,
    SameFinger,
    SearchPlan,
    search,
    without,
)
from civid.lab.evaluation.prints import PrintSet, Sample
from civid.lab.evaluation.results import (
    Identification,
    Verification,
    acquired,
    verification_points,
)
from civid.lab.evaluation.store import Extracted, Store
from civid.lab.evaluation.ten_fingers import fused, ten_finger_plan
from civid.lab.identification import searches
from civid.lab.metrics import FAILED
from civid.lab.peers import System

#: Told the name of the step, how many are done, and of how many.
Progress = Callable[[str, int, int], None]

FPIR_LIMITS = (1e-1, 1e-2, 1e-3)


@dataclass(frozen=True, slots=True)
class Lab:
    """How evaluations are run.

    Attributes
    ----------
    folder : Path
        Where templates and scores are kept; a second run with the same folder goes on from there.
    threads : int
        How many work at a time, where the plug-in allows it.
    rounds : int
        Bootstrap rounds of each interval.
    same : pairs
        Names of one finger under which it is in two sets; see `civid.lab.evaluation.plans`.
    on_progress : callable
        Told the step, how many are done, and of how many.
    fresh : bool
        Compute all again, whatever earlier runs have kept.
    """

    folder: Path
    threads: int = 1
    rounds: int = ROUNDS
    same: SameFinger = ()
    on_progress: Progress = field(default=lambda step, done, total: None, repr=False)
    fresh: bool = False
    #: Its templates and scores.
    store: Store = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "store", Store(self.folder, fresh=self.fresh))

    def extract(self, prints: PrintSet, system: System, *, whole: bool = False) -> list[Extracted]:
        """A template, or the reason why there is none, for each print."""
        step = f"{system.name}: extracting {prints.name}"
        return extract_set(
            prints,
            system,
            self.store,
            threads=self.threads,
            whole=whole,
            on_progress=lambda done, total: self.on_progress(step, done, total),
        )

    def verify(self, prints: PrintSet, system: System, protocol: str = "all-pairs") -> Verification:
        """1:1: every comparison that the protocol asks for.

        Parameters
        ----------
        protocol : str
            ``all-pairs``, ``fvc``, ``cross``, or ``ten-finger``: the fused score of all fingers
            that two captures of persons have in common.

        Raises
        ------
        EvaluationError
            No such protocol, or it gives no genuine or no impostor comparison, or every single
            comparison fails.
        UnavailableError
            A plug-in needs something that is not installed.
        """
        extracted = self.extract(prints, system)
        if protocol == "ten-finger":
            captures = ten_finger_plan(prints)
            pairs = self._compare(prints, system, captures.probe, captures.reference, "ten-finger")
            plan, people = captures.plan, captures.people
            compared = replace(pairs, scores=fused(captures, pairs.scores, system.fuse))
            units, resampled, sides = people, "subject", captures.sides
        elif protocol in PROTOCOLS:
            plan = without(PROTOCOLS[protocol](prints), prints, self.same)
            compared = self._compare(prints, system, plan.probe, plan.reference, protocol)
            known = all(sample.person for sample in prints.samples)
            units, resampled = prints.subjects, "subject" if known else "finger"
            sides = prints.samples
        else:
            known_names = ", ".join([*PROTOCOLS, "ten-finger", "search"])
            raise EvaluationError(f"no protocol is called {protocol}; there are {known_names}")
        return self._verification(
            prints, system, plan, compared, extracted, units, resampled, sides
        )

    def identify(
        self,
        prints: PrintSet,
        system: System,
        *,
        enrolled: Callable[[Sample], bool] | None = None,
        probes: Callable[[Sample], bool] | None = None,
    ) -> Identification:
        """1:N: each probe against everybody enrolled; see `civid.lab.evaluation.plans.search`."""
        plan = search(prints, enrolled=enrolled, probes=probes, same=self.same)
        extracted = self.extract(prints, system)
        shape = plan.mates.shape
        probe = np.repeat(plan.probes, shape[1])
        reference = np.tile(plan.gallery, shape[0])
        scores = self._compare(prints, system, probe, reference, "search").scores.reshape(shape)
        found = searches(scores, plan.mates, plan.ignored)
        if not found.mated.any():
            raise EvaluationError(f"{prints.name}: no probe has a mate in the gallery")
        units = prints.fingers[plan.probes]
        rank1 = probe_interval(
            units[found.mated],
            lambda weight: float(np.average(found.rank[found.mated] == 1, weights=weight)),
            self.rounds,
        )
        points = tuple(found.fnir_at_fpir(limit) for limit in FPIR_LIMITS)
        intervals = tuple(
            probe_interval(
                units[found.mated],
                lambda weight, t=point.threshold: float(  # type: ignore[misc]
                    np.average(found.mate[found.mated] < t, weights=weight)
                ),
                self.rounds,
            )
            for point in points
        )
        curve = error_curve(found.mate[found.mated], found.other[found.unenrolled])
        wrong = np.stack([found.mate[found.mated] < point.threshold for point in curve.points])
        low, high = probe_band(units[found.mated], wrong, self.rounds) or (None, None)
        known = [point.limit for point in points if point.measurable]
        sizes = over_gallery_sizes(scores, plan.mates, plan.ignored, fpir=(known or [1.0])[-1])
        return Identification(
            set_name=prints.name,
            system=system.name,
            prints=prints,
            plan=plan,
            found=found,
            scores=scores,
            acquired=acquired(prints, extracted),
            rank1_interval=rank1,
            fnir=points,
            fnir_intervals=intervals,
            curve=ErrorCurve(curve.points, low, high),
            sizes=tuple(sizes),
            enrol_failures=sum(not extracted[at].usable for at in plan.gallery),
        )

    def _verification(
        self,
        prints: PrintSet,
        system: System,
        plan: Plan,
        compared: Compared,
        extracted: list[Extracted],
        units: npt.NDArray[np.int64],
        resampled: str,
        sides: Sequence[Sample],
    ) -> Verification:
        genuine, impostor = compared.scores[plan.mated], compared.scores[~plan.mated]
        if not (len(genuine) and len(impostor)):
            what = "genuine" if len(impostor) else "impostor"
            raise EvaluationError(f"{prints.name}: {plan.protocol} gives no {what} comparison")
        owners = np.stack([units[plan.probe], units[plan.reference]], axis=1)
        resample = Resampled(genuine, impostor, owners[plan.mated], owners[~plan.mated])
        intervals, band = intervals_and_band(resample, ladder(len(impostor)), self.rounds)
        eer, points, zero_fmr, zero_fnmr = verification_points(genuine, impostor)
        return Verification(
            set_name=prints.name,
            system=system.name,
            prints=prints,
            plan=plan,
            compared=compared,
            extracted=extracted,
            acquired=acquired(prints, extracted),
            eer=eer,
            points=points,
            zero_fmr=zero_fmr,
            zero_fnmr=zero_fnmr,
            intervals=intervals,
            curve=error_curve(genuine, impostor, band),
            resampled=resampled,
            owners=owners,
            sides=sides,
        )

    def _compare(
        self,
        prints: PrintSet,
        system: System,
        probe: npt.NDArray[np.int64],
        reference: npt.NDArray[np.int64],
        protocol: str,
    ) -> Compared:
        pairs = np.stack([probe, reference]).astype(np.int64).tobytes().hex()
        digest = prints.digest()
        path = self.store.scores_path(
            f"{prints.name}-{system.name}-{protocol}",
            digest,
            system.extractor_version,
            system.matcher_version,
            pairs,
        )
        step = f"{system.name}: comparing {prints.name}"
        self.store.found(path, earlier=kept_scores(path, len(probe)) is not None)
        compared = compare_pairs(
            probe,
            reference,
            lambda: self.extract(prints, system, whole=True),
            system.matcher,
            path,
            threads=self.threads,
            on_progress=lambda done, total: self.on_progress(step, done, total),
        )
        if len(probe) and (compared.scores == FAILED).all():
            raise EvaluationError(
                f"{system.name} fails in every comparison of {prints.name}: do its extractor and "
                "its matcher belong together?"
            )
        return replace(compared, prints=digest)


def evaluate(
    sets: Sequence[PrintSet],
    systems: Sequence[System],
    lab: Lab,
    protocols: Sequence[str] = ("all-pairs",),
) -> tuple[list[Verification], list[Identification]]:
    """Every protocol on every set with every system.

    Returns
    -------
    verifications, identifications : list
        Set by set, the systems of a set one behind the other.
    """
    verifications, identifications = [], []
    for protocol in protocols:
        for prints in sets:
            for system in systems:
                if protocol == "search":
                    identifications.append(lab.identify(prints, system))
                else:
                    verifications.append(lab.verify(prints, system, protocol))
    return verifications, identifications


__all__ = ["FPIR_LIMITS", "Lab", "SearchPlan", "evaluate"]
