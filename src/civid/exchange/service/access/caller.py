"""Who is calling, and the doors that find out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from civid.exchange.service.problem import OWN, Refusal


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose token it is.

    Attributes
    ----------
    name : str
        As the log says it: the subject of a JWT, or the name of an office's token.
    scopes : frozenset of str
        What it may be used for; see `civid.exchange.service.access.scopes`.
    token : str
        Which one, for the log: its id, never the token itself.
    issuer : str
        Of a JWT; empty = the token is one of an office.
    """

    name: str
    scopes: frozenset[str]
    token: str = ""
    issuer: str = ""

    @property
    def identity(self) -> str:
        """Who it is among all doors: a JWT that says an office's name is not that office.

        >>> Caller("tax", frozenset(), issuer="https://login.example").identity
        'https://login.example tax'
        """
        return f"{self.issuer} {self.name}" if self.issuer else self.name


class Door(Protocol):
    """Knows one kind of token. Safe for threads."""

    def fits(self, token: str) -> bool:
        """Whether it has the form of this door's tokens."""

    def caller(self, token: str) -> Caller:
        """Whose it is; `Refusal` (401) for one that is wrong, expired, or meant for others."""


#: A longer one is no token, and is not looked at.
_MOST_LETTERS = 8192
_CHALLENGE = 'Bearer realm="civid"'


def caller_of(header: str | None, doors: Iterable[Door]) -> Caller:
    """Whose token an Authorization header has (RFC 6750, section 2.1).

    Raises
    ------
    Refusal
        401: there is none, or none that a door takes.
    """
    kind, _, token = (header or "").strip().partition(" ")
    token = token.strip()
    if kind.lower() != "bearer" or not token:
        raise unknown()
    if len(token) <= _MOST_LETTERS and token.isascii():
        for door in doors:
            if door.fits(token):
                return door.caller(token)
    raise refused("token")


def unknown() -> Refusal:
    """Nobody has said who they are."""
    return Refusal("no-token", headers={"www-authenticate": _CHALLENGE})


def refused(code: str) -> Refusal:
    """A token is not taken: 401 with the kind of reason, which tells nothing of other tokens."""
    said = OWN[code][1]
    challenge = f'{_CHALLENGE}, error="invalid_token", error_description="{said}"'
    return Refusal(code, headers={"www-authenticate": challenge})
