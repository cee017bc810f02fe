"""Merging a unit's register: in order, in steps, each of them whole or not done at all."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, insert, select, update

from civid.errors import (
    AlreadyInRegisterError,
    ChangedMeanwhileError,
    RegisterDamagedError,
)
from civid.register.actor import Capability
from civid.register.audit import AuditReport, verify_chain
from civid.register.identity.prints import settle
from civid.register.ids import new_id
from civid.register.keyring import RegisterKeys
from civid.register.merge import common, copies, papers, unit_logs
from civid.register.merge.copies import PersonCopy
from civid.register.merge.lineage import Lineage, unit_register
from civid.register.merge.packed_prints import (
    Prints,
    carried,
    digests,
    searched,
    settle_together,
)
from civid.register.merge.papers import PAPERS, Paper
from civid.register.merge.people import Marks, others, take_people
from civid.register.merge.report import Counts, MergeReport, count
from civid.register.merge.rest import take_papers, take_prints
from civid.register.merge.step import Step
from civid.register.session import Service, Session, Work, changes, check_capability
from civid.register.store.failures import TakenError
from civid.register.store.tables import persons, runs
from civid.search.segments.keys import KeyProvider

_KIND = "merge"
_CHUNK = 50
_TRIES = 5
Item = tuple[str, bytes]
T = TypeVar("T")


@dataclass(repr=False)
class _Run:
    """A merge under way; its row says how far it is."""

    id: bytes
    lineage: Lineage
    audit: AuditReport
    position: int = 0
    counts: Counts = field(default_factory=dict)
    cases: list[str] = field(default_factory=list)
    resumed: bool = False

    def text(self) -> str:
        """What is kept of it."""
        return json.dumps(
            {"counts": self.counts, "cases": self.cases, "head": self.audit.head,
             "entries": self.audit.entries}
        )  # fmt: skip


@dataclass(frozen=True, slots=True, repr=False)
class _Load:
    """What one step takes over, read beforehand."""

    there: Work
    people: tuple[PersonCopy, ...] = ()
    prints: dict[bytes, Prints] = field(default_factory=dict)
    papers: tuple[Paper, ...] = ()
    #: What the unit was given.
    base: dict[tuple[str, bytes, int], common.Mark] = field(default_factory=dict)


class Merging(Service):
    """Registers of mobile units, merged into this one."""

    def merge(
        self,
        folder: str | os.PathLike[str],
        *,
        keys: KeyProvider | RegisterKeys | None = None,
        on_progress: Callable[[int, int], None] | None = None,
    ) -> MergeReport:
        """Take over what a unit did since its register was packed.

        Safe to repeat, and to break off at any moment: what is here already is not taken over
        twice, and the next call goes on. What both sides changed is not overwritten; it becomes a
        case, and so does somebody who seems to be here twice. The unit's folder is not changed,
        except that prints which it had promised to its gallery are put there.

        Parameters
        ----------
        folder : path
            The unit's.
        keys : KeyProvider or RegisterKeys, optional
            Of the unit's register.
        on_progress : callable
            Called with (done, total).

        Raises
        ------
        ForeignRegisterError
            The folder is that of another register.
        RegisterFormatError
            No register, or one of a newer version.
        RegisterDamagedError
            The unit's audit log is broken, or was put back to an earlier day.
        RegisterKeyError
            Not the keys of the unit's register.
        AccessRefusedError
            Without the capability to administer, or for a unit outside the actor's scope.
        """
        check_capability(self._session, "register.merge", Capability.ADMINISTER)
        own = self._session
        settle(own)
        with unit_register(Path(folder), keys, own.vault.register) as (unit, lineage):
            there = unit._session
            settle(there)
            # One state of the unit's register, whatever happens to it meanwhile.
            with there.database.reading() as connection:
                run = self._begin(lineage, self._verified(connection, there, lineage))
                items = list(_items(connection))
                for start in range(run.position, len(items), _CHUNK):
                    part = items[start : start + _CHUNK]
                    load = _load(Work(connection, there, 0), own, part)
                    self._take(run, load, start + len(part))
                    if load.prints:
                        settle_together(own)
                    if on_progress is not None:
                        on_progress(start + len(part), len(items))
                _until_done(lambda: self._end(run, Work(connection, there, 0)))
        return MergeReport(
            lineage.register.hex(), lineage.unit, run.counts, tuple(run.cases), run.audit.entries,
            run.audit.head, run.resumed,
        )  # fmt: skip

    def _verified(self, connection: Connection, there: Session, lineage: Lineage) -> AuditReport:
        """The unit's log, which has to be whole and to continue what was merged before."""
        with self._session.database.reading() as own:
            before = _last(own, lineage)
        anchor = None if before is None else (before["entries"], before["head"])
        report = verify_chain(connection, there.vault.audit_key(), anchor=anchor)
        if not report.whole:
            raise RegisterDamagedError(
                "the audit log of the unit's register is broken; nothing was taken over"
            )
        return report

    @changes("register.merge", Capability.ADMINISTER)
    def _begin(self, work: Work, lineage: Lineage, audit: AuditReport) -> _Run:
        work.within(lineage.unit)
        work.detail.update(source=lineage.register.hex(), entries=audit.entries, head=audit.head)
        last = _last(work.connection, lineage)
        if last is not None and last["ended"] is None and last["head"] == audit.head:
            return _Run(
                last["id"], lineage, audit, last["position"], last["counts"], last["cases"],
                resumed=True,
            )  # fmt: skip
        run = _Run(new_id(), lineage, audit)
        work.connection.execute(
            insert(runs).values(
                id=run.id, kind=_KIND, source=lineage.register.hex(), position=0,
                counts=run.text(), started=work.now, ended=None,
            )
        )  # fmt: skip
        return run

    def _take(self, run: _Run, load: _Load, position: int) -> None:
        run.counts, opened = _until_done(lambda: self._step(run, load, position))
        run.position = position
        run.cases += opened

    @changes("register.merge", Capability.ADMINISTER)
    def _step(self, work: Work, run: _Run, load: _Load, position: int) -> tuple[Counts, list[str]]:
        step = Step(work, run.lineage)
        base = load.base
        ids = [one.id for one in load.people]
        known = others(step, ids) if ids else {}
        given = {key[1]: one.taken for key, one in base.items() if key[0] == common.PERSON}
        take_people(step, load.people, given, known)
        take_prints(step, load.prints, _digests(base, common.PRINTS), known)
        for kind in PAPERS:
            found = [one for one in load.papers if one.kind == kind]
            take_papers(step, load.there, kind, found, _digests(base, kind))
        step.end()
        counts = {kind: dict(one) for kind, one in run.counts.items()}
        for kind, of_kind in step.counts.items():
            for what, number in of_kind.items():
                count(counts, kind, what, number)
        kept = _Run(run.id, run.lineage, run.audit, position, counts, run.cases + step.cases)
        work.connection.execute(
            update(runs).where(runs.c.id == run.id).values(position=position, counts=kept.text())
        )
        work.detail.update(source=run.lineage.register.hex(), counts=step.counts)
        return counts, step.cases

    @changes("register.merge", Capability.ADMINISTER)
    def _end(self, work: Work, run: _Run, there: Work) -> None:
        unit_logs.keep(work, there, run.lineage, run.audit)
        work.connection.execute(update(runs).where(runs.c.id == run.id).values(ended=work.now))
        work.detail.update(
            source=run.lineage.register.hex(), entries=run.audit.entries, head=run.audit.head,
            counts=run.counts,
        )  # fmt: skip


