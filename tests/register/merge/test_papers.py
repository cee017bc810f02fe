"""Dossiers, captures, cards and cases are carried as a whole, and sealed anew."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, String, insert, select, update
from tests.register.conftest import Opener
from tests.register.merge.test_merge import UNIT, UNIT_KEYS, moved, opened_cases, unit_of
from tests.register.test_register import KEYS, an

from civid.errors import AlreadyInRegisterError
from civid.register import Register
from civid.register.ids import from_text, new_id
from civid.register.merge import papers
from civid.register.merge.papers import BODY
from civid.register.store import identity_tables

DAY = "2026-03-02"


def put(register: Register, table: Any, row: dict[str, Any], data: bytes | None = None) -> None:
    """Write a row, as a service would."""
    session = register._session
    part = next(p for parts in papers.PAPERS.values() for p in parts if p.table is table)

    def write(connection: Connection) -> None:
        sealed = {}
        if data is not None:
            key, body = session.vault.seal(
                data, table.name, part.owner(row), part.place(row), part.purpose
            )
            sealed = {"key": key, "sealed": body}
        needed = {
            column.name: "" if isinstance(column.type, String) else 0
            for column in table.c
            if not column.nullable and column.server_default is None
        }
        connection.execute(insert(table).values({**needed, **row, **sealed}))

    session.database.write(write)


def dossier(register: Register, person: str) -> bytes:
    made = new_id()
    put(register, identity_tables.dossiers, {
        "id": made, "person": from_text(person), "unit": UNIT, "procedure": "issue",
        "area": "urban", "state": "taken", "step": "prints", "filed": DAY, "due": DAY,
        "entered": 1, "version": 1,
    }, b'{"todo": ["portrait"]}')  # fmt: skip
    event(register, made, 1)
    return made


def event(register: Register, made: bytes, seq: int) -> None:
    put(register, identity_tables.dossier_events, {
        "dossier": made, "seq": seq, "at": seq, "step": "prints", "state": "taken", "seconds": 9,
        "officer": "officer-3", "station": "1", "reason": "",
    })  # fmt: skip


def capture(register: Register, made: bytes, attempt: int, data: bytes) -> None:
    put(register, identity_tables.captures, {
        "dossier": made, "frame": "portrait", "attempt": attempt, "at": attempt, "quality": 70,
        "reasons": "",
    }, data)  # fmt: skip


def card(register: Register, person: str, made: bytes) -> bytes:
    one = new_id()
    put(register, identity_tables.cards, {
        "id": one, "person": from_text(person), "dossier": made, "generation": "2024",
        "state": "produced", "issued": DAY, "expires": None, "version": 1,
    }, b"{}")  # fmt: skip
    return one


def held(register: Register, kind: str) -> list[papers.Paper]:
    session = register._session
    with session.database.reading() as connection:
        ids = papers.ids(connection, kind)
        return list(papers.read(connection, session.vault, kind, ids).values())


def captured(register: Register) -> list[bytes]:
    session = register._session
    part = papers.PAPERS["dossier"][2]
    with session.database.reading() as connection:
        rows = connection.execute(
            select(identity_tables.captures).order_by(identity_tables.captures.c.attempt)
        ).all()
    return [
        session.vault.open(
            row.key, row.sealed, "captures", part.owner(dict(row._mapping)),
            part.place(dict(row._mapping)),
        )
        for row in rows
    ]  # fmt: skip


def test_a_dossier_goes_on_at_home(opened: Opener, tmp_path: Path) -> None:
    register = opened(keys=KEYS)
    folder = tmp_path / "unit"
    register.pack(folder, unit=UNIT, keys=UNIT_KEYS)
    with unit_of(folder, keys=UNIT_KEYS) as unit:
        who = unit.people.add(an(), unit=UNIT).reference
        made = dossier(unit, who)
        capture(unit, made, 1, b"blurred \x00\xff")
        written = card(unit, who, made)
    report = register.merge(folder, keys=UNIT_KEYS)
    assert report.counts["dossier"] == report.counts["card"] == {"new": 1}
    (found,) = held(register, "dossier")
    assert found.id == made
    assert found.head[BODY] == '{"todo": ["portrait"]}'
    assert [row["officer"] for row in found.rows[1]] == ["officer-3"]
    assert captured(register) == [b"blurred \x00\xff"]
    assert [one.id for one in held(register, "card")] == [written]
    with unit_of(folder, keys=UNIT_KEYS) as unit:
        capture(unit, made, 2, b"sharp")
        event(unit, made, 2)
        unit.people.record(who, [moved("5 Trần Phú")])
    report = register.merge(folder, keys=UNIT_KEYS)
    assert report.counts["dossier"] == {"changed": 1}
    assert report.counts["card"] == {"same": 1}
    assert captured(register) == [b"blurred \x00\xff", b"sharp"]
    assert len(held(register, "dossier")[0].rows[1]) == 2
    # Home works on it, and so does the unit once more.
    event(register, made, 3)
    with unit_of(folder, keys=UNIT_KEYS) as unit:
        capture(unit, made, 3, b"of the unit")
    report = register.merge(folder, keys=UNIT_KEYS)
    assert report.counts["dossier"] == {"disputed": 1}
    ((kind, codes, evidence),) = opened_cases(register)
    assert (kind, codes) == ("conflict", ["dossier.changed"])
    assert "portrait" in evidence["withheld"]
    assert len(captured(register)) == 2
    assert register.merge(folder, keys=UNIT_KEYS).changed_nothing


def test_a_number_taken_in_that_very_moment(
    register: Register, tmp_path: Path, monkeypatch: Any
) -> None:
    folder = tmp_path / "unit"
    register.pack(folder, unit=UNIT)
    with unit_of(folder) as unit:
        unit.people.add(an(), unit=UNIT)
    mine = register.people.add(an(), unit=UNIT)
    from civid.register.merge import people

    real, calls = people._holders, []

    def blind_at_first(step: Any, wanted: Any) -> Any:
        calls.append(1)
        return {} if len(calls) == 1 else real(step, wanted)

    monkeypatch.setattr(people, "_holders", blind_at_first)
    report = register.merge(folder)
    assert report.counts["person"] == {"new": 1}
    assert [codes for _, codes, _ in opened_cases(register)] == [["number.personal"]]
    assert register.person("046301123456").reference == mine.reference
    assert len(calls) == 2


def test_too_many_lost_races_leave_nothing(
    register: Register, tmp_path: Path, monkeypatch: Any
) -> None:
    import pytest

    folder = tmp_path / "unit"
    register.pack(folder, unit=UNIT)
    with unit_of(folder) as unit:
        unit.people.add(an(), unit=UNIT)
    register.people.add(an(), unit=UNIT)
    from civid.register.merge import people

    monkeypatch.setattr(people, "_holders", lambda step, wanted: {})
    with pytest.raises(AlreadyInRegisterError):
        register.merge(folder)
    assert len(register.find(name="Nguyễn Thị An").people) == 1


def test_households_of_one_code(register: Register, tmp_path: Path) -> None:
    folder = tmp_path / "unit"
    register.pack(folder, unit=UNIT)
    with unit_of(folder) as unit:
        unit.households.make("HS-1", {}, unit=UNIT)
    mine = register.households.make("HS-1", {}, unit=UNIT)
    assert register.merge(folder).counts["household"] == {"disputed": 1}
    assert register.households.by_code("HS-1") == mine
    ((_, codes, evidence),) = opened_cases(register)
    assert codes == ["household.code"]
    assert "HS-1" in evidence["withheld"]


def test_what_is_sealed_elsewhere_does_not_pass(opened: Opener, tmp_path: Path) -> None:
    """A capture put into another dossier's place is damage, not evidence."""
    import pytest

    from civid.errors import RegisterDamagedError

    register = opened(keys=KEYS)
    folder = tmp_path / "unit"
    register.pack(folder, unit=UNIT, keys=UNIT_KEYS)
    with unit_of(folder, keys=UNIT_KEYS) as unit:
        who = unit.people.add(an(), unit=UNIT).reference
        first, second = dossier(unit, who), dossier(unit, who)
        capture(unit, first, 1, b"mine")
        capture(unit, second, 1, b"another's")

        def swap(connection: Connection) -> None:
            row = connection.execute(
                select(identity_tables.captures.c.sealed).where(
                    identity_tables.captures.c.dossier == second
                )
            ).scalar_one()
            connection.execute(
                update(identity_tables.captures)
                .where(identity_tables.captures.c.dossier == first)
                .values(sealed=row)
            )

        unit._session.database.write(swap)
    with pytest.raises(RegisterDamagedError):
        register.merge(folder, keys=UNIT_KEYS)
    assert not held(register, "dossier")


def test_papers_say_nothing_in_their_repr() -> None:
    paper = papers.Paper("card", b"0" * 16, (({"id": b"1", BODY: "secret"},),))
    assert "secret" not in repr(paper)
