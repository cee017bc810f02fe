"""What a researcher writes: checked by mypy --strict and pyright, never run."""

from __future__ import annotations

from typing import Any, assert_type

import numpy as np
import numpy.typing as npt

import civid
from civid import (
    Comparison,
    ComparisonParameters,
    ExtractionParameters,
    FingerImage,
    FusionParameters,
    Position,
    QualityReport,
    SearchParameters,
    Template,
)
from civid.search import ParameterFile, fuse, read_parameters


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


def by_other_parameters(template: Template) -> dict[str, Any]:
    tight = assert_type(ComparisonParameters(pair_distance=12), ComparisonParameters)
    said = civid.compare(template, template, tight)
    assert_type(said.calibrated, bool)
    how = SearchParameters(comparison=tight, fusion=FusionParameters(dependence=0), cells=16)
    gallery = civid.Gallery(parameters=how)
    gallery.parameters = SearchParameters.from_dict(how.to_dict())
    assert_type(gallery.parameters.comparison.changes(), dict[str, int | float])
    file = assert_type(read_parameters("tight.json"), ParameterFile)
    assert_type(file.extraction, ExtractionParameters | None)
    fused = fuse([10.0, 20.0], how.fusion)
    return {"name": assert_type(how.name, str), "fused": fused, "score": said.score}


def version() -> str:
    return civid.__version__ + str(civid.cpu)
