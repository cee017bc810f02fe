"""Households (hộ gia đình): made, split, joined, with a history of who was in them, and why not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select

from civid.errors import ChangedMeanwhileError, FieldError, NotInRegisterError
from civid.people.codes.relations import relation
from civid.people.household import (
    ChangeHead,
    ChangeRequest,
    ChangeState,
    Household,
    Join,
    Member,
    Split,
    apply,
)
from civid.register.actor import Capability
from civid.register.ids import from_text, new_id
from civid.register.listing import Listing, checked_limit, part
from civid.register.population.households import rows
from civid.register.population.households.record import HouseholdRecord
from civid.register.session import Service, Work, changes, reads
from civid.register.store.tables import households
from civid.register.units import unit_code

_LONGEST = 200


class Households(Service):
    """Households of a register. Safe for threads.

    What `civid.people.household.check` finds comes back as warnings and refuses nothing: registers
    hold households that cannot be right, and somebody has to see them.
    """

    @changes("household.make", Capability.CORRECT)
    def make(
        self,
        work: Work,
        code: str,
        relations: Mapping[str, str],
        *,
        unit: str,
        address: str = "",
        unit_list: str = "",
        day: date | None = None,
    ) -> HouseholdRecord:
        """Make a household.

        Parameters
        ----------
        code : str
            Residence file number (số hồ sơ cư trú).
        relations : mapping
            Reference of each person -> relation to the head (chủ hộ).
        unit : str
            Unit that keeps it.
        address, unit_list : str
            House and hamlet as written; the code list that the commune is of.
        day : date, optional
            Members since; today, unless given.

        Raises
        ------
        AlreadyInRegisterError
            The code is in use.
        NotInRegisterError
            One of the people is not here.
        CodeError
            A relation that does not exist.
        """
        work.within(unit_code(unit))
        if not code.strip() or len(code) > _LONGEST or len(address) > 1024:
            raise FieldError("household", "no residence file number, or one too long")
        work.about(*rows.known(work, relations))
        day = day or work.session.today()
        people = tuple(
            Member(who, relation(term).term, day) for who, term in sorted(relations.items())
        )
        made = Household(code.strip(), people, unit.split("/")[-1], unit_list, address)
        household = new_id()
        rows.add(work, household, unit, made)
        return rows.load(work, household, day=day)

    @changes("household.add_member", Capability.CORRECT)
    def add_member(
        self,
        work: Work,
        reference: str,
        person: str,
        relation: str,
        *,
        leaves: str = "",
        day: date | None = None,
        version: int | None = None,
    ) -> HouseholdRecord:
        """Let somebody join (nhập hộ).

        Parameters
        ----------
        leaves : str
            Reference of the household that is left; empty when none.

        Raises
        ------
        HouseholdError
            The household has a head, the head would leave others behind, or somebody is in it.
        """
        day = day or work.session.today()
        held = _held(work, reference, version)
        work.about(*rows.known(work, [person]))
        concerned = [held, *([_held(work, leaves, None)] if leaves else [])]
        change = Join(
            held.household.code, Member(person, relation, day),
            concerned[1].household.code if leaves else "",
        )  # fmt: skip
        return _changed(work, concerned, change, day, "nhập hộ khác")[0]

    @changes("household.remove", Capability.CORRECT)
    def remove(
        self, work: Work, reference: str, person: str, reason: str, *, day: date | None = None,
        version: int | None = None,
    ) -> HouseholdRecord:  # fmt: skip
        """Take somebody out: who died or moved; stays in the history with day and reason.

        A household whose head went is warned about until another head is named.
        """
        if not reason.strip():
            raise FieldError("reason", "missing")
        day = day or work.session.today()
        held = _held(work, reference, version)
        held.household.member(person)
        work.about(from_text(person))
        after = held.household.without(frozenset({person}), day, reason)
        return rows.replace(work, held, after, day, reason[:_LONGEST])

    @changes("household.split", Capability.CORRECT)
    def split(
        self,
        work: Work,
        reference: str,
        new_code: str,
        relations: Mapping[str, str],
        *,
        day: date | None = None,
        version: int | None = None,
    ) -> tuple[HouseholdRecord, HouseholdRecord]:
        """Let some members found a household of their own (tách hộ); the old one, the new one.

        Parameters
        ----------
        relations : mapping
            Reference of each who leaves -> relation to the new head; exactly one is chủ hộ.
        """
        day = day or work.session.today()
        held = _held(work, reference, version)
        change = Split(held.household.code, new_code.strip(), relations)
        old, new = _changed(work, [held], change, day, "tách hộ")
        return old, new

    @changes("household.change_head", Capability.CORRECT)
    def change_head(
        self,
        work: Work,
        reference: str,
        relations: Mapping[str, str],
        *,
        day: date | None = None,
        version: int | None = None,
    ) -> HouseholdRecord:
        """Name another head (đổi chủ hộ).

        Parameters
        ----------
        relations : mapping
            Reference of every member -> relation to the new head; exactly one is chủ hộ.
        """
        day = day or work.session.today()
        held = _held(work, reference, version)
        change = ChangeHead(held.household.code, relations)
        return _changed(work, [held], change, day, "đổi chủ hộ")[0]

    @reads("household.read")
    def get(self, work: Work, reference: str) -> HouseholdRecord:
        """A household with its members and its history."""
        return _held(work, reference, None)

    @reads("household.read")
    def by_code(self, work: Work, code: str) -> HouseholdRecord:
        """A household by its residence file number."""
        token = work.vault.token("household", code.strip())
        found = work.connection.execute(
            select(households.c.id).where(households.c.code == token)
        ).scalar_one_or_none()
        if found is None:
            raise NotInRegisterError("no household of this residence file number")
        return _held(work, bytes(found).hex(), None)

    @reads("household.read")
    def by_member(
        self, work: Work, person: str, *, former: bool = False
    ) -> tuple[HouseholdRecord, ...]:
        """Households that somebody is in; with `former`, also those that were left.

        Households outside the actor's scope are left out.
        """
        found = [
            rows.load(work, one)
            for one in rows.of_person(work, from_text(person), former=former)
        ]  # fmt: skip
        kept = tuple(one for one in found if work.actor.covers(one.unit))
        work.about(from_text(person), *(who for one in kept for who in _everybody(one)))
        return kept

    @reads("household.list")
    def page(
        self, work: Work, unit: str, *, limit: int = 50, after: str | None = None
    ) -> Listing[HouseholdRecord]:
        """Households of a unit and of all below it, in the order in which they were made."""
        checked_limit(limit)
        work.within(unit_code(unit))
        query = select(households.c.id).where(
            (households.c.unit == unit) | households.c.unit.startswith(unit + "/", autoescape=True)
        )
        if after is not None:
            query = query.where(households.c.id > from_text(after))
        ids = work.connection.execute(query.order_by(households.c.id).limit(limit + 1)).scalars()
        found = [bytes(one) for one in ids]
        kept = part([rows.load(work, one) for one in found], limit)
        work.about(*(who for one in kept for who in _everybody(one)))
        return kept


def _everybody(held: HouseholdRecord) -> list[bytes]:
    return [from_text(one.reference) for one in held.household.members]


def _held(work: Work, reference: str, version: int | None) -> HouseholdRecord:
    found = rows.load(work, from_text(reference))
    work.about(*_everybody(found))
    work.within(found.unit)
    if version is not None and version != found.version:
        raise ChangedMeanwhileError("somebody else changed this household first; read it again")
    return found


def _changed(
    work: Work, concerned: list[HouseholdRecord], change: Split | Join | ChangeHead, day: date,
    reason: str,
) -> list[HouseholdRecord]:  # fmt: skip
    """Carry out a change and write every household that it touches; the changed ones, in order."""
    request = ChangeRequest(change, day, state=ChangeState.VALIDATED)
    by_code = {one.household.code: one for one in concerned}
    held = {code: one.household for code, one in by_code.items()}
    _, after = apply(request, held, day, strict=False)
    # Who leaves is written first, so that nobody is in two households for a moment.
    written = {
        code: rows.replace(work, by_code[code], after[code], day, reason)
        for code in sorted(after, key=lambda code: code == concerned[0].household.code)
        if code in by_code
    }
    for code in after:
        if code not in by_code:
            household = new_id()
            rows.add(work, household, concerned[0].unit, after[code])
            written[code] = rows.load(work, household, day=day)
    first = concerned[0].household.code
    fresh = rows.load(work, from_text(written[first].reference), day=day)
    return [fresh, *(one for code, one in written.items() if code != first)]
