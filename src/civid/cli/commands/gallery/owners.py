"""Galleries that are half of something: of a register, or of the people of a service."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from civid.cli.console.problems import Problem

Owner = Literal["register", "service"]


def owner_of(gallery: Path) -> Owner | None:
    """Whose records lie beside a gallery; it may be named from within, or through a link."""
    from civid.exchange.abis.abis import GALLERY
    from civid.exchange.abis.tables import NAME
    from civid.register.identity.gallery_link import FOLDER
    from civid.register.store.database import FILE

    kinds: tuple[tuple[Owner, str, str], ...] = (
        ("register", FOLDER, FILE),
        ("service", GALLERY, NAME),
    )
    places = {gallery.absolute(), gallery.resolve()}
    for owner, folder, records in kinds:
        for place in places:
            if place.name == folder and (place.parent / records).exists():
                return owner
    return None


def not_alone(gallery: Path, refused: dict[Owner, Problem]) -> None:
    """Refuse what may not be done to a gallery without its owner.

    Raises
    ------
    Problem
        It belongs to one of these: that owner's.
    """
    owner = owner_of(gallery)
    if owner is not None and owner in refused:
        raise refused[owner]
