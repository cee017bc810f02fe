"""/v1/galleries: which there are, and who is in one."""

from __future__ import annotations

import csv
import io
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from civid.exchange.osia.answers import PersonIds
from civid.exchange.osia.desk import Call
from civid.exchange.osia.routes.answering import Counter, answer_of
from civid.exchange.osia.routes.ids import GalleryId
from civid.exchange.osia.routes.options import AskedUrgently, answers, called
from civid.exchange.service import needs

MOST_ITEMS = 10_000
_CSV = "text/csv"


def galleries(counter: Counter) -> APIRouter:
    """The routes of galleries."""
    router = APIRouter(prefix="/v1/galleries", tags=["Gallery"])
    allowed = [needs("read", "abis.gallery.read")]
    content = answers(404)
    content[200] = {"content": {_CSV: {"schema": {"type": "string"}}}, "description": "The content"}

    @router.get(
        "",
        **called("readGalleries"),
        dependencies=allowed,
        response_model=list[str],
        responses=answers(),
    )
    async def read_names(request: Request, asked: AskedUrgently) -> Response:
        """Read the names of all galleries."""
        return await counter.answer(request, Call("readGalleries"), asked)

    @router.get(
        "/{galleryId}",
        **called("readGalleryContent"),
        dependencies=allowed,
        response_model=list[PersonIds],
        responses=content,
    )
    async def read_content(
        request: Request,
        gallery: GalleryId,
        asked: AskedUrgently,
        offset: Annotated[int, Query(ge=0, lt=1 << 53)] = 0,
        limit: Annotated[int, Query(ge=0, le=MOST_ITEMS)] = 1000,
    ) -> Response:
        """Read which encounters are in a gallery, as JSON or, where Accept says so, as CSV."""
        call = Call("readGalleryContent", {"gallery": gallery}, {"offset": offset, "limit": limit})
        if asked.callback is None and request.headers.get("accept", "").startswith(_CSV):
            outcome = await counter.outcome(request, call)
            if outcome.status == 200:
                return Response(as_csv(outcome.body), media_type=_CSV)
            return answer_of(outcome)
        return await counter.answer(request, call, asked)

    return router


def as_csv(rows: list[dict[str, Any]]) -> str:
    """PersonIds as OSIA has them in CSV: for programs, so that no id is changed for a spreadsheet.

    >>> as_csv([{"personId": "1", "encounterId": "a"}]).split()
    ['PersonId,encounterId', '1,a']
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(("PersonId", "encounterId"))
    writer.writerows((row["personId"], row["encounterId"]) for row in rows)
    return text.getvalue()
