"""The gallery that belongs to a register: opened on use, shared by the threads of a process."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from civid.errors import GalleryError, RegisterError, RegisterFormatError
from civid.position import Position
from civid.search import Gallery
from civid.search.arrays.encoding import EncodedFingers, decode
from civid.search.fingers import Fingers, encoded
from civid.search.segments.keys import KeyProvider
from civid.search.store.files.commit_counter import CREATING
from civid.search.store.files.folder import generation
from civid.search.store.files.held import HeldFolder

FOLDER = "gallery"


class GalleryLink:
    """Where the prints are, or that there are none.

    Parameters
    ----------
    path : Path or None
        Folder of the gallery; None = this register has no prints.
    keys : KeyProvider or None
        Keys of the gallery.
    read_only : bool
        As `civid.Gallery.open` has it.
    """

    def __init__(self, path: Path | None, keys: KeyProvider | None, read_only: bool = False):
        self.path = path
        self.keys = keys
        self._read_only = read_only
        self._lock = threading.Lock()
        self._changing = threading.Lock()
        self._gallery: Gallery | None = None
        self._closed = False

    @property
    def gallery(self) -> Gallery:
        """The open gallery.

        Raises
        ------
        RegisterFormatError
            The register was opened without one.
        GalleryError
            As `civid.Gallery.open`.
        """
        with self._lock:
            if self._closed:
                raise RegisterError("the register is closed")
            if self.path is None:
                raise RegisterFormatError(
                    "this register was opened without its gallery: give the folder of the prints"
                    " (gallery=PATH, --gallery FOLDER)"
                )
            if self._gallery is None:
                self._gallery = Gallery.open(
                    self.path, keys=self.keys, timeout=30, read_only=self._read_only
                )
            return self._gallery

    def beside(self, name: str) -> GalleryLink:
        """Another gallery next to this one, under the same keys; close it yourself.

        Raises
        ------
        RegisterFormatError
            The register was opened without a gallery.
        """
        if self.path is None:
            raise RegisterFormatError(
                "this register was opened without a gallery: give gallery=PATH"
            )
        return GalleryLink(self.path.parent / name, self.keys, self._read_only)

    @contextmanager
    def changing(self) -> Iterator[Gallery]:
        """The gallery, for one thread of this process at a time; other processes are kept out by
        the gallery's own lock."""
        gallery = self.gallery
        with self._changing:
            gallery.refresh()
            yield gallery

    @contextmanager
    def looking(self) -> Iterator[Gallery]:
        """The gallery to read from, even while another process writes to it."""
        with self._lock:
            mine = self._gallery
        if mine is not None or self.path is None:
            gallery = self.gallery
            gallery.refresh()
            yield gallery
            return
        with Gallery.open(self.path, keys=self.keys, read_only=True) as reader:
            yield reader

    @property
    def exists(self) -> bool:
        """Whether there is one: it is made with the first prints.

        One whose making was cut short is none yet: the next who writes makes it anew.
        """
        if self.path is None or not self.path.is_dir() or not any(self.path.iterdir()):
            return False
        try:
            folder = HeldFolder(self.path)
            try:
                return generation(folder) != CREATING
            finally:
                folder.close()
        except (GalleryError, OSError):  # damaged: whoever opens it is told
            return True

    def close(self) -> None:
        """Close it, if it was opened."""
        with self._lock:
            self._closed = True
            if self._gallery is not None:
                self._gallery.close()
                self._gallery = None


def pack(fingers: Fingers | EncodedFingers) -> bytes:
    """A set of fingers as bytes: count, then position, length and encoded template of each."""
    found = fingers if isinstance(fingers, tuple) else encoded(fingers)  # type: ignore[arg-type]
    parts = [bytes((len(found),))]
    for position, data in found:
        parts += [bytes((position,)), len(data).to_bytes(2, "big"), data]
    return b"".join(parts)


def unpack(data: bytes) -> Fingers:
    """The fingers of `pack`."""
    found: dict[Position, object] = {}
    at = 1
    for _ in range(data[0]):
        size = int.from_bytes(data[at + 1 : at + 3], "big")
        found[Position(data[at])] = decode(data[at + 3 : at + 3 + size])
        at += 3 + size
    return found  # type: ignore[return-value]


def digest(packed: bytes) -> bytes:
    """What tells whether the gallery holds the same prints."""
    return hashlib.sha256(packed).digest()
