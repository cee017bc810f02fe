"""Where cases are filed, given out, judged and undone (bàn kết luận)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from civid.dedup.cases import acting, viewing
from civid.dedup.cases.case_file import (
    Answer,
    CaseFile,
    CaseState,
    CaseSummary,
    expiry,
)
from civid.dedup.cases.intake import Intake
from civid.dedup.cases.quality import Quality
from civid.dedup.cases.ruling import Reason, Ruling, Statement, ruling_of
from civid.dedup.cases.withdrawing import Withdrawing
from civid.errors import (
    AccessRefusedError,
    ChangedMeanwhileError,
    FieldError,
    TransitionError,
)
from civid.fingerprint.image import FingerImage
from civid.fingerprint.template import Template
from civid.position import Position
from civid.register import Register
from civid.register.actor import Capability
from civid.register.adjudication import rows, ruled
from civid.register.adjudication.rows import Stored
from civid.register.codes import code
from civid.register.codes import note as checked_note
from civid.register.ids import from_text, to_text
from civid.register.listing import Listing, checked_limit, part
from civid.register.session import Work, changes, reads

#: How often a case may be put off between two rulings, and for how many days at most.
POSTPONED, POSTPONED_DAYS = 2, 14
#: Years for which "different people" is remembered, unless said otherwise; and at most.
YEARS, MOST_YEARS = 5, 15


class CaseDesk(Intake, Withdrawing, Quality):
    """Cases of possible duplicates in a register. Safe for threads.

    One case holds all candidates and all evidence of a `Decision`. Officers take what comes
    (`assign`), one case at a time; two of them judge it without knowing of each other, and more
    until two agree. Only then something is done, in the transaction of that ruling.

    To judge needs the capability to adjudicate, to file that to identify, and reports those of an
    administrator.

    Examples
    --------
    >>> import tempfile
    >>> from datetime import date
    >>> from civid.dedup.decision import Deduplicator, Enrolment
    >>> from civid.people.citizen import Source, claim
    >>> said = tuple(claim(name, text, Source.CIVIL_STATUS, date(2021, 3, 1)) for name, text in
    ...              {"name": "Nguyễn Thị An", "birth": "05/03/2001"}.items())
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with Register.open(folder, create=True) as register:
    ...         one, two = (register.people.add(said, unit="46") for _ in range(2))
    ...         decision = Deduplicator(register).check(
    ...             Enrolment(said, settled=frozenset({two.reference})))
    ...         filed = CaseDesk(register).file(decision, person=two.reference)
    ...         for name in ("officer-1", "officer-2"):
    ...             desk = CaseDesk(register.acting_as(name))
    ...             case = desk.assign()
    ...             answer = desk.decide(case.reference, "same-person", "data.alike",
    ...                                  people=[one.reference], ticket=case.ticket)
    ...         answer.is_final, register.people.get(two.reference).reference == one.reference
    (True, True)
    """

    def __init__(self, register: Register):
        super().__init__(register._session)

    @reads("adjudication.list", Capability.ADJUDICATE)
    def list(
        self, work: Work, *, states: Iterable[CaseState | str] = (CaseState.WAITING,
        CaseState.TAKEN), batch: str | None = None, limit: int = 50, after: str | None = None,
    ) -> Listing[CaseSummary]:  # fmt: skip
        """Cases of the actor's scope, oldest first; nothing of what they are about."""
        wanted = [CaseState(one).value for one in states]
        found = rows.listed(
            work, states=wanted, batch=batch, limit=checked_limit(limit) + 1,
            after=None if after is None else from_text(after),
        )  # fmt: skip
        return part(
            [viewing.summary(work, bytes(one.id), one._mapping, one.candidates) for one in found],
            limit,
        )

    def assign(self) -> CaseFile | None:
        """The case that the actor has; if none, the one that has waited longest.

        Nobody chooses: no case is given to who judged it before, or worked on its dossier.

        Returns
        -------
        CaseFile or None
            None = there is none for this officer now.
        """
        reference = self._assign()
        return None if reference is None else self.show(reference)

    @changes("adjudication.assign", Capability.ADJUDICATE)
    def _assign(self, work: Work) -> str | None:
        officer = work.actor.name
        if (mine := rows.held_by(work, officer)) is not None:
            return to_text(mine.id)
        skip: list[bytes] = []
        while (case := rows.next_waiting(work, skip)) is not None:
            if _may_judge(work, case, officer):
                rows.save(
                    work, case, state=rows.TAKEN, officer=officer, assigned=work.now,
                    ticket=rows.new_ticket(),
                )  # fmt: skip
                rows.event(work, case.id, "assigned")
                viewing.name(work, case)
                return to_text(case.id)
            skip.append(case.id)
        return None

    @reads("adjudication.read", Capability.ADJUDICATE)
    def show(self, work: Work, reference: str) -> CaseFile:
        """Everything about a case: of the one that the actor has, or of a closed one.

        Raises
        ------
        AccessRefusedError
            It is somebody else's, waits, or lies outside the scope.
        NotInRegisterError
            There is no such case.
        """
        return viewing.case_file(work, _seen(work, reference))

    @reads("adjudication.portrait", Capability.ADJUDICATE)
    def portrait(self, work: Work, reference: str, party: str) -> bytes | None:
        """The newest portrait of somebody in a case, as the bytes of a picture file."""
        return viewing.portrait(work, _seen(work, reference), party)

    @reads("adjudication.templates", Capability.ADJUDICATE)
    def templates(self, work: Work, reference: str, party: str) -> dict[Position, Template]:
        """Minutiae of the fingers of somebody in a case, as the gallery has them."""
        return viewing.templates(work, _seen(work, reference), party)

    @reads("adjudication.images", Capability.ADJUDICATE)
    def images(self, work: Work, reference: str, party: str) -> dict[Position, FingerImage]:
        """The best image of each finger of somebody in a case, as far as images are kept."""
        return viewing.images(work, _seen(work, reference), party)

    @changes("adjudication.postpone", Capability.ADJUDICATE)
    def postpone(
        self, work: Work, reference: str, reason: str, *, days: int = 1, ticket: str | None = None
    ) -> CaseSummary:
        """Put the case off: it waits, and goes to whoever is next then.

        Parameters
        ----------
        reason : str
            A code, such as ``papers.asked``.
        days : int
            1 to 14.

        Raises
        ------
        TransitionError
            It was put off twice since the last ruling.
        ChangedMeanwhileError
            The actor does not have it any more.
        """
        if not 1 <= days <= POSTPONED_DAYS:
            raise FieldError("days", f"outside 1 to {POSTPONED_DAYS}")
        case = _mine(work, reference, ticket)
        if case.row["postponed"] >= POSTPONED:
            raise TransitionError("case: put off too often; decide, or let it be released")
        made = rows.save(
            work, case, state=rows.WAITING, officer="", assigned=None, ticket=None,
            not_before=work.now + days * 86_400_000_000, postponed=case.row["postponed"] + 1,
        )  # fmt: skip
        rows.event(work, case.id, "postponed", code(reason))
        return viewing.summary(work, made.id, made.row, len(made.suspects))

    @changes("adjudication.release", Capability.ADMINISTER)
    def release(self, work: Work, reference: str, reason: str) -> CaseSummary:
        """Take a case from an officer who does not decide it, and put it back into the queue."""
        case = rows.load(work, from_text(reference), lock=True)
        work.within(case.row["unit"])
        if case.state != rows.TAKEN:
            raise TransitionError("case: nobody has it")
        made = rows.save(
            work, case, state=rows.WAITING, officer="", assigned=None, ticket=None
        )  # fmt: skip
        rows.event(work, case.id, "released", code(reason))
        return viewing.summary(work, made.id, made.row, len(made.suspects))

    @changes("adjudication.decide", Capability.ADJUDICATE)
    def decide(
        self, work: Work, reference: str, ruling: Ruling | str, reason: Reason | str, *,
        people: Iterable[str] = (), until: date | None = None, note: str = "",
        ticket: str | None = None,
    ) -> Answer:  # fmt: skip
        """Say what a case is. When two officers have said the same, it is done.

        Parameters
        ----------
        ruling, reason : Ruling, Reason
            What, and why.
        people : iterable of str
            Candidates that it is about: who is the same person as the subject, or shares the entry
            or number. With "different people" it is all of them.
        until : date, optional
            Last day on which "different people" is remembered; five years, unless given, and
            fifteen at most.
        note : str
            Free text; sealed.
        ticket : str, optional
            Of the case as it was shown: a ruling about what has changed since is refused.

        Raises
        ------
        ChangedMeanwhileError
            The actor does not have this case any more, or it changed since it was shown.
        FieldError
            A reason that does not go with the ruling, or people who are not candidates.
        TransitionError
            What was decided cannot be done, such as refusing a dossier that was printed.
        """
        case = _mine(work, reference, ticket)
        said = _statement(work, case, ruling, reason, people, until, note)
        seq = case.row["rulings"] + 1
        ruled.add(work, case.id, seq, case.row["assigned"] or work.now, said.to_dict())
        columns = {
            "state": rows.WAITING, "officer": "", "assigned": None, "ticket": None,
            "not_before": work.now, "postponed": 0, "rulings": seq,
        }  # fmt: skip
        rows.event(work, case.id, "ruled")
        earlier = [Statement.from_dict(one.body) for one in ruled.of(work, [case.id])][:-1]
        agreed = next((one for one in earlier if one.key == said.key), None)
        viewing.name(work, case)
        if agreed is None:
            rows.save(work, case, **columns)
            return Answer(to_text(case.id), False)
        final = _both(agreed, said, work.session.today())
        done = [] if case.body["seed"] is not None else acting.act(work, case, final)
        rows.drop_pairs(work, case.id)
        rows.save(
            work, case, {**case.body, "acted": done, "final": final.to_dict()},
            **columns | {"state": rows.CLOSED, "closed": work.now, "outcome": final.ruling.value},
        )  # fmt: skip
        rows.event(work, case.id, "closed")
        return Answer(to_text(case.id), True, final.ruling.value)

    @changes("adjudication.undo", Capability.ADJUDICATE)
    def undo(self, work: Work, reference: str, reason: str) -> CaseSummary:
        """Take back what was decided: part what was merged, give the dossier back its place.

        Parameters
        ----------
        reason : str
            A code, such as ``court.order`` or ``appeal``.

        Raises
        ------
        AccessRefusedError
            The actor is one of those who ruled, or took a ruling back.
        TransitionError
            The case is not closed, or was undone before.
        """
        case = rows.load(work, from_text(reference), lock=True)
        work.within(case.row["unit"])
        viewing.name(work, case)
        if case.state != rows.CLOSED:
            raise TransitionError(f"case: {case.state} cannot be undone")
        if work.actor.name in viewing.judges(work, case):
            raise AccessRefusedError("who ruled does not undo it")
        work.detail["undone"] = acting.take_back(work, case, code(reason))
        made = rows.save(work, case, state=rows.UNDONE)
        rows.event(work, case.id, "undone", reason)
        return viewing.summary(work, made.id, made.row, len(made.suspects))


