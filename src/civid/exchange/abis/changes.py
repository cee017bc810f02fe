"""What can be changed in an `Abis`."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any, Final

from civid.errors import FieldError, SubjectExistsError, SubjectNotFoundError
from civid.exchange.abis.changing import Change, Changing, Prints
from civid.exchange.abis.rows import Row, Said
from civid.search.fingers import finger_set


class _Kept:
    def __repr__(self) -> str:
        return "KEPT"


#: As it is.
KEPT: Final = _Kept()


class AbisChanges:
    """The changing half of `Abis`."""

    _parts: Changing
    _threads: int | None

    def insert(
        self,
        person: str,
        fingers: Prints,
        *,
        encounter: str | None = None,
        kind: str = "",
        galleries: Iterable[str] = (),
        active: bool = True,
        document: Mapping[str, Any] | None = None,
    ) -> str:
        """Add an encounter, of a new person or of one who is there; nobody is looked for.

        Parameters
        ----------
        person : str
            1 to 128 characters without control characters.
        fingers : mapping of Position to Template
            May be empty.
        encounter : str, optional
            Its id; a new one is drawn unless given, and then the person must be new.
        kind, galleries, active, document
            See `Encounter`. The document must be what JSON can hold, at most 1 MiB of it.

        Returns
        -------
        str
            The encounter's id.

        Raises
        ------
        SubjectExistsError
            The encounter, or the person, is there already; nothing was changed.
        SubjectIdError, TemplateError, FieldError
            Something cannot be stored; nothing was changed.
        GalleryStorageError
            The disk is full or cannot be written; nothing was changed.
        """
        prints = _checked(fingers)
        name = str(uuid.uuid4()) if encounter is None else encounter
        said = Said(name, kind, _names(galleries), {} if document is None else document)
        said.checked()
        with self._parts.transaction() as change:
            rows = change.rows
            owner = rows.person_id(person)
            if owner is None:
                owner = rows.add_person(person)
            elif encounter is None or rows.encounters(owner, encounter):
                what = "person" if encounter is None else "encounter"
                raise SubjectExistsError(f"this {what} is there already", subject_id=person)
            rows.add_encounter(owner, said, change.enter(prints), bool(active))
        return name

    def update(
        self,
        person: str,
        encounter: str,
        *,
        fingers: Prints | _Kept = KEPT,
        kind: str | _Kept = KEPT,
        galleries: Iterable[str] | _Kept = KEPT,
        active: bool | _Kept = KEPT,
        document: Mapping[str, Any] | _Kept = KEPT,
    ) -> None:
        """Change an encounter; what is not given stays as it is.

        Raises
        ------
        SubjectNotFoundError
            There is no such one.
        SubjectIdError, TemplateError, FieldError, GalleryStorageError
            As for `insert`; nothing was changed.
        """
        prints = KEPT if isinstance(fingers, _Kept) else _checked(fingers)
        with self._parts.transaction() as change:
            row = self._row(change, person, encounter)
            said = Said(
                row.encounter,
                row.kind if isinstance(kind, _Kept) else kind,
                row.galleries if isinstance(galleries, _Kept) else _names(galleries),
                row.document if isinstance(document, _Kept) else document,
            )
            said.checked()
            subject = row.subject
            if not isinstance(prints, _Kept):
                change.leave(subject)
                subject = change.enter(prints)
            state = row.active if isinstance(active, _Kept) else bool(active)
            change.rows.change_encounter(row.id, row.person_id, said, subject, state)

    def delete(self, person: str, encounter: str | None = None) -> None:
        """Remove an encounter, or all of a person; with the last one the person is gone.

        Raises
        ------
        SubjectNotFoundError
            There is no such one.
        """
        with self._parts.transaction() as change:
            owner = self._person(change, person)
            found = change.rows.encounters(owner, encounter)
            if encounter is not None and not found:
                raise SubjectNotFoundError("no such encounter of this person")
            for row in found:
                change.leave(row.subject)
                change.rows.remove_encounter(row.id)
            if change.rows.is_bare(owner):
                change.rows.remove_person(owner)

    def merge(self, target: str, source: str) -> None:
        """Give all encounters of `source` to `target`; `source` is gone.

        Raises
        ------
        SubjectNotFoundError
            One of them is not there.
        SubjectExistsError
            An encounter of both has the same id, or both are one; nothing was changed.
        """
        with self._parts.transaction() as change:
            receiver, giver = self._person(change, target), self._person(change, source)
            for row in change.rows.encounters(giver):
                self._give(change, row, receiver)
            change.rows.remove_person(giver)

    def move(self, encounter: str, source: str, target: str) -> None:
        """Give an encounter of `source` to `target`; with the last one `source` is gone.

        Raises
        ------
        SubjectNotFoundError
            The encounter or one of the people is not there.
        SubjectExistsError
            `target` has an encounter of this id; nothing was changed.
        """
        with self._parts.transaction() as change:
            row, receiver = self._row(change, source, encounter), self._person(change, target)
            self._give(change, row, receiver)
            if change.rows.is_bare(row.person_id):
                change.rows.remove_person(row.person_id)

    @staticmethod
    def _give(change: Change, row: Row, receiver: int) -> None:
        if receiver == row.person_id or change.rows.encounters(receiver, row.encounter):
            raise SubjectExistsError("the person has an encounter of this id already")
        said = Said(row.encounter, row.kind, row.galleries, row.document)
        change.rows.change_encounter(row.id, receiver, said, row.subject, row.active)

    @staticmethod
    def _person(change: Change, person: str) -> int:
        found = change.rows.person_id(person)
        if found is None:
            raise SubjectNotFoundError("no such person")
        return found

    def _row(self, change: Change, person: str, encounter: str) -> Row:
        found = change.rows.encounters(self._person(change, person), encounter)
        if not found:
            raise SubjectNotFoundError("no such encounter of this person")
        return found[0]


def _checked(fingers: Prints) -> Prints:
    """A set of fingers, or none at all."""
    return dict(finger_set(fingers)) if fingers or not isinstance(fingers, Mapping) else {}


def _names(galleries: Iterable[str]) -> tuple[str, ...]:
    if isinstance(galleries, str):  # its letters would be galleries
        raise FieldError("galleries", "must be several names, not one text")
    return tuple(galleries)
