"""Bodies of strangers: every kind of file, and all that is wrong with them."""

from __future__ import annotations

import asyncio
import base64
import json
import tempfile
from collections.abc import AsyncIterator
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from tests.exchange.service.conftest import Make, Station, as_files, as_json
from tests.search.prints import person

from civid.exchange.service.bounds import Limits
from civid.exchange.service.plain.prints import templates
from civid.formats.minutiae.convert import FORMATS
from civid.position import Position

SEARCH = "/civid/v1/search"
RECORD = person(1, 2)[Position.RIGHT_INDEX].to_bytes()


def ridges(dpi: tuple[int, int] | None = (500, 500)) -> bytes:
    """A picture in which something is found: rings, cut here and there."""
    y, x = np.mgrid[0:320, 0:280]
    distance = np.hypot(x - 140, (y - 170) * 0.8)
    wave = np.sin(distance * 2 * np.pi / 9 + 3 * np.sin(y / 23.0) + 2 * np.sin(x / 17.0))
    out = BytesIO()
    image = Image.fromarray((127 + 120 * wave).astype(np.uint8))
    image.save(out, "PNG", **({} if dpi is None else {"dpi": dpi}))
    return out.getvalue()


def refused(station: Station, status: int, code: str, **options: Any) -> dict[str, Any]:
    """A search that is refused; the document."""
    headers = station.bearer("identify") | options.pop("headers", {})
    answer = station.client.post(SEARCH, headers=headers, **options)
    assert (answer.status_code, answer.json().get("code")) == (status, code), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    return dict(answer.json())


@pytest.mark.parametrize("key", sorted(FORMATS))
def test_records_of_every_standard_that_says_what_it_is(station: Station, key: str) -> None:
    data = person(1, 2)[Position.RIGHT_INDEX].to_bytes(key)
    headers = station.bearer("identify")
    answer = station.client.post(SEARCH, headers=headers, files={"2": data})
    silent = key in ("xyt", "xyt-m1") or key.endswith("card")
    assert answer.status_code == (422 if silent else 200), answer.text


def test_pictures_and_their_resolution(station: Station) -> None:
    headers = station.bearer("identify", "enrol")
    ok = station.client.post(SEARCH, headers=headers, files={"right-index": ridges()})
    assert ok.status_code == 200
    document = refused(station, 422, "resolution", files={"right-index": ridges(None)})
    assert document["file"] == "right-index"
    said = station.client.post(
        SEARCH, headers=headers, files={"2": ridges(None)}, data={"dpi": "500"}
    )
    assert said.status_code == 200
    data = base64.b64encode(ridges(None)).decode()
    document = {"dpi": 500, "fingers": [{"position": "2", "data": data}]}
    assert station.client.post(SEARCH, headers=headers, json=document).status_code == 200
    good = station.client.post("/civid/v1/quality", headers=headers, files={"2": ridges()}).json()
    assert good["minutiae"] > 0
    assert all({"code", "advice", "advice_vi"} == set(one) for one in good["reasons"])


def test_a_record_says_itself_which_finger_it_holds() -> None:
    record = person(1, 7)[Position.LEFT_INDEX].to_bytes(position=Position.LEFT_INDEX)
    assert set(templates([("record", None, record)], None)) == {Position.LEFT_INDEX}
    given = templates([("3", Position.RIGHT_MIDDLE, record)], None)
    assert set(given) == {Position.RIGHT_MIDDLE}


def test_what_is_wrong_is_named(station: Station) -> None:
    cut = refused(station, 422, "record", files={"2": RECORD[:30]})
    assert cut["file"] == "2"
    assert "offset" in cut or "field" in cut
    refused(station, 422, "image", files={"2": b"hello"})
    refused(station, 422, "image", files={"2": b""})
    assert refused(station, 422, "parameter", files={"nose": RECORD})["field"] == "nose"
    assert refused(station, 422, "parameter", files={"2": RECORD}, data={"dpi": "x"})["field"] == (
        "dpi"
    )
    assert refused(station, 422, "parameter", files={"2": RECORD}, data={"x": "1"})["field"] == "x"
    refused(station, 422, "parameter", files={"2": RECORD}, data={"2": "a text, no file"})
    refused(station, 422, "parameter", json={"fingers": []})
    refused(station, 422, "parameter", json={"fingers": [{}]})
    refused(station, 422, "parameter", json={"fingers": [{"data": "%"}]})
    refused(station, 422, "parameter", json={"fingers": [{"data": "", "position": 11}]})
    refused(station, 422, "parameter", json={"fingers": [{"data": "", "position": True}]})
    refused(station, 422, "parameter", json=[])
    refused(station, 422, "parameter", json={"fingers": [{"data": "AA=="}], "more": 1})
    empty = np.full((200, 200), 255, np.uint8)
    out = BytesIO()
    Image.fromarray(empty).save(out, "PNG", dpi=(500, 500))
    refused(station, 422, "image", files={"2": out.getvalue()})


