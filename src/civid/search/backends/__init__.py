"""How a gallery is searched, chosen by name: ``Gallery(backend="exact")``."""

from __future__ import annotations

from collections.abc import Callable

from civid.errors import UnavailableError
from civid.search.backends.base import Backend


def _auto() -> Backend:
    from civid.search.backends.cascade import AutoBackend

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


def backend(name: str) -> Backend:
    """The backend of this name.

    Raises
    ------
    UnavailableError
        There is none.
    """
    try:
        make = _BACKENDS[name]
    except KeyError:
        known = ", ".join(sorted(_BACKENDS))
        raise UnavailableError(f"no search backend {name!r}; there are: {known}") from None
    return make()
