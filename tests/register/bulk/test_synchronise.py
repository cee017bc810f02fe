"""Synchronisation: counts that reconcile, reruns that change nothing, bad rows that stop nobody."""

from __future__ import annotations

import threading
from datetime import date
from typing import Any

import pytest
from tests.register.conftest import Opener

from civid.errors import AccessRefusedError, FieldError, RegisterStorageError, RowsRefusedError
from civid.people.citizen import Source, claim
from civid.register import Actor, Capability, Register
from civid.register.bulk import Outcome, Refused, Row
from civid.register.bulk.files.reading import Reader
from civid.register.bulk.outcome import REASONS
from civid.register.bulk.row import Defaults, Incoming
from civid.register.population import claims
from civid.register.population.claims import Said
from civid.register.population.lookup import lookup_of
from civid.register.vault import Purpose, Vault

DAY = date(2021, 3, 1)
NAMES = ("Nguyễn Thị An", "Trần Văn Ba", "Lê Thị Cúc", "Phạm Dũng", "Hồ Thị Em")


def person(i: int, **more: str) -> tuple[str, dict[str, str]]:
    said = {
        "name": NAMES[i % 5], "number": f"046301{i:06d}", "birth": f"05/03/{1960 + i % 40}",
        "sex": "Nữ", "residence_file": f"HH{i // 3}",
        "relation": "chủ hộ" if i % 3 == 0 else "con đẻ", **more,
    }  # fmt: skip
    return f"P{i}", {field: text for field, text in said.items() if text}


def synchronise(register: Register, rows: Any, **more: Any) -> Outcome:
    more = {"source": "hn", "unit": "46/474", "batch": 7, **more}
    outcome = register.bulk.synchronise(rows, **more)
    counted = outcome.new + outcome.changed + outcome.same + outcome.refused
    assert outcome.given == counted
    assert outcome.refused == sum(outcome.reasons.values())
    assert set(outcome.reasons) <= set(REASONS)
    return outcome


def state(register: Register) -> list[tuple[str, ...]]:
    """Everything about everybody that is not the log."""
    with register._session.database.reading() as connection:
        return [
            tuple(map(str, row))
            for table in ("persons", "acts", "numbers", "names", "sources", "households", "members")
            for row in connection.exec_driver_sql(f"SELECT * FROM {table}")
        ]


def test_people_come_with_their_households_and_a_rerun_changes_nothing(register: Register) -> None:
    rows = [person(i) for i in range(20)]
    seen: list[tuple[int, int]] = []
    made = synchronise(register, rows, on_progress=lambda *at: seen.append(at))
    assert (made.given, made.new, made.changed, made.same, made.refused) == (20, 20, 0, 0, 0)
    assert seen == [(7, 20), (14, 20), (20, 20)]
    found = register.person("046301000004")
    assert (found.name, found.unit, found.version) == ("Hồ Thị Em", "46/474", 1)
    assert {p.number for p in register.find(household="HH1").people} == {
        "046301000003", "046301000004", "046301000005"
    }  # fmt: skip
    assert len(register.find(name="nguyen thi an", birth=1965).people) == 1
    before = state(register)
    again = synchronise(register, iter(rows), batch=3)
    assert (again.given, again.same) == (20, 20)
    assert state(register) == before
    assert register.audit.verify().whole


def test_what_changed_is_added_and_nothing_is_overwritten(register: Register) -> None:
    synchronise(register, [person(i) for i in range(6)])
    rows = [person(i) for i in range(6)]
    rows[1] = person(1, name="Trần Văn Bá", birth="")  # a name corrected, a birth not said
    rows[2] = person(2, residence_file="HH9", relation="chủ hộ")
    made = synchronise(register, rows)
    assert (made.same, made.changed) == (4, 2)
    held = register.person("046301000001")
    assert (held.name, held.version) == ("Trần Văn Bá", 2)
    assert held.birth is not None  # silence takes nothing back
    assert [one.kind for one in register.people.history(held.reference)] == ["import", "import"]
    assert register.people.history(held.reference)[1].fields == ("name",)
    assert [p.number for p in register.find(household="HH9").people] == ["046301000002"]
    assert len(register.find(household="HH0").people) == 2
    back = synchronise(register, [person(i) for i in range(6)])
    assert (back.same, back.changed) == (4, 2)
    assert register.person("046301000001").name == "Trần Văn Ba"
    assert len(register.find(household="HH0").people) == 3
    assert not register.find(household="HH9").people


