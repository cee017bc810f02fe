"""Templates out of Type-9 records and into them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.formats.ansi_nist.made import FEATURES, wrap

from civid import FingerImage, Position, Template, extract
from civid.errors import FormatError
from civid.fingerprint._ansi_nist import all_to_templates, from_template, to_template
from civid.formats import ansi_nist
from civid.formats.ansi_nist.type9.points import Minutia


def test_a_template_comes_back() -> None:
    rows = [(9, 8, np.pi / 2, 1, 60), (299, 399, 0, 2, 100), (0, 0, np.deg2rad(358), 0, 0)]
    template = Template(rows, quality=70, width=300, height=400)
    record = from_template(template, idc=3, position=Position.LEFT_INDEX, impression=1)
    made = wrap(record)
    ((features, back),) = all_to_templates(ansi_nist.parse(ansi_nist.build(made), strict=True))
    assert (features.position, features.impression, features.idc) == (7, 1, 3)
    assert (back.quality, back.width, back.height) == (70, 300, 400)
    assert np.array_equal(back.minutiae[["x", "y", "kind", "quality"]].tolist(),
                          template.minutiae[["x", "y", "kind", "quality"]].tolist())  # fmt: skip
    assert np.allclose(back.minutiae["angle"], template.minutiae["angle"], atol=1e-6)


def test_another_resolution_is_scaled() -> None:
    template = to_template(replace(FEATURES, dpi=(1000.0, 1000.0)))
    assert (template.width, template.height) == (150, 200)
    assert template.minutiae["x"].tolist() == [4.5, 149.5, 0]


def test_more_minutiae_than_a_template_holds() -> None:
    many = tuple(Minutia(float(one), 8.0, 0.0, 1, one % 100 + 1) for one in range(300))
    template = to_template(replace(FEATURES, minutiae=many))
    assert len(template) == 255
    assert template.minutiae["quality"].min() == 16  # the 45 worst of three hundreds are gone
    assert np.all(np.diff(template.minutiae["x"]) > 0)


@pytest.mark.parametrize(
    "changes", [{"dpi": (5.0, 5.0)}, {"dpi": (99_999.0, 500.0)}, {"width": 40_000}]
)
def test_what_cannot_be_a_template(changes: dict[str, object]) -> None:
    with pytest.raises(FormatError):
        to_template(replace(FEATURES, **changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "near", "least"), [("type9-13.an2k", 26, 25), ("type-9-4-iafis.an2", 39, 37)]
)
def test_minutiae_of_a_file_lie_where_its_image_has_them(
    data: Path, name: str, near: int, least: int
) -> None:
    """Somebody else's minutiae beside those that we find: place, direction, and no mirror."""
    transaction = ansi_nist.parse((data / "formats" / "an2" / name).read_bytes())
    ((features, template),) = all_to_templates(transaction)
    entry = next(one for one in ansi_nist.images(transaction) if one.idc == features.idc)
    own = extract(FingerImage(ansi_nist.decode(entry).pixels, 500)).minutiae
    distances = np.hypot(
        template.minutiae["x"][:, None] - own["x"], template.minutiae["y"][:, None] - own["y"]
    )
    nearest = distances.argmin(axis=1)
    close = distances.min(axis=1) < 10
    turn = template.minutiae["angle"] - own["angle"][nearest]
    along = np.cos(turn[close]) > np.cos(np.deg2rad(30))
    assert close.sum() >= near - 2
    assert along.sum() >= least - 2
