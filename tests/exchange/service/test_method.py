"""A service that is told how minutiae are found: at every address that takes an image."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest
from tests.exchange.service.conftest import Make

from civid import ExtractionParameters, Position, extract, read_image
from civid.exchange.osia.biometrics import read_prints
from civid.exchange.osia.models import BiometricData
from civid.fingerprint.parameters import extractor_name

CLASSICAL, NEURAL = (extractor_name(None, method) for method in ("classical", "neural"))
BY = [("classical", CLASSICAL), ("neural", NEURAL)]


@pytest.fixture
def picture(data: Path) -> bytes:
    """A real print whose quality the two methods judge differently."""
    return (data / "prints" / "FVC2002" / "DB1_B" / "101_1.png").read_bytes()


@pytest.mark.parametrize(("method", "extractor"), BY)
def test_people_are_enrolled_and_found_by_it(
    make: Make, picture: bytes, method: str, extractor: str
) -> None:
    station = make(extraction=ExtractionParameters(method=method))
    headers = station.bearer("enrol", "identify", "verify", "read")
    sent: dict[str, Any] = {"headers": headers, "files": {"2": picture}, "data": {"dpi": "500"}}
    wanted = extract(read_image(picture, dpi=500), method=method)
    made = station.client.post("/civid/v1/people/a", **sent)
    assert made.status_code == 201, made.text
    assert made.json()["fingers"][0]["minutiae"] == len(wanted)
    (encounter,) = station.engine.encounters("a")
    assert encounter.fingers[Position.RIGHT_INDEX].extractor == extractor
    found = station.client.post("/civid/v1/search", **sent).json()
    assert [one["person"] for one in found["candidates"]] == ["a"]
    checked = station.client.post("/civid/v1/people/b/enrol-if-new", **sent).json()
    assert checked["enrolled"] is False
    assert station.client.post("/civid/v1/people/a/verify", **sent).json()["same"] is True
    judged = station.client.post("/civid/v1/quality", **sent).json()
    assert (judged["minutiae"], judged["quality"]) == (len(wanted), wanted.quality)
    assert station.client.get("/civid/v1/info", headers=headers).json()["extractor"] == extractor


def test_the_two_methods_differ_on_this_print(picture: bytes) -> None:
    image = read_image(picture, dpi=500)
    classical, neural = (extract(image, method=method) for method, _ in BY)
    assert (len(classical), classical.quality) != (len(neural), neural.quality)


@pytest.mark.parametrize(("method", "extractor"), BY)
def test_samples_of_osia(picture: bytes, method: str, extractor: str) -> None:
    item = BiometricData.model_validate(
        {
            "biometricType": "FINGER",
            "biometricSubType": "RIGHT_INDEX",
            "image": base64.b64encode(picture).decode(),
            "resolution": 500,
        }
    )
    by = ExtractionParameters(method=method)
    found = read_prints([item], lambda url: b"", extraction=by)
    assert found.fingers[Position.RIGHT_INDEX].extractor == extractor
