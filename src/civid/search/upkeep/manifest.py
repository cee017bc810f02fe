"""The manifest of one copy in a backup: which files make it, and of what state it is.

JSON in UTF-8. `FORMAT` is the version of the backup; `digest` a BLAKE2b-256 of the document without
that field, keys sorted, no blanks. Nothing in it is secret, and nothing in it is believed: a
restored gallery is proved from its own digests.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from hashlib import blake2b
from typing import Any

from civid.errors import GalleryDamagedError, GalleryFormatError

FORMAT = 1
#: No manifest is longer: each segment takes some 300 bytes, and a gallery has a dozen.
MAX_SIZE = 16 << 20
_FILE = re.compile(r"[0-9a-f]{64}\.(db|seg|more)")
_NAME = re.compile(r"gallery-[0-9]{8,20}(\.[a-z0-9-]{1,40}){1,3}|gallery\.sqlite3")
_HEX = re.compile(r"[0-9a-f]{64}")
_DAMAGED = "a manifest of the backup is damaged"


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
    document: dict[str, Any] = {"civid_backup": FORMAT} | asdict(copy)
    document["digest"] = _digest(document)
    return json.dumps(document, indent=1).encode() + b"\n"


def parse(data: bytes) -> Copy:
    """The copy of `pack`.

    Raises
    ------
    GalleryFormatError
        Written by a later version.
    GalleryDamagedError
        It is not what was written.
    """
    try:
        document = json.loads(data)
        if type(document) is not dict or len(data) > MAX_SIZE:
            raise GalleryDamagedError(_DAMAGED)
        version = document.get("civid_backup")
        if type(version) is int and version > FORMAT:
            raise GalleryFormatError(
                f"the backup has format version {version}; this civid reads version {FORMAT}"
            )
        if version != FORMAT or document.pop("digest", None) != _digest(document):
            raise GalleryDamagedError(_DAMAGED)
        del document["civid_backup"]
        files = tuple(CopiedFile(**one) for one in document.pop("files"))
        copy = Copy(files=files, **document)
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        if isinstance(error, (GalleryDamagedError, GalleryFormatError)):
            raise
        raise GalleryDamagedError(_DAMAGED) from None
    # The digest stops accidents only: no name of a forger may lead out of the folder.
    for one in copy.files:
        if not (
            _FILE.fullmatch(one.file)
            and _NAME.fullmatch(one.name)
            and _HEX.fullmatch(one.digest)
            and type(one.size) is int
            and one.size >= 0
        ):
            raise GalleryDamagedError(_DAMAGED)
    if len({one.name for one in copy.files}) < len(copy.files) or not copy.files:
        raise GalleryDamagedError(_DAMAGED)
    return copy


def _digest(document: dict[str, Any]) -> str:
    text = json.dumps(document, sort_keys=True, separators=(",", ":"))
    return blake2b(text.encode(), digest_size=32).hexdigest()
