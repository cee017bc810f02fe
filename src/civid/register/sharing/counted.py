"""Counts in windows of time, and questions answered once; right whoever else asks meanwhile."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import bindparam, delete, select, text, update

from civid.register.population.sealed import unsealed_at
from civid.register.session import Work
from civid.register.store.prepared import Prepared
from civid.register.store.sharing_tables import counters, guesses, questions

#: One statement on both stores: it counts, or it meets no row. Whoever counts the same waits here
#: until the transaction before has ended.
_COUNT = Prepared(
    text(
        'INSERT INTO counters (token, "window", count) VALUES (:token, :window, 1) '
        'ON CONFLICT (token, "window") DO UPDATE SET count = counters.count + 1 '
        "WHERE counters.count < :most"
    )
)
_TAKE = Prepared(
    text(
        'INSERT INTO questions (partner, request, digest, at, "grant", version, "key", sealed) '
        "VALUES (:partner, :request, :digest, :at, :grant, :version, :key, :sealed) "
        "ON CONFLICT (partner, request) DO NOTHING"
    )
)
_HELD = Prepared(
    select(questions).where(
        questions.c.partner == bindparam("partner"), questions.c.request == bindparam("request")
    )
)
_ANSWER = Prepared(
    update(questions)
    .where(questions.c.partner == bindparam("of"), questions.c.request == bindparam("which"))
    .values(person=bindparam("person"), key=bindparam("key"), sealed=bindparam("sealed"))
)
_KNOWN = Prepared(select(guesses).where(guesses.c.token == bindparam("token")).with_for_update())
_MAKE = Prepared(
    text(
        'INSERT INTO guesses (token, person, since, "key", sealed) '
        "VALUES (:token, :person, :since, :key, :sealed) ON CONFLICT (token) DO NOTHING"
    )
)
_LEARN = Prepared(
    update(guesses)
    .where(guesses.c.token == bindparam("which"))
    .values(since=bindparam("since"), key=bindparam("key"), sealed=bindparam("sealed"))
)
_ENDLESS = 1 << 30


def count(work: Work, token: bytes, window: int, most: int = _ENDLESS) -> bool:
    """Count once more; False, and nothing is counted, when it is `most` already."""
    done = _COUNT(work.connection, token=token, window=window, most=most)
    return done.rowcount == 1


def counts(work: Work, token: bytes, windows: range) -> dict[int, int]:
    """The counts of a token by window, from `windows.start` to before `windows.stop`."""
    rows = work.connection.execute(
        select(counters.c.window, counters.c.count).where(
            counters.c.token == token,
            counters.c.window >= windows.start,
            counters.c.window < windows.stop,
        )
    )
    return {int(row[0]): int(row[1]) for row in rows}


def take(work: Work, partner: str, request: bytes, digest: bytes, grant: bytes, version: int) -> (
    tuple[bytes, dict[str, Any]] | None
):  # fmt: skip
    """Take a request id; what is held under it already (digest, body) where it was taken."""
    done = _TAKE(
        work.connection, partner=partner, request=request, digest=digest, at=work.now,
        grant=grant, version=version, key=0, sealed=b"",
    )  # fmt: skip
    if done.rowcount == 1:
        return None
    row = _HELD(work.connection, partner=partner, request=request).one()
    return bytes(row.digest), unsealed_at(work.vault, "questions", request, 0, row)


def keep(
    work: Work, partner: str, request: bytes, person: bytes | None, body: dict[str, Any]
) -> None:
    """Keep the answer to a request that was taken in this transaction."""
    data = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    key, sealed = work.vault.seal(data, "questions", request)
    _ANSWER(work.connection, of=partner, which=request, person=person, key=key, sealed=sealed)


def drop(work: Work, partner: str, request: bytes) -> None:
    """Give a request back that was taken in this transaction: it can be asked anew."""
    work.connection.execute(
        delete(questions).where(questions.c.partner == partner, questions.c.request == request)
    )


def learned(work: Work, token: bytes, person: bytes | None, nothing: bytes) -> bytes:
    """What is known under a token, locked until this transaction ends; `nothing` at first."""
    row = _KNOWN(work.connection, token=token).one_or_none()
    if row is None:
        key, sealed = work.vault.seal(nothing, "guesses", token)
        _MAKE(work.connection, token=token, person=person, since=work.now, key=key, sealed=sealed)
        row = _KNOWN(work.connection, token=token).one()
    return work.vault.open(row.key, row.sealed, "guesses", token)


def learn(work: Work, token: bytes, data: bytes) -> None:
    """Keep what is known now."""
    key, sealed = work.vault.seal(data, "guesses", token)
    _LEARN(work.connection, which=token, since=work.now, key=key, sealed=sealed)


def forget(work: Work, *, answers: int, windows: int, guessed: int) -> dict[str, int]:
    """Remove what is older than these moments: kept answers, counts in windows, what was learned.

    Counts in total (window 0) and those of statistics (below 0) stay.
    """
    run = work.connection.execute
    return {
        "answers": run(delete(questions).where(questions.c.at < answers)).rowcount,
        "counts": run(
            delete(counters).where(counters.c.window > 0, counters.c.window < windows)
        ).rowcount,
        "guesses": run(delete(guesses).where(guesses.c.since < guessed)).rowcount,
    }
