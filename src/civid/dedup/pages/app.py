"""The application: addresses, who may come in, and what is said when something fails."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any

from civid.dedup.pages import handlers
from civid.dedup.pages.guard import FormError, SafeHeaders, is_from_here, read_form
from civid.dedup.pages.rendering import EXTRA, PURPOSE, static
from civid.dedup.pages.visit import House, Visit
from civid.errors import (
    AccessRefusedError,
    ChangedMeanwhileError,
    CividError,
    FieldError,
    NotInRegisterError,
    TransitionError,
)
from civid.extras import need

_LOG = logging.getLogger("civid.pages")
Handler = Callable[[Visit], Any]
_TYPES = {"pages.css": "text/css; charset=utf-8", "keys.js": "text/javascript; charset=utf-8"}
#: For who has not signed in.
_OPEN = {handlers.sign_in_page, handlers.sign_in, handlers.language}
_ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/sign-in", handlers.sign_in_page),
    ("POST", "/sign-in", handlers.sign_in),
    ("POST", "/sign-out", handlers.sign_out),
    ("POST", "/language", handlers.language),
    ("GET", "/", handlers.queue),
    ("POST", "/next", handlers.take),
    ("GET", "/decided", handlers.decided),
    ("GET", "/case/{reference}", handlers.case),
    ("POST", "/case/{reference}/decide", handlers.decide),
    ("POST", "/case/{reference}/withdraw", handlers.withdraw),
    ("POST", "/case/{reference}/postpone", handlers.postpone),
    ("POST", "/case/{reference}/undo", handlers.undo),
)


def make_app(house: House, *, hosts: Sequence[str] = ("127.0.0.1", "localhost")) -> Any:
    """The application (ASGI). Safe for threads and for several officers at once.

    Parameters
    ----------
    house : House
        Register, officers, sessions.
    hosts : sequence of str
        Names under which a browser may ask for it; others are refused, so that no page elsewhere
        can reach it under a name of its own.

    Raises
    ------
    UnavailableError
        The extra ``civid[pages]`` is not installed.
    """
    applications = need("starlette.applications", PURPOSE, EXTRA)
    routing = need("starlette.routing", PURPOSE, EXTRA)
    middleware = need("starlette.middleware", PURPOSE, EXTRA)
    trusted = need("starlette.middleware.trustedhost", PURPOSE, EXTRA)
    need("jinja2", PURPOSE, EXTRA)
    routes = [
        routing.Route(path, _endpoint(house, handler), methods=[method])
        for method, path, handler in _ROUTES
    ]
    routes.append(routing.Route("/static/{name}", _static, methods=["GET"]))
    return applications.Starlette(
        routes=routes,
        middleware=[
            middleware.Middleware(SafeHeaders),
            middleware.Middleware(trusted.TrustedHostMiddleware, allowed_hosts=list(hosts)),
        ],
        exception_handlers={404: _missing(house), 405: _missing(house)},
    )


def _endpoint(house: House, handler: Handler) -> Any:
    from starlette.concurrency import run_in_threadpool

    async def endpoint(request: Any) -> Any:
        visit = Visit.of(house, request)
        if request.method == "POST":
            try:
                visit.form = await read_form(request)
            except FormError:
                return _problem(visit, 400, visit.say("stale"))
            key = visit.one("form_key")
            if not is_from_here(request) or not house.sessions.is_form_key(visit.key, key):
                return _problem(visit, 403, visit.say("stale"))
        return await run_in_threadpool(_answer, visit, handler)

    return endpoint


def _answer(visit: Visit, handler: Handler) -> Any:
    if visit.officer is None and handler not in _OPEN:
        return visit.to("/sign-in?say=ended" if "civid_session" in visit.request.cookies
                        else "/sign-in")  # fmt: skip
    try:
        return handler(visit)
    except AccessRefusedError:
        return _problem(visit, 403, visit.say("refused"))
    except ChangedMeanwhileError:
        return _problem(visit, 409, visit.say("changed"))
    except NotInRegisterError:
        return _problem(visit, 404, visit.say("missing"))
    except TransitionError as error:
        return _problem(visit, 409, visit.say("not-now", error))
    except FieldError as error:
        if error.field == "reference":
            return _problem(visit, 404, visit.say("missing"))
        return _problem(visit, 400, visit.say("not-now", error))
    except CividError as error:
        _LOG.error("a page failed: %s: %s", type(error).__name__, error)
        return _problem(visit, 500, visit.say("broken"))
    except Exception as error:  # whatever it is, no names of people go into a log or a page
        _LOG.error("a page failed: %s", type(error).__name__)
        return _problem(visit, 500, visit.say("broken"))


def _problem(visit: Visit, status: int, text: str) -> Any:
    return visit.page("error.html", problem=text, status=status)


def _missing(house: House) -> Any:
    async def missing(request: Any, error: Any) -> Any:
        visit = Visit.of(house, request)
        return _problem(visit, error.status_code, visit.say("missing"))

    return missing


async def _static(request: Any) -> Any:
    from starlette.exceptions import HTTPException
    from starlette.responses import Response

    name = request.path_params["name"]
    if name not in _TYPES:
        raise HTTPException(404)
    return Response(static(name), media_type=_TYPES[name], headers={"cache-control": "no-cache"})