def _until_done(step: Callable[[], T]) -> T:
    """Do a step, and again when somebody else was first with some of its records."""
    for attempt in range(_TRIES):
        try:
            return step()
        except (AlreadyInRegisterError, ChangedMeanwhileError):
            if attempt == _TRIES - 1:
                raise
        except TakenError:  # the same rows, by another merge at this moment
            pass
    raise ChangedMeanwhileError("others were changing the same records; call merge again")


def _digests(base: Marks, kind: str) -> dict[bytes, bytes]:
    return {key[1]: one.digest for key, one in base.items() if key[0] == kind}


def _items(connection: Connection) -> Iterator[Item]:
    """All of a unit's records, in the order in which they are taken over."""
    for person in connection.execute(select(persons.c.id).order_by(persons.c.id)).scalars():
        yield common.PERSON, bytes(person)
    for kind in PAPERS:
        for paper in papers.ids(connection, kind):
            yield kind, paper


def _load(there: Work, own: Session, items: Sequence[Item]) -> _Load:
    """Read what a step takes over; here already, so that no lock is held for a search."""
    connection, vault = there.connection, there.vault
    people = [one for kind, one in items if kind == common.PERSON]
    found: list[Paper] = []
    for kind in PAPERS:
        wanted = [one for of, one in items if of == kind]
        if wanted:
            found += papers.read(connection, vault, kind, wanted).values()
    base = common.read(
        connection, own.vault.register, {kind for kind, _ in items} | {common.PRINTS},
        [one for _, one in items],
    )  # fmt: skip
    if not people:
        return _Load(there, papers=tuple(found), base=base)
    theirs = digests(connection, people)
    with own.database.reading() as reading:
        ours = digests(reading, people)
    untouched = _digests(base, common.PRINTS)
    changed = {
        person: held
        for person, held in theirs.items()
        if held not in (ours.get(person), untouched.get(person))
    }
    prints = searched(own, carried(there, changed)) if changed else {}
    return _Load(there, tuple(copies.read(connection, vault, people)), prints, tuple(found), base)


def _last(connection: Connection, lineage: Lineage) -> dict[str, Any] | None:
    """The last merge of a unit's register, whether it ended or was broken off."""
    query = select(runs).where(runs.c.kind == _KIND, runs.c.source == lineage.register.hex())
    row = connection.execute(query.order_by(runs.c.id.desc()).limit(1)).one_or_none()
    if row is None:
        return None
    found: dict[str, Any] = json.loads(row.counts)
    return {**found, "id": bytes(row.id), "position": row.position, "ended": row.ended}
