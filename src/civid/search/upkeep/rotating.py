"""A new key for a gallery: first safe in its file, then used for everything."""

from __future__ import annotations

import base64
import os
import secrets
import time
from dataclasses import dataclass
from pathlib import Path

from civid.errors import GalleryError, GalleryKeyError, GalleryStorageError
from civid.private_files import replacing
from civid.search.arrays.slices import Progress
from civid.search.gallery import Gallery
from civid.search.segments.keys import KEY, MAX_KEY_ID, StaticKeyProvider
from civid.search.store.sqlite_store import SqliteStore


@dataclass(frozen=True, slots=True)
class Rotation:
    """What `rotate` did.

    Parameters
    ----------
    key : str
        The name of the key that everything is encrypted with now.
    made : bool
        Was it made just now? Otherwise the call finished what an earlier one had begun.
    old : tuple of str
        Names of the other keys in the file: this gallery needs them no more, backups may.
    """

    key: str
    made: bool
    old: tuple[str, ...]


def rotate(
    folder: str | os.PathLike[str],
    key_file: str | os.PathLike[str],
    *,
    name: str | None = None,
    timeout: float = 5.0,
    on_progress: Progress | None = None,
) -> Rotation:
    """Encrypt a gallery with a new key.

    The key is drawn at random, added to the file of keys as its last line, and flushed, before
    anything is written with it. Then the gallery is written anew, segment by segment. Killed at any
    time nothing is lost, and the next call goes on with the key that is there: a new one is made
    only when everything is encrypted with the last one of the file.

    Parameters
    ----------
    folder : path
        An encrypted gallery that nobody has open to write: another writer would go on with the key
        that it knows.
    key_file : path
        The file of its keys (`StaticKeyProvider.from_file`).
    name : str, optional
        Of the new key; the day, unless given: ``2026-11-29``.
    timeout : float
        Seconds to wait for a writer.
    on_progress : callable
        Called with (done, total) subjects of each segment.

    Raises
    ------
    GalleryKeyError
        The file holds no keys, or not those of the gallery; or it has a key of that name.
    GalleryError
        The gallery is not encrypted.
    GalleryLockedError
        Somebody has it open to write.
    GalleryStorageError
        The disk is full, or a file cannot be written; nothing is lost.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "centre.keys"
    ...     file.touch(0o600)
    ...     _ = file.write_text("2026:" + "A" * 43 + "=")
    ...     Gallery.open(f"{folder}/centre", keys=StaticKeyProvider.from_file(file)).close()
    ...     rotate(f"{folder}/centre", file, name="2027")
    Rotation(key='2027', made=True, old=('2026',))
    """
    path = Path(os.path.realpath(key_file))  # a link stays one, and what it points to is written
    keys = StaticKeyProvider.from_file(path)
    made = False
    with _opened(folder, keys, timeout) as gallery:
        if not gallery.describe().encrypted:
            raise GalleryError("the gallery is not encrypted: encrypt it first")
        store = gallery._store
        if isinstance(store, SqliteStore) and not store.outdated():
            keys, made = _with_another(path, keys, name), True
    with _opened(folder, keys, timeout) as gallery:
        gallery.compact(purge=True, on_progress=on_progress)
    current = keys.current()
    return Rotation(current, made, tuple(one for one in keys.names() if one != current))


def _opened(folder: str | os.PathLike[str], keys: StaticKeyProvider, timeout: float) -> Gallery:
    return Gallery.open(folder, create=False, keys=keys, timeout=timeout, background=False)


def _with_another(path: Path, keys: StaticKeyProvider, name: str | None) -> StaticKeyProvider:
    """Add a key to the file; -> its keys, when they are on the disk."""
    if name is None:
        name = day = time.strftime("%Y-%m-%d")
        number = 1
        while name in keys.names():
            number += 1
            name = f"{day}.{number}"
    if name in keys.names():
        raise GalleryKeyError("the file has a key of this name already")
    if (
        not name
        or not name.isprintable()
        or len(name.encode()) > MAX_KEY_ID
        or set(name) & set(" :\t")
    ):
        raise GalleryKeyError(
            f"the name of a key has 1 to {MAX_KEY_ID} bytes, no blanks and no colon"
        )
    line = f"{name}:{base64.b64encode(secrets.token_bytes(KEY)).decode()}\n"
    try:
        before = path.read_text(encoding="utf-8")
        mode = path.stat().st_mode & 0o777
        with replacing(path, "w", encoding="utf-8") as file:
            file.write(before if before.endswith("\n") or not before else f"{before}\n")
            file.write(line)
            Path(file.name).chmod(mode)
    except OSError as error:
        raise GalleryStorageError(
            f"the file of keys cannot be written: {error.strerror}"
        ) from error
    return StaticKeyProvider.from_file(path)
