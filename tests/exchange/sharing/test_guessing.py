"""The bound on guesses: what can be learned by asking, by whatever comparisons and officers."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.exchange.sharing.office import AN, BINH, NOBODY, Clock, asked, granted, partner

from civid.exchange.sharing import (
    GuessBound,
    Naming,
    Operator,
    Predicate,
    Question,
    Refusal,
    RefusedError,
    Sharing,
    Subject,
    Truth,
)
from civid.exchange.sharing.guessing import Learned
from civid.people.citizen import Source, claim
from civid.register import Register

TODAY = date(2026, 7, 1)
FIRST, LAST = date(1930, 1, 1), date(2020, 1, 1)
#: Every 97th day: enough of them that a strategy would tell them apart if it were not bounded.
BIRTHS = [FIRST + timedelta(days=at) for at in range(0, (LAST - FIRST).days, 97)]
GUESSES = (Operator.EQUAL, Operator.DIFFERENT)
bounds = st.builds(GuessBound, wrong=st.integers(1, 6), bits=st.integers(0, 5))


def any_comparison(choose: random.Random, low: date, high: date) -> Predicate:
    """Of any kind, with days between those that are still possible."""
    span = max(1, (high - low).days)
    day = (low + timedelta(days=choose.randrange(span))).isoformat()
    middle = (low + timedelta(days=span // 2)).isoformat()
    sign, *values = choose.choice([
        ("<", middle), (">=", middle), (">", day), ("<=", middle), ("=", day), ("!=", day),
        ("=", day[:4]), ("=", day[:7]), ("in", day, middle, low.isoformat()),
        ("over_age", str(choose.randrange(1, 95))),
    ])  # fmt: skip
    return Predicate("birth", Operator(sign), tuple(values))


def plainly(born: date, asked: Predicate, today: date) -> Truth:
    """The answer, by nothing of civid."""
    text = born.isoformat()
    value, *_ = values = asked.values
    birthday = (born.month, born.day) <= (today.month, today.day)
    answer = {
        "<": text < value, ">=": text >= value, ">": text > value, "<=": text <= value,
        "=": text.startswith(value), "!=": not text.startswith(value), "in": text in values,
        "over_age": asked.operator == "over_age"
        and today.year - born.year - (not birthday) >= int(value),
    }[asked.operator]  # fmt: skip
    return Truth.YES if answer else Truth.NO


def told_apart(bound: GuessBound, seed: int, steps: int) -> list[list[date]]:
    """Births in groups that an adaptive asker cannot tell apart by all that it sees.

    What it asks next hangs on every answer and refusal so far; so does what it asks on which day.
    """
    groups: list[tuple[tuple[str, ...], Learned, list[date]]]
    groups = [((str(seed),), Learned(), BIRTHS)]
    for step in range(steps):
        split: list[tuple[tuple[str, ...], Learned, list[date]]] = []
        for seen, learned, births in groups:
            choose = random.Random("|".join(seen))
            today = TODAY + timedelta(days=step)  # tomorrow "over 18" is another question
            low = date.fromisoformat(learned.least) if learned.least else FIRST
            high = date.fromisoformat(learned.most) + timedelta(1) if learned.most else LAST
            asked = [any_comparison(choose, low, high) for _ in range(choose.choice((1, 1, 2)))]
            if not learned.allows(0, asked, bound, today):
                split.append(((*seen, "refused"), learned, births))
                continue
            by_answer: dict[tuple[Truth, ...], list[date]] = {}
            for born in births:
                said = tuple(plainly(born, one, today) for one in asked)
                by_answer.setdefault(said, []).append(born)
            for said, alike in by_answer.items():
                after = learned
                for one, answer in zip(asked, said, strict=True):
                    after = after.answered(one, answer, today)
                split.append(((*seen, *said), after, alike))
        groups = split
    return [births for _, _, births in groups]


@given(bounds, st.integers(0, 1 << 30))
def test_no_strategy_tells_more_people_apart_than_the_bound(bound: GuessBound, seed: int) -> None:
    """Of adaptive askers with every comparison: 2**bits * (wrong + 1) different transcripts."""
    assert len(told_apart(bound, seed, 25)) <= 2**bound.bits * (bound.wrong + 1)


def test_the_asker_of_this_test_would_find_nearly_everybody_without_a_bound() -> None:
    """The other half of the test above: what is bounded there is a real attack."""

    class Loose:
        wrong = bits = 10_000
        wrong_days = bits_days = 1

    found = told_apart(Loose(), 1, 40)  # type: ignore[arg-type]
    assert len(found) > len(BIRTHS) * 3 // 4


@given(st.integers(0, 1 << 30), st.sampled_from(BIRTHS), bounds)
def test_what_follows_from_earlier_answers_is_free_and_true(
    seed: int, born: date, bound: GuessBound
) -> None:
    """An answer that costs nothing could have been given without looking."""
    choose, learned = random.Random(seed), Learned()
    for _ in range(20):
        one = any_comparison(choose, FIRST, LAST)
        answer = plainly(born, one, TODAY)
        again = one.operator not in GUESSES and learned.answered(one, answer, TODAY) is learned
        if again and one.operator is not Operator.IN:
            assert {answer} == {
                plainly(other, one, TODAY) for other in BIRTHS
                if learned.least <= other.isoformat() <= (learned.most or "9")
            }  # fmt: skip
        if learned.allows(0, [one], bound, TODAY):
            learned = learned.answered(one, answer, TODAY)
            assert learned.least <= born.isoformat() <= (learned.most or "9")
    assert Learned.from_json(learned.to_json()) == learned


def ask(register: Register, question: Question) -> str:
    """The one answer, or why there is none."""
    try:
        answer = partner(register).ask(question)
    except RefusedError as error:
        return error.reason.value
    return str(answer.predicates[0] if answer.predicates else answer.match)


def test_a_search_for_a_day_of_birth_ends_soon(both: Register) -> None:
    """Halving, by several officers, procedures and kinds of comparison."""
    Sharing(both).grants.add(granted(
        "birth:<", "birth:>=", "birth:over_age", match=("name",), bound=GuessBound(bits=3)
    ))  # fmt: skip
    low, high, answered = date(1930, 1, 1), date(2020, 1, 1), 0
    for turn in range(12):
        middle = low + (high - low) // 2
        sign = "<" if turn % 2 else ">="
        question = asked(f"birth {sign} {middle.isoformat()}", birth="")
        said = ask(both, replace(question, officer=f"cb-{turn}", procedure=f"p-{turn}"))
        if said == Refusal.TOO_MANY_GUESSES:
            continue
        answered += 1
        if (said == Truth.YES) is (sign == "<"):
            high = middle
        else:
            low = middle
    assert answered == 3
    assert low <= date(2001, 3, 5) < high
    assert (high - low).days > 365 * 11 - 10
    assert ask(both, asked("birth over_age 18", birth="")) == Refusal.TOO_MANY_GUESSES
    assert ask(both, asked("birth < 2019-12-31", birth="")) == Truth.YES  # follows, so is free


@pytest.mark.parametrize("number", [AN, NOBODY], ids=["somebody", "nobody"])
def test_wrong_matches_end_soon_and_begin_again(
    register: Register, clock: Clock, number: str
) -> None:
    """And a number that nobody has looks like any other."""
    Sharing(register).grants.add(granted("sex:full", bound=GuessBound(wrong=4, wrong_days=10)))
    said = [
        ask(
            register, replace(asked(number=number, birth=f"{day:02d}/03/2001"), officer=f"cb-{day}")
        )
        for day in range(10, 20)
    ]
    assert said == ["no"] * 4 + ["too_many_guesses"] * 6
    assert ask(register, asked(number=number)) == Refusal.TOO_MANY_GUESSES  # even with the truth
    assert ask(register, asked(number=BINH, name="Trần Văn Bình", birth="01/02/1960")) == "yes"
    clock.later(days=10)
    assert ask(register, asked(number=number)) == ("yes" if number == AN else "no")


def test_whoever_knows_the_person_may_ask_as_often_as_they_like(register: Register) -> None:
    Sharing(register).grants.add(granted("birth:over_age:18", bound=GuessBound(bits=1, wrong=1)))
    said = {ask(register, asked("birth over_age 18")) for _ in range(12)}
    assert said == {"yes"}


def test_by_a_pseudonym_guesses_count_for_the_person(register: Register) -> None:
    """Match ids are new each time; guesses under them are not."""
    Sharing(register).grants.add(granted(
        "sex:full", match=("name",), also_match=("birth",), match_minutes=60,
        naming=(Naming.NUMBER, Naming.MATCH_ID), bound=GuessBound(wrong=3),
    ))  # fmt: skip
    said = []
    for day in range(1, 9):
        name = partner(register).ask(asked(match_id=True, birth="")).match_id
        assert name is not None
        wrong = {"birth": f"{day + 10:02d}/03/2001"}
        said.append(ask(register, asked(subject=Subject(match_id=name), given=wrong)))
    assert said == ["no"] * 3 + ["too_many_guesses"] * 5


def test_the_names_of_one_person_are_not_told_by_what_is_refused(register: Register) -> None:
    """Guesses at one number used up say nothing about an old number, of the same person or not."""
    reference = register.person(AN).reference
    register.people.record(
        reference, [claim("cmnd9", "191234567", Source.ARCHIVE, date(2019, 1, 1))]
    )
    Sharing(register).grants.add(granted("sex:full", bound=GuessBound(wrong=2)))
    for day in (10, 11, 12):
        ask(register, asked(birth=f"{day}/03/2001"))
    assert ask(register, asked(birth="13/03/2001")) == Refusal.TOO_MANY_GUESSES
    for number in ("191234567", "191234568"):
        assert ask(register, asked(number=number, birth="13/03/2001")) == "no"


def test_two_partners_guess_each_for_themselves(register: Register) -> None:
    for code in ("bhxh", "thue"):
        Sharing(register).grants.add(granted("sex:full", partner=code, bound=GuessBound(wrong=1)))
    assert [ask(register, asked(birth="06/03/2001")) for _ in range(2)] == [
        "no", "too_many_guesses",
    ]  # fmt: skip
    assert partner(register, "thue").ask(asked(partner="thue")).match is Truth.YES


def test_grants_with_other_windows_open_no_way_around_each(
    register: Register, clock: Clock
) -> None:
    """A short window under one grant does not begin the long one of another anew."""
    slow = GuessBound(wrong=6, wrong_days=3000)
    for purpose, bound in (("a", slow), ("b", GuessBound(wrong=1, wrong_days=1))):
        Sharing(register).grants.add(granted("sex:full", purpose=purpose, bound=bound))
    asker, answered = partner(register), 0
    for _ in range(12):
        for purpose in "ba":
            try:
                asker.ask(asked(birth="06/04/2001", purpose=purpose))
                answered += 1
            except RefusedError:
                break
        clock.later(days=1)
    assert answered == 6 + 9  # together within the long window, then one a day under the short one
    clock.later(days=-5)
    with pytest.raises(RefusedError):
        asker.ask(asked(birth="06/04/2001", purpose="b"))
