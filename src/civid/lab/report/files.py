"""Scores and tables of results as files, for programs and spreadsheets."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from civid.lab import tables
from civid.lab.evaluation.results import Identification, Verification
from civid.lab.evaluation.store import file_name, save_arrays, write_whole
from civid.lab.tables import DataTable

#: With more comparisons their CSV would take gigabytes: the npz file says the same in a tenth.
MOST_ROWS = 2_000_000


def score_files(
    folder: Path,
    verifications: Sequence[Verification],
    identifications: Sequence[Identification],
) -> list[Path]:
    """Write ``error-rates.csv``, and into ``final/`` scores, curves and breakdowns of each result.

    Scores are ``NAME.npz`` and, up to `MOST_ROWS` comparisons, ``NAME-scores.csv``; tables are a
    CSV each, and all of them (but the scores) ``NAME-tables.json``.
    """
    written = []
    if verifications:
        written.append(tables.error_rates(verifications).write_csv(folder / "error-rates.csv"))
    for result in verifications:
        path = folder / "final" / file_name(result.set_name, result.system, result.protocol)
        written.append(_verification_scores(path.with_name(f"{path.name}.npz"), result))
        made = [tables.det(result), tables.by_finger(result), tables.by_subject(result)]
        made.append(tables.by_image(result))
        written += _tables(path, made, result, len(result.plan))
    for search in identifications:
        path = folder / "final" / file_name(search.set_name, search.system, "search")
        written.append(_search_scores(path.with_name(f"{path.name}.npz"), search))
        made = [tables.det(search), tables.cmc(search), tables.gallery_sizes(search.sizes)]
        written += _tables(path, made, search, search.scores.size)
    return written


def _verification_scores(path: Path, result: Verification) -> Path:
    """Scores, whose they are, and what a bootstrap draws; places in ``prints`` say who."""
    plan = result.plan
    arrays = {}
    for kind, rows in (("genuine", plan.mated), ("impostor", ~plan.mated)):
        arrays[kind] = result.compared.scores[rows]
        arrays[f"{kind}_probe"] = plan.probe[rows].astype(np.int32)
        arrays[f"{kind}_reference"] = plan.reference[rows].astype(np.int32)
        arrays[f"{kind}_owners"] = result.owners[rows].astype(np.int32)
    save_arrays(path, prints=np.array([one.name for one in result.sides]), **arrays)
    return path


def _search_scores(path: Path, search: Identification) -> Path:
    plan, prints = search.plan, np.array([one.name for one in search.prints.samples])
    save_arrays(
        path,
        scores=search.scores,
        mates=plan.mates,
        ignored=plan.ignored,
        probes=prints[plan.probes],
        gallery=prints[plan.gallery],
    )
    return path


def _tables(
    path: Path, made: Sequence[DataTable], result: Verification | Identification, rows: int
) -> list[Path]:
    written = []
    if rows <= MOST_ROWS:
        written.append(tables.scores(result).write_csv(path.with_name(f"{path.name}-scores.csv")))
    written += [one.write_csv(path.with_name(f"{path.name}-{one.name}.csv")) for one in made]
    whole = path.with_name(f"{path.name}-tables.json")
    document = {one.name: {"about": one.about, "rows": one.as_dicts()} for one in made}
    write_whole(whole, (json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode())
    return [*written, whole]
