"""A duplicate check in a service of your own: one process writes, any number read.

    pip install 'civid[service]'
    CIVID_GALLERY=people uvicorn --factory duplicate_check:writer --port 8000
    CIVID_GALLERY=people uvicorn --factory duplicate_check:reader --port 8001

Scans or records come as JSON: ``{"fingers": {"right-index": BASE64, ...}}``. Each change answers
with a token; ``?seen=TOKEN`` makes a reader wait until it sees that change. Who may call it is left
out here: `civid serve` has tokens, TLS and a log of every look.
"""

from __future__ import annotations

import os
from asyncio import Lock
from base64 import b64decode
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Literal

import anyio
import anyio.to_thread
from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ValidationError

from civid import CividError, Gate, Position, Template, read_upload
from civid.exchange.service.problem import MEDIA_TYPE, problem_of
from civid.search import Metadata
from civid.search.aio import AsyncGallery

MOST_BYTES = 8 << 20
GATE = Gate(min_quality=20, min_minutiae=12, retries=2)
NAMED = {one.word: one for one in Position}
Fingers = dict[Position, Template]


class Sent(BaseModel):
    """What a client sends; `attempt` counts the captures of these fingers."""

    fingers: dict[str, str]
    values: dict[str, str | int | float | bool | None] = {}
    tags: list[str] = []
    attempt: int = 1


class Poor(Exception):
    """A print that the gate did not take, with what it said."""

    def __init__(self, verdicts: Mapping[str, dict[str, Any]]):
        super().__init__("a print is too poor")
        self.verdicts = dict(verdicts)


def extracted(sent: Sent) -> Fingers:
    """Templates of what was sent, judged; runs in a thread."""
    fingers: Fingers = {}
    poor: dict[str, dict[str, Any]] = {}
    for word, text in sent.fingers.items():
        if word not in NAMED:
            raise HTTPException(422, "fingers are called right-thumb ... left-little")
        try:
            data = b64decode(text, validate=True)
        except ValueError:
            raise HTTPException(422, "a finger is not base64") from None
        one = read_upload(data).one(NAMED[word])
        verdict = GATE.judge(one, attempt=sent.attempt)
        if not verdict.accepted:
            poor[word] = verdict.to_dict()
        fingers[NAMED[word]] = one.template
    if poor:
        raise Poor(poor)
    return fingers


async def received(request: Request) -> Sent:
    """The body, read no further than it may go on."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_BYTES:
            raise HTTPException(413, "too large")
    try:
        return Sent.model_validate_json(bytes(body))
    except ValidationError:  # quotes what was sent
        raise HTTPException(422, "not what is taken here") from None


def service(folder: str, *, read_only: bool, wait: float = 2.0) -> FastAPI:
    """The application; one gallery as long as it runs. `wait`: seconds, for ``seen``."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None, None]:
        async with AsyncGallery.open(folder, read_only=read_only, calls=2) as gallery:
            app.state.gallery = gallery
            yield

    app = FastAPI(title="Duplicate check", lifespan=lifespan)
    extracting = anyio.CapacityLimiter(2)
    changing = Lock()

    async def prints(sent: Sent) -> Fingers:
        return await anyio.to_thread.run_sync(extracted, sent, limiter=extracting)

    async def up_to_date(seen: int | None) -> AsyncGallery:
        gallery: AsyncGallery = app.state.gallery
        if read_only:
            await gallery.refresh(seen, timeout=wait)
        return gallery

    @app.put("/people/{person}")
    async def enrol(person: str, request: Request, response: Response) -> dict[str, Any]:
        sent = await received(request)
        metadata = Metadata(sent.values, sent.tags)
        fingers = await prints(sent)
        gallery: AsyncGallery = app.state.gallery
        async with changing:  # search and enrolment are one step
            found = await gallery.search(fingers, 5, max_fpir=1e-4)
            if not found:
                await gallery.enroll(person, fingers, metadata=metadata)
                response.status_code = 201
        return {
            "enrolled": not found,
            "candidates": [one.to_dict() for one in found],
            "token": await gallery.changes(),
        }

    @app.post("/search")
    async def search(
        request: Request,
        limit: int = 10,
        max_fpir: float = 1e-3,
        tag: str | None = None,
        seen: int | None = None,
    ) -> dict[str, Any]:
        fingers = await prints(await received(request))
        gallery = await up_to_date(seen)
        found = await gallery.search(fingers, limit, max_fpir=max_fpir, tag=tag)
        return {"candidates": [one.to_dict() for one in found]}

    @app.post("/people/{person}/verify")
    async def verify(person: str, request: Request, seen: int | None = None) -> dict[str, Any]:
        fingers = await prints(await received(request))
        said = await (await up_to_date(seen)).verify_subject(person, fingers)
        return {"same": said.fmr <= 1e-4, **said.to_dict()}

    @app.get("/people/{person}")
    async def look(person: str, seen: int | None = None) -> dict[str, Any]:
        gallery = await up_to_date(seen)
        fingers = await gallery.get(person)
        return {
            "fingers": [one.word for one in fingers],
            **(await gallery.metadata(person)).to_dict(),
        }

    @app.put("/people/{person}/fingers/{finger}")
    async def put_finger(person: str, finger: str, request: Request) -> dict[str, int]:
        fingers = await prints(await received(request))
        if [one.word for one in fingers] != [finger]:
            raise HTTPException(422, "send the finger that the address names")
        gallery: AsyncGallery = app.state.gallery
        async with changing:
            await gallery.put_finger(person, NAMED[finger], fingers[NAMED[finger]])
        return {"token": await gallery.changes()}

    @app.delete("/people/{person}")
    async def remove(person: str) -> dict[str, int]:
        gallery: AsyncGallery = app.state.gallery
        async with changing:
            await gallery.remove(person)
        return {"token": await gallery.changes()}

    @app.get("/health")
    async def health() -> dict[Literal["people"], int]:
        return {"people": await (await up_to_date(None)).count()}

    @app.exception_handler(CividError)
    async def problem(_: Request, error: CividError) -> JSONResponse:
        told = problem_of(error)
        return JSONResponse(told.to_dict("-"), told.status, media_type=MEDIA_TYPE)

    @app.exception_handler(Poor)
    async def poor(_: Request, error: Poor) -> JSONResponse:
        return JSONResponse({"poor": error.verdicts}, 422)

    return app


def writer() -> FastAPI:
    """The one process that takes changes; it searches, too."""
    return service(os.environ["CIVID_GALLERY"], read_only=False)


def reader() -> FastAPI:
    """Looks and searches."""
    return service(os.environ["CIVID_GALLERY"], read_only=True)
