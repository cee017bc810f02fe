"""Giving out numbers: unique, structure-correct, repeatable, safe for parallel callers."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civid.errors import FieldError, NumberError, NumbersExhaustedError, NumberTakenError
from civid.people import number_check, numbers, personal_number
from civid.people.numbers import (
    Allocator,
    Candidate,
    Ledger,
    MemoryLedger,
    NumberRequest,
    NumberState,
    SqliteLedger,
)
from civid.people.numbers import allocate as allocate_module
from civid.people.sex import Sex

KEY = b"a key for tests only"


def request(i: int, place: str = "046", sex: Sex = Sex.FEMALE, year: int = 2001) -> NumberRequest:
    return NumberRequest(f"birth/{i}", place, sex, year)


@pytest.fixture(params=["memory", "sqlite"])
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Ledger:
    return MemoryLedger() if request.param == "memory" else SqliteLedger(tmp_path / "numbers.db")


def test_numbers_are_unique_and_say_the_truth(ledger: Ledger) -> None:
    allocator = Allocator(ledger, KEY)
    made = [allocator.reserve(request(i)).number for i in range(40)]
    assert len(set(made)) == 40
    for number in made:
        assert number_check.check(
            number, sex=Sex.FEMALE, birth_year=2001, registration_code="046"
        ) == ()  # fmt: skip
    assert ledger.used("046301") == 40
    assert len({int(number[6:]) // 100_000 for number in made}) > 4  # spread, not in sequence


def test_the_same_request_gets_the_same_number_again(ledger: Ledger) -> None:
    first = Allocator(ledger, KEY).reserve(request(1))
    again = Allocator(ledger, KEY).reserve(request(1))
    other_key = Allocator(ledger, b"another key for tests").reserve(request(1))
    assert first.number == again.number == other_key.number
    with pytest.raises(FieldError):
        Allocator(ledger, KEY).reserve(request(1, sex=Sex.MALE))


def test_deterministic_under_a_key_whatever_the_order() -> None:
    requests = [request(i) for i in range(200)]
    one, two = Allocator(MemoryLedger(), KEY), Allocator(MemoryLedger(), KEY)
    forward = {r.reference: one.reserve(r).number for r in requests}
    backward = {r.reference: two.reserve(r).number for r in reversed(requests)}
    assert forward == backward
    free = Allocator(MemoryLedger())
    assert {r.reference: free.reserve(r).number for r in requests} != forward


@given(
    st.sampled_from(["001", "079", "175"]), st.sampled_from([Sex.MALE, Sex.FEMALE]),
    st.integers(1900, 2399),
)  # fmt: skip
def test_every_cell_round_trips(place: str, sex: Sex, year: int) -> None:
    record = Allocator(MemoryLedger(), KEY).reserve(NumberRequest("r", place, sex, year))
    number = personal_number.parse(record.number)
    assert (number.place_code, number.sex, number.birth_year) == (place, sex, year)


def test_parallel_callers_never_share_a_number(ledger: Ledger) -> None:
    allocators = [Allocator(ledger, KEY) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        jobs = [pool.submit(allocators[i % 4].reserve, request(i // 2)) for i in range(80)]
        made = [job.result().number for job in jobs]
    assert len(set(made)) == 40
    assert all(made[2 * i] == made[2 * i + 1] for i in range(40))


def test_used_and_cancelled_numbers_are_refused(ledger: Ledger) -> None:
    allocator = Allocator(ledger, KEY)
    number = allocator.reserve(request(1)).number
    numbers.confirm(ledger, number)
    numbers.cancel(ledger, number, "sex corrected")
    assert not ledger.reserve(number, "somebody else")
    with pytest.raises(NumberTakenError):
        allocator.reserve(request(1))
    fresh = Allocator(MemoryLedger(used=[number]), KEY)
    assert fresh.reserve(request(1)).number != number


def test_history_leads_from_the_old_number_to_the_new(ledger: Ledger) -> None:
    allocator = Allocator(ledger, KEY)
    old, new = (allocator.reserve(request(i)).number for i in range(2))
    for number in (old, new):
        numbers.confirm(ledger, number)
    numbers.cancel(ledger, old, "birth year corrected", replaced_by=new)
    assert numbers.resolve(ledger, old).number == new
    assert numbers.resolve(ledger, old).state is NumberState.ACTIVE
    numbers.close(ledger, new)
    for move in (numbers.confirm, numbers.close):
        with pytest.raises(NumberError):
            move(ledger, old)
    with pytest.raises(NumberError):
        numbers.cancel(ledger, new, "x", replaced_by=new)
    with pytest.raises(NumberError):
        numbers.resolve(ledger, "000000000000")


def test_a_full_cell_is_walked_to_its_last_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(allocate_module, "CELL_SIZE", 1000)
    monkeypatch.setattr(allocate_module, "_STRIDE", 333)
    allocator = Allocator(MemoryLedger(), KEY)
    made = {allocator.reserve(request(i)).number for i in range(1000)}
    assert len(made) == 1000
    with pytest.raises(NumbersExhaustedError):
        allocator.reserve(request(1000))


def test_the_stride_visits_every_serial() -> None:
    stride, size = allocate_module._STRIDE, allocate_module.CELL_SIZE
    assert stride % 2
    assert stride % 5
    assert size == 10**6


@pytest.mark.parametrize(
    ("reference", "place", "sex", "year", "field"),
    [
        ("", "046", Sex.MALE, 2001, "reference"), ("x" * 201, "046", Sex.MALE, 2001, "reference"),
        ("r", "003", Sex.MALE, 2001, "place_code"), ("r", "46", Sex.MALE, 2001, "place_code"),
        ("r", "046", Sex.UNKNOWN, 2001, "sex"), ("r", "046", Sex.MALE, 1899, "birth_year"),
        ("r", "046", Sex.MALE, 2400, "birth_year"),
    ],
)  # fmt: skip
def test_requests_that_no_number_fits(
    reference: str, place: str, sex: Sex, year: int, field: str
) -> None:
    with pytest.raises(FieldError) as caught:
        NumberRequest(reference, place, sex, year)
    assert caught.value.field == field


def test_short_keys_are_refused() -> None:
    with pytest.raises(FieldError):
        Allocator(MemoryLedger(), b"short")


def test_coverage_lists_who_has_no_number_and_why() -> None:
    people = [
        Candidate("a", "046301123456"),
        Candidate("b", "", "046", Sex.MALE, 2001),
        Candidate("c", "", "", Sex.MALE, 2001),
        Candidate("d", "", "046", Sex.UNKNOWN, 2001),
        Candidate("e", "", "046", Sex.MALE),
        Candidate("f", "46301123456", "046", Sex.MALE, 2001),
    ]
    found = numbers.coverage(people)
    assert (found.total, found.numbered) == (6, 1)
    assert dict(found.without) == {
        "b": "ready", "c": "no place", "d": "no sex", "e": "no birth year", "f": "malformed"
    }  # fmt: skip
    assert found.rate == pytest.approx(1 / 6)
    assert numbers.coverage([]).rate == 1


def test_reprs_hide_numbers() -> None:
    record = Allocator(MemoryLedger(), KEY).reserve(request(1))
    assert record.number not in repr(record)
    assert "birth/1" not in repr(request(1))


def test_many_at_once_are_all_or_nothing(ledger: Ledger) -> None:
    allocator = Allocator(ledger, KEY)
    made = allocator.reserve_many(request(i) for i in range(500))
    assert len({record.number for record in made}) == 500
    assert [r.number for r in allocator.reserve_many(map(request, range(500)))] == [
        r.number for r in made
    ]


def test_a_failed_batch_leaves_nothing(tmp_path: Path) -> None:
    ledger = SqliteLedger(tmp_path / "numbers.db")
    allocator = Allocator(ledger, KEY)
    with pytest.raises(FieldError):
        allocator.reserve_many([request(1), request(2), request(1, sex=Sex.MALE)])
    assert ledger.used("046301") == 0
    with ledger.batch(), pytest.raises(NumberError), ledger.batch():
        pass
    assert len(allocator.reserve_many([request(1)])) == 1


def test_every_number_a_person_had_leads_to_the_person() -> None:
    kind = numbers.NumberKind
    an = numbers.NumberHistory(
        "an",
        (
            numbers.HeldNumber(kind.CMND9, "191234567"),
            numbers.HeldNumber(kind.CMND9, "271450002"),
            numbers.HeldNumber(kind.PERSONAL, "046301000009", cancelled=True),
            numbers.HeldNumber(kind.PERSONAL, "046301123456"),
        ),
    )
    other = numbers.NumberHistory("other", (numbers.HeldNumber(kind.CMND9, "271450002"),))
    index = numbers.NumberIndex([an, other])
    for text in ("191234567", "046301000009", "046 301 123456"):
        assert index.people(text) == {"an"}
    assert index.people("271450002") == {"an", "other"}
    assert index.shared() == {"271450002"}
    assert index.people("000000000") == frozenset()
    assert (an.current, other.current) == ("046301123456", None)
    assert an.cancelled == ("046301000009",)
    assert an.cmnd9 == ("191234567", "271450002")
    assert "046301" not in repr(an) + repr(an.held[3])
    with pytest.raises(NumberError):
        index.people("12345")
    day = date(2012, 9, 21)
    assert numbers.HeldNumber(kind.CMND12, "046301123456", day, day).until == day
    for wrong in ((kind.CMND9, "046301123456"), (kind.CMND9, "191 234 567"),
                  (kind.CMND12, "046301123456", day, date(2012, 9, 20))):  # fmt: skip
        with pytest.raises(NumberError):
            numbers.HeldNumber(*wrong)
    with pytest.raises(NumberError):
        numbers.NumberHistory("x", (an.held[3], numbers.HeldNumber(kind.PERSONAL, "046301000001")))


def test_parallel_processes_never_share_a_number(tmp_path: Path) -> None:
    code = (
        "import sys; from civid.people.numbers import *; from civid.people.sex import Sex;"
        "a = Allocator(SqliteLedger(sys.argv[1]), b'a key for tests only');"
        "print(*[a.reserve(NumberRequest(f'{sys.argv[2]}/{i // 2}', '046', Sex.MALE, 2001)).number"
        " for i in range(40)])"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "numbers.db")]
    jobs = [
        subprocess.Popen([*command, who], stdout=subprocess.PIPE, text=True)
        for who in ("a", "b", "a")
    ]
    made = [job.communicate(timeout=120)[0].split() for job in jobs]
    assert all(job.returncode == 0 for job in jobs)
    assert made[0] == made[2]
    assert len({*made[0], *made[1]}) == 40


def test_a_ledger_is_the_file_that_was_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not its name: numbers out of two files would not be unique."""
    for name in "AB":
        (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path / "A")
    ledger = SqliteLedger("numbers.db")
    made = Allocator(ledger, KEY).reserve(request(1)).number
    monkeypatch.chdir(tmp_path / "B")
    assert ledger.get(made) is not None
    assert list((tmp_path / "B").iterdir()) == []
    (tmp_path / "A" / "numbers.db").rename(tmp_path / "B" / "numbers.db")
    with pytest.raises(NumberError, match="moved"):
        ledger.get(made)
    SqliteLedger(tmp_path / "A" / "numbers.db")
    with pytest.raises(NumberError, match="moved"), ledger.batch():
        raise AssertionError("not reached")
    assert SqliteLedger("numbers.db").get(made) is not None


def test_a_ledger_is_for_its_owner_alone(tmp_path: Path) -> None:
    ledger = SqliteLedger(tmp_path / "numbers.sqlite3")
    with ledger.batch():
        modes = {one.name: one.stat().st_mode & 0o777 for one in tmp_path.iterdir()}
    assert set(modes.values()) == {0o600}, modes
