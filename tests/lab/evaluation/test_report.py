"""The report: whole in one file, its figures with counts, its lines where the numbers are."""

from __future__ import annotations

import csv
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from civid.lab import report
from civid.lab.evaluation import Lab, Verification, evaluate, read_set
from civid.lab.evaluation.results import Identification
from civid.lab.evaluation.suspicions import suspicions
from civid.lab.peers import System
from civid.lab.quality import discard_curve
from civid.lab.report import plots
from civid.lab.report.files import score_files
from civid.lab.report.page import page
from civid.lab.report.pictures import worst
from civid.lab.report.svg import Plot, linear_axis, rate_axis
from civid.lab.report.text_tables import as_text, verification_table

from .helpers import Alike, Counting, write_set

Run = tuple[Lab, System, list[Verification], list[Identification]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    system = System("toy <1>", Counting(), Alike(), "counting-1", "alike-1")
    lab = Lab(tmp_path / "out", rounds=30)
    sets = [read_set(write_set(tmp_path / name)) for name in ("one", "two")]
    return lab, system, *evaluate(sets, [system], lab, ["all-pairs", "search"])


class Links(HTMLParser):
    """Everything that a page would load, and whether its tags close."""

    def __init__(self) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.open: list[str] = []
        self.pictures = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.loads += [values[name] or "" for name in ("src", "href") if name in values]
        self.pictures += tag == "img"
        if tag not in ("meta", "img", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_needs_nothing_else(run: Run) -> None:
    lab, system, verifications, identifications = run
    facts = report.facts("civid evaluate <sets>", [system])
    files = report.write(
        lab.folder, verifications, identifications, [system], lab, facts, pictures=2
    )
    page = files[0].read_text(encoding="utf-8")
    links = Links()
    links.feed(page)
    assert not links.open
    assert links.pictures == 2 * 4  # two sets; two genuine and two impostor pairs each
    assert all(link.startswith("data:image/jpeg;base64,") for link in links.loads)
    without_pictures = re.sub(r"data:image/jpeg;base64,[^\"]*", "", page)
    assert "http" not in without_pictures
    assert "url(" not in without_pictures
    assert "<script" not in page
    assert "toy <1>" not in page
    assert "toy &lt;1&gt;" in page
    assert "this one is too faint" in page


def test_the_files_say_the_same(run: Run) -> None:
    lab, system, verifications, identifications = run
    facts = report.facts("command", [system], ["a:1=b:2"])
    files = report.write(
        lab.folder, verifications, identifications, [system], lab, facts, pictures=0
    )
    document = json.loads((lab.folder / "results.json").read_text())
    assert len(document["verification"]) == 2
    assert document["left_out"] == ["a:1=b:2"]
    text = (lab.folder / "report.txt").read_text()
    assert "mean of 2 sets" in text
    assert "not measurable" in text
    arrays = [np.load(path) for path in files if path.suffix == ".npz"]
    first = arrays[0]
    np.testing.assert_array_equal(first["genuine"], verifications[0].genuine)
    ends = [first["prints"][first[f"genuine_{side}"][0]] for side in ("probe", "reference")]
    assert ends == ["1_1", "1_2"]
    assert len(first["impostor_probe"]) == len(first["impostor"])
    (scores,) = (path for path in files if path.name.endswith("one-toy__1_-all-pairs-scores.csv"))
    with scores.open(encoding="utf-8") as file:
        assert len(list(csv.DictReader(file))) == 66
    assert "error-rates.csv" in {path.name for path in files}
    assert sum(path.name.endswith("-search-cmc.csv") for path in files) == 2
    whole = next(path for path in files if path.name.endswith("one-toy__1_-all-pairs-tables.json"))
    by_finger = json.loads(whole.read_text(encoding="utf-8"))["by-finger"]["rows"]
    assert [row["misses"] for row in by_finger][1] == 2  # of the print that gives no template


def test_scores_of_very_many_comparisons_are_arrays_alone(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("civid.lab.report.files.MOST_ROWS", 65)
    names = [path.name for path in score_files(tmp_path, run[2][:1], [])]
    assert any(name.endswith("all-pairs.npz") for name in names)
    assert not any(name.endswith("scores.csv") for name in names)


def test_what_is_suspicious_stands_first_and_what_was_reused_is_said(run: Run) -> None:
    _, system, verifications, identifications = run
    doubts = suspicions([one.prints for one in verifications], verifications)
    assert {one.kind for one in doubts} == {"few-fingers"}
    facts = report.facts("command", [system], (), doubts, reused=7)
    made = page(verifications, identifications, {}, facts)
    assert made.index("Look at this first") < made.index("Verification (1:1)")
    assert "Reused from an earlier run: 7 results" in made
    document = report.document(verifications, identifications, facts)
    assert document["reused"] == 7
    assert len(document["suspicions"]) == 2


def test_the_page_has_a_dark_mode_and_prints_whole(run: Run) -> None:
    made = page(run[2], run[3], {}, report.facts("command", [run[1]]))
    style = made[: made.index("</style>")]
    assert "prefers-color-scheme: dark" in style
    assert "details::details-content" in style
    body = made[made.index("</style>") :]
    assert "#1e1e1e" not in body  # colours are the style's, so that the dark can change them
    assert "loading=" not in body  # a picture that is not there yet is not printed
    assert body.index("EER %") < body.index(">genuine<")  # what matters stands first
    assert 'data-name="EER % (95 %)"' in body


def test_the_worst_pairs_are_the_worst(run: Run) -> None:
    result = run[2][0]
    chosen = worst(result, 3)
    mated = result.plan.mated[chosen]
    assert mated.tolist() == [True] * 3 + [False] * 3
    scores = result.compared.scores[chosen]
    assert scores[0] == result.genuine.min() == -np.inf
    assert scores[3] == result.impostor.max()


def test_tables_line_up_and_bound_what_was_not_seen(run: Run) -> None:
    rows = verification_table(run[2])
    lines = as_text(rows).splitlines()
    assert len(lines) == 2 + 3
    assert len({line.index("toy") for line in lines[2:]}) == 1
    assert all(len(row) == len(rows.columns) for row in rows.rows)


@pytest.mark.parametrize("drawing", ["det", "cmc", "search_det", "histogram"])
def test_plots_are_well_formed(run: Run, drawing: str) -> None:
    given = {
        "det": run[2][:1], "cmc": run[3][:1], "search_det": run[3][:1], "histogram": run[2][0]
    }[drawing]  # fmt: skip
    tree = ElementTree.fromstring(getattr(plots, drawing)(given))
    places = [float(v) for v in re.findall(r"-?\d+\.?\d*", " ".join(
        node.get("points", "") for node in tree.iter()
    ))]  # fmt: skip
    assert places
    assert min(places) >= 0
    assert max(places) <= 380


def test_a_line_lies_where_its_numbers_are() -> None:
    plot = Plot("t", rate_axis("x", 1e-2), linear_axis("y", 0, 10))
    plot.line(np.array([1e-2, 1e-1, 1.0]), np.array([0.0, 5, 10]), 0, "a & b")
    tree = ElementTree.fromstring(plot.render())
    line = next(node for node in tree.iter("polyline"))
    points = np.array([p.split(",") for p in (line.get("points") or "").split()], float)
    np.testing.assert_allclose(points[1], (points[0] + points[2]) / 2, atol=0.11)
    assert points[0, 1] > points[2, 1]  # up is less


def test_steps_keep_their_height_until_the_next_one() -> None:
    plot = Plot("t", linear_axis("x", 0, 2), linear_axis("y", 0, 1))
    plot.line(np.array([0.0, 1, 2]), np.array([1.0, 0.5, 0]), 0, "s", step=True)
    line = next(iter(ElementTree.fromstring(plot.render()).iter("polyline")))
    assert len((line.get("points") or "").split()) == 5


def test_discarding_the_worst_takes_the_errors_away_or_not() -> None:
    scores = np.array([0.0, 0, 9, 9, 9, 9, 9, 9])
    knows, _ = np.arange(8.0), None
    share, fnmr = discard_curve(scores, knows, 5.0)
    assert fnmr.tolist()[:3] == [0.25, pytest.approx(1 / 7), 0]
    assert share.max() <= 0.5
    _, backwards = discard_curve(scores, -knows, 5.0)
    assert (np.diff(backwards) > 0).all()
