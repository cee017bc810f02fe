"""Names that partners have for people: pseudonyms, which stay, and match ids, which end.

A pseudonym is an HMAC-SHA-256 over the person's reference under a secret of the partner, cut to
120 bits: nobody without the secret can compute one, and those of two partners have nothing in
common. What is stored is a keyed token of it, so that the table alone joins nothing either.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, delete, select, text, update

from civid.errors import ChangedMeanwhileError
from civid.register.session import Work
from civid.register.store.prepared import Prepared
from civid.register.store.sharing_tables import aliases, partner_keys

_SIZE = 15
_SECRET = 32
#: In place of a key's version, for match ids.
MATCH = 0
_ADD = Prepared(
    text(
        "INSERT INTO aliases (token, partner, person, version, until) "
        "VALUES (:token, :partner, :person, :version, :until) ON CONFLICT (token) DO NOTHING"
    )
)
_KEYS = Prepared(
    select(partner_keys)
    .where(partner_keys.c.partner == bindparam("partner"))
    .order_by(partner_keys.c.version.desc())
)
_FIND = Prepared(
    select(aliases.c.person, aliases.c.version, aliases.c.until).where(
        aliases.c.token == bindparam("token"), aliases.c.partner == bindparam("partner")
    )
)


@dataclass(frozen=True, slots=True)
class KeyState:
    """A secret of a partner, without the secret.

    Attributes
    ----------
    version : int
    made : int
        Microseconds since 1970, UTC.
    until : int or None
        From when its pseudonyms are no longer understood; None while it makes new ones.
    """

    version: int
    made: int
    until: int | None

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {"version": self.version, "made": self.made, "until": self.until}


def pseudonym(work: Work, partner: str, person: bytes) -> str:
    """The partner's pseudonym of a person under its newest secret, made at first use."""
    row = _KEYS(work.connection, partner=partner).first()
    if row is None:
        version, secret = _new_key(work, partner, 1)
    else:
        owner = partner.encode()
        version = row.version
        secret = work.vault.open(row.key, row.sealed, "partner_keys", owner, version)
    made = _text(hmac.digest(secret, b"civid pseudonym\0" + person, "sha256")[:_SIZE])
    _add(work, partner, made, person, version, None)
    return made


def match_id(work: Work, partner: str, person: bytes, until: int) -> str:
    """A random name of a person, for one partner, up to a moment."""
    made = _text(secrets.token_bytes(_SIZE))
    _add(work, partner, made, person, MATCH, until)
    return made


def who(work: Work, partner: str, name: str, *, match: bool) -> bytes | None:
    """Whom a partner means by a name that is still valid; None = nobody."""
    row = _FIND(work.connection, token=_token(work, partner, name), partner=partner).one_or_none()
    if row is None or (row.version == MATCH) is not match:
        return None
    until = row.until
    if not match:
        until = {
            one.version: one.until for one in states(work, partner)
        }.get(row.version)  # fmt: skip
    return None if until is not None and until <= work.now else bytes(row.person)


def states(work: Work, partner: str) -> tuple[KeyState, ...]:
    """The secrets of a partner, newest first."""
    rows = _KEYS(work.connection, partner=partner).all()
    return tuple(KeyState(row.version, row.made, row.until) for row in rows)


def rotate(work: Work, partner: str, until: int) -> KeyState:
    """A new secret; pseudonyms under the ones before are understood up to a moment."""
    before = states(work, partner)
    for one in before:
        if one.until is None or one.until > until:
            work.connection.execute(
                update(partner_keys)
                .where(partner_keys.c.partner == partner, partner_keys.c.version == one.version)
                .values(until=until)
            )
    version, _ = _new_key(work, partner, 1 + (before[0].version if before else 0))
    return KeyState(version, work.now, None)


def forget(work: Work) -> int:
    """Remove names that have ended; how many."""
    run = work.connection.execute
    gone = run(delete(aliases).where(aliases.c.until <= work.now)).rowcount
    ended = select(partner_keys.c.partner, partner_keys.c.version).where(
        partner_keys.c.until <= work.now
    )
    for row in run(ended).all():
        gone += run(
            delete(aliases).where(
                aliases.c.partner == row.partner, aliases.c.version == row.version
            )
        ).rowcount
    return gone


def _new_key(work: Work, partner: str, version: int) -> tuple[int, bytes]:
    secret = secrets.token_bytes(_SECRET)
    key, sealed = work.vault.seal(secret, "partner_keys", partner.encode(), version)
    done = work.connection.execute(
        text(
            'INSERT INTO partner_keys (partner, version, made, "key", sealed) '
            "VALUES (:partner, :version, :made, :key, :sealed) "
            "ON CONFLICT (partner, version) DO NOTHING"
        ),
        {"partner": partner, "version": version, "made": work.now, "key": key, "sealed": sealed},
    )
    if done.rowcount != 1:
        raise ChangedMeanwhileError("somebody else made this partner's key first; ask again")
    return version, secret


def _add(
    work: Work, partner: str, name: str, person: bytes, version: int, until: int | None
) -> None:
    token = _token(work, partner, name)
    _ADD(work.connection, token=token, partner=partner, person=person, version=version, until=until)


def _token(work: Work, partner: str, name: str) -> bytes:
    return work.vault.token("alias", f"{partner}\0{name}")


def _text(data: bytes) -> str:
    return base64.b32encode(data).decode("ascii").lower()
