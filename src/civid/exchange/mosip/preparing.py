"""Fetch and extract ahead of `handle`, which answers in the order of a queue."""

from __future__ import annotations

from dataclasses import dataclass, field

from civid.exchange.abis import Abis
from civid.exchange.datashare.errors import FetchError
from civid.exchange.mosip import words
from civid.exchange.mosip.checking import checked
from civid.exchange.mosip.policy import Policy
from civid.exchange.mosip.prints import prints_or_reason
from civid.exchange.mosip.words import RefusedError
from civid.fingerprint.template import Template
from civid.position import Position


@dataclass(frozen=True)
class Prepared:
    """The fingers behind a URL, or why there are none. Give it to `handle` with its request."""

    url: str = field(repr=False)
    found: dict[Position, Template] | FetchError | RefusedError = field(repr=False)

    def prints(self) -> dict[Position, Template]:
        """The fingers; raises what was raised when they were fetched."""
        if isinstance(self.found, Exception):
            raise self.found
        return self.found


def prepare(
    message: object,
    engine: Abis,
    *,
    fetch: words.Fetch,
    policy: Policy | None = None,
    threads: int | None = None,
) -> Prepared | None:
    """Fetch and extract what a request will need; nothing is changed. Never raises.

    Parameters
    ----------
    message, engine, fetch, policy, threads
        As for `handle`. Safe to call from several threads, beside `handle` in another.

    Returns
    -------
    Prepared or None
        None = `handle` needs nothing, as far as can be told; if it does, it fetches itself.
    """
    try:
        policy = policy or Policy()
        request = checked(message, policy)
        if not request.url or (request.operation == words.IDENTIFY and request.reference):
            return None
        if engine.answered(request.request, request.digest) is not None:
            return None
        if request.operation == words.INSERT and request.reference in engine:
            return None
    except Exception:  # whatever it is, `handle` meets it again and answers it
        return None
    try:
        found = prints_or_reason(fetch(request.url), threads, policy.extraction)
        return Prepared(request.url, found)
    except (FetchError, RefusedError) as error:
        return Prepared(request.url, error)
    except Exception:
        return None
