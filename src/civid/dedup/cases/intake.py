"""What comes in: decisions, the register's own cases; and whom not to ask about again."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from civid.dedup.cases import filing, viewing
from civid.dedup.cases.case_file import CaseSummary, TakenUp
from civid.dedup.decision import Decision, Deduplicator, Enrolment
from civid.errors import ChangedMeanwhileError, NotInRegisterError, TransitionError
from civid.fingerprint.template import Template
from civid.position import Position
from civid.register.actor import Capability
from civid.register.adjudication import around, rows
from civid.register.cases import rows as case_rows
from civid.register.cases.case import Case
from civid.register.codes import code
from civid.register.ids import from_text, to_text
from civid.register.listing import checked_limit
from civid.register.population import apart, records, unions
from civid.register.session import Service, Work, changes, reads


class Intake(Service):
    """The part of `CaseDesk` that files. Safe for threads."""

    @changes("adjudication.file", Capability.IDENTIFY)
    def file(
        self, work: Work, decision: Decision, *, person: str | None = None,
        dossier: str | None = None, enrolment: Enrolment | None = None, batch: str = "",
        codes: Sequence[str] = (),
    ) -> CaseSummary | None:  # fmt: skip
        """Make a case of a decision that people have to look at.

        Parameters
        ----------
        decision : Decision
            Its candidates that may be the same person, with all evidence, go into one case.
        person, dossier : str, optional
            References of whom it is about, and of the dossier that waits.
        enrolment : Enrolment, optional
            Of somebody who has no entry: claims and prints are kept in the case, sealed.
        batch : str
            Code of the day's dossiers or the sweep that it is from.
        codes : sequence of str
            Why, such as ``prints.alike``.

        Returns
        -------
        CaseSummary or None
            The open case about one of these pairs if there is one, with what is new; None where
            the decision leaves nothing to judge.

        Raises
        ------
        FieldError
            Nobody was given, or the dossier is another person's.
        NotInRegisterError
            There is no such person or dossier.
        """
        made = filing.file(
            work, decision, person=person, dossier=dossier, enrolment=enrolment, batch=batch,
            codes=codes,
        )  # fmt: skip
        return (
            None if made is None else viewing.summary(work, made.id, made.row, len(made.suspects))
        )

    def take_up(self, deduplicator: Deduplicator, *, batch: str = "", limit: int = 50) -> TakenUp:
        """Take up what enrolment, a merge or a person has opened in the register, with evidence.

        Each open case of the kinds duplicate and mismatch is compared anew and becomes a case
        here; the register's own is held until the ruling, and closed by it.

        Parameters
        ----------
        deduplicator : Deduplicator
            For the evidence; of an actor whose scope is the country, or candidates are missing.
        batch : str
            Code that the cases get.
        limit : int
            Most cases at once.
        """
        if batch:
            code(batch, "batch")
        found: list[CaseSummary] = []
        waiting, left = self._open(limit)
        for opened in waiting:
            enrolment, person, other = self._enrolment(opened.reference)
            also = () if other is None else (other,)
            decision = deduplicator.check(enrolment, also=also)
            with suppress(ChangedMeanwhileError, TransitionError):  # somebody else took it up first
                found.append(self._filed(decision, opened, person, also, batch))
        return TakenUp(tuple(found), left)

    @reads("adjudication.open", Capability.IDENTIFY)
    def _open(self, work: Work, limit: int) -> tuple[tuple[Case, ...], int]:
        return rows.open_of_register(work, checked_limit(limit))

    @reads("adjudication.enrolment", Capability.IDENTIFY)
    def _enrolment(self, work: Work, case: str) -> tuple[Enrolment, str, str | None]:
        """What is known of whom a case of the register is about, as if they came again."""
        held = case_rows.load(work, from_text(case))
        work.within(held.unit)
        if held.person is None:
            raise NotInRegisterError("this case names nobody")
        person = from_text(held.person)
        work.about(person)
        record = records.load(work.connection, work.vault, person)
        whole = unions.completed(work.connection, work.vault, record)
        other = held.other
        skip = settled(work, person) - ({other} if other else set())
        fingers: dict[Position, Template] = {}
        for one in unions.entries(work.connection, person):  # merged ones, too
            fingers = around.templates(work, one) | fingers
        asked = Enrolment(whole.citizen.counting, fingers or None, frozenset(skip))
        return asked, held.person, other

    @changes("adjudication.file", Capability.IDENTIFY)
    def _filed(
        self, work: Work, decision: Decision, opened: Case, person: str, also: Sequence[str],
        batch: str,
    ) -> CaseSummary:  # fmt: skip
        made = filing.file(
            work, decision, person=person, dossier=opened.dossier, enrolment=None, batch=batch,
            codes=opened.codes, register_case=from_text(opened.reference),
            others=[from_text(one) for one in also],
        )  # fmt: skip
        assert made is not None  # with a case of the register there is always something to judge
        return viewing.summary(work, made.id, made.row, len(made.suspects))

    @reads("adjudication.settled", Capability.IDENTIFY)
    def settled(self, work: Work, person: str) -> frozenset[str]:
        """Whom not to ask about again: for `Enrolment.settled`.

        The person's own entries, and those who were said to be somebody else, until that expires.
        """
        return settled(work, from_text(person))


def settled(work: Work, person: bytes) -> frozenset[str]:
    """References that need no comparison with somebody now."""
    root = unions.root_of(work.connection, person)
    own = unions.entries(work.connection, root)
    work.about(root)
    today = work.session.today()
    kept = {one.other for one in apart.of(work, own) if one.holds(today)}
    others = unions.roots(work.connection, [from_text(one) for one in kept])
    return frozenset(kept | set(map(to_text, own)) | set(map(to_text, others)))