def test_other_kinds_and_nonsense(station: Station) -> None:
    kind = {"content-type": "application/json"}
    refused(station, 415, "media-type", content=RECORD)
    refused(station, 415, "media-type", data={"2": "x"})
    refused(station, 400, "request", content=b"{", headers=kind)
    refused(station, 400, "request", content=b"\xff\xfe", headers=kind)
    refused(station, 400, "request", content=b"[" * 100_000, headers=kind)
    refused(station, 400, "request", content=b"9" * 10_000, headers=kind)
    form = "multipart/form-data"
    refused(station, 400, "request", content=b"x", headers={"content-type": form})
    bad = {"content-type": f"{form}; boundary=b"}
    refused(station, 400, "request", content=b"--c\r\n\r\nx", headers=bad)
    refused(station, 422, "parameter", content=b"--b--\r\n", headers=bad)


def test_parts_and_bytes_are_bounded(make: Make) -> None:
    station = make(Limits(body=40_000, parts=3, per_second=1e6, burst=1e6))
    many = [("2", RECORD)] * 4
    assert refused(station, 413, "large", files=many)["parts"] == 3
    fingers = {"fingers": [{"data": "AA=="}] * 4}
    assert refused(station, 413, "large", json=fingers)["parts"] == 3
    assert refused(station, 413, "large", files={"2": bytes(50_000)})["limit"] == 40_000


def test_a_body_that_does_not_say_its_length_is_read_no_further_than_the_limit(make: Make) -> None:
    station = make(Limits(body=10_000, per_second=1e6, burst=1e6))
    sent = 0

    async def endless(begin: bytes) -> AsyncIterator[bytes]:
        nonlocal sent
        yield begin
        while True:
            sent += 1000
            yield bytes(1000)

    part = b'--b\r\nContent-Disposition: form-data; name="2"; filename="2"\r\n\r\n'
    for kind, begin in (("application/json", b""), ("multipart/form-data; boundary=b", part)):
        sent = 0
        refused(station, 413, "large", content=endless(begin), headers={"content-type": kind})
        assert sent <= 12_000


def test_a_stranger_s_body_is_not_read(station: Station) -> None:
    read = False

    async def body() -> AsyncIterator[bytes]:
        nonlocal read
        read = True
        yield b"{}"

    answer = station.client.post(
        SEARCH, content=body(), headers={"content-type": "application/json"}
    )
    assert answer.status_code == 401
    assert not read


def test_a_body_that_never_comes_is_not_waited_for(make: Make) -> None:
    station = make(Limits(body_seconds=0.05, per_second=1e6, burst=1e6))

    async def slow() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.sleep(60)

    kind = {"content-type": "application/json"}
    refused(station, 408, "slow", content=slow(), headers=kind)


def test_no_print_touches_a_disk(station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    def rolled(self: Any) -> None:
        raise AssertionError("a print went to a file")

    monkeypatch.setattr(tempfile.SpooledTemporaryFile, "rollover", rolled)
    refused(station, 422, "image", files={"2": bytes(4 << 20)})


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_whatever_comes_is_answered_with_a_type(station: Station, data: st.DataObject) -> None:
    flavours = st.sampled_from([RECORD, ridges(), json.dumps(as_json(person(1, 2))).encode()])
    content = bytearray(data.draw(flavours))
    for _ in range(data.draw(st.integers(0, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    headers = station.bearer("identify")
    if data.draw(st.booleans()):
        answer = station.client.post(SEARCH, headers=headers, files={"2": bytes(content)})
    else:
        kind = {"content-type": "application/json"}
        answer = station.client.post(SEARCH, headers=headers | kind, content=bytes(content))
    assert answer.status_code in (200, 400, 422)
    if answer.status_code != 200:
        assert {"type", "title", "status", "code", "request_id"} <= set(answer.json())
    assert station.engine.count() == 0


def test_files_of_one_person_in_a_form_and_a_document_are_the_same(station: Station) -> None:
    fingers = person(5, 2, 7)
    for who, body in (("a", {"files": as_files(fingers)}), ("b", {"json": as_json(fingers)})):
        path = f"/civid/v1/people/{who}"
        assert station.client.post(path, headers=station.bearer("enrol"), **body).is_success
    (a,), (b,) = station.engine.encounters("a"), station.engine.encounters("b")
    assert set(a.fingers) == set(b.fingers)
    for position, one in a.fingers.items():
        assert one.minutiae.tobytes() == b.fingers[position].minutiae.tobytes()
