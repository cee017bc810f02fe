"""Real prints over HTTP: images in every packing, slaps, and a finger that comes again."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from tests.exchange.osia.service import Client, Doors, encounter

from civid import ExtractionParameters, Position, read_image
from civid.exchange.abis import Abis
from civid.exchange.osia import osia_parts
from civid.exchange.service import House, make_app
from civid.fingerprint.conversion import convert
from civid.formats import ansi_nist

Pixels = npt.NDArray[np.uint8]


def packed(data: bytes, part: str, **more: Any) -> dict[str, Any]:
    """A sample with an image."""
    return {
        "biometricType": "FINGER",
        "biometricSubType": part,
        "image": base64.b64encode(data).decode(),
        **more,
    }


def bare(pixels: Pixels, part: str, **more: Any) -> dict[str, Any]:
    """A sample with pixels and nothing around them."""
    height, width = pixels.shape
    said = {"width": width, "height": height, "resolution": 500, "bitdepth": 8}
    return packed(pixels.tobytes(), part, compression="NONE", **{**said, **more})


@pytest.fixture(scope="module")
def prints(data: Path) -> list[tuple[bytes, bytes]]:
    """Two impressions each of eight fingers of a public set, PNG."""
    folder = data / "prints" / "Lindex101"
    return [
        ((folder / f"{n}_1.png").read_bytes(), (folder / f"{n}_2.png").read_bytes())
        for n in range(1, 9)
    ]


@pytest.fixture(scope="module")
def card(data: Path) -> dict[int, Pixels]:
    """NIST's ten-print card: pictures by position code."""
    path = data / "formats" / "an2" / "type-14-tpcard-nqm.an2"
    entries = ansi_nist.images(ansi_nist.parse(path.read_bytes()))
    return {one.positions[0]: ansi_nist.decode(one).pixels for one in entries}


def test_the_second_encounter_of_a_finger_is_found(
    client: Client, prints: list[tuple[bytes, bytes]]
) -> None:
    part = "LEFT_INDEX"
    for number, (first, _) in enumerate(prints):
        client.create(f"P{number}", "E1", packed(first, part, resolution=500, compression="PNG"))
    for number, (_, second) in enumerate(prints):
        probe = packed(second, part, resolution=500)
        body = {"filter": {}, "biometricData": [probe]}
        found = client.ask("POST", "/v1/identify/citizens", body).json()
        assert found[0]["personId"] == f"P{number}"
        assert len(found) == 1
        path = f"/v1/verify/ALL/P{number}"
        assert client.ask("POST", path, {"biometricData": [probe]}).json()["decision"] is True
        other = f"/v1/verify/ALL/P{(number + 1) % len(prints)}"
        assert client.ask("POST", other, {"biometricData": [probe]}).json()["decision"] is False

    # Somebody enrols a second time under another name: found, and made one.
    client.create("again", "E2", packed(prints[3][1], part, resolution=500), galleries=["new"])
    (double,) = client.ask("POST", "/v1/identify/citizens/again").json()
    assert double["personId"] == "P3"
    assert client.ask("POST", "/v1/persons/P3/merge/again").status_code == 204
    assert client.ask("POST", "/v1/identify/ALL/P3").json() == []
    (found,) = client.ask("POST", "/v1/identify/new", body | {"biometricData": [
        packed(prints[3][1], part, resolution=500)]}).json()  # fmt: skip
    assert found["personId"] == "P3"
    assert client.ask("GET", "/v1/galleries/new").json() == [
        {"personId": "P3", "encounterId": "E2"}
    ]


@pytest.mark.parametrize(
    ("method", "extractor"), [("classical", "civid-classical/1"), ("neural", "civid-neural/1")]
)
def test_images_are_extracted_as_the_house_says(
    engine: Abis, prints: list[tuple[bytes, bytes]], method: str, extractor: str
) -> None:
    house = House(engine, (Doors(),), extraction=ExtractionParameters(method=method))
    one, other = (packed(data, "LEFT_INDEX", resolution=500) for data in prints[0])
    with Client(make_app(house, parts=osia_parts(house), hosts=("testserver",))) as client:
        client.create("P", "E1", one)
        (template,) = client.ask("GET", "/v1/persons/P/encounters/E1/templates").json()
        assert template["algorithm"] == extractor
        body = {"biometricData1": [one], "biometricData2": [other]}
        assert client.ask("POST", "/v1/verify", body).json()["decision"] is True
    (encounter_,) = engine.encounters("P")
    assert {one.extractor for one in encounter_.fingers.values()} == {extractor}


def test_every_packing_of_one_image_is_one_finger(
    client: Client, prints: list[tuple[bytes, bytes]]
) -> None:
    image = read_image(prints[0][0], 500)
    png = convert(prints[0][0], "png", dpi=500).data

    def made(key: str) -> bytes:
        return convert(png, key, position=Position.LEFT_INDEX).data

    client.create("P1", "E1", packed(png, "LEFT_INDEX"))
    packings = [
        bare(image.pixels, "LEFT_INDEX"),
        packed(made("wsq"), "LEFT_INDEX", compression="WSQ", resolution=500),
        packed(made("jp2"), "LEFT_INDEX", compression="JPEG2000", resolution=500),
        packed(made("jpeg"), "LEFT_INDEX", compression="JPEG"),
        packed(made("iso19794-4:2011"), "LEFT_INDEX", mimeType="image/x-iso19794-4"),
        packed(made("iso19794-4:2005"), "LEFT_INDEX", compression="NONE"),
    ]
    for sample in packings:
        answer = client.ask("POST", "/v1/verify/ALL/P1", {"biometricData": [sample]}).json()
        assert answer["decision"] is True, sample.get("compression")
        assert answer["scores"][0]["score"] > 100


