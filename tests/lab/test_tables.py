"""Results as tables: the same figures as the report's, counted another way."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pytest

from civid.lab import tables
from civid.lab.curves import over_gallery_sizes
from civid.lab.evaluation import Identification, Lab, Verification, read_set
from civid.lab.peers import System

from .evaluation.helpers import Alike, Counting, write_set


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> tuple[Verification, Identification]:
    """Four fingers of three impressions, one of which gives no template."""
    folder = tmp_path_factory.mktemp("tables")
    system = System("toy", Counting(), Alike(), "counting-1", "alike-1")
    lab, prints = Lab(folder / "out", rounds=30), read_set(write_set(folder / "set"))
    return lab.verify(prints, system), lab.identify(prints, system)


def test_every_comparison_says_who_was_compared(
    results: tuple[Verification, Identification],
) -> None:
    found, _ = results
    frame = tables.scores(found).to_pandas()
    assert len(frame) == 66
    assert frame.mated.sum() == len(found.genuine)
    assert (frame.probe_finger.astype(str) == frame.reference_finger.astype(str)).equals(
        frame.mated
    )
    one = frame[(frame.probe == "1_1") & (frame.reference == "1_3")].iloc[0]
    assert (one.score, one.probe_file, one.reference_impression) == (48.0, "1_1.png", 3)
    failed = frame[frame.score.isna()]
    assert len(failed) == 11
    assert ((failed.probe == "2_3") | (failed.reference == "2_3")).all()


def test_a_search_is_every_probe_with_everybody(
    results: tuple[Verification, Identification],
) -> None:
    _, found = results
    frame = tables.scores(found).to_pandas()
    assert len(frame) == 8 * 4
    assert frame.mated.sum() == 8
    best = frame.dropna().sort_values("score").groupby("probe", observed=True).tail(1)
    assert best.mated.mean() == 1.0
    assert len(best) == found.found.hits(1) == 7


def test_arrow_and_pandas_and_csv_say_the_same(
    results: tuple[Verification, Identification],
) -> None:
    table = tables.scores(results[0])
    frame, arrow = table.to_pandas(), table.to_arrow()
    assert arrow.num_rows == len(frame) == len(table)
    assert arrow.column("score").null_count == 11
    assert arrow.column("probe").to_pylist() == frame.probe.tolist() == table["probe"].tolist()
    import pyarrow

    assert pyarrow.table(table).equals(arrow)
    rows = list(csv.DictReader(io.StringIO(table.to_csv())))
    assert [row["score"] == "" for row in rows] == frame.score.isna().tolist()
    assert float(rows[0]["score"]) == frame.score[0]


def test_by_finger_counts_what_a_loop_counts(
    results: tuple[Verification, Identification],
) -> None:
    found, _ = results
    threshold = 49.5  # neighbours match, the first and third impressions do not
    frame = tables.by_finger(found, threshold).to_pandas().set_index("finger")
    rows = tables.scores(found).to_pandas()
    for finger in ("1", "2", "3", "4"):
        mine = (rows.probe_finger == finger) | (rows.reference_finger == finger)
        genuine, impostor = rows[mine & rows.mated], rows[mine & ~rows.mated]
        one = frame.loc[finger]
        assert (one.prints, one.genuine, one.impostor) == (3, len(genuine), len(impostor))
        assert one.misses == (~(genuine.score >= threshold)).sum()
        assert one.false_matches == (impostor.score >= threshold).sum() == 0
        assert one.impostor_highest == impostor.score.max()
    assert np.isnan(frame.loc["2"].genuine_lowest)
    assert frame.loc["1"].genuine_median == 49
    assert frame.genuine.sum() == len(found.genuine)
    assert frame.impostor.sum() == 2 * len(found.impostor)


def test_by_image_knows_which_print_failed(
    results: tuple[Verification, Identification],
) -> None:
    frame = tables.by_image(results[0]).to_pandas().set_index("print")
    assert frame.failure.astype(bool).sum() == 1
    assert "too faint" in frame.loc["2_3"].failure
    assert frame.loc["2_3"].misses == frame.loc["2_3"].genuine == 2
    assert frame.genuine.sum() == 2 * 12


def test_without_persons_a_subject_is_a_finger(
    results: tuple[Verification, Identification],
) -> None:
    one = tables.by_subject(results[0]).to_pandas()
    other = tables.by_finger(results[0]).to_pandas()
    assert one.fingers.tolist() == [1, 1, 1, 1]
    assert one.misses.tolist() == other.misses.tolist()
    assert one.person.tolist() == other.finger.tolist()


def test_rates_are_those_of_the_report(results: tuple[Verification, Identification]) -> None:
    found, search = results
    row = tables.error_rates([found]).as_dicts()[0]
    assert (row["eer"], row["genuine"], row["fmr10000"]) == (found.eer.value, 12, None)
    curve = tables.det(found).to_pandas()
    assert curve.limit.min() * len(found.impostor) >= 1  # no farther than measured
    assert (np.diff(curve.miss_rate) >= 0).all()
    assert (curve.low_95 <= curve.high_95).all()
    assert tables.cmc(search)["found"].tolist() == search.found.cmc().tolist()


def test_a_name_that_is_a_formula_stays_a_name() -> None:
    table = tables.DataTable("t", {"finger": tables.Labels.of(["=1+1"])})
    assert table.to_csv() == "finger\n'=1+1\n"
    assert "<script" not in tables.DataTable("<script>", table.columns)._repr_html_()


def test_a_table_is_written_whole(tmp_path: Path) -> None:
    table = tables.DataTable("t", {"n": np.arange(70_000)})
    path = table.write_csv(tmp_path / "new" / "t.csv")
    assert len(path.read_text().splitlines()) == 70_001
    assert [one.name for one in path.parent.iterdir()] == ["t.csv"]
    with pytest.raises(ValueError, match="one length"):
        tables.DataTable("t", {"a": np.arange(2), "b": np.arange(3)})


def test_larger_galleries_miss_no_less() -> None:
    random = np.random.default_rng(3)
    mates = np.tile(np.eye(40, dtype=bool), (2, 1))
    scores = random.normal(0, 1, (80, 40)) + 3.0 * mates
    found = over_gallery_sizes(scores, mates, fpir=0.1, galleries=40)
    assert [one.size for one in found] == [10, 20, 40]
    assert [one.galleries for one in found] == [40, 40, 1]
    fnir = [one.fnir for one in found if one.fnir is not None]
    assert len(fnir) == 3
    assert fnir[0] < fnir[2]
    assert found[0].rank1 > found[2].rank1
    whole = tables.gallery_sizes(found).to_pandas()
    assert whole["size"].tolist() == [10, 20, 40]
    with pytest.raises(ValueError, match="not of 41"):
        over_gallery_sizes(scores, mates, sizes=[41])
