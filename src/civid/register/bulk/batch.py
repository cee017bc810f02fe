"""Some thousand rows in one transaction: who is new, who changed, who cannot be taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import bindparam, update

from civid.register.bulk import changes, second_source
from civid.register.bulk.outcome import Refused
from civid.register.bulk.row import Incoming
from civid.register.ids import new_id
from civid.register.population.lookup import NumberKind, is_of
from civid.register.population.unions import root_of
from civid.register.session import Work
from civid.register.store.among import among
from civid.register.store.prepared import Prepared
from civid.register.store.tables import numbers

_TAKE = Prepared(
    update(numbers)
    .where(
        numbers.c.token == bindparam("which"), is_of(NumberKind.PERSONAL),
        numbers.c.person.is_(None), numbers.c.state == "reserved",
    )
    .values(person=bindparam("person"), state="active")
)  # fmt: skip


@dataclass(slots=True)
class Done:
    """What a batch did."""

    new: int = 0
    changed: int = 0
    same: int = 0
    refused: list[Refused] = field(default_factory=list)


def write(work: Work, source: str, batch: Sequence[Incoming], seen: Sequence[bool]) -> Done:
    """Write what is new.

    Parameters
    ----------
    source : str
        The other system.
    batch : sequence of Incoming
        Rows in order.
    seen : sequence of bool
        Which of them had an external id that came before in this run.

    Raises
    ------
    TryAgain
        Another transaction was faster with one of them.
    """
    done = Done()
    number_of = {
        one.row: token
        for one in batch
        for kind, token, _ in one.numbers
        if kind is NumberKind.PERSONAL
    }
    # Numbers first: whoever is added by others between the two questions is known, not a conflict.
    owners = _owners(work, list(number_of.values()))
    known = _known(work, source, batch)
    elsewhere = second_source.agreeing(
        work, source,
        [
            (one, owner)
            for one in batch
            if one.external not in known
            and (token := number_of.get(one.row)) is not None
            and (owner := owners.get(token))
        ],
    )  # fmt: skip
    joined: dict[bytes, Incoming] = {}
    disputed: list[tuple[Incoming, bytes, bytes | None]] = []
    taken: set[bytes] = set()
    new: list[tuple[Incoming, bytes]] = []
    moved: list[tuple[Incoming, bytes]] = []
    here: dict[bytes, bytes] = {}  # external id -> what was said first in this batch
    for one, before in zip(batch, seen, strict=True):
        first = here.get(one.external)
        held = known.get(one.external)
        if first is not None:
            _again(done, one, first)
        elif held is not None and (held[1] == one.digest or before):
            _again(done, one, held[1])
            here[one.external] = held[1]
        else:
            person = held[0] if held is not None else new_id()
            token = number_of.get(one.row)
            owner = owners.get(token) if token is not None else None
            if not work.actor.covers(one.unit) or elsewhere.get(one.row) == b"":
                done.refused.append(Refused(one.row, "outside_scope"))
            elif owner is not None and owner == elsewhere.get(one.row) and owner not in joined:
                joined[owner] = one
                moved.append((one, owner))
                here[one.external] = one.digest
            elif owner not in (None, person) and not _became(work, owner, person):
                done.refused.append(Refused(one.row, second_source.CODE, "number"))
                if owner:  # empty: a number that was cancelled before anybody had it
                    disputed.append((one, owner, person if held is not None else None))
            elif held is None and not one.names:
                done.refused.append(Refused(one.row, "name", "name"))
            else:
                if token is not None and owner is None:
                    reserved = token in owners
                    owners[token] = person
                    if reserved:
                        _TAKE(work.connection, which=token, person=person)
                        taken.add(token)
                (new if held is None else moved).append((one, person))
                here[one.external] = one.digest
    changes.add(work, source, new, taken)
    done.new = len(new)
    work.about(*(person for _, person in new))
    second_source.join(work, source, [(one, person) for person, one in joined.items()])
    second_source.dispute(work, source, disputed)
    if moved:
        changes.change(work, source, moved, done)
    return done


def _again(done: Done, one: Incoming, digest: bytes) -> None:
    """A row whose external id is known, by what was said before."""
    if one.digest == digest:
        done.same += 1
    else:
        done.refused.append(Refused(one.row, "twice"))


def _became(work: Work, owner: bytes | None, person: bytes) -> bool:
    """Whether a person and the owner of the number are entries of one person."""
    if not owner:
        return False
    return root_of(work.connection, person) == root_of(work.connection, owner)


def _known(work: Work, source: str, batch: Sequence[Incoming]) -> dict[bytes, tuple[bytes, bytes]]:
    """External id -> person, and digest of what was said last."""
    rows = among(
        work.connection,
        "SELECT external, person, digest FROM sources WHERE source = ? AND external",
        [one.external for one in batch],
        source,
    )
    return {bytes(who): (bytes(person), bytes(digest)) for who, person, digest in rows}


def _owners(work: Work, tokens: Sequence[bytes]) -> dict[bytes, bytes | None]:
    """Number -> who has it; None where it is reserved. Free numbers are left out."""
    rows = among(
        work.connection, "SELECT token, person, state FROM numbers WHERE kind = 1 AND token", tokens
    )
    found: dict[bytes, bytes | None] = {}
    for token, person, state in rows:
        # A number that was cancelled before anybody had it is nobody's and not free.
        nobody = None if state == "reserved" else b""
        found[bytes(token)] = nobody if person is None else bytes(person)
    return found