def test_slaps_are_cut_into_fingers(client: Client, card: dict[int, Pixels], engine: Abis) -> None:
    client.create("P1", "E1", bare(card[13], "PLAIN_RIGHT_FOUR_FINGERS"))
    assert set(engine.get("P1", "E1").fingers) == {Position(code) for code in (2, 3, 4, 5)}
    rolled = [bare(card[int(one)], one.name) for one in map(Position, (2, 3, 4, 5))]
    answer = client.ask("POST", "/v1/verify/ALL/P1", {"biometricData": rolled}).json()
    assert answer["decision"] is True
    assert len(answer["scores"]) == 4
    # Of two fingers, cut out of the same picture by hand.
    half = card[13][:, : card[13].shape[1] // 2]
    two = client.ask("POST", "/v1/persons", encounter(bare(half, "RIGHT_INDEX_AND_MIDDLE")))
    assert two.status_code == 200, two.text
    person, number = two.json()["personId"], two.json()["encounterId"]
    assert set(engine.get(person, number).fingers) == {Position(2), Position(3)}
    # Three where four are said to be: which is which is not guessed.
    wide = card[13].copy()
    wide[:, : wide.shape[1] // 4] = 255
    lost = client.ask("POST", "/v1/persons", encounter(bare(wide, "PLAIN_RIGHT_FOUR_FINGERS")))
    assert lost.status_code == 400
    assert "Fewer fingers" in lost.json()["message"]
    missing = [{"biometricSubType": "RIGHT_INDEX", "presence": "BANDAGED"}]
    body = encounter(bare(wide, "PLAIN_RIGHT_FOUR_FINGERS", missing=missing))
    said = client.ask("POST", "/v1/persons/P3/encounters/E1", body)
    assert said.status_code == 200, said.text
    assert set(engine.get("P3", "E1").fingers) == {Position(code) for code in (3, 4, 5)}


def test_samples_that_are_not_what_is_said_of_them(
    client: Client, prints: list[tuple[bytes, bytes]], card: dict[int, Pixels], engine: Abis
) -> None:
    png, pixels = convert(prints[0][0], "png", dpi=500).data, card[2]
    right = convert(png, "iso19794-4:2011", position=Position.RIGHT_THUMB).data
    white = np.full((400, 400), 255, np.uint8)
    wrong: list[dict[str, Any]] = [
        packed(png, "LEFT_INDEX", compression="WSQ"),
        packed(png, "LEFT_INDEX", width=1),
        packed(prints[0][0], "LEFT_INDEX", resolution=20),
        packed(png[:2000], "LEFT_INDEX"),
        packed(right, "LEFT_INDEX"),
        packed(png, "EYE_LEFT"),
        bare(pixels, "LEFT_INDEX", width=pixels.shape[1] + 1),
        bare(pixels, "LEFT_INDEX", bitdepth=16),
        bare(pixels, "LEFT_INDEX", resolution=None),
        bare(white, "LEFT_INDEX"),
        bare(white, "PLAIN_THUMBS"),
        packed(png, "LEFT_INDEX") | {"image": "%%"},
        packed(b"", "LEFT_INDEX"),
        {"biometricType": "FINGER", "imageRef": "https://images.example/1"},
        {"biometricType": "FINGER", "templateRef": "file:///etc/passwd"},
        {"biometricType": "FINGER", "template": "AAAA"},
        {"biometricType": "FINGER", "template": "AAAA", "templateFormat": "VENDOR"},
    ]
    for sample in wrong:
        answer = client.ask("POST", "/v1/persons/P1/encounters/E1", encounter(sample))
        named = {name: value for name, value in sample.items() if name != "image"}
        assert answer.status_code == 400, named
        assert "biometricData" in answer.json()["message"], named
    unknown = [packed(png, "UNKNOWN"), packed(prints[1][0], "UNKNOWN", resolution=500)]
    two = client.ask("POST", "/v1/persons/P2/encounters/E1", encounter(*unknown))
    assert two.status_code == 400
    assert engine.count() == 0


def test_one_finger_that_is_sent_twice_is_kept_at_its_best(
    client: Client, prints: list[tuple[bytes, bytes]], engine: Abis
) -> None:
    samples = [
        packed(one, "LEFT_INDEX", resolution=500, instance=str(n))
        for n, one in enumerate(prints[2])
    ]
    client.create("P1", "E1", *samples)
    best = 0
    for n, sample in enumerate(samples):
        client.create("P2", f"E{n}", sample)
        best = max(best, engine.get("P2", f"E{n}").fingers[Position.LEFT_INDEX].quality)
    assert engine.get("P1", "E1").fingers[Position.LEFT_INDEX].quality == best
    assert len(client.ask("GET", "/v1/persons/P1/encounters/E1").json()["biometricData"]) == 2
