"""The check as a service: look at everything, repair what follows from the rest, name the rest."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from sqlalchemy import Column, Table, delete, func, insert, select

from civid.errors import (
    AlreadyInRegisterError,
    CividError,
    RegisterDamagedError,
    RegisterError,
    RegisterFormatError,
)
from civid.register.actor import Capability
from civid.register.audit.verify import verify_chain
from civid.register.check import adjudication as adjudication_check
from civid.register.check import people as people_check
from civid.register.check import prints as prints_check
from civid.register.check.people import Wrong
from civid.register.check.report import CheckReport, Findings, What
from civid.register.identity.prints import settle
from civid.register.ids import to_text
from civid.register.population import records
from civid.register.population.lookup import NumberKind
from civid.register.session import Service, Work, changes, check_capability, reads
from civid.register.store.audit_tables import audit
from civid.register.store.failures import explained
from civid.register.store.misfits import misfits
from civid.register.store.sealed import SEALED, Sealed, pages
from civid.register.store.tables import acts, intents, metadata, names, numbers, persons, prints

#: Looked at by a room of their own.
_ELSEWHERE = (acts, prints, intents)
Progress = Callable[[int, int], None]


class Check(Service):
    """Does everything in a register agree? Safe for threads, and while others write."""

    def run(
        self,
        *,
        repair: bool = False,
        anchor: tuple[int, str] | None = None,
        on_progress: Progress | None = None,
    ) -> CheckReport:
        """Look at every person, record, print and entry of the log.

        Parameters
        ----------
        repair : bool
            Complete what was promised to the gallery, and make names and numbers that lead to
            people anew from the acts. People, acts and prints are never removed.
        anchor : (int, str), optional
            Entries and head of an earlier `AuditReport`, kept outside: finds a register that was
            put back to an earlier day. Without one, that is not found.
        on_progress : callable
            Called with (done, total).

        Returns
        -------
        CheckReport
            References and places alone. `clean` when nothing is left.

        Raises
        ------
        AccessRefusedError
            Needs the capability to administer.
        """
        check_capability(self._session, "register.check", Capability.ADMINISTER)
        found = Findings()
        # Not in a transaction that could be tried again: errors are explained here.
        with explained():
            if self._whole_file(found):
                self._everything(found, repair, anchor, on_progress)
                return self._told(found)
        found.skipped.append("everything else: what a damaged file says is not to be relied on")
        with suppress(RegisterError):  # not even its log may be writable
            return self._told(found)
        return found.report()

    def _whole_file(self, found: Findings) -> bool:
        """Whether SQLite finds its own pages and indexes in order; a server looks after its own."""
        if not self._session.database.is_sqlite:
            return True
        try:
            with self._session.database.reading() as connection:
                rows = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalars().all()
                if misfits(connection, metadata):
                    rows = []
        except (RegisterDamagedError, RegisterFormatError):
            rows = []
        if list(rows) == ["ok"]:
            return True
        found.add(What.FILE, "file")
        return False

    def _everything(
        self, found: Findings, repair: bool, anchor: tuple[int, str] | None,
        on_progress: Progress | None,
    ) -> None:  # fmt: skip
        if repair and self._session.link.path is not None:
            try:
                found.settled = settle(self._session)
            except CividError as error:
                found.skipped.append(f"promises to the gallery ({type(error).__name__})")
        step = self._steps(on_progress)
        self._people(found, repair, step)
        self._orphans(found, repair)
        adjudication_check.look(self._session, found)
        for one in SEALED:
            if one.table not in _ELSEWHERE:
                self._sealed(one, found, step)
        prints_check.look(self._session, found, step)
        self._log(found, anchor, step)

    def _steps(self, on_progress: Progress | None) -> Callable[[int], None]:
        if on_progress is None:
            return lambda count: None
        looked = [persons, prints, audit, *(one.table for one in SEALED)]
        with self._session.database.reading() as connection:
            total = sum(
                connection.execute(select(func.count()).select_from(table)).scalar_one()
                for table in {
                    one.name: one for one in looked if one not in (acts, intents)
                }.values()
            )
        done = 0

        def step(count: int) -> None:
            nonlocal done
            done += count
            on_progress(min(done, total), total)

        return step

    def _people(self, found: Findings, repair: bool, step: Callable[[int], None]) -> None:
        for connection, heads in pages(self._session.database.reading, persons):
            wrong = people_check.look(connection, self._session.vault, heads, found)
            for person, one in wrong.items():
                fixed = repair and self._rebuild(person)
                _name(found, person, one, fixed)
            step(len(heads))

    def _rebuild(self, person: bytes) -> bool:
        try:
            self._lookup_anew(person)
        except (AlreadyInRegisterError, RegisterDamagedError):
            return False
        return True

    @changes("register.repair", Capability.ADMINISTER)
    def _lookup_anew(self, work: Work, person: bytes) -> None:
        work.about(person)
        (head,) = work.connection.execute(
            select(persons).where(persons.c.id == person).with_for_update()
        ).all()
        wrong = people_check.look(work.connection, work.vault, [head], Findings()).get(person)
        if wrong is None:  # somebody else has repaired it
            return
        for token, year, _ in wrong.names_extra:
            work.connection.execute(
                delete(names).where(
                    names.c.token == token, names.c.birth_year == year, names.c.person == person
                )
            )
        rows = [{"token": t, "birth_year": y, "person": p} for t, y, p in wrong.names_missing]
        if rows:
            work.connection.execute(insert(names), rows)
        for token in wrong.numbers_extra:
            work.connection.execute(
                delete(numbers).where(
                    numbers.c.token == token, numbers.c.person == person,
                    numbers.c.kind != NumberKind.PERSONAL,
                )
            )  # fmt: skip
        records.add_numbers(work, person, wrong.numbers_missing)
        work.detail.update(
            names=len(wrong.names_extra) + len(wrong.names_missing),
            numbers=len(wrong.numbers_extra) + len(wrong.numbers_missing),
        )

    def _orphans(self, found: Findings, repair: bool) -> None:
        for column, what in (
            (acts.c.person, What.ACT_OF_NOBODY),
            (numbers.c.person, What.NUMBER_OF_NOBODY),
            (names.c.person, What.NAME_OF_NOBODY),
        ):
            for person in self._unknown(column):
                fixed = repair and what is What.NAME_OF_NOBODY
                if fixed:
                    self._forget_names(person)
                found.add(what, to_text(person), repaired=fixed)

    def _unknown(self, column: Column[bytes]) -> list[bytes]:
        with self._session.database.reading() as connection:
            rows = connection.execute(
                select(column)
                .distinct()
                .outerjoin_from(column.table, persons, persons.c.id == column)
                .where(column.is_not(None), persons.c.id.is_(None))
            )
            return [bytes(one) for one in rows.scalars()]

    @changes("register.repair", Capability.ADMINISTER)
    def _forget_names(self, work: Work, person: bytes) -> None:
        work.about(person)
        known = select(persons.c.id).where(persons.c.id == person)
        if work.connection.execute(known).one_or_none() is None:
            work.connection.execute(delete(names).where(names.c.person == person))

    def _sealed(self, one: Sealed, found: Findings, step: Callable[[int], None]) -> None:
        for _, rows in pages(self._session.database.reading, one.table):
            for row in rows:
                found.counts[one.table.name] += 1
                try:
                    one.open(self._session.vault, row)
                except RegisterDamagedError:
                    found.add(What.RECORD_UNREADABLE, _place(one.table, row))
            step(len(rows))

    def _log(
        self, found: Findings, anchor: tuple[int, str] | None, step: Callable[[int], None]
    ) -> None:
        with self._session.database.reading() as connection:
            report = verify_chain(connection, self._session.vault.audit_key(), anchor=anchor)
        found.counts["entries"] += report.entries
        for problem in report.problems:
            found.add(What.LOG, "audit", detail=problem)
        step(report.entries)

    @reads("register.check", Capability.ADMINISTER)
    def _told(self, work: Work, found: Findings) -> CheckReport:
        report = found.report()
        work.detail.update(found=sum(report.total.values()), left=len(report.left))
        return report


def _name(found: Findings, person: bytes, wrong: Wrong, fixed: bool) -> None:
    where = to_text(person)
    for _ in wrong.numbers_missing:
        found.add(What.NUMBER_MISSING, where, repaired=fixed)
    for _ in wrong.numbers_extra:
        found.add(What.NUMBER_NOT_CLAIMED, where, repaired=fixed)
    for _ in wrong.names_missing:
        found.add(What.NAME_MISSING, where, repaired=fixed)
    for _ in wrong.names_extra:
        found.add(What.NAME_NOT_CLAIMED, where, repaired=fixed)


def _place(table: Table, row: object) -> str:
    parts = [getattr(row, column.name) for column in table.primary_key.columns]
    return "/".join(
        [table.name, *(one.hex() if isinstance(one, bytes) else str(one) for one in parts)]
    )
