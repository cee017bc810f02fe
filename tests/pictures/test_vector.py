"""Two prints as SVG: well-formed, complete, and the overlay moved as the alignment says."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace

import numpy as np
import pytest
from tests.register.enrolment.fingers import HARD, pressed

from civid.fingerprint.compare import Comparison, compare
from civid.fingerprint.extract import explain, extract
from civid.fingerprint.parameters import ExtractionParameters
from civid.pictures.alignment import Alignment, align
from civid.pictures.ridges import method_of, ridges
from civid.pictures.vector import VectorSide, overlay_svg, pair_svg
from civid.position import Position

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def sides() -> tuple[VectorSide, VectorSide, Comparison, Alignment]:
    images = [pressed(1, Position.RIGHT_INDEX, seed) for seed in (1, 2)]
    a, b = (VectorSide(extract(one), one) for one in images)
    found = compare(a.template, b.template)
    laid = align(a.image, a.template, b.image, b.template, found.pairs)
    assert laid is not None
    return a, b, found, laid


def _numbers(root: ET.Element) -> list[str | None]:
    return [one.text for one in root.iter(f"{SVG}text")]


def test_every_pair_has_its_number_on_both_sides_and_a_line(
    sides: tuple[VectorSide, VectorSide, Comparison, Alignment],
) -> None:
    a, b, found, _ = sides
    root = ET.fromstring(pair_svg(a, b, found.pairs, "vân <tay>"))
    assert root.findtext(f"{SVG}title") == "vân <tay>"
    wanted = [str(one) for one in range(1, len(found.pairs) + 1)]
    assert _numbers(root) == wanted * 2
    assert len(list(root.iter(f"{SVG}line"))) == len(found.pairs)
    assert len(list(root.iter(f"{SVG}image"))) == 2


def test_the_overlay_moves_the_picture_as_the_minutiae(
    sides: tuple[VectorSide, VectorSide, Comparison, Alignment],
) -> None:
    a, b, found, laid = sides
    root = ET.fromstring(overlay_svg(a, b, found.pairs, laid, "overlay"))
    first, second = (one for one in root if "ink" in (one.get("class") or ""))
    assert first.get("transform") == "matrix(1.00000 0.00000 0.00000 1.00000 0.00000 0.00000)"
    figures = (second.get("transform") or "")[7:-1].split()
    p, q, r, s, e, f = map(float, figures)
    at = np.array([10.0, 20.0])  # the middle of a pixel is half a pixel further in pictures
    moved = np.array([[p, r], [q, s]]) @ (at + 0.5) + (e, f) - 0.5
    assert moved == pytest.approx(laid.motion.move([at])[0], abs=0.01)


def test_without_images_there_are_frames_and_marks(
    sides: tuple[VectorSide, VectorSide, Comparison, Alignment],
) -> None:
    a, b, found, laid = sides
    bare = replace(a, image=None), replace(b, image=None)
    for text in (
        pair_svg(*bare, found.pairs, "pair"),
        overlay_svg(*bare, found.pairs, laid, "overlay"),
    ):
        root = ET.fromstring(text)
        assert not list(root.iter(f"{SVG}image"))
        assert list(root.iter(f"{SVG}path"))


def test_nothing_that_a_strict_page_forbids(
    sides: tuple[VectorSide, VectorSide, Comparison, Alignment],
) -> None:
    a, b, found, laid = sides
    for text in (pair_svg(a, b, found.pairs, "x"), overlay_svg(a, b, found.pairs, laid, "x")):
        assert " style=" not in text
        assert "<script" not in text
        assert 'href="data:image/png' in text
        assert "http://" not in text.replace('xmlns="http://www.w3.org/2000/svg"', "")


def test_what_is_drawn_is_what_the_extraction_saw() -> None:
    image = pressed(1, Position.RIGHT_INDEX, 3, HARD)
    inks = {}
    for method in ("classical", "neural"):
        made = extract(image, ExtractionParameters(method=method))
        assert method_of(made) == method
        inks[method] = ridges(image, made)
        seen = explain(image, ["enhanced", "mask"], method=method)[1]
        assert np.array_equal(inks[method] > 0, (seen["enhanced"] > 0) & (seen["mask"] > 0))
    assert not np.array_equal(inks["classical"], inks["neural"])
    other = extract(image, ExtractionParameters(method="neural", crowd_most=4))
    assert method_of(other) == "neural"
    assert method_of(replace(other, extractor="")) == "auto"
    assert method_of(replace(other, extractor="leader/2")) == "auto"
