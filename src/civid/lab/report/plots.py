"""DET, CMC, histograms of scores, error against quality."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from civid.lab.curves import ErrorCurve
from civid.lab.evaluation.results import Identification, Verification
from civid.lab.metrics import FAILED
from civid.lab.report.svg import Plot, linear_axis, percent, rate_axis

Floats = npt.NDArray[np.float64]

_BINS = 48


def det(results: Sequence[Verification]) -> str:
    """FNMR over FMR of every system on one set, with its band, as far as it was measured."""
    curves = [(one.system, one.curve) for one in results]
    return errors(f"DET, {results[0].set_name}", "FMR", "FNMR", curves)


def search_det(results: Sequence[Identification]) -> str:
    """FNIR over FPIR of every system on one gallery, as `det`."""
    title = f"Open set, {results[0].set_name}, {results[0].found.gallery} enrolled"
    return errors(title, "FPIR", "FNIR", [(one.system, one.curve) for one in results])


def errors(title: str, x: str, y: str, curves: Sequence[tuple[str, ErrorCurve]]) -> str:
    """Curves of errors by name.

    Solid where 30 false matches are allowed, dashed down to one; nothing below one miss.
    """
    fewest = min(1 / one.points[0].genuine for _, one in curves)
    plot = Plot(
        title,
        rate_axis(x, _decade(min(float(one.limits[-1]) for _, one in curves))),
        rate_axis(y, _decade(fewest)),
    )
    low = max(plot.x.low, plot.y.low)
    plot.guide(low, low, 1, 1)
    unmissed = dict[float, list[str]]()  # bounds of those that missed nothing: one note each
    for number, (name, one) in enumerate(curves):
        seen, firm = one.misses > 0, one.firm
        if one.low is not None and one.high is not None:
            plot.band(one.limits, one.low, one.high, number)
        plot.line(one.limits[seen & firm], one.misses[seen & firm], number, name)
        loose = np.flatnonzero(seen)
        loose = loose[loose >= max(0, int(firm.sum()) - 1)]
        plot.line(one.limits[loose], one.misses[loose], number, dash="5 4")
        if not seen.any():
            bound = one.points[0].upper
            plot.line(one.limits[[0, -1]], np.array([bound, bound]), number, dash="1 4")
            unmissed.setdefault(bound, []).append(name)
    for bound, names in unmissed.items():
        plot.note(float(curves[0][1].limits[-1]), bound, no_miss(names))
    return plot.render()


def no_miss(names: Sequence[str]) -> str:
    """What stands at the bound of systems that missed nothing.

    >>> no_miss(["civid"]), no_miss(["civid", "mine:vote"])
    ('civid: no miss seen; 95 % bound', '2 systems: no miss seen; 95 % bound')
    """
    who = names[0] if len(names) == 1 else f"{len(names)} systems"
    return f"{who}: no miss seen; 95 % bound"


def gallery_sizes(results: Sequence[Identification]) -> str:
    """FNIR over the size of the gallery, up to the one that was searched."""
    curves = []
    for number, one in enumerate(results):
        known = [(size.size, size.fnir) for size in one.sizes if size.fnir is not None]
        if len(known) > 1:
            curves.append((number, one, np.array(known, dtype=np.float64).T))
    if not curves:
        return ""
    highest = max(float(fnir.max()) for _, _, (_, fnir) in curves)
    most = max(float(sizes.max()) for _, _, (sizes, _) in curves)
    limit = percent(results[0].sizes[-1].fpir)
    plot = Plot(
        f"FNIR at FPIR {limit}, {results[0].set_name}",
        linear_axis("enrolled (smaller galleries are drawn from it)", 0, most),
        linear_axis("FNIR", 0, max(1.1 * highest, 0.01), share=True),
    )
    for number, one, (sizes, fnir) in curves:
        plot.line(sizes, fnir, number, one.system)
    return plot.render()


def cmc(results: Sequence[Identification]) -> str:
    """Share of mated searches with the mate among the first so many."""
    curves = [one.found.cmc() for one in results]
    low = min(float(curve.min()) for curve in curves)
    bottom = max(0.0, np.floor((low - 0.02) * 20) / 20)
    ranks = max(len(curve) for curve in curves)
    plot = Plot(
        f"CMC, {results[0].set_name}, {results[0].found.gallery} enrolled",
        linear_axis("rank", 1, max(ranks, 2)),
        linear_axis("mate found up to this rank", bottom, 1.0, share=True),
    )
    for number, (one, curve) in enumerate(zip(results, curves, strict=True)):
        plot.line(np.arange(1.0, len(curve) + 1), curve, number, one.system)
    return plot.render()


def histogram(result: Verification) -> str:
    """How genuine and impostor scores lie; failed comparisons have no place in it."""
    kinds = [scores[scores > FAILED] for scores in (result.genuine, result.impostor)]
    both = np.concatenate(kinds)
    low, high = float(both.min()), float(np.quantile(both, 0.9999))
    high = max(high, float(np.quantile(kinds[0], 0.98)) if len(kinds[0]) else high)
    edges = np.linspace(low, high if high > low else low + 1, _BINS + 1)
    shares = [
        np.histogram(np.clip(scores, low, edges[-1]), edges)[0] / max(1, len(scores))
        for scores in kinds
    ]
    highest = max(float(share.max()) for share in shares)
    top = min(highest, 1.6 * sorted(float(s) for share in shares for s in share)[-2])
    plot = Plot(
        f"Scores, {result.system}",
        linear_axis("comparison score", float(edges[0]), float(edges[-1])),
        linear_axis("share of comparisons", 0.0, top * 1.05, share=True),
    )
    for scores, share, number, name in zip(
        kinds, shares, (1, 0), ("genuine", "impostor"), strict=True
    ):
        plot.area(edges, share, number, f"{name} ({len(scores):,})")
    threshold = result.points[1].threshold if result.points[1].measurable else np.inf
    if edges[0] < threshold < edges[-1]:
        plot.guide(threshold, 0, threshold, plot.y.high, "FMR 0.1 %")
    return plot.render()


def discard(results: Sequence[Verification]) -> str:
    """FNMR as the worst prints by quality are left out, at each system's threshold of FMR 1 %."""
    curves = []
    for number, one in enumerate(results):
        curve = one.error_versus_discard()
        if curve is not None:
            curves.append((number, one, *curve))
    if not curves:
        return ""
    highest = max(float(fnmr.max()) for *_, fnmr in curves)
    plot = Plot(
        f"Error against quality, {results[0].set_name}",
        linear_axis("genuine comparisons discarded, lowest quality first", 0, 0.5, share=True),
        linear_axis("FNMR of the rest", 0, max(1.1 * highest, 0.01), share=True),
    )
    for number, one, share, fnmr in curves:
        plot.line(share, fnmr, number, one.system, step=True)
    return plot.render()


def _decade(share: float) -> float:
    """The power of ten at or below, at least 1e-6 and at most 1e-2."""
    return float(10.0 ** np.clip(np.floor(np.log10(share)), -6, -2))


__all__ = ["cmc", "det", "discard", "errors", "gallery_sizes", "histogram", "percent", "search_det"]
