"""Routes: how good is a print, what is this service, is it well?"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

import civid
from civid.errors import CividError, FieldError, ImageError
from civid.exchange.service.access.needs import needs
from civid.exchange.service.figures import MEDIA_TYPE
from civid.exchange.service.house import House, house_of
from civid.exchange.service.plain.answers import Health, Info, Quality
from civid.exchange.service.plain.body import Sent, read_fingers
from civid.exchange.service.plain.routes import FINGERS, PREFIX, problems
from civid.exchange.service.problem import Refusal, problem_of
from civid.fingerprint.gate import MOST_RETRIES, Gate
from civid.fingerprint.parameters import ExtractionParameters, extractor_name
from civid.fingerprint.quality import QualityReport
from civid.fingerprint.upload import read_upload
from civid.position import Position

router = APIRouter(tags=["office"])
Attempt = Annotated[
    int, Query(description="Which capture of this finger it is", ge=1, le=MOST_RETRIES + 1)
]


@router.post(
    f"{PREFIX}/quality", name="quality", response_model=Quality,
    dependencies=[needs("enrol", "identify", "verify", "read")],
    responses=problems(body=True), openapi_extra=FINGERS,
)  # fmt: skip
async def quality(request: Request, attempt: Attempt = 1) -> Quality:
    """How good is this print, and what should the operator do? One image; nothing is kept."""
    house = house_of(request)
    sent = await read_fingers(request)
    if len(sent.files) != 1:
        raise FieldError("fingers", "one is wanted")
    report = await house.work(_assessed, sent.files[0], sent.dpi, house.extraction)
    verdict = (house.gate or Gate()).judge(report, attempt)
    return Quality(decision=verdict.decision.value, **report.to_dict())


@router.get(
    f"{PREFIX}/info", name="info", response_model=Info,
    dependencies=[needs("read", "enrol", "identify", "verify", "administer")],
    responses=problems(),
)  # fmt: skip
async def info(request: Request) -> Info:
    """What this service is: how many people, whether it takes changes, how large bodies may be."""
    house = house_of(request)
    return Info(
        version=civid.__version__, people=await house.read(house.engine.count),
        read_only=house.read_only, writer=house.writer, max_body_bytes=house.limits.body,
        max_parts=house.limits.parts, extractor=extractor_name(house.extraction),
    )  # fmt: skip


@router.get(
    "/metrics", name="metrics", response_class=Response,
    dependencies=[needs("metrics", "administer")],
    responses=problems(also={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}}),
)  # fmt: skip
async def metrics(request: Request) -> Response:
    """Figures for Prometheus, which sends the token with `authorization: credentials_file`."""
    house = house_of(request)
    people = await house.aside(house.engine.count)
    return Response(house.figures.text(people), media_type=MEDIA_TYPE)


@router.get("/health/live", name="live", response_model=Health, responses=problems())
async def live() -> Health:
    """The process answers. Needs no token."""
    return Health(status="live")


@router.get("/health/ready", name="ready", response_model=Health, responses=problems())
async def ready(request: Request) -> Health:
    """It can work: the engine is there, and the log can be written. Needs no token."""
    house = house_of(request)
    try:
        await house.aside(_asked, house)
    except CividError as error:
        problem = problem_of(error)
        raise Refusal("starting", cause=problem.code) from None
    return Health(status="ready")


def _asked(house: House) -> None:
    house.engine.count()
    if house.log is not None:
        house.log.look()


def _assessed(
    sent: Sent, dpi: float | None, extraction: ExtractionParameters | None
) -> QualityReport:
    try:
        upload = read_upload(sent.data, dpi=dpi, parameters=extraction)
        one = upload.one(sent.finger or Position.UNKNOWN)
        if one.report is None:
            raise ImageError("a template has no picture to judge")
        return one.report
    except CividError as error:
        raise Refusal.of(problem_of(error), file=sent.field) from None
