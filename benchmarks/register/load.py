"""A register of many people: how fast it is filled, how large it is, how fast it answers.

    python benchmarks/register/load.py --people 1000000
    python benchmarks/register/load.py --people 1000000 --store postgresql
    python benchmarks/register/load.py --people 100000 1000000 10000000

Synthetic people in households are synchronised into a new, encrypted register; then people are
looked up by number, by name and year, and with their history, each with its entry in the log. The
time of making the people up is left out of the rates. Look-ups are repeated; the median and the
fastest are printed, and the time of the processor beside, which other work on the machine changes
less. With several sizes, each is reached from the one before and asked there, a line of JSON
each. PostgreSQL is a server of its own on a socket, with its standard settings.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from itertools import chain, islice
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).resolve().parents[2]))
from tests.register.postgresql import server

from civid.people.citizen import Source
from civid.people.synthetic.households import Families
from civid.register import Register
from civid.search.segments.keys import StaticKeyProvider

FIELDS = {
    "number": "number", "name": "name", "sex": "sex", "birth": "birth", "ethnic": "ethnic_name",
    "nationality": "nationality", "cmnd9": "cmnd9", "residence_file": "household",
    "relation": "relation", "father_number": "father_number", "mother_number": "mother_number",
    "permanent_residence": "address",
}  # fmt: skip
KEYS = StaticKeyProvider({"benchmark": bytes(range(32))})
#: Share of the people that are remembered, to be asked for.
ASKED = 0.005
Clock = tuple[float, float]


class Made:
    """People, made up on the way, with the time that it takes; some of them are remembered."""

    def __init__(self, seed: int):
        self.spent: Clock = (0.0, 0.0)
        self.asked: list[tuple[str, str, int]] = []
        self.pick = random.Random(seed)
        self.people = chain.from_iterable(Families(seed, date(2024, 12, 31)))

    def more(self, count: int) -> Iterator[tuple[str, dict[str, str]]]:
        """The next `count` people."""
        began = clock()
        for row in islice(self.people, count):
            if row["number"] and self.pick.random() < ASKED:
                self.asked.append((row["number"], row["name"], int(row["birth"][-4:])))
            said = {field: row[column] for field, column in FIELDS.items() if row[column]}
            self.spent = add(self.spent, since(began))
            yield row["reference"], said
            began = clock()


def clock() -> Clock:
    return time.perf_counter(), time.process_time()


def since(began: Clock) -> Clock:
    now = clock()
    return now[0] - began[0], now[1] - began[1]


def add(one: Clock, two: Clock) -> Clock:
    return one[0] + two[0], one[1] + two[1]


def load(register: Register, made: Made, people: int) -> dict[str, Any]:
    """Synchronise the next `people`; what it took."""
    marks: list[tuple[int, float, float]] = []
    before, began = made.spent, clock()

    def note(done: int, _: int) -> None:
        wall, cpu = since(began)
        spent = made.spent[0] - before[0], made.spent[1] - before[1]
        marks.append((done, wall - spent[0], cpu - spent[1]))
        if done % 100_000 == 0:
            print(f"{done:>12,} people, {done / marks[-1][1]:,.0f} a second", file=sys.stderr)

    outcome = register.bulk.synchronise(
        made.more(people), source="benchmark", unit="46", said_by=Source.RESIDENCE, on_progress=note
    )
    tenth = max(1, len(marks) // 10)
    done, wall, cpu = marks[-1]
    best = max(
        (b[0] - a[0]) / (b[1] - a[1])
        for a, b in zip([(0, 0.0, 0.0), *marks], marks, strict=False)
    )  # fmt: skip
    first = marks[tenth - 1]
    last = tuple(b - a for a, b in zip(marks[-tenth - 1] if len(marks) > tenth else (0, 0, 0),
                                       marks[-1], strict=True))  # fmt: skip
    return {
        "given": outcome.given, "new": outcome.new, "same": outcome.same,
        "refused": outcome.refused, "a_second": done / wall, "a_second_of_processor": done / cpu,
        "best_batch_a_second": best, "first_tenth_a_second_of_processor": first[0] / first[2],
        "last_tenth_a_second_of_processor": last[0] / last[2],
    }  # fmt: skip


def times(question: Callable[[int], object], count: int) -> dict[str, float]:
    """Milliseconds of a question, asked `count` times."""
    walls, cpus = [], []
    for at in range(count):
        began = clock()
        question(at)
        wall, cpu = since(began)
        walls.append(wall * 1e3)
        cpus.append(cpu * 1e3)
    return {
        "median_ms": statistics.median(walls), "fastest_ms": min(walls),
        "median_processor_ms": statistics.median(cpus),
    }  # fmt: skip


def answers(register: Register, asked: list[tuple[str, str, int]], count: int) -> dict[str, Any]:
    """How fast the questions of a counter are answered."""
    random.Random(1).shuffle(asked)
    at = [asked[i % len(asked)] for i in range(count)]
    references = [register.person(number).reference for number, _, _ in at]
    found = [len(register.find(name=name, birth=year)) for _, name, year in at[:200]]
    return {
        "by_number": times(lambda i: register.person(at[i][0]), count),
        "by_name_and_year": {
            **times(lambda i: register.find(name=at[i][1], birth=at[i][2]), count),
            "found_on_average": statistics.mean(found), "found_at_most": max(found),
        },
        "history": times(lambda i: register.people.history(references[i]), count),
    }  # fmt: skip


def size(register: Register, folder: Path | None) -> int:
    """Bytes on disk."""
    if folder is not None:
        return sum(one.stat().st_size for one in folder.rglob("*") if one.is_file())
    with register._session.database.reading() as connection:
        asked = connection.exec_driver_sql("SELECT pg_database_size(current_database())")
        return int(asked.scalar_one())


def facts(register: Register, folder: Path | None, people: int) -> dict[str, Any]:
    """How large it is, and the machine of that moment."""
    stored = size(register, folder)
    return {
        "people": people, "bytes_on_disk": stored, "bytes_a_person": round(stored / people),
        "peak_memory_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        "machine": f"{platform.machine()}, {os.cpu_count()} processors",
        "load_average": os.getloadavg()[0], "date": date.today().isoformat(),
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--people", type=int, nargs="+", default=[100_000])
    parser.add_argument("--store", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--asked", type=int, default=1000, help="how often each question is asked")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--again", action="store_true", help="synchronise a second time")
    wanted = parser.parse_args()
    with ExitStack() as stack:
        folder: Path | None = None
        if wanted.store == "sqlite":
            new = stack.enter_context(tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")))
            folder = Path(new) / "register"
            where = str(folder)
        else:
            where = stack.enter_context(server()).database("benchmark")
        register = stack.enter_context(Register.open(where, create=True, keys=KEYS))
        made, there = Made(wanted.seed), 0
        for people in sorted(wanted.people):
            result = {"store": wanted.store, "load": load(register, made, people - there)}
            result.update(facts(register, folder, there := people))
            print(json.dumps(result), file=sys.stderr, flush=True)
            result["answers"] = answers(register, list(made.asked), wanted.asked)
            if wanted.again and people == max(wanted.people):
                result["again"] = load(register, Made(wanted.seed), people)
            print(json.dumps(result, indent=None if len(wanted.people) > 1 else 2), flush=True)


if __name__ == "__main__":
    main()
