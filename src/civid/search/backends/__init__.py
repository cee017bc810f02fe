"""How a gallery is searched, by name or by object: ``Gallery(backend="exact")``."""

from __future__ import annotations

from collections.abc import Callable

from civid.errors import SearchError, UnavailableError
from civid.search.backends.base import Backend


def _auto() -> Backend:
    from civid.search.backends.auto import AutoBackend

    return AutoBackend()


def _cascade() -> Backend:
    from civid.search.backends.cascade import CascadeBackend

    return CascadeBackend()


def _exact() -> Backend:
    from civid.search.backends.exact import ExactBackend

    return ExactBackend()


def _index() -> Backend:
    from civid.search.backends.inverted import IndexBackend

    return IndexBackend()


#: A GPU enters here.
_BACKENDS: dict[str, Callable[[], Backend]] = {
    "auto": _auto,
    "cascade": _cascade,
    "exact": _exact,
    "index": _index,
}


def backend(chosen: str | Backend) -> Backend:
    """The backend of this name; an object that is a backend is taken as it is.

    Raises
    ------
    UnavailableError
        There is none of this name.
    SearchError
        The object has not what a `Backend` has.
    """
    if not isinstance(chosen, str):
        if not isinstance(chosen, Backend):
            raise SearchError("a search backend must have name, method, search and pairs")
        return chosen
    try:
        make = _BACKENDS[chosen]
    except KeyError:
        known = ", ".join(sorted(_BACKENDS))
        raise UnavailableError(f"no search backend {chosen!r}; there are: {known}") from None
    return make()
