"""Rows of people and of galleries, and which prints are whose."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable

from civid.errors import GalleryDamagedError
from civid.exchange.abis.seals import Seals
from civid.search.fingers import subject_id

#: Variables of one statement.
AT_ONCE = 500


class People:
    """A connection, and the seals that its rows are read with."""

    def __init__(self, db: sqlite3.Connection, seals: Seals):
        self.db, self.seals = db, seals

    def person_id(self, person: str) -> int | None:
        """Number of a person; None where there is no such one."""
        token = self.seals.token("person", subject_id(person))
        found = self.db.execute("SELECT id FROM people WHERE token = ?", (token,)).fetchone()
        return None if found is None else int(found[0])

    def add_person(self, person: str) -> int:
        """A new one."""
        token = self.seals.token("person", subject_id(person))
        sealed = self.seals.seal(json.dumps(person).encode(), b"people\0" + token)
        done = self.db.execute("INSERT INTO people (token, sealed) VALUES (?, ?)", (token, sealed))
        return int(done.lastrowid or 0)

    def remove_person(self, number: int) -> None:
        """One who has no encounter any more."""
        self.db.execute("DELETE FROM people WHERE id = ?", (number,))

    def is_bare(self, number: int) -> bool:
        """Whether somebody has no encounter."""
        found = self.db.execute("SELECT 1 FROM encounters WHERE person = ? LIMIT 1", (number,))
        return found.fetchone() is None

    def people(self, gallery: str | None, offset: int, limit: int) -> tuple[str, ...]:
        """Ids, by age."""
        where, values = "", []
        if gallery is not None:
            where = (
                " WHERE EXISTS (SELECT 1 FROM encounters e JOIN members m ON m.encounter = e.id"
                " JOIN galleries g ON g.id = m.gallery WHERE e.person = p.id AND g.token = ?)"
            )
            values = [self.seals.token("gallery", subject_id(gallery))]
        found = self.db.execute(
            f"SELECT token, sealed FROM people p{where} ORDER BY id LIMIT ? OFFSET ?",
            [*values, limit, offset],
        )
        return tuple(self._name("people", token, sealed) for token, sealed in found)

    def count(self) -> int:
        """How many people."""
        return int(self.db.execute("SELECT count(*) FROM people").fetchone()[0])

    def _name(self, table: str, token: object, sealed: object) -> str:
        if not isinstance(token, bytes):
            raise GalleryDamagedError("a row of the ledger is damaged")
        try:
            return str(json.loads(self.seals.open(sealed, table.encode() + b"\0" + token)))
        except ValueError:
            raise GalleryDamagedError("a row of the ledger is damaged") from None

    def _gallery(self, name: str) -> int:
        token = self.seals.token("gallery", name)
        found = self.db.execute("SELECT id FROM galleries WHERE token = ?", (token,)).fetchone()
        if found is not None:
            return int(found[0])
        sealed = self.seals.seal(json.dumps(name).encode(), b"galleries\0" + token)
        done = self.db.execute(
            "INSERT INTO galleries (token, sealed) VALUES (?, ?)", (token, sealed)
        )
        return int(done.lastrowid or 0)

    def galleries(self) -> tuple[str, ...]:
        """Those that an encounter belongs to, by name."""
        found = self.db.execute(
            "SELECT token, sealed FROM galleries g"
            " WHERE EXISTS (SELECT 1 FROM members m WHERE m.gallery = g.id)"
        )
        return tuple(sorted(self._name("galleries", token, sealed) for token, sealed in found))

    def subjects(self, people: Iterable[str], gallery: str | None, *, all_: bool) -> set[str]:
        """Subjects of the gallery that are theirs: all, or those that a search looks at."""
        tokens = list({self.seals.token("person", subject_id(name)) for name in people})
        where, more = "", []
        if not all_:
            where = " AND e.active = 1"
        if not all_ and gallery is not None:
            where += (
                " AND EXISTS (SELECT 1 FROM members m JOIN galleries g ON g.id = m.gallery"
                " WHERE m.encounter = e.id AND g.token = ?)"
            )
            more = [self.seals.token("gallery", subject_id(gallery))]
        found: set[str] = set()
        for start in range(0, len(tokens), AT_ONCE):
            some = tokens[start : start + AT_ONCE]
            marks = ", ".join("?" * len(some))
            found.update(
                subject
                for (subject,) in self.db.execute(
                    "SELECT e.subject FROM people p JOIN encounters e ON e.person = p.id"
                    f" WHERE p.token IN ({marks}) AND e.subject IS NOT NULL{where}",
                    [*some, *more],
                )
            )
        return found

    def all_subjects(self) -> tuple[set[str], set[str], int]:
        """Those of encounters, those that the gallery has still to remove; the serial number."""
        found = self.db.execute("SELECT subject FROM encounters WHERE subject IS NOT NULL")
        kept = {one for (one,) in found}
        leaving = {one for (one,) in self.db.execute("SELECT subject FROM leaving")}
        return kept, leaving, int(self.db.execute("SELECT serial FROM about").fetchone()[0])

    def searched(self, gallery: str | None) -> int:
        """How many encounters a search looks at."""
        if gallery is None:
            # By itself SQLite takes the index of subjects, and then looks into every row.
            what = "encounters INDEXED BY searched WHERE active = 1 AND subject IS NOT NULL"
            values = []
        else:
            what = (
                "members m JOIN galleries g ON g.id = m.gallery JOIN encounters e"
                " ON e.id = m.encounter WHERE g.token = ? AND e.active = 1"
                " AND e.subject IS NOT NULL"
            )
            values = [self.seals.token("gallery", subject_id(gallery))]
        return int(self.db.execute(f"SELECT count(*) FROM {what}", values).fetchone()[0])
