"""OSIA as parts of the service: what `civid.exchange.service.make_app` takes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from civid.exchange.datashare.origins import Origin
from civid.exchange.osia.desk import Desk
from civid.exchange.osia.references import References
from civid.exchange.osia.routes.answering import Counter, osia_error
from civid.exchange.osia.routes.galleries import galleries
from civid.exchange.osia.routes.persons import persons
from civid.exchange.osia.routes.search import identify, verify
from civid.exchange.osia.routes.tasks import tasks as task_routes
from civid.exchange.osia.tasks import Callbacks, Runner, TaskStore
from civid.exchange.service import House, Part

if TYPE_CHECKING:
    import ssl


def osia_parts(
    house: House,
    *,
    tasks: TaskStore | None = None,
    callbacks: tuple[Origin, ...] = (),
    references: tuple[Origin, ...] = (),
    context: ssl.SSLContext | None = None,
) -> tuple[Part, ...]:
    """The routes of OSIA ABIS 1.6.0 for an application.

    Parameters
    ----------
    house : House
        Of the same application.
    tasks : TaskStore, optional
        Where tasks are kept; without it, who asks for a callback is refused. Whoever opened it
        closes it, after the server has stopped.
    callbacks : tuple of Origin
        Who may be called back.
    references : tuple of Origin
        Who may be asked for images and templates.
    context : ssl.SSLContext, optional
        For both, with authorities or a client certificate of one's own.

    Returns
    -------
    tuple of Part
        ``/v1/persons``, ``/v1/identify``, ``/v1/verify``, ``/v1/galleries``, ``/v1/tasks``. Tasks
        are done while the application runs (its lifespan).

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from civid.exchange.abis import Abis
    >>> from civid.exchange.service import make_app
    >>> with TemporaryDirectory() as folder, Abis.open(folder, create=True) as engine:
    ...     house = House(engine)
    ...     app = make_app(house, parts=osia_parts(house))
    ...     sorted(one for one in app.openapi()["paths"] if one.startswith("/v1/identify"))[0]
    '/v1/identify/{galleryId}'
    """
    getting = References(references, context=context)
    desk = Desk(house.engine, getting, house.extraction)
    runner = None
    if tasks is not None:
        runner = Runner(house, desk, tasks, Callbacks(callbacks, context=context))
    counter = Counter(desk, runner)

    @asynccontextmanager
    async def running(_: Any) -> AsyncIterator[None]:
        try:
            if runner is None:
                yield
                return
            async with runner.running():
                yield
        finally:
            getting.close()

    last = task_routes(counter)
    last.lifespan_context = running
    routers = (persons(counter), identify(counter), verify(counter), galleries(counter), last)
    return tuple(Part(router, answer=osia_error) for router in routers)
