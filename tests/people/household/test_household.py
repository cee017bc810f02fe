"""Households: what cannot be, and changes that leave them sound."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civid.errors import CodeError, HouseholdError
from civid.people.dates import PartialDate
from civid.people.household import (
    ChangeHead,
    ChangeRequest,
    ChangeState,
    Household,
    Join,
    Member,
    Split,
    ancestors_first,
    apply,
    check,
    twice_permanent,
)
from civid.people.sex import Sex

DAY = date(2022, 1, 1)


def member(ref: str, relation: str, sex: Sex = Sex.UNKNOWN, year: int | None = None,
           **links: str) -> Member:  # fmt: skip
    return Member(ref, relation, DAY, sex, PartialDate(year) if year else None, **links)


FAMILY = Household(
    "H1",
    (
        member("f", "chủ hộ", Sex.MALE, 1970),
        member("m", "vợ", Sex.FEMALE, 1972),
        member("s", "con đẻ", Sex.MALE, 1995, father="f", mother="m"),
        member("w", "con dâu", Sex.FEMALE, 1996),
        member("g", "mẹ đẻ", Sex.FEMALE, 1945),
    ),
)


def codes(*members: Member) -> set[str]:
    return {problem.code for problem in check(Household("H", members), day=DAY)}


def test_a_sound_family_has_no_problems() -> None:
    assert check(FAMILY, day=DAY) == ()
    assert FAMILY.head.reference == "f"


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ([member("a", "vợ")], "household.no_head"),
        ([member("a", "chủ hộ"), member("b", "chủ hộ")], "household.heads"),
        ([member("a", "chủ hộ"), member("b", "vợ"), member("c", "vợ")], "household.spouses"),
        ([member("a", "chủ hộ", Sex.FEMALE), member("b", "vợ", Sex.FEMALE)],
         "household.spouse_sex"),
        ([member("a", "chủ hộ"), member("b", "con dâu", Sex.MALE)], "household.relation_sex"),
        ([member("a", "chủ hộ", year=1990), member("b", "cha đẻ", year=1991)], "household.older"),
        ([member("a", "chủ hộ", year=1990), member("b", "con", year=1980)], "household.younger"),
        ([member("a", "chủ hộ", father="a")], "household.self"),
        ([member("a", "chủ hộ", Sex.FEMALE), member("b", "con", father="a")],
         "household.parent_sex"),
        ([member("a", "chủ hộ", year=1990), member("b", "con", year=1995, mother="a")],
         "household.parent_age"),
        ([member("a", "chủ hộ"), member("b", "vợ", Sex.FEMALE, 2008)], "household.marriage_age"),
    ],
)  # fmt: skip
def test_problems(members: list[Member], code: str) -> None:
    assert code in codes(*members)


def test_incomplete_births_are_not_guessed() -> None:
    assert codes(member("a", "chủ hộ", year=1990), member("b", "cha đẻ", year=1990)) == set()
    assert codes(member("a", "chủ hộ"), member("b", "cha đẻ", year=1990)) == set()


def test_what_no_household_can_be() -> None:
    with pytest.raises(HouseholdError):
        Household("H", (member("a", "chủ hộ"), member("a", "vợ")))
    with pytest.raises(HouseholdError):
        Household("H", tuple(member(str(i), "con") for i in range(501)))
    with pytest.raises(CodeError):
        member("a", "bạn")
    with pytest.raises(HouseholdError):
        _ = Household("H", ()).head
    with pytest.raises(HouseholdError):
        FAMILY.member("stranger")


def test_two_households_are_one_too_many() -> None:
    other = Household("H2", (member("s", "chủ hộ"),))
    assert [problem.members for problem in twice_permanent([FAMILY, other])] == [("s",)]


def test_cycles_end_in_an_error_and_long_lines_do_not() -> None:
    ring = {str(i): (str((i + 1) % 10_000),) for i in range(10_000)}
    with pytest.raises(HouseholdError, match="ancestor"):
        ancestors_first(ring)
    line: dict[str, tuple[str, ...]] = {str(i): (str(i + 1),) for i in range(50_000)}
    order = ancestors_first(line)
    assert order[0] == "49999"
    assert len(order) == 50_000


@given(st.dictionaries(st.integers(0, 30), st.lists(st.integers(0, 30), max_size=2), max_size=30))
def test_ancestors_come_first_or_there_is_a_cycle(links: dict[int, list[int]]) -> None:
    parents = {str(k): tuple(map(str, v)) for k, v in links.items()}
    try:
        order = ancestors_first(parents)
    except HouseholdError:
        return
    place = {person: at for at, person in enumerate(order)}
    assert set(order) == set(parents)
    for person, known in parents.items():
        assert all(place[p] < place[person] for p in known if p in place)


def validated(change: Split | Join | ChangeHead) -> ChangeRequest:
    request = ChangeRequest(change, DAY)
    return request.move(ChangeState.PENDING, DAY).move(ChangeState.VALIDATED, DAY)


def test_split() -> None:
    change = Split("H1", "H2", {"s": "chủ hộ", "w": "vợ"})
    request, changed = apply(validated(change), {"H1": FAMILY}, DAY)
    assert request.state is ChangeState.APPLIED
    assert [m.reference for m in changed["H1"].members] == ["f", "m", "g"]
    assert changed["H2"].head.reference == "s"
    assert [reason for _, _, reason in changed["H1"].former] == ["tách hộ", "tách hộ"]
    assert check(changed["H2"], day=DAY) == ()


def test_join() -> None:
    other = Household("H2", (member("x", "chủ hộ", Sex.FEMALE, 1999),))
    change = Join("H1", member("x", "cháu ruột", Sex.FEMALE, 1999), leaves="H2")
    _, changed = apply(validated(change), {"H1": FAMILY, "H2": other}, DAY)
    assert changed["H2"].members == ()
    assert changed["H1"].member("x").relation == "cháu ruột"


def test_change_of_head() -> None:
    relations = {"f": "chồng", "m": "chủ hộ", "s": "con đẻ", "w": "con dâu",
                 "g": "mẹ vợ/mẹ chồng"}  # fmt: skip
    _, changed = apply(validated(ChangeHead("H1", relations)), {"H1": FAMILY}, DAY)
    assert changed["H1"].head.reference == "m"
    assert check(changed["H1"], day=DAY) == ()


@pytest.mark.parametrize(
    "change",
    [
        Split("H1", "H1", {"s": "chủ hộ"}),
        Split("H1", "H2", {"s": "con đẻ"}),
        Split("H1", "H2", {"s": "chủ hộ", "w": "chủ hộ"}),
        Split("H1", "H2", {"f": "chủ hộ"}),
        Split("H1", "H2", {"stranger": "chủ hộ"}),
        Split("H9", "H2", {"s": "chủ hộ"}),
        Join("H1", member("x", "chủ hộ")),
        Join("H1", member("s", "con đẻ")),
        Join("H1", member("x", "con dâu", Sex.MALE, 1999)),
        Join("H1", member("x", "vợ", Sex.FEMALE, 1999)),
        ChangeHead("H1", {"f": "chủ hộ"}),
        ChangeHead("H1", {"f": "vợ", "m": "chủ hộ", "s": "con", "w": "con dâu", "g": "mẹ đẻ"}),
    ],
)
def test_changes_that_would_leave_a_household_unsound(change: Split | Join | ChangeHead) -> None:
    with pytest.raises(HouseholdError):
        apply(validated(change), {"H1": FAMILY}, DAY)


def test_only_validated_requests_are_applied() -> None:
    request = ChangeRequest(Split("H1", "H2", {"s": "chủ hộ"}), DAY)
    with pytest.raises(HouseholdError):
        apply(request, {"H1": FAMILY}, DAY)
    rejected = request.move(ChangeState.PENDING, DAY).move(ChangeState.REJECTED, DAY, "no consent")
    assert [state for _, state, _ in rejected.log] == [ChangeState.PENDING, ChangeState.REJECTED]
    with pytest.raises(HouseholdError):
        rejected.move(ChangeState.VALIDATED, DAY)
