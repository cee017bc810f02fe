"""What a bomb is, and the list of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple


class Bomb(NamedTuple):
    """An input within the limits that is meant to cost much."""

    name: str
    build: Callable[[], Any]
    read: Callable[[Any], object]


BOMBS: list[Bomb] = []


def bomb(read: Callable[[Any], object]) -> Callable[[Callable[[], Any]], Callable[[], Any]]:
    """Enter a function that builds one, under its own name."""

    def enter(build: Callable[[], Any]) -> Callable[[], Any]:
        BOMBS.append(Bomb(build.__name__, build, read))
        return build

    return enter


def enter(read: Callable[[Any], object], name: str, build: Callable[..., Any], *of: Any) -> None:
    """Enter one of a family under a name."""
    BOMBS.append(Bomb(name, partial(build, *of), read))


def picture(data: bytes) -> object:
    """As a print is read."""
    from civid import read_image

    return read_image(data, dpi=500)


def photograph(data: bytes) -> object:
    """As a photograph of a card is read."""
    from civid.cards.qr import photo

    return photo.texts(data)
