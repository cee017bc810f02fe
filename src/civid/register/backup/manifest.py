"""The manifest of one copy: what it holds, how its files hash, and a seal that only its keys make.

JSON in UTF-8. `digest` is a BLAKE2b-256 of the document without that field and tells of accidents;
`seal` is an HMAC-SHA-256 under a key that the register derives from its own, and tells of forgers:
whoever has the backup alone cannot write another one. Of a register without keys they lie in the
copy, and the seal is worth no more than the digest. Nothing in a manifest is secret.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import asdict, dataclass, replace
from typing import Any

from civid.errors import (
    GalleryDamagedError,
    GalleryFormatError,
    RegisterDamagedError,
    RegisterFormatError,
)
from civid.register.vault import Vault
from civid.search.upkeep import documents
from civid.search.upkeep.documents import DAMAGED

FORMAT, KIND = 1, "civid_register_backup"
#: No manifest is longer.
MAX_SIZE = 1 << 20
#: Names of galleries in a register's folder.
GALLERY_NAME = re.compile(r"gallery|watch-[a-z][a-z-]{0,30}")
_HEX = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class GalleryPart:
    """A gallery in a copy.

    Attributes
    ----------
    name : str
        ``gallery``, or that of a watch-list.
    copy : int
        Its copy in the backup of that gallery (`civid.search.upkeep`).
    database : str
        BLAKE2b-256 of that copy's database, which names and proves its segments.
    subjects, nbytes : int
    """

    name: str
    copy: int
    database: str
    subjects: int
    nbytes: int


@dataclass(frozen=True, slots=True)
class RegisterCopy:
    """A state of a register that a backup holds.

    Attributes
    ----------
    number : int
        Of the copy; later ones have greater numbers.
    taken : str
        When, in UTC: ``2026-11-30T23:30:12Z``.
    register : str
        Id of the register.
    people, entries : int
        How many people, and entries of the audit log, it holds.
    log : str
        Hash of the last entry, as `civid audit verify` says it.
    encrypted : bool
        Whether it is sealed, as the register was. The keys that open it are not in the backup.
    size : int
        Bytes of the register's file.
    digest : str
        BLAKE2b-256 of it.
    galleries : tuple of GalleryPart
    seal : str
        HMAC-SHA-256 of all this.
    """

    number: int
    taken: str
    register: str
    people: int
    entries: int
    log: str
    encrypted: bool
    size: int
    digest: str
    galleries: tuple[GalleryPart, ...] = ()
    seal: str = ""

    @property
    def nbytes(self) -> int:
        """Of register and galleries."""
        return self.size + sum(one.nbytes for one in self.galleries)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {
            "number": self.number, "taken": self.taken, "register": self.register,
            "people": self.people, "entries": self.entries, "log": self.log,
            "encrypted": self.encrypted, "bytes": self.nbytes,
            "galleries": {one.name: one.subjects for one in self.galleries},
        }  # fmt: skip


def sealed(copy: RegisterCopy, vault: Vault) -> RegisterCopy:
    """The copy with its seal."""
    return replace(copy, seal=_seal(copy, vault))


def check_seal(copy: RegisterCopy, vault: Vault) -> None:
    """`RegisterDamagedError` when the register's keys have not made this manifest."""
    if not hmac.compare_digest(_seal(copy, vault), copy.seal):
        raise RegisterDamagedError("the manifest of the copy is not the one that was written")


def _seal(copy: RegisterCopy, vault: Vault) -> str:
    text = documents.canonical(asdict(replace(copy, seal="")))
    return hmac.digest(vault.derived("backup"), text, "sha256").hex()


def pack(copy: RegisterCopy) -> bytes:
    """The bytes of a manifest."""
    return documents.pack(KIND, FORMAT, {"copy": asdict(copy)})


def parse(data: bytes) -> RegisterCopy:
    """The copy of `pack`.

    Raises
    ------
    RegisterFormatError
        Written by a later version.
    RegisterDamagedError
        It is not what was written.
    """
    try:
        body = documents.parse(data, KIND, FORMAT, most=MAX_SIZE)["copy"]
        parts = tuple(GalleryPart(**one) for one in body.pop("galleries"))
        copy = RegisterCopy(galleries=parts, **body)
    except GalleryFormatError as error:
        raise RegisterFormatError(str(error)) from None
    except (GalleryDamagedError, TypeError, KeyError, AttributeError):
        raise RegisterDamagedError(DAMAGED) from None
    # The digest stops accidents only: no name of a forger may lead out of the folder.
    counts = [copy.number, copy.people, copy.entries, copy.size]
    counts += [one.copy for one in parts] + [one.nbytes for one in parts]
    texts = [copy.digest, copy.log, copy.seal, *(one.database for one in parts)]
    if (
        not all(type(one) is int and one >= 0 for one in counts)
        or not all(type(one) is str and _HEX.fullmatch(one) for one in texts)
        or not all(type(one.name) is str and GALLERY_NAME.fullmatch(one.name) for one in parts)
        or len({one.name for one in parts}) < len(parts)
    ):
        raise RegisterDamagedError(DAMAGED)
    return copy
