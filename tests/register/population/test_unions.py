"""Two entries of one person: merged without a copy, and parted again with all on the right one."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import date

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.register.conftest import Opener
from tests.register.people import DAY, number, said
from tests.search.prints import person as fingers_of

from civid.errors import (
    AccessRefusedError,
    AlreadyInRegisterError,
    ChangedMeanwhileError,
    FieldError,
    TransitionError,
)
from civid.people.citizen import Claim, Source, claim
from civid.position import Position
from civid.register import Actor, Capability, Register
from civid.register.identity.gallery_link import digest, pack
from civid.register.ids import from_text
from civid.register.population.person import Person
from civid.register.store.tables import prints

_NEXT = itertools.count(1)
SAME = "prints.alike"


def somebody(register: Register, name: str = "Nguyễn Thị An", unit: str = "46/474") -> Person:
    which = next(_NEXT)
    claims = [said("name", name), said("birth", "05/03/2001"), said("number", number(which))]
    return register.people.add(claims, unit=unit)


def residence(text: str, day: date = DAY) -> Claim:
    return claim("permanent_residence", text, Source.RESIDENCE, day)


def test_the_merged_entry_leads_to_the_kept_one(register: Register) -> None:
    kept, merged = somebody(register), somebody(register, "Trần Văn Bình", "46/475")
    hands = fingers_of(1, Position.RIGHT_INDEX), fingers_of(2, Position.LEFT_INDEX)
    for one, fingers in zip((kept, merged), hands, strict=True):
        register.prints.enrol(one.reference, fingers)
    household = register.households.make("HK-1", {merged.reference: "chủ hộ"}, unit="46/475")
    whole = register.people.merge(kept.reference, merged.reference, SAME)
    assert (whole.reference, whole.number) == (kept.reference, kept.number)
    for found in (
        register.people.get(merged.reference),
        register.person(str(merged.number)),
        *register.find(number=str(merged.number)).people,
        *register.find(name="Trần Văn Bình").people,
        *register.find(household="HK-1").people,
    ):
        assert (found.reference, found.state) == (kept.reference, "active")
        assert found.name == "Nguyễn Thị An"
    for fingers in hands:
        (hit,) = register.prints.identify(fingers)
        assert hit.reference == kept.reference
        assert register.prints.verify(kept.reference, fingers) > 40
    assert register.prints.fingers(merged.reference) == (Position.RIGHT_INDEX, Position.LEFT_INDEX)
    assert [one.reference for one in register.people.entries(kept.reference)] == [
        kept.reference, merged.reference,
    ]  # fmt: skip
    assert {one.entry for one in register.people.history(merged.reference)} == {
        kept.reference, merged.reference,
    }  # fmt: skip
    assert register.households.get(household.reference).household.members
    (union,) = register.people.unions(merged.reference)
    assert (union.kept, union.merged, union.ended) == (kept.reference, merged.reference, None)
    assert register.check().clean


def test_what_is_said_through_the_merged_entry_counts_and_goes_back_with_it(
    register: Register,
) -> None:
    kept, merged = somebody(register), somebody(register)
    register.people.merge(kept.reference, merged.reference, SAME)
    asked = register.person(str(merged.number))
    assert (asked.reference, asked.entry) == (kept.reference, merged.reference)
    changed = register.people.record(asked.entry, [residence("Huế")], version=asked.version)
    assert (changed.reference, changed.version) == (kept.reference, asked.version + 1)
    with pytest.raises(ChangedMeanwhileError):  # somebody read the person before
        register.people.record(kept.reference, [residence("Hà Nội")], version=asked.version)
    register.people.record(kept.reference, [said("religion", "Không")])
    assert register.person(str(kept.number)).citizen.text("permanent_residence") == "Huế"
    dossier = register.dossiers.open(merged.reference, unit="46")
    assert dossier.person == merged.reference
    with pytest.raises(AlreadyInRegisterError):
        register.dossiers.open(kept.reference, unit="46")
    assert [one.reference for one in register.dossiers.of(kept.reference)] == [dossier.reference]
    one, back = register.people.unmerge(merged.reference, "appeal")
    assert (one.reference, back.reference) == (kept.reference, merged.reference)
    assert one.citizen.text("permanent_residence") == ""
    assert back.citizen.text("permanent_residence") == "Huế"
    assert (one.citizen.text("religion"), back.citizen.text("religion")) == ("Không", "")
    assert register.dossiers.of(kept.reference) == ()
    assert [one.reference for one in register.dossiers.of(merged.reference)] == [dossier.reference]
    (union,) = register.people.unions(merged.reference)
    assert union.ended is not None
    assert union.ended_reason == "appeal"
    assert register.check().clean


def test_what_cannot_be_merged(opened: Opener) -> None:
    register = opened()
    one, two, three = (somebody(register) for _ in range(3))
    with pytest.raises(FieldError):
        register.people.merge(one.reference, one.reference, SAME)
    with pytest.raises(FieldError):
        register.people.merge(one.reference, two.reference, "Vì giống nhau")
    with pytest.raises(TransitionError):
        register.people.unmerge(one.reference, "appeal")
    register.people.merge(one.reference, two.reference, SAME)
    for kept, merged in ((three, two), (two, three), (one, two)):
        with pytest.raises(TransitionError, match="merged"):
            register.people.merge(kept.reference, merged.reference, SAME)
    everything = Actor("x", frozenset(Capability) - {Capability.ADJUDICATE})
    with pytest.raises(AccessRefusedError, match="adjudicate"):
        register.acting_as(everything).people.merge(one.reference, three.reference, SAME)
    far = register.acting_as(Actor("far", unit="79"))
    with pytest.raises(AccessRefusedError, match="scope"):
        far.people.merge(one.reference, three.reference, SAME)
    assert register.check().clean


def test_chains_part_in_any_order(register: Register) -> None:
    one, two, three = (somebody(register) for _ in range(3))
    register.people.merge(two.reference, three.reference, SAME)
    register.people.merge(one.reference, two.reference, SAME)
    assert register.people.get(three.reference).reference == one.reference
    register.people.record(three.reference, [residence("Huế")])
    assert register.person(str(one.number)).citizen.text("permanent_residence") == "Huế"
    kept, back = register.people.unmerge(two.reference, "appeal")
    assert (kept.reference, back.reference) == (one.reference, two.reference)
    assert back.citizen.text("permanent_residence") == "Huế"
    kept, back = register.people.unmerge(three.reference, "appeal")
    assert (kept.reference, back.reference) == (two.reference, three.reference)
    assert [one_.citizen.text("permanent_residence") for one_ in (kept, back)] == ["", "Huế"]
    assert register.check().clean


def test_an_erasure_takes_all_entries(register: Register) -> None:
    one, two = somebody(register), somebody(register)
    register.people.merge(one.reference, two.reference, SAME)
    certificate = register.protection.erase(one.reference, basis="luật")
    assert certificate.merged == (two.reference,)
    assert register.protection.verify_certificate(certificate).holds
    assert register.check().clean


def test_people_are_kept_apart_until_a_day(register: Register) -> None:
    one, two = somebody(register), somebody(register)
    day = register._session.today()
    later = day.replace(year=day.year + 3, day=1)
    (made,) = register.people.keep_apart(one.reference, two.reference, "twins", until=later)
    assert (made.one, made.other, made.until) == (one.reference, two.reference, later)
    assert made.holds(day)
    assert not made.holds(later.replace(year=later.year + 1))
    with pytest.raises(FieldError):
        register.people.keep_apart(one.reference, two.reference, "twins", until=date(2020, 1, 1))
    again = later.replace(year=later.year + 1)
    assert len(register.people.keep_apart(two.reference, one.reference, "x", until=again)) == 2
    assert register.people.lift_apart(one.reference, two.reference)
    assert not register.people.lift_apart(one.reference, two.reference)
    assert [found.holds(day) for found in register.people.apart(two.reference)] == [False, False]


@dataclass
class Expected:
    """What one of the two has to have in the end."""

    person: Person
    claims: list[Claim] = field(default_factory=list)
    retracted: list[Claim] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    prints: bytes | None = None
    papers: int = 0


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["record", "record", "record", "retract", "renumber", "prints", "card"]),
        st.integers(0, 1),
        st.integers(0, 2),
    ),
    min_size=100,
    max_size=100,
)


def step(register: Register, side: Expected, what: str, at: int, door: int) -> None:
    """One later change, through a reference, or the entry that a number leads to."""
    through = side.person.reference
    if door:
        through = register.person(side.numbers[-1 if door == 1 else 0]).entry
    day = date(2010 + at // 12, at % 12 + 1, 1)
    if what == "record":
        made = residence(f"Số {at}, {side.person.reference[:8]}", day)
        register.people.record(through, [made])
        side.claims.append(made)
    elif what == "retract":
        # Both had the same name and birth before: what is taken back is the entry's own.
        left = [one for one in side.claims if one not in side.retracted and one.field != "number"]
        if left:
            register.people.retract(through, left[0], "sai")
            side.retracted.append(left[0])
    elif what == "renumber":
        new = number(next(_NEXT))
        today = register._session.today()
        register.renumbering.renumber(through, new, "trùng số", day=day)
        made = claim("number", new, Source.CIVIL_STATUS, day, recorded=today)
        side.numbers.append(new)
        side.claims.append(made)
    elif what == "prints":
        fingers = fingers_of(at + 1000 * next(_NEXT), Position.RIGHT_INDEX)
        register.prints.enrol(through, fingers, replace=True)
        side.prints = digest(pack(fingers))
    else:
        register.cards.record(through, "cmnd9", f"19{at:03d}{next(_NEXT):04d}", date(2005, 1, 1))
        side.papers += 1


def held_prints(register: Register, reference: str) -> bytes | None:
    from sqlalchemy import select

    with register._session.database.reading() as connection:
        row = connection.execute(
            select(prints.c.digest).where(prints.c.person == from_text(reference))
        ).one_or_none()
    return None if row is None else bytes(row.digest)


@pytest.mark.slow
@settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # a hundred changes shrink for an hour
)  # fmt: skip
@given(steps=STEPS, first=st.integers(0, 1))
def test_unmerge_after_a_hundred_changes(
    register: Register, steps: list[tuple[str, int, int]], first: int
) -> None:
    """Both are back, each with exactly what came through their own reference, number, prints."""
    sides = [Expected(somebody(register)) for _ in range(2)]
    for side in sides:
        side.numbers.append(str(side.person.number))
        side.claims = list(side.person.citizen.claims)
    kept, merged = sides[first], sides[1 - first]
    register.people.merge(kept.person.reference, merged.person.reference, SAME)
    for at, (what, which, door) in enumerate(steps):
        step(register, sides[which], what, at, door)
        # Between the changes it is one person, whichever way they are asked for.
        asked = register.people.get(sides[which].person.reference)
        assert asked.reference == kept.person.reference
    register.people.unmerge(merged.person.reference, "appeal")
    for side in sides:
        found = register.people.get(side.person.reference)
        assert (found.reference, found.state) == (side.person.reference, "active")
        assert list(found.citizen.claims) == side.claims
        assert [one.claim for one in found.citizen.retractions] == side.retracted
        for one in side.numbers:
            assert register.person(one).reference == side.person.reference
        assert held_prints(register, side.person.reference) == side.prints
        assert len(register.cards.papers(side.person.reference).cards) == side.papers
    report = register.check()
    assert report.clean, report.left
