"""docs/examples/duplicate_check.py: a writer and a reader on one folder, as a client sees them."""

from __future__ import annotations

import json
import runpy
from base64 import b64encode
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from civid.fingerprint.template import Template
from civid.lab.synthetic import SyntheticGallery
from civid.position import Position

INDEX = Position.RIGHT_INDEX
pytestmark = pytest.mark.anyio
MADE = SyntheticGallery(1, (INDEX,))


def body(subject: int, number: int, **more: Any) -> dict[str, Any]:
    """A right index finger of somebody, as a record."""
    record = MADE.impression(subject, INDEX, number).to_bytes()
    return {"fingers": {"right-index": b64encode(record).decode()}, **more}


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def made(root: Path) -> Callable[..., FastAPI]:
    names = runpy.run_path(str(root / "docs" / "examples" / "duplicate_check.py"))
    return names["service"]  # type: ignore[no-any-return]


@asynccontextmanager
async def running(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x") as client,
    ):
        yield client


@asynccontextmanager
async def both(
    made: Callable[..., FastAPI], folder: Path
) -> AsyncIterator[tuple[httpx.AsyncClient, httpx.AsyncClient]]:
    async with (
        running(made(str(folder / "people"), read_only=False)) as writer,
        running(made(str(folder / "people"), read_only=True, wait=0.02)) as reader,
    ):
        yield writer, reader


async def test_what_the_writer_has_answered_for_the_reader_finds(
    made: Callable[..., FastAPI], tmp_path: Path
) -> None:
    async with both(made, tmp_path) as (writer, reader):
        first = await writer.put(
            "/people/a", json=body(1, 0, values={"unit": "079"}, tags=["border"])
        )
        assert (first.status_code, first.json()["enrolled"]) == (201, True)
        seen = {"seen": first.json()["token"]}
        (found,) = (await reader.post("/search", json=body(1, 1), params=seen)).json()["candidates"]
        assert (found["subject_id"], found["searched"]) == ("a", 1)
        assert (await reader.post("/search?tag=other", json=body(1, 1))).json()["candidates"] == []
        assert (await reader.get("/people/a")).json() == {
            "fingers": ["right-index"],
            "values": {"unit": "079"},
            "tags": ["border"],
        }
        again = await writer.put("/people/b", json=body(1, 2))
        assert (again.status_code, again.json()["candidates"][0]["subject_id"]) == (200, "a")
        assert (await reader.post("/people/a/verify", json=body(1, 1))).json()["same"]
        assert not (await reader.post("/people/a/verify", json=body(2, 1))).json()["same"]
        changed = (await writer.put("/people/a/fingers/right-index", json=body(3, 0))).json()[
            "token"
        ]
        swapped = await reader.post(f"/people/a/verify?seen={changed}", json=body(3, 1))
        assert swapped.json()["same"]
        gone = (await writer.delete("/people/a")).json()["token"]
        assert (await reader.get(f"/people/a?seen={gone}")).status_code == 404
        assert (await reader.get("/health")).json() == {"people": 0}


async def test_what_is_refused_says_why_and_names_nobody(
    made: Callable[..., FastAPI], tmp_path: Path
) -> None:
    async with both(made, tmp_path) as (writer, reader):

        def told(answer: Any) -> tuple[int, str]:
            said = answer.json()
            assert "079204" not in json.dumps(said)
            return answer.status_code, said.get("code") or said.get("detail", "")

        await writer.put("/people/a", json=body(1, 0))
        assert told(await writer.put("/people/a", json=body(2, 0))) == (409, "exists")
        assert told(await reader.put("/people/c", json=body(2, 0))) == (409, "read-only")
        assert told(await reader.post("/people/079204000001/verify", json=body(1, 0))) == (
            404,
            "not-found",
        )
        assert told(await reader.get("/people/a?seen=999")) == (503, "busy")
        assert told(await writer.put("/people/%01", json=body(3, 0))) == (422, "person-id")
        assert told(await writer.put("/people/c", json=body(3, 0, tags=["\n"]))) == (
            422,
            "parameter",
        )
        assert told(await writer.post("/search?max_fpir=nan", json=body(1, 0))) == (422, "search")
        assert told(await writer.post("/search?limit=0", json=body(1, 0))) == (422, "search")
        for broken, code in (("0792", "image"), ("!", "a finger is not base64"), ("", "image")):
            sent: dict[str, Any] = {"fingers": {"right-index": broken}}
            assert told(await writer.post("/search", json=sent)) == (422, code)
        assert told(await writer.post("/search", json={"fingers": {}})) == (422, "template")
        for raw in (b"[" * 100_000, b'{"fingers": 079204000001}'):
            assert told(await writer.post("/search", content=raw)) == (
                422,
                "not what is taken here",
            )
        assert told(await writer.post("/search", content=bytes(9 << 20))) == (413, "too large")
        few = Template([(9 * i, 9, 0.1, 1, 60) for i in range(5)], 60, 200, 200).to_bytes()
        sent = {"fingers": {"right-index": b64encode(few).decode()}, "attempt": 3}
        poor = await writer.post("/search", json=sent)
        assert (poor.status_code, poor.json()["poor"]["right-index"]["decision"]) == (422, "refuse")
