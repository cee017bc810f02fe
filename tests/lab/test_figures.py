"""Figures: what is drawn lies where the numbers are, and no farther than they were measured."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from matplotlib.figure import Figure

from civid.lab import figures
from civid.lab.evaluation import Identification, Lab, Verification, read_set
from civid.lab.peers import System

from .evaluation.helpers import Alike, Counting, write_set


class Guessing(Alike):
    """A matcher that knows little."""

    def __call__(self, probe: bytes, reference: bytes) -> float:
        return float((7 * probe[0] + 3 * reference[0] + probe[1] * reference[1]) % 11)


@pytest.fixture(scope="module")
def results(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[list[Verification], list[Identification]]:
    folder = tmp_path_factory.mktemp("figures")
    systems = [
        System("toy", Counting(), Alike(), "counting-1", "alike-1"),
        System("guess", Counting(), Guessing(), "counting-1", "guessing-1"),
    ]
    lab, prints = Lab(folder / "out", rounds=30), read_set(write_set(folder / "set"))
    return [lab.verify(prints, one) for one in systems], [
        lab.identify(prints, one) for one in systems
    ]


def test_det_is_drawn_as_far_as_it_was_measured(
    results: tuple[list[Verification], list[Identification]],
) -> None:
    toy, guess = results[0]
    axes = figures.det([toy, guess]).axes[0]
    drawn = [np.asarray(line.get_xdata(), float) for line in axes.lines]
    assert min(part.min() for part in drawn if len(part)) * len(toy.impostor) >= 1
    heights = np.concatenate([np.asarray(line.get_ydata(), float) for line in axes.lines])
    assert heights.min() >= 1 / len(toy.genuine)
    assert len(axes.collections) == 2  # a band each
    firm, loose = axes.lines[2:4]
    assert len(np.asarray(firm.get_xdata())) == int(
        (guess.curve.firm & (guess.curve.misses > 0)).sum()
    )
    assert loose.get_linestyle() == "--"


def test_roc_is_one_minus_fnmr(results: tuple[list[Verification], list[Identification]]) -> None:
    guess = results[0][1]
    line = figures.roc(guess).axes[0].lines[0]
    drawn = (np.asarray(data, float) for data in (line.get_xdata(), line.get_ydata()))
    for fmr, match in zip(*drawn, strict=True):
        at = np.sort(guess.impostor)[-round(fmr * len(guess.impostor))]
        assert match == pytest.approx((guess.genuine >= at).mean())


def test_cmc_and_sizes_are_those_of_the_search(
    results: tuple[list[Verification], list[Identification]],
) -> None:
    guess = results[1][1]
    line = figures.cmc(guess).axes[0].lines[0]
    assert np.asarray(line.get_ydata()).tolist() == guess.found.cmc().tolist()
    axes = figures.fnir_over_gallery_size(guess, fpir=0.5, sizes=[2, 4]).axes[0]
    assert np.asarray(axes.lines[0].get_xdata()).tolist() == [2, 4]
    at_all = guess.found.fnir_at_fpir(0.5).rate
    assert np.asarray(axes.lines[0].get_ydata())[-1] == at_all


def test_histograms_hold_every_score(
    results: tuple[list[Verification], list[Identification]],
) -> None:
    toy = results[0][0]
    axes = figures.histogram(toy).axes[0]
    words = axes.get_legend_handles_labels()[1]
    assert words == ["genuine (12, 2 failed)", "impostor (54, 9 failed)"]


@pytest.mark.parametrize("name", figures.__all__)
def test_every_figure_shows_itself_and_fits_into_axes(
    results: tuple[list[Verification], list[Identification]], name: str
) -> None:
    given = results[1] if name in ("cmc", "search_det", "fnir_over_gallery_size") else results[0]
    one = given[0] if name == "histogram" else given
    made = getattr(figures, name)(one)
    assert made._repr_png_().startswith(b"\x89PNG")
    outer = Figure()
    assert getattr(figures, name)(one, ax=outer.add_subplot()) is outer
    legend = outer.axes[0].get_legend()
    assert legend is not None
    outer.canvas.draw()
    assert legend.get_window_extent().y1 < outer.axes[0].get_window_extent().y0  # over no curve


def test_figures_leave_pyplot_alone_and_load_on_use() -> None:
    code = (
        "import sys; from civid.lab import figures; assert 'matplotlib' not in sys.modules;"
        "from civid.lab.figures.axes import drawn; drawn('t', 'x', 'y', lambda ax: None, None);"
        "assert 'matplotlib.pyplot' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)
