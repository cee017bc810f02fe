"""What a researcher writes: checked by mypy --strict and pyright, never run."""

from __future__ import annotations

from typing import Any, assert_type

import numpy as np
import numpy.typing as npt

import civid
from civid import Comparison, FingerImage, Position, QualityReport, Template


def one(path: str) -> dict[str, Any]:
    image = assert_type(civid.read_image(path, dpi=500), FingerImage)
    template = assert_type(civid.extract(image), Template)
    report = assert_type(civid.assess(image), QualityReport)
    advice = [reason.advice("vi") for reason in report.reasons]
    minutiae: npt.NDArray[Any] = template.minutiae
    centre = float(np.mean(minutiae["x"]))
    said = assert_type(civid.compare(template, template), Comparison)
    assert_type(said.score, float)
    record = template.to_bytes("iso19794-2:2005", position=Position.RIGHT_INDEX)
    again = Template.from_bytes(record)
    return {"advice": advice, "x": centre, **said.to_dict(), **again.to_dict()}


def made() -> Template:
    return Template([(10, 20, 1.5, 1, 90)], quality=80, width=300, height=400)


def version() -> str:
    return civid.__version__ + str(civid.cpu)