@pytest.mark.parametrize("batch", [1, 100])
def test_changes_of_every_kind_in_one_batch(register: Register, batch: int) -> None:
    """Names, births, units, numbers, deaths: together they come to the same as one by one."""
    synchronise(register, [person(i) for i in range(8)])
    erased = register.person("046301000007").reference
    register.protection.erase(erased, basis="thử")
    rows = [
        person(0, name="Trần Thị Mới"), person(1, birth="1999"), person(2, home_town="Huế"),
        person(3, number="046301000033"), person(4, death="01/02/2020"),
        Row("P5", person(5)[1], "46/475"), person(6, cmnd9="191234567"),
        person(7, name="Lê Văn Cũ", number=""), person(8),
    ]  # fmt: skip
    made = synchronise(register, rows, batch=batch)
    assert (made.new, made.changed, made.reasons) == (1, 7, {"erased": 1})
    assert register.find(name="tran thi moi").people[0].number == "046301000000"
    assert not register.find(name="Trần Văn Ba", birth=1961).people
    assert register.person("046301000001").birth.year == 1999  # type: ignore[union-attr]
    assert register.person("046301000003").number == register.person("046301000033").number
    assert register.person("046301000005").unit == "46/475"
    assert register.person("191234567").number == "046301000006"
    assert {one.version for one in map(register.person, ("046301000002", "046301000004"))} == {2}
    assert register.check().clean
    assert synchronise(register, rows, batch=batch).same == 8


BAD: list[tuple[Any, Refused]] = [
    (("", {"name": "An"}), Refused(2, "external")),
    (("x" * 201, {"name": "An"}), Refused(2, "external")),
    (("x", {}), Refused(2, "empty")),
    (("x", {"birth": "2001"}), Refused(2, "name", "name")),
    (("x", {"name": "Lê An", "number": "04630112345"}), Refused(2, "number", "number")),
    (("x", {"name": "Lê An", "cmnd9": "12"}), Refused(2, "cmnd9", "cmnd9")),
    (("x", {"name": "Lê An", "shoe": "43"}), Refused(2, "field")),
    (("x", {"name": "Lê An", "home_town": "Hu\0ế"}), Refused(2, "text", "home_town")),
    (("x", {"name": "Lê An", "home_town": 5}), Refused(2, "text", "home_town")),
    (("x", {"name": "Lê An", "home_town": "\ud800"}), Refused(2, "text", "home_town")),
    (("x", {"name": "Lê An", "home_town": "x" * 1025}), Refused(2, "too_long", "home_town")),
    (("x", {"name": "=cmd|' /C calc'!A0"}), Refused(2, "formula", "name")),
    (("x", {"name": "Lê An", "email": "@SUM(A1)"}), Refused(2, "formula", "email")),
    (Row("x", {"name": "Lê An"}, "46//1"), Refused(2, "unit")),
    (Row("x", {"name": "Lê An"}, "79"), Refused(2, "outside_scope")),
    (("x", {"name": "Lê An", "number": "046301000000"}), Refused(2, "number_taken", "number")),
    (("P0", {"name": "Lê An"}), Refused(2, "twice")),
]


@pytest.mark.parametrize("batch", [1, 3])
@pytest.mark.parametrize(("row", "refused"), BAD, ids=[f"{r.code}-{r.field}" for _, r in BAD])
def test_a_bad_row_is_named_and_stops_nobody(
    opened: Opener, row: Any, refused: Refused, batch: int
) -> None:
    register = opened(actor=Actor("loader", unit="46"))
    told: list[Refused] = []
    rows = [person(0), row, person(2)]
    made = synchronise(register, rows, batch=batch, on_refused=told.append)
    assert (made.new, made.refused) == (2, 1)
    assert list(made.named) == [refused] == told
    again = synchronise(register, rows, batch=batch)
    assert (again.new, again.same, again.named) == (0, 2, (refused,))


def test_all_or_nothing(register: Register) -> None:
    for bad in (("x", {"name": ""}), ("x", {"name": "Lê An", "number": "046301000000"})):
        with pytest.raises(RowsRefusedError) as caught:
            synchronise(register, [person(0), bad, person(2)], all_or_nothing=True, batch=1)
        assert [one.row for one in caught.value.refused] == [2]
        assert "046301" not in str(caught.value)
        assert not register.find(name="Nguyễn Thị An").people
    assert synchronise(register, [person(0), person(2)], all_or_nothing=True).new == 2
    assert all(run.ended for run in register.bulk.runs())


def test_strict_refuses_what_cannot_be_read(register: Register) -> None:
    row = person(0, birth="31/04/1960")
    assert synchronise(register, [row], strict=True).named == (Refused(1, "unread", "birth"),)
    assert synchronise(register, [row]).new == 1
    assert register.person("046301000000").citizen.text("birth") == "31/04/1960"


