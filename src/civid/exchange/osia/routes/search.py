"""/v1/identify and /v1/verify: who is this, and is it that person?"""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from civid.exchange.osia.answers import Candidate, Decision
from civid.exchange.osia.desk import Call
from civid.exchange.osia.models import (
    Filter,
    IdentifyRequest,
    VerifyFromBioRequest,
    VerifyFromIdRequest,
)
from civid.exchange.osia.routes.answering import Counter
from civid.exchange.osia.routes.ids import EncounterId, GalleryId, PersonId
from civid.exchange.osia.routes.options import Searching, Verifying, answers, called
from civid.exchange.service import needs


def identify(counter: Counter) -> APIRouter:
    """The routes of searches."""
    router = APIRouter(prefix="/v1/identify", tags=["Search"])
    allowed = [needs("identify", "abis.identify")]

    @router.post(
        "/{galleryId}",
        **called("identify"),
        dependencies=allowed,
        response_model=list[Candidate],
        responses=answers(404),
    )
    async def with_prints(
        request: Request, gallery: GalleryId, how: Searching, body: IdentifyRequest
    ) -> Response:
        """Search with prints that are sent."""
        call = Call("identify", {"gallery": gallery}, how.options, body)
        return await counter.answer(request, call, how.asked)

    @router.post(
        "/{galleryId}/{personId}",
        **called("identifyFromId"),
        dependencies=allowed,
        response_model=list[Candidate],
        responses=answers(404),
    )
    async def with_person(
        request: Request,
        gallery: GalleryId,
        person: PersonId,
        how: Searching,
        body: Filter | None = None,
    ) -> Response:
        """Search with the prints of a person who is here, for others."""
        ids = {"gallery": gallery, "person": person}
        call = Call("identifyFromId", ids, how.options, body)
        return await counter.answer(request, call, how.asked)

    @router.post(
        "/{galleryId}/{personId}/encounters/{encounterId}",
        **called("identifyFromEncounterId"),
        dependencies=allowed,
        response_model=list[Candidate],
        responses=answers(404),
    )
    async def with_encounter(
        request: Request,
        gallery: GalleryId,
        person: PersonId,
        encounter: EncounterId,
        how: Searching,
        body: Filter | None = None,
    ) -> Response:
        """Search with the prints of one encounter, for others."""
        ids = {"gallery": gallery, "person": person, "encounter": encounter}
        call = Call("identifyFromEncounterId", ids, how.options, body)
        return await counter.answer(request, call, how.asked)

    return router


def verify(counter: Counter) -> APIRouter:
    """The routes of verifications."""
    router = APIRouter(prefix="/v1/verify", tags=["Search"])
    allowed = [needs("verify", "abis.verify")]

    @router.post(
        "/{galleryId}/{personId}",
        **called("verifyFromId"),
        dependencies=allowed,
        response_model=Decision,
        responses=answers(404),
    )
    async def with_person(
        request: Request,
        gallery: GalleryId,
        person: PersonId,
        how: Verifying,
        body: VerifyFromIdRequest,
    ) -> Response:
        """Compare prints with those of a person."""
        ids = {"gallery": gallery, "person": person}
        call = Call("verifyFromId", ids, how.options, body)
        return await counter.answer(request, call, how.asked)

    @router.post(
        "",
        **called("verifyFromBio"),
        dependencies=allowed,
        response_model=Decision,
        responses=answers(),
    )
    async def two(request: Request, how: Verifying, body: VerifyFromBioRequest) -> Response:
        """Compare two sets of prints that are sent."""
        return await counter.answer(
            request, Call("verifyFromBio", {}, how.options, body), how.asked
        )

    return router
