"""Routes: who is this, is it the person, and is somebody new?"""

from __future__ import annotations

import math
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import JSONResponse

from civid.errors import SubjectExistsError
from civid.exchange.abis import Abis, Match
from civid.exchange.service.access.needs import needs
from civid.exchange.service.house import Note, house_of, note_of
from civid.exchange.service.plain.answers import (
    Candidate,
    Checked,
    FingerScore,
    Searched,
    Verified,
)
from civid.exchange.service.plain.body import read_fingers
from civid.exchange.service.plain.prints import templates
from civid.exchange.service.plain.routes import (
    FINGERS,
    PREFIX,
    MaxFpir,
    MostFound,
    PersonId,
    Swapped,
    problems,
)
from civid.fingerprint.gate import Gate
from civid.fingerprint.template import Template
from civid.position import Position

router = APIRouter(prefix=PREFIX, tags=["search"])
Prints = dict[Position, Template]
#: What was found, among how many, and from which score on.
Found = tuple[tuple[Match, ...], int, float]


@router.post(
    "/search", name="search", response_model=Searched,
    dependencies=[needs("identify")], responses=problems(body=True), openapi_extra=FINGERS,
)  # fmt: skip
async def search(
    request: Request, most: MostFound = 10, max_fpir: MaxFpir = 1e-3, swapped: Swapped = False
) -> Searched:
    """Who is this? One against all (1:N), best first; an empty list = nobody."""
    house = house_of(request)
    prints = await _prints(request)
    found = await house.read(_search, house.engine, prints, most, max_fpir, swapped)
    return Searched(**_answered(note_of(request), found))


@router.post(
    "/people/{person}/enrol-if-new", name="check", response_model=Checked,
    dependencies=[needs("enrol"), needs("identify")],
    responses=problems(
        409, body=True, also={201: {"model": Checked, "description": "New, and enrolled"}}
    ),
    openapi_extra=FINGERS,
)  # fmt: skip
async def check(
    person: PersonId, request: Request, most: MostFound = 10, max_fpir: MaxFpir = 1e-3,
    swapped: Swapped = False,
) -> JSONResponse:  # fmt: skip
    """Is this person here already? If nobody is found, they are enrolled in the same step.

    201 = new, enrolled now. 200 = somebody looks like them, and nothing was changed. Of two such
    requests for one person at the same time, one enrols and the other finds what it has enrolled.
    """
    house, note = house_of(request), note_of(request)
    note.people = (person,)
    prints = await _prints(request, house.gate)
    found = await house.change(_enrol_if_new, house.engine, person, prints, most, max_fpir, swapped)
    enrolled = note.changed = not found[0]
    answer = Checked(
        enrolled=enrolled, person=person if enrolled else None, **_answered(note, found)
    )
    return JSONResponse(answer.model_dump(), 201 if enrolled else 200)


@router.post(
    "/people/{person}/verify", name="verify", response_model=Verified,
    dependencies=[needs("verify")], responses=problems(404, body=True), openapi_extra=FINGERS,
)  # fmt: skip
async def verify(
    person: PersonId,
    request: Request,
    max_fmr: Annotated[
        float, Query(description="Accept two different people this often", ge=1e-12, le=1.0)
    ] = 1e-4,
) -> Verified:
    """Is it this person? One against one (1:1)."""
    house, note = house_of(request), note_of(request)
    note.people = (person,)
    prints = await _prints(request)
    found = await house.read(house.engine.verify, person, prints)
    least = -10.0 * math.log10(max_fmr)
    if found is None:
        return Verified(same=False, score=None, min_score=least, fingers=[])
    same = found.score >= least
    note.candidates = int(same)
    return Verified(same=same, score=found.score, min_score=least, fingers=_scores(found))


async def _prints(request: Request, gate: Gate | None = None) -> Prints:
    sent, house = await read_fingers(request), house_of(request)
    return await house.work(templates, sent.files, sent.dpi, gate, house.extraction)


def _search(engine: Abis, prints: Prints, most: int, max_fpir: float, swapped: bool) -> Found:
    found = engine.identify(prints, most=most, max_fpir=max_fpir, swapped=swapped)
    size = engine.count()
    return found, size, engine.threshold(max_fpir, size)


def _enrol_if_new(
    engine: Abis, person: str, prints: Prints, most: int, max_fpir: float, swapped: bool
) -> Found:
    with engine.batch():  # whoever else changes something waits until the end
        if person in engine:
            raise SubjectExistsError("the person is enrolled already", subject_id=person)
        found = _search(engine, prints, most, max_fpir, swapped)
        if not found[0]:
            engine.insert(person, prints)
    return found


def _answered(note: Note, found: Found) -> dict[str, Any]:
    matches, size, least = found
    note.candidates = len(matches)
    note.people = (*note.people, *(one.person for one in matches))
    candidates = [
        Candidate(
            person=one.person, score=one.score, by_chance=one.fpir, swapped=one.swapped,
            fingers=_scores(one),
        )
        for one in matches
    ]  # fmt: skip
    return {"candidates": candidates, "searched": size, "min_score": least}


def _scores(match: Match) -> list[FingerScore]:
    return [
        FingerScore(probe=probe.word, reference=reference.word, score=score)
        for probe, reference, score in match.fingers
    ]