def test_a_run_that_was_cut_short_goes_on_or_is_repeated(register: Register) -> None:
    rows = [person(i) for i in range(20)]
    rows[3] = ("P3", {"name": ""})

    def cut() -> Any:
        yield from rows[:16]
        raise RegisterStorageError("the other system is gone")

    with pytest.raises(RegisterStorageError):
        synchronise(register, cut())
    run = register.bulk.runs()[0]
    assert (run.position, run.ended, run.counts["new"]) == (14, None, 13)
    rest = synchronise(register, rows, resume=True)
    assert (rest.run, rest.given, rest.new, rest.refused) == (run.reference, 20, 19, 1)
    repeated = synchronise(register, rows, resume=True)  # that one is done: a new run
    assert repeated.run != run.reference
    assert (repeated.same, repeated.refused) == (19, 1)


def test_parallel_runs_add_everybody_once(opened: Opener) -> None:
    register = opened()
    rows = [person(i) for i in range(60)]
    made: list[Outcome] = []
    wrong: list[BaseException] = []

    def run(start: int) -> None:
        try:  # each begins elsewhere: they meet
            made.append(synchronise(register, rows[start:] + rows[:start], batch=6))
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=run, args=(at * 7,)) for at in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert not wrong
    assert sum(one.new for one in made) == 60
    assert sum(one.same for one in made) == 7 * 60
    assert len(register.find(household="HH7").people) == 3
    assert register.audit.verify().whole


def test_who_may(register: Register) -> None:
    for lacking in (Capability.ENROL, Capability.CORRECT):
        clerk = Actor("clerk", frozenset(Capability) - {lacking}, unit="46")
        with pytest.raises(AccessRefusedError):
            synchronise(register.acting_as(clerk), [person(0)])
    with pytest.raises(AccessRefusedError):
        synchronise(register.acting_as(Actor("clerk", unit="79")), [person(0)])
    with pytest.raises(FieldError):
        synchronise(register, [person(0)], source="")
    with pytest.raises(FieldError):
        synchronise(register, [("just an id",)])
    refused = [one for one in register.audit.entries() if one.outcome == "refused"]
    assert {one.operation for one in refused} == {"bulk.synchronise", "bulk.begin"}


def test_the_log_has_one_entry_a_batch_that_names_everybody(register: Register) -> None:
    synchronise(register, [person(i) for i in range(10)])
    entries = [one for one in register.audit.entries() if one.operation == "bulk.synchronise"]
    assert [len(one.subjects) for one in entries] == [7, 3]
    reference = register.person("046301000009").reference
    assert "bulk.synchronise" in [one.operation for one in register.audit.about(reference)]
    text = "".join(one.canonical() for one in register.audit.entries())
    assert "046301" not in text
    assert "Th" not in text


def test_claims_carry_their_own_days_and_sources(register: Register) -> None:
    said = [claim("name", "Lê An", Source.CIVIL_STATUS, DAY, evidence="KS 17/2001")]
    assert synchronise(register, [("a", said)]).new == 1
    assert synchronise(register, [("a", said)]).same == 1
    later = [claim("name", "Lê An", Source.CIVIL_STATUS, date(2022, 1, 1), evidence="KS 17/2001")]
    assert synchronise(register, [("a", later)]).changed == 1
    held = register.find(name="Lê An").people[0]
    assert [one.evidence for one in held.citizen.history("name")] == ["KS 17/2001"] * 2
    unread = [claim("name", "", Source.CITIZEN, DAY, keep_unread=True)]
    assert synchronise(register, [("b", unread)]).reasons == {"name": 1}


def test_the_fast_way_writes_the_bytes_of_the_slow_one() -> None:
    keys = {n: (purpose, bytes(32), False) for n, purpose in enumerate(Purpose, 1)}
    vault = Vault(bytes(16), keys)
    reader = Reader(vault, "hn", Defaults("46", Source.RESIDENCE, DAY, DAY, "e 1"))
    for i in range(50):
        _, said = person(i, other_name="Tư", cmnd9=f"19{i:07d}", home_town="Huế \"q\" \\ 'x'")
        read = reader.read(1, Row("x", said))
        assert isinstance(read, Incoming)
        slow = Said(
            tuple(
                claim(field, text, Source.RESIDENCE, DAY, evidence="e 1", keep_unread=True)
                for field, text in sorted(said.items())
            )
        )
        assert read.data == claims.encode(slow)
        assert claims.decode(read.data) == slow
        lookup = lookup_of(claims.citizen("", [(1, slow)]))
        assert {(kind, digits) for kind, _, digits in read.numbers} == lookup.numbers
        assert {(name, read.birth_year, b"") for name in read.names} == lookup.name_rows(vault, b"")
