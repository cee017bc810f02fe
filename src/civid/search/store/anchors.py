"""An anchor: what to keep elsewhere, so that an older copy of a gallery is known as one.

Keys show that nobody else wrote a gallery, and not that it is the newest that its owner wrote. Who
keeps an anchor outside the folder (a file on another machine, a register, an HSM) and gives it to
`Gallery.open` is told when the gallery is another one, or older than the anchor.
"""

from __future__ import annotations

from typing import NamedTuple

from civid.errors import GalleryDamagedError, GalleryError, GalleryFormatError
from civid.search.segments.bound_keys import GALLERY_ID
from civid.search.store.layout import Proof, State


class Anchor(NamedTuple):
    """Which gallery, and after how many transactions."""

    gallery: bytes
    generation: int


def of(proof: Proof, state: State) -> str:
    """The anchor of a gallery as text; `GalleryError` for one that is not encrypted."""
    if not proof.keyed:
        raise GalleryError("only an encrypted gallery has an anchor: others can be forged anyway")
    return f"{proof.gallery.hex()}:{state.generation}"


def parse(text: str) -> Anchor:
    """The anchor of `of`; `GalleryFormatError` for anything else."""
    gallery, _, generation = text.partition(":")
    try:
        found = Anchor(bytes.fromhex(gallery), int(generation))
    except ValueError:
        raise GalleryFormatError("not an anchor of a gallery") from None
    if len(found.gallery) != GALLERY_ID or found.generation < 0:
        raise GalleryFormatError("not an anchor of a gallery")
    return found


def check(anchor: Anchor | None, proof: Proof, state: State) -> None:
    """Refuse another gallery, and an older one.

    Raises
    ------
    GalleryDamagedError
        It is not the one of the anchor, or was put back to an earlier state.
    """
    if anchor is None:
        return
    if proof.gallery != anchor.gallery:
        raise GalleryDamagedError("this is another gallery than the one of the anchor")
    if state.generation < anchor.generation:
        raise GalleryDamagedError(
            "the gallery was put back to an earlier state than that of the anchor"
        )
