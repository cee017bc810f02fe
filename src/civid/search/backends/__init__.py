"""How a gallery is searched, by parameters or by object: ``Gallery(backend="exact")``."""

from __future__ import annotations

from typing import Any

from civid.errors import SearchError, UnavailableError
from civid.search.backends.base import Backend
from civid.search.parameters.searching import METHODS, SearchParameters


def backend_of(parameters: SearchParameters) -> Backend:
    """What searches by these parameters. A GPU enters here."""
    large: dict[str, Any] = {
        "share": parameters.compared_share,
        "share_of_several": parameters.compared_share_of_several,
        "least": parameters.compared_least,
        "least_of_several": parameters.compared_least_of_several,
        "fingers": parameters.fingers,
        "range_size": parameters.range_size,
        "oversampling": parameters.oversampling,
        "turns": parameters.turns,
    }
    if parameters.method == "exact":
        from civid.search.backends.exact import ExactBackend

        return ExactBackend()
    if parameters.method == "cascade":
        from civid.search.backends.cascade import CascadeBackend

        return CascadeBackend(**large)
    if parameters.method == "index":
        from civid.search.backends.inverted import IndexBackend

        return IndexBackend(cells=parameters.cells, **large)
    from civid.search.backends.auto import AutoBackend

    return AutoBackend(exact_up_to=parameters.exact_up_to, cells=parameters.cells, **large)


def chosen(
    backend: str | Backend, parameters: SearchParameters | None
) -> tuple[Backend, SearchParameters]:
    """The backend of a gallery and its parameters; an object that is a backend is taken as it is.

    Raises
    ------
    UnavailableError
        There is none of this name.
    SearchError
        The object has not what a `Backend` has; or both are given and say how to search.
    """
    if parameters is not None and not isinstance(parameters, SearchParameters):
        raise SearchError("parameters of a search must be SearchParameters")
    meant = parameters or SearchParameters()
    if not isinstance(backend, str):
        if not isinstance(backend, Backend):
            raise SearchError("a search backend must have name, method, search and pairs")
        return backend, meant
    if backend not in METHODS:
        known = ", ".join(METHODS)
        raise UnavailableError(f"no search backend {backend!r}; there are: {known}")
    if backend == "auto":
        return backend_of(meant), meant
    if parameters is not None and parameters.method != backend:
        raise SearchError("give the method as backend or in parameters, not both")
    meant = meant if parameters is not None else SearchParameters(method=backend)
    return backend_of(meant), meant
