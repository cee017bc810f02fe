"""Sharing: how fast questions are answered, and how long a year of answers takes to verify.

    python benchmarks/exchange/sharing.py --answers 1000 --entries 1000000

People are put into a new, encrypted register in a folder, and a partner asks about them: a match by
number, name and birth, and two predicates; each answer waits for the disk and has its entry in the
log. Then entries as these answers write them, one a second or so, are added to the log up to a
year's number (in bulk: what an answer costs was measured before), with the chain and the index of
whom they are about; the whole log is verified, and again after one character of one entry in the
middle was changed.
"""

from __future__ import annotations

import argparse
import json
import platform
import random
import resource
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from sqlalchemy import insert, select, update

from civid.exchange.sharing import Allow, Grant, Limit, Predicate, Question, Sharing, Subject
from civid.people.citizen import Source, claim
from civid.register import Register
from civid.register.audit.entry import Entry, chained
from civid.register.ids import from_text
from civid.register.store.audit_tables import audit, audit_head, audit_subjects
from civid.search.segments.keys import StaticKeyProvider

PEOPLE = 200
BATCH = 20_000
DAY = date(2001, 3, 12)


def filled(folder: str) -> tuple[Register, list[str]]:
    """A register of some people, and a grant."""
    keys = StaticKeyProvider({"2026": random.randbytes(32)})
    register = Register.open(folder, create=True, keys=keys)
    people = []
    for which in range(PEOPLE):
        said = {"name": f"Nguyễn Thị {chr(65 + which % 26)}", "birth": "05/03/2001",
                "number": f"046301{which:06d}"}  # fmt: skip
        claims = [claim(name, text, Source.CIVIL_STATUS, DAY) for name, text in said.items()]
        people.append(register.people.add(claims, unit="46").reference)
    Sharing(register).grants.add(
        Grant(
            "bhxh", "bhyt.cap-the", "26/2023/QH15", "Luật Căn cước 2023, điều 10",
            (Allow.of("birth:over_age:18"), Allow.of("death:is_alive")),
            match=("name", "birth"), starts=date(2000, 1, 1), ends=date(2099, 1, 1),
            limits=(Limit.of("partner/day=1000000"), Limit.of("person/day=1000000")),
            two_person=False,
        )
    )  # fmt: skip
    return register, people


def question(which: int) -> Question:
    """One of the partner's."""
    person = which % PEOPLE
    return Question(
        f"r-{which}", "bhxh", "bhyt.cap-the", "1.004.222", "BHXH/46", f"cb-{which % 40}",
        Subject(number=f"046301{person:06d}"),
        given={"name": f"Nguyễn Thị {chr(65 + person % 26)}", "birth": "05/03/2001"},
        predicates=(Predicate.of("birth over_age 18"), Predicate.of("death is_alive")),
    )  # fmt: skip


def answer(register: Register, count: int) -> dict[str, float]:
    """Ask so many questions, one after the other."""
    sharing, took = Sharing(register), []
    for which in range(count):
        start = time.perf_counter()
        sharing.ask(question(which))
        took.append(time.perf_counter() - start)
    took.sort()
    return {
        "answers_per_second": round(count / sum(took)),
        "p50_ms": round(1000 * took[len(took) // 2], 2),
        "p99_ms": round(1000 * took[int(len(took) * 0.99)], 2),
    }


def add_entries(register: Register, people: list[str], total: int) -> None:
    """More entries like the last one, up to so many, chained as the log chains them."""
    key = register._session.vault.audit_key()
    last = register.audit.entries(after=register.audit.verify().entries - 1, limit=1)[0]
    like = next(
        one for one in reversed(register.audit.entries(limit=1000)) if one.operation == "share.ask"
    )
    with register._session.database.reading() as connection:
        end = connection.execute(select(audit_head)).one()
    seq, at, digest = end.seq, max(end.at, last.at), bytes(end.hash)
    choose = random.Random(14)
    while seq < total:
        rows, marks = [], []
        for _ in range(min(BATCH, total - seq)):
            seq, at = seq + 1, at + 31_536_000_000_000 // total
            who = choose.choice(people)
            text = Entry(
                seq, at, like.actor, like.unit, like.station, like.purpose, like.operation,
                like.outcome, (who,), like.detail,
            ).canonical()  # fmt: skip
            digest = chained(digest, text, key)
            rows.append({"seq": seq, "entry": text, "hash": digest})
            marks.append({"person": from_text(who), "seq": seq})

        def write(connection, rows=rows, marks=marks, end=(seq, at, digest)):  # type: ignore[no-untyped-def]
            connection.execute(insert(audit), rows)
            connection.execute(insert(audit_subjects), marks)
            connection.execute(update(audit_head).values(seq=end[0], at=end[1], hash=end[2]))

        register._session.database.write(write)


def tamper(register: Register, seq: int) -> None:
    """Change one character of one entry."""

    def write(connection) -> None:  # type: ignore[no-untyped-def]
        text = connection.execute(select(audit.c.entry).where(audit.c.seq == seq)).scalar_one()
        connection.execute(
            update(audit).where(audit.c.seq == seq).values(entry=text.replace("cb-", "cx-"))
        )

    register._session.database.write(write)


def main() -> None:
    """Measure, and print one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--answers", type=int, default=1000)
    parser.add_argument("--entries", type=int, default=1_000_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        register, people = filled(folder)
        with register:
            found: dict[str, object] = {"machine": platform.processor() or platform.machine()}
            found |= answer(register, given.answers)
            add_entries(register, people, given.entries)
            start, cpu = time.perf_counter(), time.process_time()
            report = register.audit.verify()
            found["entries"] = report.entries
            found["verify_seconds"] = round(time.perf_counter() - start, 1)
            found["verify_cpu_seconds"] = round(time.process_time() - cpu, 1)
            found["whole"] = report.whole
            size = sum(one.stat().st_size for one in Path(folder).glob("register.sqlite3*"))
            found["megabytes"] = round(size / 1e6)
            start = time.perf_counter()
            told = Sharing(register).seen_by(people[0])
            found["seen_by"] = {
                "entries": len(told), "ms": round(1000 * (time.perf_counter() - start)),
            }  # fmt: skip
            tamper(register, report.entries // 2)
            found["tampered_whole"] = register.audit.verify().whole
    found["peak_megabytes"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    json.dump(found, sys.stdout)
    print()


if __name__ == "__main__":
    main()
