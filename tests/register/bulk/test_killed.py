"""kill -9 in the middle of a run: nothing is half there, and the same rows again complete it."""

from __future__ import annotations

import random
import time

import pytest
from tests.child import Script
from tests.register.bulk.test_synchronise import person, synchronise
from tests.register.conftest import Opener

from civid.register import Register

PEOPLE = 1500
CHILD = f"""
import sys
from tests.register.bulk.test_synchronise import person
from civid.register import Register
with Register.open(sys.argv[1]) as register:
    def note(done, total):
        print(done, flush=True)
    register.bulk.synchronise(
        [person(i) for i in range({PEOPLE})], source="hn", unit="46/474", batch=10, on_progress=note
    )
"""


def killed(where: str, pick: random.Random) -> int:
    """Start a run and kill it; how far it said that it came."""
    with Script(CHILD, where) as script:
        for _ in range(pick.randrange(1, 40)):
            script.stdout.readline()
        time.sleep(pick.random() * 0.02)
        script.kill()
        rest = script.stdout.read().split()
    return int(rest[-1]) if rest else 10


def check(register: Register, acknowledged: int) -> None:
    with register._session.database.reading() as connection:

        def count(what: str) -> int:
            return int(connection.exec_driver_sql(f"SELECT count(*) FROM {what}").scalar_one())

        people = count("persons")
        assert people >= acknowledged
        for table in ("acts", "numbers", "names", "sources", "members"):
            assert count(table) == people, table
        assert count("households") == count("(SELECT DISTINCT household FROM members) AS held")
    run = register.bulk.runs()[0]
    assert run.position == run.counts["new"] + run.counts["same"]
    assert register.audit.verify().whole


@pytest.mark.parametrize("rounds", [1, pytest.param(25, marks=pytest.mark.slow)])
def test_a_killed_run_is_completed(where: str, opened: Opener, rounds: int) -> None:
    register = opened()
    seed = random.randrange(1 << 30)
    print("seed", seed)
    pick = random.Random(seed)
    for _ in range(rounds):
        check(register, killed(where, pick))
    made = synchronise(register, [person(i) for i in range(PEOPLE)], batch=500)
    assert made.new + made.same == PEOPLE
    check(register, PEOPLE)
    assert synchronise(register, [person(i) for i in range(PEOPLE)], batch=500).same == PEOPLE
