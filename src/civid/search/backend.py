"""How a gallery is searched, chosen by name: ``Gallery(backend="exact")``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from civid.errors import UnavailableError
from civid.search.index import View
from civid.search.rules import LABELLED, Rules

Progress = Callable[[int, int], None]
#: The memory layout of civid_candidate_t: slots of the probe and the reference, score, terms.
CANDIDATE_DTYPE = np.dtype(
    [("probe", "<i8"), ("reference", "<i8"), ("score", "<f4"), ("terms", "<i4")]
)
Candidates = npt.NDArray[Any]


class Backend(Protocol):
    """Finds candidates in a `View`. Without state: one object may serve many threads."""

    def search(
        self,
        probe: View,
        references: View,
        *,
        limit: int,
        min_score: float,
        threads: int,
        on_progress: Progress | None,
        rules: Rules = LABELLED,
    ) -> Candidates:
        """The best `limit` references for subject 0 of `probe`; lower slot first among equals."""
        ...

    def pairs(
        self,
        view: View,
        *,
        min_score: float,
        threads: int,
        on_progress: Progress | None,
        rules: Rules = LABELLED,
    ) -> Iterator[Candidates]:
        """Each unordered pair of a view once, in order of the probe's slot, best first in it."""
        ...


def _exact() -> Backend:
    from civid.search.exact import ExactBackend

    return ExactBackend()


#: A cascade or a GPU enters here.
_BACKENDS: dict[str, Callable[[], Backend]] = {"exact": _exact}


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
