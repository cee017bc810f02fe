"""Grants: by two officers, in versions, revoked; whom they let do what."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from itertools import product
from typing import Any

import pytest
from sqlalchemy import select, update
from tests.exchange.sharing.office import asked, granted, partner

from civid.errors import (
    AccessRefusedError,
    AlreadyInRegisterError,
    ChangedMeanwhileError,
    FieldError,
    NotInRegisterError,
    RegisterDamagedError,
    TransitionError,
)
from civid.exchange.sharing import Allow, Refusal, RefusedError, Sharing, Truth
from civid.register import Actor, Capability, Register
from civid.register.store.sharing_tables import grants


def second(register: Register, name: str = "lanh-dao", **more: object) -> Sharing:
    actor = Actor(name, frozenset({Capability.ADMINISTER}), **more)  # type: ignore[arg-type]
    return Sharing(register.acting_as(actor))


def test_two_officers(both: Register) -> None:
    sharing = Sharing(both)
    made = sharing.grants.add(granted("birth:year", two_person=True))
    assert (made.state, made.version, made.made_by) == ("proposed", 1, "quan-tri")
    with pytest.raises(RefusedError) as caught:
        partner(both).ask(asked(attributes="birth:year"))
    assert caught.value.reason is Refusal.NO_GRANT
    with pytest.raises(AccessRefusedError, match="another officer"):
        sharing.grants.confirm(made.reference)
    active = second(both).grants.confirm(made.reference)
    assert (active.state, active.confirmed_by) == ("active", "lanh-dao")
    with pytest.raises(TransitionError):
        second(both).grants.confirm(made.reference)
    assert partner(both).ask(asked(attributes="birth:year")).match is Truth.YES


def test_a_change_is_a_version_that_waits_as_well(both: Register) -> None:
    sharing = Sharing(both)
    first = sharing.grants.add(granted("birth:year", two_person=True))
    second(both).grants.confirm(first.reference)
    wider = granted("birth:full", two_person=False)  # one officer cannot loosen it alone
    made = sharing.grants.add(wider, replaces=first.reference)
    assert (made.version, made.state) == (2, "proposed")
    with pytest.raises(RefusedError):
        partner(both).ask(asked(attributes="birth"))
    second(both).grants.confirm(first.reference)
    answer = partner(both).ask(asked(attributes="birth"))
    assert (answer.values, answer.grant) == ({"birth:full": "2001-03-05"}, f"{first.reference}:2")
    states = [(one.version, one.state) for one in sharing.grants.versions(first.reference)]
    assert states == [(1, "ended"), (2, "active")]
    with pytest.raises(FieldError, match="same partner"):
        sharing.grants.add(granted("birth:year", partner="thue"), replaces=first.reference)


def test_one_officer_loosens_nothing_by_a_detour(both: Register) -> None:
    """Neither by a second change before the first is confirmed, nor by revoking and adding."""
    sharing = Sharing(both)
    first = sharing.grants.add(granted("birth:year", two_person=True))
    second(both).grants.confirm(first.reference)
    wider = granted("birth:full", two_person=False)
    for _ in range(3):
        assert sharing.grants.add(wider, replaces=first.reference).state == "proposed"
    sharing.grants.revoke(first.reference, "law.changed")
    assert sharing.grants.add(wider, replaces=first.reference).state == "proposed"
    made = sharing.grants.add(wider)
    assert made.state == "proposed"
    second(both).grants.confirm(made.reference)  # two agree that one is enough from now on
    assert sharing.grants.add(wider, replaces=made.reference).state == "active"


def test_a_version_is_not_confirmed_unseen(register: Register) -> None:
    sharing = Sharing(register)
    made = sharing.grants.add(granted("birth:year", two_person=True))
    sharing.grants.add(granted("birth:full", two_person=True), replaces=made.reference)
    with pytest.raises(ChangedMeanwhileError, match="version 2"):
        second(register).grants.confirm(made.reference, version=1)
    assert second(register).grants.confirm(made.reference, version=2).state == "active"


def test_revoked_at_once(register: Register) -> None:
    sharing = Sharing(register)
    made = sharing.grants.add(granted("birth:year"))
    again = asked(attributes="birth:year", request="r-1")
    partner(register).ask(again)
    assert sharing.grants.revoke(made.reference, "law.changed").ended_reason == "law.changed"
    for question in (again, asked(attributes="birth:year")):  # what was answered is not repeated
        with pytest.raises(RefusedError) as caught:
            partner(register).ask(question)
        assert caught.value.reason is Refusal.NO_GRANT
    with pytest.raises(TransitionError):
        sharing.grants.revoke(made.reference, "law.changed")
    assert len(sharing.grants.list()) == 0
    assert [one.state for one in sharing.grants.list(ended=True)] == ["ended"]


def test_one_grant_for_a_purpose(register: Register) -> None:
    sharing = Sharing(register)
    made = sharing.grants.add(granted("birth:year"))
    with pytest.raises(AlreadyInRegisterError, match="revoke it first"):
        sharing.grants.add(granted("birth:full"))
    waiting = sharing.grants.add(granted("birth:full", two_person=True))
    with pytest.raises(AlreadyInRegisterError):
        second(register).grants.confirm(waiting.reference)
    sharing.grants.add(granted("birth:full", purpose="khac"))
    assert len(sharing.grants.list(partner="bhxh")) == 3
    page = sharing.grants.list(limit=2)
    assert page.after is not None
    assert len(sharing.grants.list(limit=2, after=page.after)) == 1
    assert partner(register).ask(asked(attributes="birth:year")).grant == f"{made.reference}:1"


def test_within_ones_scope(register: Register) -> None:
    local = second(register, unit="46", scope=("46",))
    for unit, units in (("", ()), ("79", ("79",)), ("46", ()), ("46", ("46/1", "79"))):
        with pytest.raises(AccessRefusedError, match="scope"):
            local.grants.add(granted("birth:year", units=units), unit=unit)
    made = local.grants.add(granted("birth:year", units=("46/19753",)), unit="46")
    assert len(local.grants.list()) == 1
    other = second(register, unit="79", scope=("79",))
    assert len(other.grants.list()) == 0
    for refused in (other.grants.versions, lambda one: other.grants.revoke(one, "no")):
        with pytest.raises(AccessRefusedError):
            refused(made.reference)
    with pytest.raises(NotInRegisterError):
        Sharing(register).grants.versions("0" * 32)


@pytest.mark.parametrize("name", ["add", "confirm", "revoke", "list", "versions"])
def test_nobody_without_the_capability(register: Register, name: str) -> None:
    others = Actor("can-bo", frozenset(Capability) - {Capability.ADMINISTER})
    sharing = Sharing(register.acting_as(others))
    arguments = {"list": (), "revoke": ("0" * 32, "x")}.get(name, ("0" * 32,))
    with pytest.raises(AccessRefusedError, match="administer"):
        getattr(sharing.grants, name)(*arguments)
    for refused in (
        lambda: sharing.statistics("bhxh"), lambda: sharing.rotate_pseudonyms("bhxh"),
        sharing.tidy,
    ):  # fmt: skip
        with pytest.raises(AccessRefusedError, match="administer"):
            refused()
    assert register.audit.entries()[-1].outcome == "refused"


def test_a_row_cannot_be_put_in_the_place_of_another(register: Register) -> None:
    """Whoever writes into the file cannot turn one partner's grant into another's."""
    wide = Sharing(register).grants.add(granted("birth:full", purpose="rong"))
    narrow = Sharing(register).grants.add(granted("birth:year"))

    def swap(connection: object) -> None:
        run = connection.execute  # type: ignore[attr-defined]
        row = run(select(grants).where(grants.c.id == bytes.fromhex(wide.reference))).one()
        run(
            update(grants)
            .where(grants.c.id == bytes.fromhex(narrow.reference))
            .values(key=row.key, sealed=row.sealed)
        )

    register._session.database.write(swap)
    with pytest.raises(RegisterDamagedError):
        partner(register).ask(asked(attributes="birth"))


def test_the_log_has_every_version_by_its_digest(register: Register) -> None:
    made = Sharing(register).grants.add(granted("birth:year"))
    Sharing(register).grants.add(
        replace(made.grant, allows=(Allow.of("birth:month"),), ends=date(2027, 1, 1)),
        replaces=made.reference,
    )
    said = [one.detail for one in register.audit.entries() if one.operation == "share.grant.add"]
    assert [one["version"] for one in said] == [1, 2]
    assert len({one["digest"] for one in said}) == 2


ODD = [None, 1, 1.5, b"x", "", "no", [], {}, [None], {"a": 1}, object(), "\ud800", float("nan"),
       datetime(2026, 1, 1)]  # fmt: skip
ONES = (granted("birth:year"), asked("birth over_age 18", attributes="birth:year"))


@pytest.mark.parametrize(
    ("one", "name"),
    [(one, name) for one in ONES for name in type(one).__slots__],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_other_types_are_refused_or_mean_what_they_say(one: Any, name: str) -> None:
    """A text that says "no" is not yes, an empty one is not everybody; no error is Python's."""
    for value, plain in product(ODD, (False, True)):
        try:
            if plain:
                found = type(one).from_dict(one.to_dict() | {name: value})
            else:
                found = replace(one, **{name: value})
        except FieldError:
            continue
        assert type(one).from_dict(json.loads(json.dumps(found.to_dict()))) == found
        assert not getattr(found, name) or not isinstance(getattr(one, name), bool)
        assert name != "units" or value == []
