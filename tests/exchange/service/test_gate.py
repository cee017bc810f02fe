"""A service with a gate: what is too poor is not enrolled, and the operator is told what to do."""

from __future__ import annotations

from io import BytesIO

import numpy as np
from PIL import Image
from tests.exchange.service.conftest import Make, Station
from tests.exchange.service.test_body import ridges
from tests.search.prints import person

from civid import Gate, Position

QUALITY = "/civid/v1/quality"


def scrap() -> bytes:
    """A small piece of a print."""
    pixels = np.array(Image.open(BytesIO(ridges())))
    y, x = np.indices(pixels.shape)
    out = BytesIO()
    piece = np.where(np.hypot(y - 200, x - 170) < 72, pixels, 250).astype(np.uint8)
    Image.fromarray(piece).save(out, "PNG", dpi=(500, 500))
    return out.getvalue()


def test_poor_prints_are_not_enrolled(make: Make) -> None:
    station = make(gate=Gate(min_quality=40, retries=1))
    headers = station.bearer("enrol", "identify", "read")
    for path in ("/civid/v1/people/a", "/civid/v1/people/a/enrol-if-new"):
        answer = station.client.post(path, headers=headers, files={"right-index": scrap()})
        told = answer.json()
        assert (answer.status_code, told["code"], told["file"]) == (
            422,
            "poor-print",
            "right-index",
        )
        assert told["quality"] < 40
        assert "too-small" in told["reasons"]
        assert len(told["advice"]) == len(told["advice_vi"]) > 0
    white = BytesIO()
    Image.new("L", (300, 400), 255).save(white, "PNG", dpi=(500, 500))
    told = station.client.post(path, headers=headers, files={"2": white.getvalue()}).json()
    assert (told["code"], told["reasons"]) == ("poor-print", ["no-print"])
    assert told["advice_vi"]
    assert station.client.get("/civid/v1/people/a", headers=headers).status_code == 404
    # A search of whoever is at hand goes on with what there is.
    found = station.client.post("/civid/v1/search", headers=headers, files={"2": scrap()})
    assert found.status_code == 200
    # Templates of other programs are judged by their minutiae.
    record = person(1, 2)[Position.RIGHT_INDEX].to_bytes()
    assert (
        station.client.post("/civid/v1/people/b", headers=headers, files={"2": record}).status_code
        == 201
    )


def test_quality_says_what_to_do_by_the_same_gate(make: Make, station: Station) -> None:
    strict = make(gate=Gate(min_quality=40, retries=1))
    headers = strict.bearer("enrol")

    def decided(attempt: int, data: bytes) -> str:
        answer = strict.client.post(
            QUALITY, headers=headers, files={"2": data}, params={"attempt": attempt}
        )
        assert answer.status_code == 200, answer.text
        return str(answer.json()["decision"])

    assert [decided(attempt, scrap()) for attempt in (1, 2)] == ["retry", "refuse"]
    plain = station.client.post(QUALITY, headers=station.bearer("enrol"), files={"2": ridges()})
    assert plain.json()["decision"] in ("accept", "retry")
    wrong = strict.client.post(
        QUALITY, headers=headers, files={"2": ridges()}, params={"attempt": 0}
    )
    assert wrong.status_code == 422
    record = person(1, 2)[Position.RIGHT_INDEX].to_bytes()
    nothing = strict.client.post(QUALITY, headers=headers, files={"2": record})
    assert (nothing.status_code, nothing.json()["code"]) == (422, "image")
