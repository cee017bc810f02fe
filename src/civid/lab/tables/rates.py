"""Error rates as tables: a row a system and set, the DET curve, ranks, sizes of galleries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields

import numpy as np

from civid.lab.curves import GallerySize
from civid.lab.evaluation.results import Identification, Verification, label
from civid.lab.tables.table import Column, DataTable, Labels


def error_rates(results: Sequence[Verification]) -> DataTable:
    """One row a set, system and protocol: EER and FMR100, FMR1000, FMR10000 with intervals.

    Rates are shares, not per cent; null where the counts cannot tell them.
    """
    columns: dict[str, Column] = {
        "set": Labels.of([one.set_name for one in results]),
        "system": Labels.of([one.system for one in results]),
        "protocol": Labels.of([one.protocol for one in results]),
        "prints": np.array([one.acquired.prints for one in results]),
        "failures_to_extract": np.array([len(one.acquired.failures) for one in results]),
        "genuine": np.array([len(one.genuine) for one in results]),
        "impostor": np.array([len(one.impostor) for one in results]),
        "eer": np.array([one.eer.value for one in results]),
    }
    columns |= _ends("eer", [one.intervals.get("eer") for one in results])
    for k in range(len(results[0].points) if results else 0):
        points = [one.points[k] for one in results]
        name = label(points[0].limit).lower()
        rates = [np.nan if point.rate is None else point.rate for point in points]
        columns[name] = np.array(rates)
        columns |= _ends(
            name,
            [
                one.intervals.get(name) if point.measurable else None
                for one, point in zip(results, points, strict=True)
            ],
        )
        columns[f"{name}_threshold"] = np.array([point.threshold for point in points])
    zero = [one.zero_fmr.misses / one.zero_fmr.genuine for one in results]
    columns["zero_fmr"] = np.array(zero)
    return DataTable("error-rates", columns, "shares; intervals of 95 %")


def det(result: Verification | Identification) -> DataTable:
    """The DET curve: FNMR (of searches FNIR) at each limit of the FMR (FPIR), with its interval.

    As far down as the limit can be measured with these comparisons.

    Columns: ``limit``, ``threshold``, ``false_matches``, ``misses``, ``miss_rate``, ``low_95``,
    ``high_95``, ``firm`` (at least 30 false matches are allowed).
    """
    rows = result.curve.as_list()
    columns: dict[str, Column] = {
        name: np.array([np.nan if row[name] is None else row[name] for row in rows])
        for name in rows[0]
    }
    return DataTable("det", columns, f"{result.set_name}, {result.system}")


def cmc(result: Identification, most: int = 20) -> DataTable:
    """Share of mated searches with the mate among the first 1, 2, ... candidates."""
    found = result.found.cmc(most)
    columns: dict[str, Column] = {"rank": np.arange(1, len(found) + 1), "found": found}
    return DataTable("cmc", columns, f"{result.set_name}, {result.system}, {result.mated} searches")


def gallery_sizes(sizes: Sequence[GallerySize]) -> DataTable:
    """What `civid.lab.curves.over_gallery_sizes` found, a row a size."""
    rows = [asdict(one) for one in sizes]
    columns: dict[str, Column] = {
        one.name: np.array([np.nan if row[one.name] is None else row[one.name] for row in rows])
        for one in fields(GallerySize)
    }
    return DataTable(
        "gallery-sizes",
        columns,
        "FNIR at the FPIR limit; galleries drawn from the one that was searched",
    )


def _ends(name: str, intervals: Sequence[tuple[float, float] | None]) -> dict[str, Column]:
    known = [one or (np.nan, np.nan) for one in intervals]
    return {
        f"{name}_low_95": np.array([low for low, _ in known]),
        f"{name}_high_95": np.array([high for _, high in known]),
    }
