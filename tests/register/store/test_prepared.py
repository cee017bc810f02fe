"""Prepared statements say the same as those that they were made of, on both stores."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, bindparam, delete, insert, select, update
from sqlalchemy.exc import NoResultFound

from civid.register import Register
from civid.register.population import history, records
from civid.register.population.lookup import NumberKind
from civid.register.store.failures import TakenError, TryAgain
from civid.register.store.fill import fill
from civid.register.store.prepared import Prepared
from civid.register.store.tables import persons, units

ADD = Prepared(insert(units).values(code=bindparam("it"), name=bindparam("called"), kind="commune"))
ONE = Prepared(
    select(units.c.name, units.c.kind).where(
        units.c.kind == "commune", units.c.code == bindparam("it")
    )
)  # fmt: skip
RENAME = Prepared(
    update(units).where(units.c.code == bindparam("it")).values(name=bindparam("called"))
)
REMOVE = Prepared(delete(units).where(units.c.code == bindparam("it")))


def test_statements_with_values_and_constants(register: Register) -> None:
    with register._session.database.engine.connect() as connection, connection.begin():
        ADD(connection, it="46", called="Huế")
        ADD.many(connection, [{"it": code, "called": code} for code in ("01", "79")])
        ADD.many(connection, [])
        assert ONE(connection, it="46").one() == ("Huế", "commune")
        assert RENAME(connection, it="01", called="Hà Nội").rowcount == 1
        assert ONE(connection, it="01").one().name == "Hà Nội"
        assert REMOVE(connection, it="79").rowcount == 1
        assert ONE(connection, it="79").one_or_none() is None


def test_a_table_is_filled_or_left_as_it_was(register: Register) -> None:
    columns = ("code", "name", "kind")
    with register._session.database.engine.connect() as connection:
        with connection.begin():
            fill(connection, units, columns, [])
            fill(connection, units, columns, [(str(i), "Huế\t\\N\n", "x") for i in range(3000)])
        with pytest.raises(TryAgain), connection.begin():
            fill(connection, units, columns, [("new", "", ""), ("7", "", "")])
        with connection.begin():
            assert len(connection.execute(select(units.c.code)).all()) == 3000
            named = connection.execute(select(units.c.name).distinct()).scalars().all()
            assert named == ["Huế\t\\N\n"]


@pytest.mark.parametrize("kind", list(NumberKind))
def test_numbers_are_found_by_an_index_whatever_the_values(
    register: Register, kind: NumberKind
) -> None:
    """A plan that serves every value: otherwise PostgreSQL makes one anew for each question."""
    with register._session.database.reading() as connection:
        sql = records._BY_NUMBER[kind]._in(connection).sql
        if connection.dialect.name == "sqlite":
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", (b"",)).all()
            assert "SCAN numbers" not in str(plan)
            return
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        connection.exec_driver_sql("SET LOCAL plan_cache_mode = force_generic_plan")
        connection.exec_driver_sql(f"PREPARE it (bytea) AS {sql.replace('%(token)s', '$1')}")
        plan = connection.exec_driver_sql("EXPLAIN EXECUTE it ('')").all()
        connection.exec_driver_sql("DEALLOCATE it")
        assert "Index Scan using" in str(plan)
        assert "Seq Scan on numbers" not in str(plan)


@pytest.mark.parametrize("question", [records._ONE, history._ONE])
def test_a_person_is_found_by_indexes_before_anything_was_counted(
    register: Register, question: Prepared
) -> None:
    """A PostgreSQL server that has no statistics yet must not go through everybody, either."""
    columns = ("id", "unit", "state", "version", "merged_into", "changed")
    rows = [(b"%016d" % i, "46", "active", 1, None, 0) for i in range(20_000)]

    def write(connection: Connection) -> None:
        fill(connection, persons, columns, rows)

    register._session.database.write(write)
    with register._session.database.reading() as connection:
        sql = question._in(connection).sql
        if connection.dialect.name == "sqlite":
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", (b"",)).all()
            assert "SCAN" not in str(plan)
        else:
            asked = f"EXPLAIN {sql.replace('%(person)s', repr('1'))}"
            plan = connection.exec_driver_sql(asked).all()
            assert "ix_persons_merged" in str(plan)
            assert "Seq Scan on persons" not in str(plan)


def test_errors_of_the_driver_are_told_as_before(register: Register) -> None:
    database = register._session.database
    database.write(lambda connection: ADD(connection, it="46", called="Huế"))
    with pytest.raises(TakenError):
        database.write(lambda connection: ADD(connection, it="46", called="Huế"))
    with pytest.raises(TakenError):
        database.write(lambda connection: ADD.many(connection, [{"it": "46", "called": "x"}]))
    with database.reading() as connection:
        assert ONE(connection, it="46").all() == [("Huế", "commune")]
        with pytest.raises(NoResultFound):
            ONE(connection, it="79").one()
