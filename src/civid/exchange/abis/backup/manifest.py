"""The manifest of one copy: what it holds, how its files hash, and a seal that only its keys make.

JSON in UTF-8. `digest` is a BLAKE2b-256 of the document without that field and tells of accidents;
`seal` is made with the ledger's own key, and tells of forgers: whoever has the backup of an
encrypted engine alone cannot write another manifest. Of one without keys the key lies in the copy,
and the seal is worth no more than the digest. Nothing in a manifest is secret.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import asdict, dataclass, replace
from typing import Any

from civid.errors import GalleryDamagedError
from civid.exchange.abis.seals import Seals
from civid.exchange.abis.tables import NAME as LEDGER
from civid.search.upkeep import documents
from civid.search.upkeep.documents import DAMAGED
from civid.search.upkeep.manifest import MAX_SIZE, CopiedFile

FORMAT, KIND = 1, "civid_service_backup"
#: Tokens of offices, kept as hashes, of those who serve a folder over HTTP.
TOKENS = "service/tokens.json"
#: What a copy may hold beside the gallery, and how that is called in the backup.
ENDINGS = {LEDGER: "ledger.sqlite3", TOKENS: "tokens.json"}
_HEX = re.compile(r"[0-9a-f]{32}([0-9a-f]{32})?")


@dataclass(frozen=True, slots=True)
class AbisCopy:
    """A state of an engine that a backup holds.

    Attributes
    ----------
    number : int
        Of the copy; later ones have greater numbers.
    taken : str
        When, in UTC: ``2026-11-30T23:30:12Z``.
    engine : str
        Id of the ledger, in hexadecimal.
    serial : int
        How many changes the ledger had.
    people : int
        How many it holds.
    encrypted : bool
        Whether it is sealed, as the engine was. The keys that open it are not in the backup.
    gallery : int
        Which copy of the backup of its gallery (`civid.search.upkeep`).
    database : str
        BLAKE2b-256 of that copy's database, which names and proves its segments.
    subjects, prints_bytes : int
        Of that copy.
    files : tuple of CopiedFile
        The ledger, and tokens of a service where there are any.
    seal : str
        Of all this, with the ledger's key.
    """

    number: int
    taken: str
    engine: str
    serial: int
    people: int
    encrypted: bool
    gallery: int
    database: str
    subjects: int
    prints_bytes: int
    files: tuple[CopiedFile, ...]
    seal: str = ""

    @property
    def nbytes(self) -> int:
        """Of all of it."""
        return self.prints_bytes + sum(one.size for one in self.files)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {
            "number": self.number, "taken": self.taken, "engine": self.engine,
            "changes": self.serial, "people": self.people, "subjects": self.subjects,
            "encrypted": self.encrypted, "bytes": self.nbytes,
            "files": [one.name for one in self.files],
        }  # fmt: skip


def sealed(copy: AbisCopy, seals: Seals) -> AbisCopy:
    """The copy with its seal."""
    return replace(copy, seal=_seal(copy, seals))


def check_seal(copy: AbisCopy, seals: Seals) -> None:
    """`GalleryDamagedError` when the ledger's key has not made this manifest."""
    if not hmac.compare_digest(_seal(copy, seals), copy.seal):
        raise GalleryDamagedError("the manifest of the copy is not the one that was written")


def _seal(copy: AbisCopy, seals: Seals) -> str:
    return seals.mark("backup", documents.canonical(asdict(replace(copy, seal="")))).hex()


def file_name(number: int, name: str) -> str:
    """What a file of a copy is called in the backup."""
    return f"{number:08}-{ENDINGS[name]}"


def pack(copy: AbisCopy) -> bytes:
    """The bytes of a manifest."""
    return documents.pack(KIND, FORMAT, {"copy": asdict(copy)})


def parse(data: bytes) -> AbisCopy:
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
        body = document["copy"]
        files = tuple(CopiedFile(**one) for one in body.pop("files"))
        copy = AbisCopy(files=files, **body)
    except (TypeError, KeyError, AttributeError):
        raise GalleryDamagedError(DAMAGED) from None
    # The digest stops accidents only: no name of a forger may lead out of the folder.
    counts = [copy.number, copy.serial, copy.people, copy.gallery, copy.subjects]
    counts += [copy.prints_bytes, *(one.size for one in files)]
    texts = [copy.engine, copy.database, copy.seal, *(one.digest for one in files)]
    if (
        not all(type(one) is int and one >= 0 for one in counts)
        or not all(type(one) is str and _HEX.fullmatch(one) for one in texts)
        or type(copy.taken) is not str
        or not files
        or not all(type(one.name) is str and one.name in ENDINGS for one in files)
        or not all(one.file == file_name(copy.number, one.name) for one in files)
        or files[0].name != LEDGER
        or len({one.name for one in files}) < len(files)
    ):
        raise GalleryDamagedError(DAMAGED)
    return copy
