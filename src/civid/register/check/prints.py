"""Register and gallery: does each hold the prints that the other says it has?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import Row, select

from civid.errors import GalleryError, RegisterDamagedError, SubjectNotFoundError
from civid.register.check.report import Findings, What
from civid.register.identity.gallery_link import digest, pack
from civid.register.ids import to_text
from civid.register.population import records
from civid.register.session import Session
from civid.register.store.sealed import pages
from civid.register.store.tables import intents, persons, prints
from civid.search import Gallery
from civid.search.fingers import encoded

_BATCH = 500


def look(session: Session, found: Findings, step: Callable[[int], None]) -> None:
    """Compare both ways. Whatever looks wrong is looked at again: somebody may be enrolling."""
    open_now = _open(session, found)
    if not session.link.exists:
        _without_gallery(session, found, step)
        return
    try:
        with session.link.looking() as gallery:
            _bytes(gallery, found)
            _forward(session, gallery, found, step, open_now)
            _backward(session, gallery, found, step)
    except GalleryError as error:
        found.add(What.GALLERY_UNREADABLE, "gallery", detail=type(error).__name__)


def _open(session: Session, found: Findings) -> set[bytes]:
    """Promises that nobody has kept; the tokens of their subjects."""
    with session.database.reading() as connection:
        rows = connection.execute(select(intents)).all()
    for row in rows:
        found.counts["intents"] += 1
        where = to_text(row.person)
        try:
            session.vault.open(row.key, row.sealed, "intents", bytes(row.id))
        except RegisterDamagedError:
            found.add(What.UNREADABLE_INTENT, where)
        else:
            found.add(What.OPEN_INTENT, where)
    return {bytes(row.subject) for row in rows}


def _bytes(gallery: Gallery, found: Findings) -> None:
    try:
        gallery.check_integrity()
    except GalleryError as error:
        found.add(What.GALLERY_UNREADABLE, "gallery", detail=type(error).__name__)


def _without_gallery(session: Session, found: Findings, step: Callable[[int], None]) -> None:
    if session.link.path is None:
        found.skipped.append("prints: the register was opened without a gallery")
        return
    for _, rows in pages(session.database.reading, prints, _BATCH):
        for row in rows:
            found.counts["prints"] += 1
            found.add(What.PRINTS_MISSING, to_text(row.person))
        step(len(rows))


def _forward(
    session: Session, gallery: Gallery, found: Findings, step: Callable[[int], None],
    open_now: set[bytes],
) -> None:  # fmt: skip
    doubtful: list[bytes] = []
    for connection, rows in pages(session.database.reading, prints, _BATCH):
        ids = [bytes(row.person) for row in rows]
        alive = set(map(bytes, connection.execute(
            select(persons.c.id).where(persons.c.id.in_(ids), persons.c.state != records.ERASED)
        ).scalars()))  # fmt: skip
        for row in rows:
            found.counts["prints"] += 1
            if bytes(row.person) not in alive:
                found.add(What.PRINTS_OF_NOBODY, to_text(row.person))
            elif bytes(row.subject) not in open_now and _wrong(session, gallery, row) is not None:
                doubtful.append(bytes(row.person))
        step(len(rows))
    for person in doubtful:
        what = _second_look(session, gallery, person)
        if what is not None:
            found.add(what, to_text(person))


def _wrong(session: Session, gallery: Gallery, row: Row[Any]) -> What | None:
    person = bytes(row.person)
    try:
        subject = session.vault.open(row.key, row.sealed, "prints", person).decode()
    except (RegisterDamagedError, UnicodeDecodeError):
        return What.UNREADABLE_MAPPING
    if session.vault.token("subject", subject) != bytes(row.subject):
        return What.UNREADABLE_MAPPING
    try:
        held = pack(encoded(gallery.get(subject)))
    except SubjectNotFoundError:
        return What.PRINTS_MISSING
    return None if digest(held) == bytes(row.digest) else What.PRINTS_DIFFER


def _second_look(session: Session, gallery: Gallery, person: bytes) -> What | None:
    gallery.refresh()
    with session.database.reading() as connection:
        row = connection.execute(select(prints).where(prints.c.person == person)).one_or_none()
        if row is None or _promised(connection, bytes(row.subject)):
            return None
    return _wrong(session, gallery, row)


def _promised(connection: Any, token: bytes) -> bool:
    query = select(intents.c.id).where(intents.c.subject == token)
    return connection.execute(query).one_or_none() is not None


def _backward(
    session: Session, gallery: Gallery, found: Findings, step: Callable[[int], None]
) -> None:
    for batch in _batches(list(gallery)):
        tokens = {session.vault.token("subject", one): one for one in batch}
        strangers = _unowned(session, list(tokens))
        if strangers:
            gallery.refresh()
            for token in _unowned(session, list(strangers)):
                if tokens[token] in gallery:
                    found.add(What.SUBJECT_OF_NOBODY, f"gallery/{tokens[token]}")
        found.counts["subjects"] += len(batch)
        step(len(batch))


def _unowned(session: Session, tokens: Sequence[bytes]) -> set[bytes]:
    with session.database.reading() as connection:
        owned = connection.execute(select(prints.c.subject).where(prints.c.subject.in_(tokens)))
        promised = connection.execute(
            select(intents.c.subject).where(intents.c.subject.in_(tokens))
        )
        return set(tokens) - set(map(bytes, owned.scalars())) - set(map(bytes, promised.scalars()))


def _batches(subjects: list[str]) -> Iterator[list[str]]:
    for at in range(0, len(subjects), _BATCH):
        yield subjects[at : at + _BATCH]
