"""Watch-lists as a service: who is on them, and the silent look that files a case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Self

from sqlalchemy import Row, delete, insert, or_, select, tuple_, update

from civid.dedup.decision.decision import CandidateEvidence, Verdict
from civid.dedup.decision.evidence import PrintEvidence
from civid.dedup.decision.policy import Policy
from civid.dedup.decision.prints.compared import evidence_of
from civid.dedup.decision.question import Enrolment, pair_evidence
from civid.dedup.decision.record import Record
from civid.dedup.decision.rules import NAME, NUMBER, PRINTS
from civid.dedup.decision.weights import Weights
from civid.dedup.watchlist.entry import Basis, WatchEntry, WatchKind, from_bytes, to_bytes
from civid.errors import ChangedMeanwhileError, FieldError, NotInRegisterError
from civid.people.citizen import Citizen, Claim
from civid.register import Register
from civid.register.actor import Capability
from civid.register.cases import rows as case_rows
from civid.register.cases.case import CaseKind, CaseState
from civid.register.ids import from_text, new_id, to_text
from civid.register.listing import Listing, checked_limit, part
from civid.register.population import records, unions
from civid.register.population.lookup import lookup_of, name_token, number_token
from civid.register.session import Service, Session, Work, changes, check_capability, reads
from civid.register.store.tables import cases
from civid.register.store.watch_tables import watch_keys, watched
from civid.register.units import in_scope, unit_code
from civid.register.vault import Purpose
from civid.search.fingers import Fingers, finger_set


class WatchLists(Service):
    """The lists of wanted and missing people. Safe for threads; close it, or use ``with``.

    Who is on a list needs the capability to *watch*, which no counter has. `screen` is what a
    counter's dossier passes through: it answers nothing, whatever it finds.

    Examples
    --------
    >>> import tempfile
    >>> from datetime import date
    >>> from civid.people.citizen import Source, claim
    >>> said = tuple(claim(name, text, Source.CIVIL_STATUS, date(2021, 3, 1)) for name, text in
    ...              {"name": "Nguyễn Thị An", "birth": "05/03/2001"}.items())
    >>> order = Basis("Điều 231 BLTTHS", "12/QĐ-TN", "CQĐT", date(2024, 5, 1))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with Register.open(folder, create=True) as register, WatchLists.open(register) as lists:
    ...         _ = lists.add(WatchKind.WANTED, order, said, unit="46")
    ...         lists.screen(Enrolment(said))
    ...         [case.kind for case in register.cases.queue()]
    ['watch']
    """

    def __init__(
        self, session: Session, policy: Policy | None = None, weights: Weights | None = None
    ):
        super().__init__(session)
        self.policy = Policy() if policy is None else policy
        self.weights = Weights() if weights is None else weights
        link = session.link
        self._links = {kind: link.beside(f"watch-{kind}") for kind in WatchKind if link.path}

    @classmethod
    def open(
        cls, register: Register, policy: Policy | None = None, weights: Weights | None = None
    ) -> Self:
        """The lists of a register that is open, with its prints.

        Their galleries lie beside its own, under its keys.

        Parameters
        ----------
        policy, weights : optional
            As for `civid.dedup.decision.Deduplicator`. What the policy would send to people, or
            stop, is a hit.
        """
        return cls(register._session, policy, weights)

    def close(self) -> None:
        """Close the galleries of the lists; the register stays open."""
        for link in self._links.values():
            link.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # ---- who is on them

    @changes("watch.add", Capability.WATCH)
    def add(
        self, work: Work, kind: WatchKind | str, basis: Basis, claims: Iterable[Claim],
        fingers: Fingers | None = None, *, unit: str,
    ) -> str:  # fmt: skip
        """Put somebody on a list; returns the reference of the entry.

        Parameters
        ----------
        claims : iterable of Claim
            What is known: names, birth, numbers.
        fingers : optional
            Prints.
        unit : str
            Unit whose queue hits go into.

        Raises
        ------
        AccessRefusedError
            Without the capability to watch, or outside the scope.
        FieldError
            Nothing that somebody could be found by.
        """
        work.within(unit_code(unit))
        said, entry = tuple(claims), new_id()
        keys = _keys(work, said)
        if not keys and fingers is None:
            raise FieldError("claims", "nothing that somebody could be found by")
        data = to_bytes(basis, said, fingers)
        key, sealed = work.vault.seal(data, "watched", entry, purpose=Purpose.PRINTS)
        work.connection.execute(
            insert(watched).values(
                id=entry, kind=WatchKind(kind).value, unit=unit, at=work.now,
                actor=work.actor.name, until=basis.until and basis.until.isoformat(), ended=None,
                ended_by="", ended_reason="", key=key, sealed=sealed,
                fingers=0 if fingers is None else len(finger_set(fingers)),
            )
        )  # fmt: skip
        for token, year in sorted(keys):
            work.connection.execute(
                insert(watch_keys).values(token=token, birth_year=year, entry=entry)
            )
        work.detail.update(entry=to_text(entry), list=WatchKind(kind).value)
        return to_text(entry)

    @changes("watch.end", Capability.WATCH)
    def end(self, work: Work, reference: str, reason: str) -> None:
        """Take somebody off a list; the entry stays, and is found no more.

        Raises
        ------
        NotInRegisterError
            No such entry, or it is ended already.
        """
        if not reason.strip() or len(reason) > 200:
            raise FieldError("reason", "missing, or longer than 200 characters")
        entry = from_text(reference)
        row = _row(work, entry)
        work.within(row.unit)
        work.connection.execute(delete(watch_keys).where(watch_keys.c.entry == entry))
        done = work.connection.execute(
            update(watched).where(watched.c.id == entry, watched.c.ended.is_(None))
            .values(ended=work.now, ended_by=work.actor.name, ended_reason=reason)
        )  # fmt: skip
        if done.rowcount != 1:
            raise ChangedMeanwhileError("somebody else has just ended this entry")
        work.detail["entry"] = reference

    @reads("watch.read", Capability.WATCH)
    def entry(self, work: Work, reference: str) -> WatchEntry:
        """One entry; `NotInRegisterError` when there is none."""
        row = _row(work, from_text(reference), ended=True)
        work.within(row.unit)
        work.detail["entry"] = reference
        return _entry(work, row)

    @reads("watch.list", Capability.WATCH)
    def entries(
        self, work: Work, kind: WatchKind | str, *, limit: int = 50, after: str | None = None
    ) -> Listing[WatchEntry]:
        """Entries in force of a list, inside the actor's scope, the oldest first."""
        query = select(watched).where(
            watched.c.kind == WatchKind(kind).value, in_scope(watched.c.unit, work.actor),
            *_in_force(work),
        )  # fmt: skip
        if after is not None:
            query = query.where(watched.c.id > from_text(after))
        rows = work.connection.execute(
            query.order_by(watched.c.id).limit(checked_limit(limit) + 1)
        ).all()
        work.detail["list"] = WatchKind(kind).value
        return part([_entry(work, row) for row in rows], limit)

    # ---- the silent look

    def screen(self, enrolment: Enrolment, person: str | None = None) -> None:
        """Look whether somebody is on a list; a hit becomes a case of kind ``watch``.

        The answer is nothing in either case, no dossier waits for such a case, and the log says
        only that it was looked. Only who has the capability to watch sees the case.

        Parameters
        ----------
        enrolment : Enrolment
            As at the counter.
        person : str, optional
            Reference of the person in the register, for the case.

        Raises
        ------
        AccessRefusedError
            Without the capability to enrol.
        NotInRegisterError
            There is no such person, or they were erased; whether or not there is a hit.
        """
        check_capability(self._session, "watch.screen", Capability.ENROL)
        with self._galleries() as galleries:
            self._screen(enrolment, person, galleries)

    @changes("watch.screen", Capability.ENROL)
    def _screen(
        self, work: Work, enrolment: Enrolment, person: str | None, galleries: dict[WatchKind, Any]
    ) -> None:
        probe = {} if enrolment.fingers is None else dict(finger_set(enrolment.fingers))
        ways: dict[str, list[str]] = {}
        for gallery in galleries.values() if probe else ():
            for hit in gallery.search(
                probe, self.policy.most_candidates, max_fpir=self.policy.search_fpir,
                swapped=self.policy.swapped,
            ):  # fmt: skip
                ways.setdefault(hit.subject_id, []).append(PRINTS)
        keys = _keys(work, enrolment.claims)
        if keys:
            found = work.connection.execute(
                select(watch_keys).where(
                    tuple_(watch_keys.c.token, watch_keys.c.birth_year).in_(sorted(keys))
                )
            )
            for row in found:
                way = NUMBER if row.birth_year == _NUMBER else NAME
                ways.setdefault(to_text(bytes(row.entry)), []).append(way)
        who = None if person is None else _standing(work, from_text(person))
        one = Record.of_claims(enrolment.claims)
        for reference, found_by in ways.items():
            entry = work.connection.execute(
                select(watched).where(watched.c.id == from_text(reference), *_in_force(work))
            ).one_or_none()
            if entry is not None:
                self._file(work, entry, one, probe, who, tuple(dict.fromkeys(found_by)))
        work.detail["lists"] = len(WatchKind)

    def _file(
        self, work: Work, row: Row[Any], one: Record, probe: Any, who: bytes | None,
        found_by: tuple[str, ...],
    ) -> None:  # fmt: skip
        entry = _entry(work, row)
        fingers = _open(work, row)[2]
        prints = PrintEvidence()
        if probe and fingers is not None:
            prints = evidence_of(probe, {"entry": dict(finger_set(fingers))}, self.policy)["entry"]
        judged: CandidateEvidence = pair_evidence(
            one, Record.of_claims(entry.claims), prints, self.policy, self.weights,
            self.policy.thresholds(_SMALLEST), entry.reference, found_by,
        )  # fmt: skip
        if judged.verdict is Verdict.UNIQUE or _is_filed(work, who, entry.reference):
            return
        case_rows.open_case(
            work,
            CaseKind.WATCH,
            entry.unit,
            person=who,
            codes=(f"watch.{entry.kind}",),
            evidence={"entry": entry.reference, "candidate": judged.to_dict()},
        )

    @contextmanager
    def _galleries(self) -> Iterator[dict[WatchKind, Any]]:
        """The galleries as the tables have them: whatever a crash left out is made up for."""
        found = {}
        for kind, link in self._links.items():
            with link.changing() as gallery:
                wanted = self._subjects(kind)
                for subject in [one for one in gallery if one not in wanted]:
                    gallery.remove(subject)
                missing = [one for one in wanted if one not in gallery]
                gallery.enroll_many((one, wanted[one]()) for one in missing)
                found[kind] = gallery
        yield found

    def _subjects(self, kind: WatchKind) -> dict[str, Any]:
        session = self._session
        with session.database.reading() as connection:
            work = Work(connection, session, session.clock())
            rows = connection.execute(
                select(watched).where(
                    watched.c.kind == kind.value, watched.c.fingers > 0, *_in_force(work)
                )
            ).all()

        def opener(row: Row[Any]) -> Any:
            return lambda: from_bytes(
                session.vault.open(row.key, row.sealed, "watched", bytes(row.id))
            )[2]

        return {to_text(bytes(row.id)): opener(row) for row in rows}


