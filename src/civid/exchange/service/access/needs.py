"""What a route needs: a token with one of some scopes."""

from __future__ import annotations

from typing import Any

from fastapi import Depends, Request

from civid.exchange.service.access.caller import Caller, unknown
from civid.exchange.service.access.scopes import DESCRIPTIONS
from civid.exchange.service.house import note_of
from civid.exchange.service.problem import Refusal


class Needs:
    """The dependency behind `needs`: lets a request pass, or refuses it.

    Attributes
    ----------
    scopes : tuple of str
        One is enough.
    """

    def __init__(self, scopes: tuple[str, ...]):
        unknown = [name for name in scopes if name not in DESCRIPTIONS]
        if unknown or not scopes:
            raise ValueError(f"no such scope: {', '.join(unknown) or 'none was named'}")
        self.scopes = scopes

    async def __call__(self, request: Request) -> Caller:
        """Who is calling; FastAPI asks."""
        caller = note_of(request).caller
        if caller is None:  # the address was thought to be open to everybody
            raise unknown()
        if caller.scopes.isdisjoint(self.scopes):
            wanted = " ".join(self.scopes)
            challenge = f'Bearer realm="civid", error="insufficient_scope", scope="{wanted}"'
            raise Refusal("scope", headers={"www-authenticate": challenge}, scope=wanted)
        return caller


def needs(*scopes: str) -> Any:
    """A dependency for a route: a token with one of these scopes.

    Parameters
    ----------
    *scopes : str
        Capabilities, or scopes of OSIA; one is enough. Write it twice where two are needed.

    Raises
    ------
    ValueError
        There is no such scope.

    Examples
    --------
    >>> needs("enrol", "abis.encounter.write").dependency.scopes
    ('enrol', 'abis.encounter.write')
    """
    return Depends(Needs(tuple(str(name) for name in scopes)))
