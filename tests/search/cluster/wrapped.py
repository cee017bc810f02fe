"""Nodes with something wrong, within this process."""

from __future__ import annotations

import threading
from typing import Any

from civid.errors import GalleryStorageError


class Wrapped:
    """A node, but for what a subclass does otherwise."""

    def __init__(self, node: Any) -> None:
        self.node = node

    def __getattr__(self, name: str) -> Any:
        return getattr(self.node, name)


class Deaf(Wrapped):
    """It cannot follow."""

    def follow(self, *_: object) -> None:
        raise GalleryStorageError("no")


class Full(Wrapped):
    """Its disk is full."""

    full = True

    def follow(self, *arguments: Any) -> Any:
        self._room()
        return self.node.follow(*arguments)

    def apply(self, *arguments: Any) -> Any:
        self._room()
        return self.node.apply(*arguments)

    def _room(self) -> None:
        if self.full:
            raise GalleryStorageError("the disk is full")


class Slow(Wrapped):
    """It answers searches when it likes."""

    def __init__(self, node: Any) -> None:
        super().__init__(node)
        self.awake = threading.Event()

    def search(self, *arguments: Any) -> Any:
        self.awake.wait(20)
        return self.node.search(*arguments)
