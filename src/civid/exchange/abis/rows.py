"""Rows of a ledger <-> what they say. No transaction begins or ends here."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from civid.errors import FieldError, GalleryDamagedError
from civid.exchange.abis.people import AT_ONCE, People
from civid.exchange.abis.seals import folded
from civid.search.fingers import subject_id

#: Bytes of JSON of what is sent along with the fingers of an encounter.
MAX_DOCUMENT = 1 << 20
#: Galleries that one encounter may belong to.
MAX_GALLERIES = 100
_COLUMNS = "e.id, e.person, e.token, e.subject, e.active, e.sealed, p.token, p.sealed"


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
        once = {folded(subject_id(name)): name for name in reversed(self.galleries)}
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


class Rows(People):
    """A connection, and the seals that its rows are read with."""

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
        for start in range(0, len(wanted), AT_ONCE):
            some = wanted[start : start + AT_ONCE]
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


def _about(number: int, person: int, token: object, subject: object, active: object) -> bytes:
    """What is authenticated with an encounter: whose it is, and which prints are its."""
    if not isinstance(token, bytes) or not isinstance(subject, str | None):
        raise GalleryDamagedError("a row of the ledger is damaged")
    numbers = number.to_bytes(8, "little") + person.to_bytes(8, "little")
    state = b"\1" if active else b"\0"
    return b"encounters\0" + numbers + state + token + (subject or "").encode()