def _may_judge(work: Work, case: Stored, officer: str) -> bool:
    if officer in case.body["not_by"] or officer in ruled.officers(work, case.id):
        return False
    return not viewing.worked_on(work, case, officer)


def _seen(work: Work, reference: str) -> Stored:
    """A case that the actor may look into: their own, or one that is decided."""
    case = rows.load(work, from_text(reference))
    viewing.name(work, case)
    work.within(case.row["unit"])
    mine = case.state == rows.TAKEN and case.row["officer"] == work.actor.name
    if not mine and case.state not in (rows.CLOSED, rows.UNDONE):
        raise AccessRefusedError("this case is not yours: ask for the next one")
    return case


def _mine(work: Work, reference: str, ticket: str | None) -> Stored:
    """The case that the actor has, locked."""
    case = rows.load(work, from_text(reference), lock=True)
    viewing.name(work, case)
    work.within(case.row["unit"])
    if case.state != rows.TAKEN or case.row["officer"] != work.actor.name:
        raise ChangedMeanwhileError(
            "this case is not yours any more: it was decided, put off or given to somebody else"
        )
    if ticket is not None and ticket != to_text(case.row["ticket"]):
        raise ChangedMeanwhileError("the case changed since it was shown; look at it again")
    return case


def _statement(
    work: Work, case: Stored, ruling: Ruling | str, reason: Reason | str, people: Iterable[str],
    until: date | None, note: str,
) -> Statement:  # fmt: skip
    said, why = ruling_of(ruling, reason)
    if said not in viewing.allowed(case):
        raise FieldError("ruling", "cannot be said of this case")
    suspects = {to_text(one) for one in case.suspects}
    named = set(people)
    if not named <= suspects:
        raise FieldError("people", "not candidates of this case")
    if said is Ruling.SAME_PERSON and not named:
        if len(suspects) > 1:
            raise FieldError("people", "say which candidates are the same person")
        named = suspects
    if said is Ruling.DIFFERENT_PEOPLE or (said is Ruling.SPLIT and not named):
        named = suspects
    if said in (Ruling.REJECT, Ruling.SEND_BACK, Ruling.MIXED_BIOMETRICS):
        named = set()
    today = work.session.today()
    day = until or expiry(today, YEARS)
    if not today < day <= expiry(today, MOST_YEARS):
        raise FieldError("until", f"after today, and {MOST_YEARS} years from now at most")
    keeps = said in (Ruling.DIFFERENT_PEOPLE, Ruling.SPLIT, Ruling.SAME_PERSON)
    return Statement(said, why, tuple(sorted(named)), day if keeps else None, checked_note(note))


def _both(first: Statement, last: Statement, today: date) -> Statement:
    """What two officers have in common; the earlier day that is still to come, the later reason."""
    days = [one.until for one in (first, last) if one.until is not None and one.until > today]
    return Statement(last.ruling, last.reason, last.people, min(days, default=None), last.note)
