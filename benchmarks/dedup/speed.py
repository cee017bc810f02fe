"""How fast: one enrolment, a day's dossiers together, the register against itself.

    python benchmarks/dedup/speed.py [--people N] [--dossiers N] [--together N] [--sweep]

A register in a folder, without keys, of synthetic people with synthetic prints of both index
fingers. Half of the dossiers are of people who are here (same data, another impression), half of
nobody. The gallery is compacted first: one that never was is searched without its lists. Time of
the processor stands beside the clock's: other work on the machine changes it less.
One thread, unless told. With --sweep the register is also compared with itself. With --shares it
stands beside where the time of newcomers and of the day went.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

from probes import AS_OF, FIELDS, LEFT, RIGHT, claims
from shares import Seconds, watch
from sqlalchemy import insert, select

from civid.cpu import active
from civid.dedup.batch import Sweep, check_day
from civid.dedup.decision import Deduplicator, Enrolment
from civid.lab.synthetic.templates.galleries import SyntheticGallery
from civid.people.citizen import Source
from civid.people.synthetic.households import Families, Row
from civid.register import Register
from civid.register.store.tables import persons, prints
from civid.register.vault import Purpose

Clock = tuple[float, float]


def clock() -> Clock:
    return time.perf_counter(), time.process_time()


def since(began: Clock) -> Clock:
    now = clock()
    return now[0] - began[0], now[1] - began[1]


def fill(register: Register, people: int, seed: int, made: SyntheticGallery) -> list[Row]:
    """People and their prints, past the services that take them one at a time."""
    families, rows = Families(seed, AS_OF), list[Row]()
    while len(rows) < people:
        rows += families.household()[: people - len(rows)]

    def given() -> Iterator[tuple[str, dict[str, str]]]:
        for row in rows:
            said = {name: row[column] for name, column in FIELDS.items() if row[column]}
            yield row["reference"], said

    register.bulk.synchronise(given(), source="b", unit="46", said_by=Source.CIVIL_STATUS)
    session = register._session
    with session.database.reading() as connection:
        ids = sorted(bytes(one) for one in connection.execute(select(persons.c.id)).scalars())
    subjects = [secrets.token_hex(16) for _ in ids]

    def write(connection: Any) -> None:
        values = []
        for person, subject in zip(ids, subjects, strict=True):
            key, sealed = session.vault.seal(
                subject.encode(), "prints", person, purpose=Purpose.MAPPING
            )
            values.append({
                "person": person, "subject": session.vault.token("subject", subject),
                "digest": b"", "fingers": 2, "key": key, "sealed": sealed,
            })  # fmt: skip
        connection.execute(insert(prints), values)

    session.database.write(write)
    session.link.gallery.enroll_many(
        zip(subjects, made.templates(0, len(ids)), strict=True), threads=1
    )
    session.link.gallery.compact()  # in an office that is done in the background, or at night
    return rows


def dossiers(
    register: Register, rows: list[Row], made: SyntheticGallery, count: int, seed: int
) -> list[Enrolment]:
    """Half of them of people who are here."""
    rng, fresh = Random(seed), iter(Families(seed + 1, AS_OF))
    with register._session.database.reading() as connection:
        ids = sorted(bytes(one) for one in connection.execute(select(persons.c.id)).scalars())
    at = {one.hex(): place for place, one in enumerate(ids)}
    asked = []
    while len(asked) < count:
        row = rng.choice(rows)
        if len(asked) % 2 or not row["number"]:
            subject, said = len(rows) + 10**6 + len(asked), next(fresh)[0]
            fingers = {p: made.impression(subject, p) for p in (RIGHT, LEFT)}
        else:
            subject, said = at[register.person(row["number"]).reference], row
            fingers = {p: made.impression(subject, p, 1) for p in (RIGHT, LEFT)}
        asked.append(Enrolment(claims(said), fingers))
    return asked


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--dossiers", type=int, default=60)
    parser.add_argument("--together", type=int, default=200, help="dossiers that share a pass")
    parser.add_argument("--day", type=int, default=200, help="dossiers decided together")
    parser.add_argument("--sweep", action="store_true")
    parser.add_argument("--threads", type=int, default=1, help="processors that may be used")
    parser.add_argument("--shares", action="store_true", help="where the time goes")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        mine = sorted(os.sched_getaffinity(0))[: options.threads]
        os.sched_setaffinity(0, mine)
    made = SyntheticGallery(options.seed, fingers=[RIGHT, LEFT])
    report: dict[str, Any] = {
        "people": options.people, "date": date.today().isoformat(), "isa": active(),
        "machine": f"{platform.machine()}, {options.threads} of {os.cpu_count()} processors",
    }  # fmt: skip
    with (
        tempfile.TemporaryDirectory() as folder,
        Register.open(Path(folder) / "register", create=True) as register,
    ):
        began = clock()
        rows = fill(register, options.people, options.seed, made)
        print(f"filled: {since(began)}", file=sys.stderr, flush=True)
        deduplicator = Deduplicator(register)
        asked = dossiers(register, rows, made, options.dossiers, options.seed)
        for one in asked[:2]:
            deduplicator.check(one)
        seconds = watch() if options.shares else Seconds(float)
        times: dict[str, list[Clock]] = {"here": [], "new": []}
        for place, one in sorted(enumerate(asked), key=lambda each: each[0] % 2):
            if place == 1:
                seconds.clear()  # from here on newcomers alone
            began = clock()
            deduplicator.check(one)
            times["new" if place % 2 else "here"].append(since(began))
        if options.shares:
            report["ms of the processor a newcomer"] = {
                name: 1e3 * one / len(times["new"]) for name, one in seconds.items()
            }
            seconds.clear()
        for kind, many in times.items():
            report[f"check, {kind}"] = {
                "median_ms": 1e3 * statistics.median(wall for wall, _ in many),
                "median_processor_ms": 1e3 * statistics.median(cpu for _, cpu in many),
                "fastest_ms": 1e3 * min(wall for wall, _ in many),
            }
        many = dossiers(register, rows, made, options.day, options.seed + 7)
        began = clock()
        day = check_day(deduplicator, many, together=options.together)
        wall, cpu = since(began)
        report["day"] = {
            "dossiers": len(many), "together": options.together, "seconds": wall,
            "processor_seconds": cpu, "processor_ms_a_dossier": 1e3 * cpu / len(many),
            "found": sum(bool(one.candidates) for one in day.decisions),
        }  # fmt: skip
        if options.shares:
            report["ms of the processor a dossier of the day"] = {
                name: 1e3 * one / len(many) for name, one in seconds.items()
            }
        report["load_average"] = os.getloadavg()[0]
        print(json.dumps(report), file=sys.stderr, flush=True)
        if options.sweep:
            sweep = Sweep(register, Path(folder) / "sweep")
            told: list[tuple[int, int]] = [(0, 0)]
            began = clock()
            found = sum(1 for _ in sweep.run(
                threads=options.threads, on_progress=lambda *one: told.append(one)
            ))  # fmt: skip
            wall, cpu = since(began)
            report["sweep"] = {
                "found": found, "compared": sweep.compared, "seconds": wall,
                "processor_seconds": cpu, "print_pairs": told[-1][0],
                "print_pairs_a_processor_second": told[-1][0] / cpu,
            }  # fmt: skip
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
