"""Routes: enrol people, look, delete."""

from __future__ import annotations

import base64

from fastapi import APIRouter, Request
from starlette.responses import Response

from civid.exchange.abis import Abis
from civid.exchange.service.access.needs import needs
from civid.exchange.service.house import house_of, note_of
from civid.exchange.service.plain.answers import (
    Enrolled,
    Person,
    TemplateOf,
    Templates,
    fingers_of,
)
from civid.exchange.service.plain.body import read_fingers
from civid.exchange.service.plain.prints import templates
from civid.exchange.service.plain.routes import FINGERS, PREFIX, PersonId, problems
from civid.fingerprint.template import Template
from civid.position import Position

router = APIRouter(prefix=PREFIX, tags=["people"])
_FORMAT = "iso19794-2:2005"
Prints = dict[Position, Template]


@router.post(
    "/people/{person}", name="enrol", status_code=201, response_model=Enrolled,
    dependencies=[needs("enrol")], responses=problems(404, 409, body=True), openapi_extra=FINGERS,
)  # fmt: skip
async def enrol(person: PersonId, request: Request) -> Enrolled:
    """Enrol somebody. 409 `exists` if the id is taken; nobody is searched for."""
    house, note = house_of(request), note_of(request)
    note.people = (person,)
    prints = await _prints(request)
    await house.change(house.engine.insert, person, prints)
    note.changed = True
    return Enrolled(person=person, fingers=fingers_of(prints), replaced=False)


@router.put(
    "/people/{person}", name="replace", response_model=Enrolled,
    dependencies=[needs("enrol"), needs("correct")], responses=problems(404, 409, body=True),
    openapi_extra=FINGERS,
)  # fmt: skip
async def replace(person: PersonId, request: Request) -> Enrolled:
    """Enrol somebody; whatever was enrolled under this id is replaced, in one step."""
    house, note = house_of(request), note_of(request)
    note.people = (person,)
    prints = await _prints(request)
    replaced = await house.change(_replace, house.engine, person, prints)
    note.changed = True
    return Enrolled(person=person, fingers=fingers_of(prints), replaced=replaced)


@router.get(
    "/people/{person}", name="look", response_model=Person,
    dependencies=[needs("read")], responses=problems(404, 422),
)  # fmt: skip
async def look(person: PersonId, request: Request) -> Person:
    """Whether somebody is enrolled, and with which fingers. No templates."""
    house = house_of(request)
    note_of(request).people = (person,)
    found = await house.read(_of, house.engine, person)
    return Person(person=person, fingers=fingers_of(found))


@router.get(
    "/people/{person}/templates", name="export", response_model=Templates,
    dependencies=[needs("export")], responses=problems(404, 422),
)  # fmt: skip
async def export(person: PersonId, request: Request) -> Templates:
    """Take the templates of somebody out, as ISO/IEC 19794-2:2005 records."""
    house = house_of(request)
    note_of(request).people = (person,)
    found = await house.read(_of, house.engine, person)
    records = [
        TemplateOf(
            position=position.word,
            data=base64.b64encode(one.to_bytes(_FORMAT, position=position)).decode("ascii"),
        )
        for position, one in sorted(found.items())
    ]
    return Templates(person=person, format=_FORMAT, fingers=records)


@router.delete(
    "/people/{person}", name="delete", status_code=204, response_class=Response,
    dependencies=[needs("delete")], responses=problems(404, 409, 422),
)  # fmt: skip
async def delete(person: PersonId, request: Request) -> Response:
    """Delete somebody, with all that is kept of them."""
    house, note = house_of(request), note_of(request)
    note.people = (person,)
    await house.change(house.engine.delete, person)
    note.changed = True
    return Response(status_code=204)


async def _prints(request: Request) -> Prints:
    sent = await read_fingers(request)
    house = house_of(request)
    return await house.work(templates, sent.files, sent.dpi, house.gate, house.extraction)


def _replace(engine: Abis, person: str, prints: Prints) -> bool:
    with engine.batch():
        there = person in engine
        if there:
            engine.delete(person)
        engine.insert(person, prints)
    return there


def _of(engine: Abis, person: str) -> Prints:
    """The fingers of all their encounters; of two prints of one finger that which came first."""
    found: Prints = {}
    for encounter in engine.encounters(person):
        for position, template in encounter.fingers.items():
            found.setdefault(position, template)
    return found
