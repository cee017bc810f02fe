"""The manifest of a backup as JSON, which says what it is and carries a digest of itself.

`digest` is a BLAKE2b-256 of the document without that field, keys sorted, no blanks. It tells of
accidents; whoever has to be told of forgers seals what is in the document.
"""

from __future__ import annotations

import json
from hashlib import blake2b
from typing import Any

from civid.errors import GalleryDamagedError, GalleryFormatError

DAMAGED = "a manifest of the backup is damaged"


def canonical(document: dict[str, Any]) -> bytes:
    """The bytes of a document that digests and seals are made of."""
    return json.dumps(document, sort_keys=True, separators=(",", ":")).encode()


def pack(kind: str, version: int, body: dict[str, Any]) -> bytes:
    """The bytes of a manifest; `kind` is the field that holds its version."""
    document = {kind: version} | body
    document["digest"] = _digest(document)
    return json.dumps(document, indent=1).encode() + b"\n"


def parse(data: bytes, kind: str, version: int, *, most: int) -> dict[str, Any]:
    """The body of `pack`; `most`: no manifest of the kind has more bytes.

    Raises
    ------
    GalleryFormatError
        Written by a later version.
    GalleryDamagedError
        It is not what was written.
    """
    if len(data) > most:
        raise GalleryDamagedError(DAMAGED)
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        raise GalleryDamagedError(DAMAGED) from None
    if type(document) is not dict:
        raise GalleryDamagedError(DAMAGED)
    found = document.get(kind)
    if type(found) is int and found > version:
        raise GalleryFormatError(
            f"the backup has format version {found}; this civid reads version {version}"
        )
    if found != version or document.pop("digest", None) != _digest(document):
        raise GalleryDamagedError(DAMAGED)
    del document[kind]
    return document


def _digest(document: dict[str, Any]) -> str:
    return blake2b(canonical(document), digest_size=32).hexdigest()
