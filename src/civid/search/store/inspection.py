"""Look at a gallery as a whole: how it lies in its folder, and whether all of it is unharmed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from civid.errors import GalleryDamagedError
from civid.search.arrays.packing import INDEX_VERSION
from civid.search.store.files.folder import segment_name

if TYPE_CHECKING:
    from civid.search.store.sqlite_reader import SqliteReader

#: To read and index more subjects takes over 0.1 s; a shorter tail may be on its way to a segment.
_TAIL = 2048
#: So many subjects of two fingers are decrypted in 0.1 s.
_DECRYPTED = 100_000
#: Damages that the message of an error names.
_NAMED = 10


@dataclass(frozen=True, slots=True)
class Description:
    """What `Gallery.describe` says. In memory all that is about a folder is 0, None or empty.

    Parameters
    ----------
    subjects, fingers : int
        Enrolled; fingers that can be compared.
    method : str
        How it is searched at this size, ``"exact"``, ``"cascade"`` or ``"index"``.
    memory_bytes : int
        Of packed templates and codes, mapped ones too.
    version : int or None
        Of the format of the folder.
    disk_bytes : int
        Of all its files.
    segments, tail : int
        How many segments, and how many subjects are in none yet.
    removed : int
        Subjects that were removed, and whose bytes still lie in a segment.
    wasteful : bool
        Is it time to `compact`?
    encrypted : bool
        Is it only to be opened with keys?
    keys : tuple of (str, int)
        Names of keys, and how many segments each has encrypted; "" = those that are not encrypted.
    stale : int
        Segments that ``compact(purge=True)`` would write anew, for a removed subject in them or
        for their key.
    slow : str
        Why a reader needs more than 0.1 s of CPU to open it, and what helps; empty = it does not.
    """

    subjects: int
    fingers: int
    method: str
    memory_bytes: int
    version: int | None = None
    disk_bytes: int = 0
    segments: int = 0
    tail: int = 0
    removed: int = 0
    wasteful: bool = False
    encrypted: bool = False
    keys: tuple[tuple[str, int], ...] = ()
    stale: int = 0
    slow: str = ""


def describe(store: SqliteReader, here: Description) -> Description:
    """`here`, and how the store lies in its folder."""
    segments = store.segments()
    return replace(
        here,
        version=store.version,
        disk_bytes=store.disk_bytes(),
        segments=len(segments),
        tail=store.tail_subjects,
        removed=sum(len(part.dead) for part in segments),
        wasteful=store.wasteful,
        encrypted=store.encrypted,
        keys=tuple(sorted(Counter(part.segment.key_id for part in segments).items())),
        stale=sum(map(store.stale, segments)),
        slow=slow_to_open(store),
    )


def slow_to_open(store: SqliteReader) -> str:
    """Why a reader needs more than 0.1 s of CPU to open it; empty = it does not."""
    segments, why = store.segments(), []
    old = sum(p.segment.subjects for p in segments if p.segment.index_version != INDEX_VERSION)
    if old + store.tail_subjects > _TAIL:
        if old:
            why.append(f"{old:,} subjects were indexed by another version of civid")
        if store.tail_subjects:
            why.append(f"{store.tail_subjects:,} subjects are in no segment yet")
        return " and ".join(why) + "; what mends it: civid gallery compact"
    sealed = sum(part.segment.subjects for part in segments if part.segment.encrypted)
    return f"{sealed:,} subjects are decrypted" if sealed > _DECRYPTED else ""


def verify(store: SqliteReader, on_progress: Callable[[int, int], None] | None) -> None:
    """Check every byte; see `civid.search.Gallery.check_integrity`."""
    damages = []
    parts = store.segments()
    try:
        store.check_pages()
        parts = store.check()  # of today: a reader may have been overtaken
        with store.notes() as notes:
            if notes is not None:
                notes.check()
    except GalleryDamagedError as error:
        damages.append(str(error))
    total = sum(part.segment.subjects for part in parts) + store.tail_subjects
    done = 0
    for part in parts:
        try:
            part.segment.verify()
        except GalleryDamagedError as error:
            damages.append(f"{segment_name(part.segment.number)}: {error}")
        done += part.segment.subjects
        if on_progress is not None:
            on_progress(done, total)
    if on_progress is not None:
        on_progress(total, total)
    if damages:
        more = f"; and {len(damages) - _NAMED} more" if len(damages) > _NAMED else ""
        raise GalleryDamagedError("; ".join(damages[:_NAMED]) + more)