#: In place of a birth year, for tokens of numbers.
_NUMBER = -1
#: A list is judged as a register of so many people: the limits of a few would call everybody a hit.
_SMALLEST = 1000


def _keys(work: Work, claims: tuple[Claim, ...]) -> set[tuple[bytes, int]]:
    lookup = lookup_of(Citizen("").with_claims(*claims))
    numbers = {(number_token(work.vault, kind, one), _NUMBER) for kind, one in lookup.numbers}
    names = {(name_token(work.vault, one), lookup.birth_year) for one in lookup.names}
    return numbers | names


def _in_force(work: Work) -> list[Any]:
    today = work.session.today().isoformat()
    return [watched.c.ended.is_(None), or_(watched.c.until.is_(None), watched.c.until >= today)]


def _standing(work: Work, person: bytes) -> bytes:
    """The entry that stands for somebody, so that there is one case however they were found."""
    root = unions.root_of(work.connection, person)
    if records.load(work.connection, work.vault, root).state == records.ERASED:
        raise NotInRegisterError("this person was erased")
    return root


def _is_filed(work: Work, who: bytes | None, entry: str) -> bool:
    """Whether a case about this person and entry is open already."""
    if who is None:
        return False
    rows = work.connection.execute(
        select(cases).where(
            cases.c.person.in_(unions.entries(work.connection, who)),
            cases.c.kind == CaseKind.WATCH.value,
            cases.c.state != CaseState.CLOSED.value,
        )
    )  # fmt: skip
    return any(case_rows.case_of(work, row).evidence.get("entry") == entry for row in rows)


def _row(work: Work, entry: bytes, *, ended: bool = False) -> Row[Any]:
    row = work.connection.execute(select(watched).where(watched.c.id == entry)).one_or_none()
    if row is None or (row.ended is not None and not ended):
        raise NotInRegisterError("no such entry in force on a watch-list")
    return row


def _open(work: Work, row: Row[Any]) -> tuple[Basis, tuple[Claim, ...], Fingers | None]:
    return from_bytes(work.vault.open(row.key, row.sealed, "watched", bytes(row.id)))


def _entry(work: Work, row: Row[Any]) -> WatchEntry:
    basis, claims, _ = _open(work, row)
    return WatchEntry(
        to_text(bytes(row.id)), WatchKind(row.kind), row.unit, basis, claims, bool(row.fingers),
        row.at, row.ended, row.ended_reason,
    )  # fmt: skip
