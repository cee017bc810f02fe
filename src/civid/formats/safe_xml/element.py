"""An element of an XML document, as plain data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Element:
    """One element and everything inside it.

    Two are equal when they say the same, wherever they stood.

    Parameters
    ----------
    name : str
        Without prefix.
    text : str
        Its own text, as written; between children only what is more than white space.
    children : tuple of Element
    attributes : tuple of (str, str)
        Name and value; a name in a namespace is written ``{namespace}name``.
    space : str
        Namespace; empty where it has none.
    offset : int or None
        Byte in the file at which the element starts.
    """

    name: str
    text: str = field(default="", repr=False)
    children: tuple[Element, ...] = field(default=(), repr=False)
    attributes: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    space: str = ""
    offset: int | None = field(default=None, compare=False, repr=False)

    def attribute(self, name: str) -> str | None:
        """The value of an attribute, or None."""
        return next((value for key, value in self.attributes if key == name), None)

    def walk(self) -> Iterator[Element]:
        """This element and all inside it, in the order of the file."""
        waiting = [self]
        while waiting:
            element = waiting.pop()
            yield element
            waiting.extend(reversed(element.children))
