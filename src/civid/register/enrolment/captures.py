"""Captures of a dossier as rows: sealed images, and notes; inside a transaction."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from civid.errors import ChangedMeanwhileError
from civid.register.enrolment.choice import Attempt
from civid.register.enrolment.frames import FRAMES, Frame
from civid.register.enrolment.prints_taken import Print, notes, notes_text, pack, unpack
from civid.register.session import Work
from civid.register.store.identity_tables import captures
from civid.register.vault import Purpose

_TABLE = "captures"
#: What else is captured, beside frames of prints.
PORTRAIT, RECEIPT, SIGNATURE = "portrait", "receipt", "signature"
_PLACES = {
    name: place
    for place, name in enumerate([*(frame.name for frame in FRAMES), PORTRAIT, RECEIPT, SIGNATURE])
}
#: More than anybody captures a frame; keeps the places of sealed records apart.
_MOST = 1000


def attempts(work: Work, dossier: bytes) -> tuple[Attempt, ...]:
    """Every capture of prints so far, without its images."""
    rows = work.connection.execute(
        select(captures.c.frame, captures.c.attempt, captures.c.kept, captures.c.reasons)
        .where(captures.c.dossier == dossier, captures.c.frame.not_in(list(_PLACES)[len(FRAMES) :]))
        .order_by(captures.c.frame, captures.c.attempt)
    )
    return tuple(
        Attempt(row.frame, row.attempt, bool(row.kept), notes(row.reasons)) for row in rows
    )


def keep_frame(
    work: Work, dossier: bytes, frame: Frame, prints: Sequence[Print],
    before: Sequence[Attempt], missing: Sequence[int],
) -> Attempt:  # fmt: skip
    """Keep a capture: with its images if it is the best so far, else what was wrong with it."""
    text = notes_text(prints)
    own = [one for one in before if one.frame == frame.name]
    made = Attempt(frame.name, len(own) + 1, True, notes(text))
    kept = next((one for one in own if one.kept), None)
    if kept is not None and kept.quality(missing) >= made.quality(missing):
        made = Attempt(made.frame, made.number, False, made.notes)
    if made.kept:
        let_go(work, dossier, frame.name)
    quality = made.quality(missing)
    _write(
        work, dossier, frame.name, made.number, pack(prints) if made.kept else b"", made.kept,
        quality, text,
    )  # fmt: skip
    return made


def keep(work: Work, dossier: bytes, name: str, data: bytes) -> int:
    """Keep a portrait, receipt or signature; the one before loses its bytes."""
    last = work.connection.execute(
        select(captures.c.attempt)
        .where(captures.c.dossier == dossier, captures.c.frame == name)
        .order_by(captures.c.attempt.desc())
        .limit(1)
    ).scalar_one_or_none()
    let_go(work, dossier, name)
    _write(work, dossier, name, (last or 0) + 1, data, True, None, "")
    return (last or 0) + 1


def let_go(work: Work, dossier: bytes, name: str) -> None:
    """Empty what is kept of a frame: data that are not needed are not kept."""
    rows = work.connection.execute(
        select(captures.c.attempt).where(
            captures.c.dossier == dossier, captures.c.frame == name, captures.c.kept == 1
        )
    ).scalars()
    for number in rows.all():
        key, sealed = _seal(work, dossier, name, number, b"")
        work.connection.execute(
            update(captures)
            .where(
                captures.c.dossier == dossier, captures.c.frame == name,
                captures.c.attempt == number,
            )
            .values(kept=0, key=key, sealed=sealed)
        )  # fmt: skip


def prints(work: Work, dossier: bytes) -> dict[str, tuple[Print, ...]]:
    """The prints that are kept, by frame."""
    rows = work.connection.execute(
        select(captures).where(
            captures.c.dossier == dossier, captures.c.kept == 1,
            captures.c.frame.in_([frame.name for frame in FRAMES]),
        )
    )  # fmt: skip
    return {
        row.frame: unpack(
            work.vault.open(row.key, row.sealed, _TABLE, dossier, place(row.frame, row.attempt))
        )
        for row in rows
    }


def kept(work: Work, dossier: bytes, name: str) -> bytes | None:
    """A portrait, receipt or signature; None = there is none."""
    row = work.connection.execute(
        select(captures).where(
            captures.c.dossier == dossier, captures.c.frame == name, captures.c.kept == 1
        )
    ).one_or_none()
    if row is None:
        return None
    return work.vault.open(row.key, row.sealed, _TABLE, dossier, place(name, row.attempt))


def _write(
    work: Work, dossier: bytes, name: str, number: int, data: bytes, keeps: bool,
    quality: int | None, text: str,
) -> None:  # fmt: skip
    if number >= _MOST:
        raise ChangedMeanwhileError("too many captures of one frame")
    key, sealed = _seal(work, dossier, name, number, data)
    try:
        work.connection.execute(
            insert(captures).values(
                dossier=dossier, frame=name, attempt=number, at=work.now, quality=quality,
                reasons=text, kept=int(keeps), key=key, sealed=sealed,
            )
        )  # fmt: skip
    except IntegrityError:
        raise ChangedMeanwhileError("another station captured the same frame") from None


def _seal(work: Work, dossier: bytes, name: str, number: int, data: bytes) -> tuple[int, bytes]:
    return work.vault.seal(data, _TABLE, dossier, place(name, number), purpose=Purpose.PRINTS)


def place(name: str, number: int) -> int:
    """Where a capture is sealed, for `civid.register.vault`: frame and attempt."""
    return _PLACES[name] * _MOST + number
