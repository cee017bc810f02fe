"""/v1/persons: encounters created, read, changed, merged, moved and deleted."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from civid.exchange.osia.answers import BiometricComputedData, ExtendablePersonIds
from civid.exchange.osia.desk import Call
from civid.exchange.osia.encounters import with_ids
from civid.exchange.osia.models import MAX_TEXT, Encounter, Galleries, Status
from civid.exchange.osia.routes.answering import Counter
from civid.exchange.osia.routes.ids import EncounterId, PersonId, SourceId, TargetId
from civid.exchange.osia.routes.options import (
    AskedCreating,
    AskedPlainly,
    AskedUrgently,
    answers,
    called,
)
from civid.exchange.osia.vocabulary import BiometricSubType, BiometricType
from civid.exchange.service import needs

_READ, _WRITE = "abis.encounter.read", "abis.encounter.write"


def persons(counter: Counter) -> APIRouter:
    """The routes of encounters."""
    router = APIRouter(prefix="/v1/persons", tags=["CRUD"])
    one = "/{personId}/encounters/{encounterId}"
    creates, changes = needs("enrol", _WRITE), needs("correct", _WRITE)

    @router.post(
        "",
        **called("createEncounterNoIds"),
        dependencies=[creates],
        response_model=ExtendablePersonIds,
        responses=answers(409),
    )
    async def create(request: Request, asked: AskedCreating, body: Encounter) -> Response:
        """Create an encounter of a new person; both ids are drawn."""
        call = with_ids(Call("createEncounterNoIds", body=body))
        return await counter.answer(request, call, asked)

    @router.post(
        "/{personId}/encounters",
        **called("createEncounterNoId"),
        dependencies=[creates],
        response_model=ExtendablePersonIds,
        responses=answers(409),
    )
    async def create_of_person(
        request: Request, person: PersonId, asked: AskedCreating, body: Encounter
    ) -> Response:
        """Create an encounter of a person, who need not be there; its id is drawn."""
        call = with_ids(Call("createEncounterNoId", {"person": person}, body=body))
        return await counter.answer(request, call, asked)

    @router.get(
        "/{personId}/encounters",
        **called("readAllEncounters"),
        dependencies=[needs("read", _READ)],
        response_model=list[Encounter],
        responses=answers(404),
    )
    async def read_all(request: Request, person: PersonId, asked: AskedUrgently) -> Response:
        """Read all encounters of a person, without images, which are not kept."""
        return await counter.answer(request, Call("readAllEncounters", {"person": person}), asked)

    @router.post(
        one,
        **called("createEncounter"),
        dependencies=[creates],
        response_model=ExtendablePersonIds,
        responses=answers(409),
    )
    async def create_known(
        request: Request,
        person: PersonId,
        encounter: EncounterId,
        asked: AskedCreating,
        body: Encounter,
    ) -> Response:
        """Create an encounter of this id."""
        ids = {"person": person, "encounter": encounter}
        return await counter.answer(request, Call("createEncounter", ids, body=body), asked)

    @router.get(
        one,
        **called("readEncounter"),
        dependencies=[needs("read", _READ)],
        response_model=Encounter,
        responses=answers(404),
    )
    async def read(
        request: Request, person: PersonId, encounter: EncounterId, asked: AskedUrgently
    ) -> Response:
        """Read an encounter, without images, which are not kept."""
        ids = {"person": person, "encounter": encounter}
        return await counter.answer(request, Call("readEncounter", ids), asked)

    @router.put(
        one,
        **called("updateEncounter"),
        dependencies=[changes],
        response_model=ExtendablePersonIds,
        responses=answers(404, 409),
    )
    async def update(
        request: Request,
        person: PersonId,
        encounter: EncounterId,
        asked: AskedCreating,
        body: Encounter,
    ) -> Response:
        """Replace everything of an encounter."""
        ids = {"person": person, "encounter": encounter}
        return await counter.answer(request, Call("updateEncounter", ids, body=body), asked)

    @router.delete(
        one,
        **called("deleteEncounter"),
        dependencies=[needs("delete", _WRITE)],
        status_code=204,
        responses=answers(404, 409),
    )
    async def delete(
        request: Request, person: PersonId, encounter: EncounterId, asked: AskedUrgently
    ) -> Response:
        """Delete an encounter; with the last one the person is gone."""
        ids = {"person": person, "encounter": encounter}
        return await counter.answer(request, Call("deleteEncounter", ids), asked)

    @router.post(
        "/{personIdTarget}/merge/{personIdSource}",
        **called("mergeEncounter"),
        dependencies=[changes],
        status_code=204,
        responses=answers(404, 409),
    )
    async def merge(
        request: Request, target: TargetId, source: SourceId, asked: AskedUrgently
    ) -> Response:
        """Give all encounters of one person to another."""
        ids = {"target": target, "source": source}
        return await counter.answer(request, Call("mergeEncounter", ids), asked)

    @router.post(
        "/{personIdTarget}/move/{personIdSource}/encounters/{encounterId}",
        **called("moveEncounter"),
        dependencies=[changes],
        status_code=204,
        responses=answers(404, 409),
    )
    async def move(
        request: Request,
        target: TargetId,
        source: SourceId,
        encounter: EncounterId,
        asked: AskedUrgently,
    ) -> Response:
        """Give one encounter of a person to another, who is there."""
        ids = {"target": target, "source": source, "encounter": encounter}
        return await counter.answer(request, Call("moveEncounter", ids), asked)

    @router.put(
        f"{one}/status",
        **called("updateEncounterStatus"),
        dependencies=[changes],
        status_code=204,
        responses=answers(404, 409),
    )
    async def set_status(
        request: Request,
        person: PersonId,
        encounter: EncounterId,
        status: Status,
        asked: AskedPlainly,
    ) -> Response:
        """Let searches see an encounter, or not."""
        ids = {"person": person, "encounter": encounter}
        call = Call("updateEncounterStatus", ids, {"status": status})
        return await counter.answer(request, call, asked)

    @router.put(
        f"{one}/galleries",
        **called("updateEncounterGalleries"),
        dependencies=[changes],
        status_code=204,
        responses=answers(404, 409),
    )
    async def set_galleries(
        request: Request,
        person: PersonId,
        encounter: EncounterId,
        asked: AskedPlainly,
        body: Galleries,
    ) -> Response:
        """Replace the galleries of an encounter."""
        ids = {"person": person, "encounter": encounter}
        call = Call("updateEncounterGalleries", ids, body=body)
        return await counter.answer(request, call, asked)

    @router.get(
        f"{one}/templates",
        **called("readTemplate"),
        dependencies=[needs("export", _READ)],
        response_model=list[BiometricComputedData],
        responses=answers(404),
    )
    async def read_templates(
        request: Request,
        person: PersonId,
        encounter: EncounterId,
        asked: AskedUrgently,
        kind: Annotated[BiometricType | None, Query(alias="biometricType")] = None,
        part: Annotated[BiometricSubType | None, Query(alias="biometricSubType")] = None,
        instance: Annotated[str | None, Query(max_length=MAX_TEXT)] = None,
        template_format: Annotated[
            str | None, Query(alias="templateFormat", max_length=MAX_TEXT)
        ] = None,
        quality_format: Annotated[
            str | None, Query(alias="qualityFormat", max_length=MAX_TEXT)
        ] = None,
    ) -> Response:
        """Read the templates of an encounter in a format of the standards."""
        ids = {"person": person, "encounter": encounter}
        wanted = {
            "kind": kind,
            "part": part,
            "instance": instance,
            "template_format": template_format,
            "quality_format": quality_format,
        }
        return await counter.answer(request, Call("readTemplate", ids, wanted), asked)

    @router.delete(
        "/{personId}",
        **called("deleteAll"),
        dependencies=[needs("delete", _WRITE)],
        status_code=204,
        responses=answers(404, 409),
    )
    async def delete_all(request: Request, person: PersonId, asked: AskedUrgently) -> Response:
        """Delete a person with all encounters."""
        return await counter.answer(request, Call("deleteAll", {"person": person}), asked)

    return router
