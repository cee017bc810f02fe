"""Households of people in bulk: made where their residence file is new, joined where it is known.

Relations come as the other system has them: what is wrong with a household (two heads, none) is
found by its checks, not refused here.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import bindparam, func, select, update

from civid.register.bulk.row import Incoming
from civid.register.ids import new_id
from civid.register.session import Work
from civid.register.store.among import among
from civid.register.store.fill import fill
from civid.register.store.prepared import Prepared
from civid.register.store.tables import households, members

REASON = "import"
_ASKED = 2000

_LEAVE = Prepared(
    update(members)
    .where(members.c.person == bindparam("who"), members.c.until.is_(None))
    .values(until=bindparam("day"), reason=REASON)
)
_TOUCH = Prepared(
    update(households)
    .where(households.c.id == bindparam("which"))
    .values(version=households.c.version + 1)
)


def settle(work: Work, people: Sequence[tuple[Incoming, bytes, bool]]) -> None:
    """Put people into the households of their rows.

    Parameters
    ----------
    people : sequence of (row, person, whether the person was here before)
    """
    living = [(one, who, old) for one, who, old in people if one.home]
    if not living:
        return
    known = _known(work, list({one.home for one, _, _ in living}))
    made, touched = {}, set()
    for one, _, _ in living:
        if one.home in known:
            touched.add(known[one.home])
        elif one.home not in made:
            made[one.home] = new_id(), one
    rows = []
    for token, (household, one) in made.items():
        body = {
            "code": one.household, "unit_code": one.unit.split("/")[-1], "unit_list": "",
            "address": one.address,
        }  # fmt: skip
        data = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        key, sealed = work.vault.seal(data, "households", household)
        rows.append((household, token, one.unit, 1, key, sealed))
        known[token] = household
    fill(
        work.connection, households, ("id", "code", "unit", "version", "key", "sealed"),
        sorted(rows),
    )  # fmt: skip
    _join(work, [(one, who, old, known[one.home]) for one, who, old in living])
    _TOUCH.many(work.connection, [{"which": household} for household in sorted(touched)])


def _known(work: Work, tokens: Sequence[bytes]) -> dict[bytes, bytes]:
    rows = among(work.connection, "SELECT code, id FROM households WHERE code", tokens)
    return {bytes(code): bytes(household) for code, household in rows}


def _join(work: Work, living: Sequence[tuple[Incoming, bytes, bool, bytes]]) -> None:
    day = work.session.today().isoformat()
    old = [who for _, who, before, _ in living if before]
    _LEAVE.many(work.connection, [{"who": who, "day": day} for who in old])
    last = _last(work, old)
    rows = [
        (household, who, last.get((household, who), 0) + 1, day, one.relation, None, "")
        for one, who, _, household in living
    ]
    fill(
        work.connection, members,
        ("household", "person", "seq", "since", "relation", "until", "reason"), sorted(rows),
    )  # fmt: skip


def _last(work: Work, people: Sequence[bytes]) -> dict[tuple[bytes, bytes], int]:
    found: dict[tuple[bytes, bytes], int] = {}
    for at in range(0, len(people), _ASKED):
        rows = work.connection.execute(
            select(members.c.household, members.c.person, func.max(members.c.seq))
            .where(members.c.person.in_(people[at : at + _ASKED]))
            .group_by(members.c.household, members.c.person)
        )
        found.update({(bytes(home), bytes(who)): seq for home, who, seq in rows})
    return found
