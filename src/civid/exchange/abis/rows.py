"""Rows of a ledger <-> what they say. No transaction begins or ends here."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from civid.errors import FieldError, GalleryDamagedError
from civid.exchange.abis.seals import Seals
from civid.search.fingers import subject_id

#: Bytes of JSON of what is sent along with the fingers of an encounter.
MAX_DOCUMENT = 1 << 20
#: Galleries that one encounter may belong to.
MAX_GALLERIES = 100
_COLUMNS = "e.id, e.person, e.token, e.subject, e.active, e.sealed, p.token, p.sealed"
#: Variables of one statement.
_AT_ONCE = 500


@dataclass(frozen=True, slots=True, repr=False)
class Row:
    """An encounter as the ledger has it."""

    id: int
    person_id: int
    subject: str | None
    active: bool
    person: str
    encounter: str
    kind: str
    galleries: tuple[str, ...]
    document: Mapping[str, Any]


@dataclass(frozen=True, slots=True, repr=False)
class Said:
    """What is sealed of an encounter."""

    encounter: str
    kind: str
    galleries: tuple[str, ...]
    document: Mapping[str, Any]

    def checked(self) -> tuple[Said, bytes]:
        """Without galleries named twice, and as bytes.

        Raises
        ------
        SubjectIdError
            An id or the name of a gallery cannot be one.
        FieldError
            The document is no JSON object, or anything is too large.
        """
        subject_id(self.encounter)
        if not isinstance(self.kind, str) or len(self.kind) > 128:
            raise FieldError("kind", "must be a text of at most 128 characters")
        if len(self.galleries) > MAX_GALLERIES:
            raise FieldError("galleries", f"must be at most {MAX_GALLERIES} names")
        once = {subject_id(name).casefold(): name for name in reversed(self.galleries)}
        galleries = tuple(reversed(once.values()))
        if not isinstance(self.document, Mapping):
            raise FieldError("document", "must be a mapping")
        said = Said(self.encounter, self.kind, galleries, dict(self.document))
        try:
            data = json.dumps(
                [said.encounter, said.kind, said.galleries, said.document], allow_nan=False
            ).encode()
        except (TypeError, ValueError, RecursionError):
            raise FieldError("document", "cannot be written as JSON") from None
        if len(data) > MAX_DOCUMENT:
            raise FieldError("document", f"more than {MAX_DOCUMENT} bytes of JSON")
        return said, data


class Rows:
    """A connection, and the seals that its rows are read with."""

    def __init__(self, db: sqlite3.Connection, seals: Seals):
        self.db, self.seals = db, seals

    # ---- people

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

    # ---- encounters

    def encounters(self, person: int, encounter: str | None = None) -> list[Row]:
        """All of a person, by age, or the one of this id."""
        where, values = "e.person = ?", [person]
        if encounter is not None:
            where += " AND e.token = ?"
            values.append(self.seals.token("encounter", subject_id(encounter)))  # type: ignore[arg-type]
        return list(self._rows(where, values))

    def of_subjects(self, subjects: Iterable[str]) -> dict[str, Row]:
        """The encounters of subjects of the gallery, as far as the ledger knows them."""
        found: dict[str, Row] = {}
        wanted = list(subjects)
        for start in range(0, len(wanted), _AT_ONCE):
            some = wanted[start : start + _AT_ONCE]
            marks = ", ".join("?" * len(some))
            for row in self._rows(f"e.subject IN ({marks})", some):
                assert row.subject is not None
                found[row.subject] = row
        return found

    def listed(self, gallery: str | None, offset: int, limit: int) -> tuple[tuple[str, str], ...]:
        """Person and encounter, by age."""
        which, values = "SELECT id FROM encounters ORDER BY id", []
        if gallery is not None:
            which = (
                "SELECT m.encounter FROM members m JOIN galleries g ON g.id = m.gallery"
                " WHERE g.token = ? ORDER BY m.encounter"
            )
            values = [self.seals.token("gallery", subject_id(gallery))]
        found = self._rows(f"e.id IN ({which} LIMIT ? OFFSET ?)", [*values, limit, offset])
        return tuple((row.person, row.encounter) for row in found)

    def _rows(self, where: str, values: list[Any]) -> Iterator[Row]:
        found = self.db.execute(
            f"SELECT {_COLUMNS} FROM encounters e JOIN people p ON p.id = e.person"
            f" WHERE {where} ORDER BY e.id",
            values,
        )
        for number, person, token, subject, active, sealed, owner, name in found.fetchall():
            data = self.seals.open(sealed, _about(number, person, token, subject, active))
            try:
                encounter, kind, galleries, document = json.loads(data)
            except (ValueError, TypeError):
                raise GalleryDamagedError("a row of the ledger is damaged") from None
            yield Row(
                number, person, subject, bool(active), self._name("people", owner, name),
                encounter, kind, tuple(galleries), document,
            )  # fmt: skip

    def read_all(self) -> int:
        """Open every row; -> how many encounters there are."""
        self.people(None, 0, -1)
        self.galleries()
        for token, mark, sealed in self.db.execute("SELECT token, digest, sealed FROM requests"):
            self.seals.open(sealed, b"requests\0" + token + mark)
        return sum(1 for _ in self._rows("1 = 1", []))

    def add_encounter(self, person: int, said: Said, subject: str | None, active: bool) -> None:
        """A new one."""
        said, data = said.checked()
        token = self.seals.token("encounter", said.encounter)
        done = self.db.execute(
            "INSERT INTO encounters (person, token, subject, active, sealed)"
            " VALUES (?, ?, ?, ?, x'')",
            (person, token, subject, active),
        )
        number = int(done.lastrowid or 0)
        self._write(number, said, data, _about(number, person, token, subject, active))

    def change_encounter(
        self, number: int, person: int, said: Said, subject: str | None, active: bool
    ) -> None:
        """Write it anew, perhaps as somebody else's."""
        said, data = said.checked()
        token = self.seals.token("encounter", said.encounter)
        self.db.execute(
            "UPDATE encounters SET person = ?, subject = ?, active = ? WHERE id = ?",
            (person, subject, active, number),
        )
        self._write(number, said, data, _about(number, person, token, subject, active))

    def _write(self, number: int, said: Said, data: bytes, about: bytes) -> None:
        sealed = self.seals.seal(data, about)
        self.db.execute("UPDATE encounters SET sealed = ? WHERE id = ?", (sealed, number))
        self.db.execute("DELETE FROM members WHERE encounter = ?", (number,))
        for name in said.galleries:
            self.db.execute(
                "INSERT INTO members (gallery, encounter) VALUES (?, ?)",
                (self._gallery(name), number),
            )

    def remove_encounter(self, number: int) -> None:
        """Forget it."""
        self.db.execute("DELETE FROM members WHERE encounter = ?", (number,))
        self.db.execute("DELETE FROM encounters WHERE id = ?", (number,))

    # ---- galleries

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
        for start in range(0, len(tokens), _AT_ONCE):
            some = tokens[start : start + _AT_ONCE]
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

    def searched(self, gallery: str | None) -> int:
        """How many encounters a search looks at."""
        if gallery is None:
            what, values = "encounters WHERE active = 1 AND subject IS NOT NULL", []
        else:
            what = (
                "members m JOIN galleries g ON g.id = m.gallery JOIN encounters e"
                " ON e.id = m.encounter WHERE g.token = ? AND e.active = 1"
                " AND e.subject IS NOT NULL"
            )
            values = [self.seals.token("gallery", subject_id(gallery))]
        return int(self.db.execute(f"SELECT count(*) FROM {what}", values).fetchone()[0])


def _about(number: int, person: int, token: object, subject: object, active: object) -> bytes:
    """What is authenticated with an encounter: whose it is, and which prints are its."""
    if not isinstance(token, bytes) or not isinstance(subject, str | None):
        raise GalleryDamagedError("a row of the ledger is damaged")
    numbers = number.to_bytes(8, "little") + person.to_bytes(8, "little")
    state = b"\1" if active else b"\0"
    return b"encounters\0" + numbers + state + token + (subject or "").encode()
