"""Leaderboards: the same prints and comparisons on one board, and who is clearly behind."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from civid.lab import report
from civid.lab.curves import error_curve
from civid.lab.errors import EvaluationError
from civid.lab.evaluation import Lab, read_set
from civid.lab.leaderboard import Board, Entry, boards, boards_data, boards_text, write_boards
from civid.lab.peers import Matcher, System
from civid.lab.report import plots

from .evaluation.helpers import Alike, Counting, write_set


class Weak(Alike):
    """Takes every third genuine pair for strangers."""

    def __call__(self, probe: bytes, reference: bytes) -> float:
        score = super().__call__(probe, reference)
        return score - 60.0 * (score > 0 and (probe[0] + probe[1] + reference[1]) % 3 == 0)


class Lucky(Alike):
    """The best, but for one pair."""

    def __call__(self, probe: bytes, reference: bytes) -> float:
        if (probe, reference) == (bytes([4, 1]), bytes([4, 2])):
            return -50.0
        return super().__call__(probe, reference)


def run(folder: Path, prints: Path, **matchers: Matcher) -> Path:
    lab = Lab(folder, rounds=30)
    systems = [
        System(name, Counting(), one, "c", type(one).__name__) for name, one in matchers.items()
    ]
    found = [lab.verify(read_set(prints, "made"), one) for one in systems]
    report.write(folder, found, [], systems, lab, report.facts("c", systems), pictures=0)
    return folder


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("boards")
    prints = write_set(folder / "set", fingers=11)
    one = run(folder / "may", prints, toy=Alike(), lucky=Lucky())
    return [one, run(folder / "june", prints, toy=Weak())]


def test_the_best_is_first_and_the_rest_by_how_far_they_are_behind(runs: list[Path]) -> None:
    (board,) = boards(runs, rounds=60)
    assert [one.system for one in board.entries] == ["toy (may)", "lucky", "toy (june)"]
    assert board.limit == 0.01  # 33 prints: 495 impostors can tell 1 %, not 0.1 %
    first, lucky, weak = board.entries
    assert (first.rank, first.behind) == (1, None)
    assert lucky.misses == first.misses + 1
    assert not lucky.clearly_behind
    assert weak.clearly_behind
    assert weak.behind is not None
    assert weak.behind[0] <= weak.fnmr - first.fnmr <= weak.behind[1]
    assert "not clearly" in boards_text([board])


def test_equal_systems_share_a_place(runs: list[Path]) -> None:
    (board,) = boards([runs[0], runs[0]], rounds=20)
    assert [one.rank for one in board.entries] == [1, 1, 3, 3]
    assert board.entries[1].behind == (0.0, 0.0)


def test_no_error_is_a_bound_and_is_noted_once() -> None:
    entries = tuple(Entry(1, name, "may", 0.0, (0.0, 0.0), 0, 30) for name in ("a", "b"))
    text = boards_text([Board("set", "fvc", "", 0.01, entries, "")])
    assert text.count("0 (< 10)") == 4
    assert "0.00" not in text
    curve = error_curve(np.full(30, 90.0), np.zeros(160))
    assert plots.errors("DET", "FMR", "FNMR", [("a", curve), ("b", curve)]).count("no miss") == 1


def test_other_prints_are_another_board(runs: list[Path], tmp_path: Path) -> None:
    other = run(tmp_path / "other", write_set(tmp_path / "set", fingers=10), toy=Alike())
    found = boards([runs[1], other], rounds=20)
    assert [len(one.entries) for one in found] == [1, 1]
    assert len({one.prints for one in found}) == 2


def test_a_board_is_written_for_people_and_programs(runs: list[Path], tmp_path: Path) -> None:
    found = boards(runs, rounds=20)
    files = write_boards(tmp_path, found, runs)
    assert {one.suffix for one in files} == {".html", ".json", ".csv", ".txt"}
    document = json.loads((tmp_path / "leaderboard.json").read_text())
    assert [one["rank"] for one in document[0]["entries"]] == [1, 2, 3]
    page = files[0].read_text()
    assert page.count("<svg") == 1
    assert "prefers-color-scheme: dark" in page
    assert boards_data(found)["rank"].tolist() == [1, 2, 3]


def test_what_is_no_run_is_told(runs: list[Path], tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="no run of civid evaluate"):
        boards([tmp_path])
    (tmp_path / "results.json").write_text('{"verification": [{"set": "x"}]}')
    with pytest.raises(EvaluationError, match="of another version"):
        boards([tmp_path])
    (tmp_path / "results.json").write_bytes((runs[0] / "results.json").read_bytes())
    with pytest.raises(EvaluationError, match="missing or damaged"):
        boards([tmp_path])
    (tmp_path / "final").mkdir()
    for path in (runs[0] / "final").glob("*.npz"):
        np.savez(tmp_path / "final" / path.name, genuine=np.zeros(3))
    with pytest.raises(EvaluationError, match="missing or damaged"):
        boards([tmp_path])


def test_few_impostors_are_asked_for_what_they_can_tell(tmp_path: Path) -> None:
    """By FVC's protocol ten fingers have 45: ranked at FMR 1 nobody would miss anything."""
    prints = write_set(tmp_path / "set", fingers=10)
    systems = [System(one.__name__, Counting(), one(), "c", one.__name__) for one in (Alike, Weak)]
    lab = Lab(tmp_path / "run", rounds=5)
    found = [lab.verify(read_set(prints, "made"), one, protocol="fvc") for one in systems]
    report.write(tmp_path / "run", found, [], systems, lab, report.facts("c", systems), pictures=0)
    (board,) = boards([tmp_path / "run"], rounds=5)
    assert board.limit == 0.1
    assert [(one.system, one.rank) for one in board.entries] == [("Alike", 1), ("Weak", 2)]
    assert "by FMR10" in boards_text([board])
