"""What a notebook shows: pictures and tables of values, loaded when they are asked for."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from civid import display
from civid.fingerprint.compare import Comparison, compare
from civid.fingerprint.image import FingerImage
from civid.fingerprint.quality import QualityReport
from civid.fingerprint.reasons import Reason
from civid.fingerprint.template import MINUTIA_DTYPE, Template

PRINT = FingerImage(np.full((250, 200), 77, np.uint8), 500.0)


def template() -> Template:
    minutiae = np.zeros(12, MINUTIA_DTYPE)
    random = np.random.default_rng(5)
    minutiae["x"], minutiae["y"] = random.uniform(20, 180, (2, 12))
    minutiae["kind"] = 1
    return Template(minutiae, quality=61, width=200, height=200)


def test_a_print_shows_its_pixels_and_a_bar_of_5_mm() -> None:
    with Image.open(io.BytesIO(PRINT._repr_png_())) as picture:
        pixels = np.asarray(picture.convert("L")).astype(int)
    assert (pixels[8:258, 8:208] == 77).mean() > 0.98
    bar = (pixels[258:] < 60).sum(axis=1).max()
    assert bar == pytest.approx(5 / 25.4 * 500, abs=12)


def test_a_bar_is_as_long_whatever_the_resolution() -> None:
    def bar(dpi: float) -> int:
        image = FingerImage(np.full((250, 200), 200, np.uint8), dpi)
        with Image.open(io.BytesIO(image._repr_png_())) as picture:
            pixels = np.asarray(picture.convert("L")).astype(int)
        return int((pixels[258:] < 60).sum(axis=1).max())

    assert bar(1000) == pytest.approx(2 * bar(500), rel=0.1)


def test_a_template_is_drawn_and_numbered() -> None:
    with Image.open(io.BytesIO(template()._repr_png_())) as picture:
        assert picture.format == "PNG"
        numbers = np.asarray(picture.convert("RGB")).astype(int)
    marks = np.abs(numbers - (0, 114, 178)).max(axis=2) < 40
    assert marks.sum() > 12 * 30
    ink = (numbers.max(axis=2) < 150)[18:412, 18:412]  # of the numbers: the marks are blue
    assert ink.sum() > 12 * 10


def test_a_comparison_and_a_report_are_tables() -> None:
    one = compare(template(), template())
    shown = one._repr_html_()
    assert f"{one.score:.1f}" in shown
    assert f"{len(one.pairs)} pairs" in shown
    report = QualityReport(
        quality=31, minutiae=9, area_mm2=80.0, reasons=(Reason.TOO_DRY,), dark_share=0.1,
        broken_share=0.5, valley_level=0.9, contrast=20.0, offset=(0.0, 0.0), cut_offset=0.0,
        coherence=0.6,
    )  # fmt: skip
    shown = report._repr_html_()
    assert "31 of 100" in shown
    assert Reason.TOO_DRY.advice("vi") in shown
    assert Comparison(3.0, 5, np.empty((0, 2), np.int64))._repr_html_().count("<tr>") == 3


def test_only_what_can_be_drawn_is_drawn() -> None:
    with pytest.raises(TypeError, match="no picture of int"):
        display.png(1)
    with pytest.raises(TypeError, match="no table of FingerImage"):
        display.html(PRINT)


def test_values_are_arrays_for_numpy() -> None:
    assert np.asarray(PRINT) is PRINT.pixels
    assert np.array(PRINT, dtype=float).dtype == float
    assert np.array(PRINT, copy=True).flags.writeable
    assert np.asarray(template())["kind"].tolist() == [1] * 12


def test_nothing_of_the_painter_loads_before_it_is_asked() -> None:
    code = (
        "import civid, sys; civid.FingerImage, civid.Template, civid.QualityReport;"
        "assert not [m for m in sys.modules if m.startswith(('civid.pictures', 'PIL'))]"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_results_of_evaluations_are_tables(tmp_path: Path) -> None:
    from civid.lab.evaluation import Lab, read_set
    from civid.lab.peers import System

    for finger in (1, 2, 3):
        for impression in (1, 2):
            pixels = np.full((40, 40), 60 * finger + impression, np.uint8)
            Image.fromarray(pixels).save(tmp_path / f"{finger}_{impression}.png", dpi=(500, 500))

    def grey(image: FingerImage) -> int:
        return int(image.pixels[0, 0])

    def near(one: int, other: int) -> float:
        return -abs(one - other)

    lab, system = Lab(tmp_path / "out", rounds=20), System("grey", grey, near)
    prints = read_set(tmp_path)
    assert "EER" in lab.verify(prints, system)._repr_html_()
    assert "rank-1" in lab.identify(prints, system)._repr_html_()
