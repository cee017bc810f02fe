"""The manifest of one copy in a backup: which files make it, and of what state it is.

JSON in UTF-8. `FORMAT` is the version of the backup; `digest` a BLAKE2b-256 of the document without
that field, keys sorted, no blanks. Nothing in it is secret, and nothing in it is believed: a
restored gallery is proved from its own digests.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass

from civid.errors import GalleryDamagedError
from civid.search.upkeep import documents
from civid.search.upkeep.documents import DAMAGED

FORMAT, KIND = 1, "civid_backup"
#: No manifest is longer: each segment takes some 300 bytes, and a gallery has a dozen.
MAX_SIZE = 16 << 20
_FILE = re.compile(r"[0-9a-f]{64}\.(db|seg|more)")
_NAME = re.compile(r"gallery-[0-9]{8,20}(\.[a-z0-9-]{1,40}){1,3}|gallery\.sqlite3")
_HEX = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class CopiedFile:
    """One file of a copy.

    Parameters
    ----------
    name : str
        What it is called in the gallery.
    file : str
        What it is called in the backup: by its contents.
    size : int
        Bytes.
    digest : str
        BLAKE2b-256 of all its bytes, in hexadecimal.
    root : str
        Of a segment: the root digest by which the gallery knows it.
    """

    name: str
    file: str
    size: int
    digest: str
    root: str = ""


@dataclass(frozen=True, slots=True)
class Copy:
    """A state of a gallery that a backup holds.

    Parameters
    ----------
    number : int
        Of the copy; later ones have greater numbers.
    taken : str
        When, in UTC: ``2026-11-29T23:30:12Z``.
    generation : int
        How many transactions the gallery had acknowledged, or was about to.
    subjects, fingers : int
        Enrolled in it.
    version : int
        Of the gallery's format.
    encrypted : bool
        Is it encrypted, as the gallery was?
    gallery : str
        The id of an encrypted gallery; empty for others.
    proved : bool
        Was each chunk checked when it was taken? Without its keys an encrypted gallery is copied
        and compared byte by byte, and proved when it is restored with them.
    files : tuple of CopiedFile
        The database first.
    """

    number: int
    taken: str
    generation: int
    subjects: int
    fingers: int
    version: int
    encrypted: bool
    gallery: str
    proved: bool
    files: tuple[CopiedFile, ...]

    @property
    def nbytes(self) -> int:
        """Of all its files."""
        return sum(one.size for one in self.files)


def pack(copy: Copy) -> bytes:
    """The bytes of a manifest."""
    return documents.pack(KIND, FORMAT, asdict(copy))


def parse(data: bytes) -> Copy:
    """The copy of `pack`.

    Raises
    ------
    GalleryFormatError
        Written by a later version.
    GalleryDamagedError
        It is not what was written.
    """
    document = documents.parse(data, KIND, FORMAT, most=MAX_SIZE)
    try:
        files = tuple(CopiedFile(**one) for one in document.pop("files"))
        copy = Copy(files=files, **document)
    except (TypeError, KeyError):
        raise GalleryDamagedError(DAMAGED) from None
    # The digest stops accidents only: no name of a forger may lead out of the folder.
    for one in copy.files:
        if not (
            _FILE.fullmatch(one.file)
            and _NAME.fullmatch(one.name)
            and _HEX.fullmatch(one.digest)
            and type(one.size) is int
            and one.size >= 0
        ):
            raise GalleryDamagedError(DAMAGED)
    if len({one.name for one in copy.files}) < len(copy.files) or not copy.files:
        raise GalleryDamagedError(DAMAGED)
    return copy
