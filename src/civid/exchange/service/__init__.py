"""The service (dịch vụ): people enrolled, searched and verified over HTTP, for whoever has a token.

``pip install 'civid[service]'``. `make_app` makes a FastAPI application of a `House`: the engine,
who may come in, the log, the limits. A *part* adds addresses to it::

    router = APIRouter(prefix="/v1", tags=["osia"])

    @router.delete("/persons/{person}", dependencies=[needs("delete", "abis.encounter.write")])
    async def delete_person(person: str, request: Request) -> Response:
        house, note = house_of(request), note_of(request)
        note.people = (person,)  # the log tells about whom, as a pseudonym
        await house.change(house.engine.delete, person)  # in a thread, one at a time
        return Response(status_code=204)

    app = make_app(house, parts=[Part(router, answer=osia_error)])

* `needs` names scopes of which one is enough. A route without it is refused when the application
  is made; nothing is open by mistake.
* `House.read` and `House.change` run the engine in threads. A change is refused with the address of
  the writer where this process only reads. What looks first and then changes does both inside one
  function given to `House.change`: changes never overlap, and so nobody gets in between.
* Errors of civid become problems (RFC 9457) by one table, `civid.exchange.service.problem`;
  `Part.answer` writes them as another protocol wants them. Raise `Refusal` for any other.
* Bodies are bounded before they are read, answers carry the request id and safe headers, and every
  request leaves a line in the log before it is answered.
"""

from civid.extras import need

need("fastapi", "a service", "service")

from civid.exchange.service.access import Caller, needs  # noqa: E402
from civid.exchange.service.app import Part, make_app  # noqa: E402
from civid.exchange.service.bounds import Limits  # noqa: E402
from civid.exchange.service.house import House, Note, house_of, note_of  # noqa: E402
from civid.exchange.service.problem import Problem, Refusal, problem_of  # noqa: E402

__all__ = [
    "Caller", "House", "Limits", "Note", "Part", "Problem", "Refusal", "house_of", "make_app",
    "needs", "note_of", "problem_of",
]  # fmt: skip
