"""The children of an element, taken one after another, with a word for whatever is odd."""

from __future__ import annotations

from civid.errors import FormatError
from civid.formats._reader import Finding
from civid.formats.safe_xml.element import Element

#: Attributes for a validator: where a schema lies, which type is meant.
_INSTANCE = "{http://www.w3.org/2001/XMLSchema-instance}"


class Children:
    """Takes known children by name; what is left over is kept with its place.

    Parameters
    ----------
    element : Element
    path : str
        Where it stands, for findings: ``BIR 2/BDBInfo``.
    warnings : list of Finding
        Where findings go.
    strict : bool
        A finding is raised instead.
    space : str or None
        Namespace in which the known children stand; None is that of the element.
    attributes : tuple of str
        Attributes that the caller reads.
    ordered : bool
        Children out of the order in which they are asked for are a departure.
    """

    __slots__ = ("element", "last", "left", "ordered", "path", "space", "strict", "warnings")

    def __init__(
        self,
        element: Element,
        path: str,
        warnings: list[Finding],
        *,
        strict: bool = False,
        space: str | None = None,
        attributes: tuple[str, ...] = (),
        ordered: bool = True,
    ) -> None:
        self.element = element
        self.path = path
        self.warnings = warnings
        self.strict = strict
        self.ordered = ordered
        self.space = element.space if space is None else space
        self.left: dict[int, Element] = dict(enumerate(element.children))
        self.last = -1
        if element.children and element.text:
            self.complain("", "text between elements is left out", element.offset)
        unread = {key for key, _ in element.attributes}.difference(attributes)
        if any(not key.startswith(_INSTANCE) for key in unread):
            self.complain("", "has an attribute that is left out", element.offset)

    def inside(self, element: Element, number: int = 0) -> Children:
        """The same for a child; ``number`` counts those of the same name from 1."""
        path = self.place(f"{element.name} {number}" if number else element.name)
        return Children(
            element,
            path,
            self.warnings,
            strict=self.strict,
            space=self.space,
            ordered=self.ordered,
        )

    def place(self, name: str) -> str:
        """The path of a child."""
        return f"{self.path}/{name}" if name else self.path

    def complain(self, name: str, message: str, offset: int | None) -> None:
        """Note a departure from the standard: raised when strict, else kept as a warning."""
        finding = Finding(self.place(name), message, offset)
        if self.strict:
            raise finding.error()
        self.warnings.append(finding)

    def refuse(self, name: str, message: str, offset: int | None) -> FormatError:
        """What cannot be read at all, as an error to raise."""
        return FormatError(message, offset=offset, field=self.place(name))

    def all(self, name: str) -> list[Element]:
        """Every child of a name; the order of the standard is that in which they are asked for."""
        places = [
            at for at, one in self.left.items() if one.name == name and one.space == self.space
        ]
        for at in places:
            if self.ordered and at < self.last:
                self.complain(name, "stands in another place than it should", self.left[at].offset)
            self.last = max(self.last, at)
        return [self.left.pop(at) for at in places]

    def one(self, name: str, *, required: bool = False) -> Element | None:
        """The child of a name, or None. Of several the first; the others are left over."""
        places = [
            at for at, one in self.left.items() if one.name == name and one.space == self.space
        ]
        if not places:
            if required:
                self.complain(name, "is missing", self.element.offset)
            return None
        first = places[0]
        if len(places) > 1:
            self.complain(name, "stands there more than once", self.left[places[1]].offset)
        if self.ordered and first < self.last:
            self.complain(name, "stands in another place than it should", self.left[first].offset)
        self.last = max(self.last, first)
        return self.left.pop(first)

    def leaf(self, name: str, *, required: bool = False) -> Element | None:
        """The child of a name that should hold only text, or None."""
        found = self.one(name, required=required)
        if found is not None and found.children:
            self.complain(name, "holds elements where text should be", found.offset)
        return found

    def text(self, name: str, *, required: bool = False) -> str | None:
        """The text of a child, or None where it is not there."""
        found = self.leaf(name, required=required)
        return None if found is None else found.text

    def rest(self) -> tuple[tuple[int, Element], ...]:
        """What nobody asked for, each with its place among the children."""
        for element in self.left.values():
            if element.space == self.space:
                self.complain(element.name[:64], "is not an element of this place", element.offset)
        return tuple(self.left.items())

    def end(self) -> None:
        """Nothing else is kept of this element: complain about what nobody asked for."""
        for element in self.left.values():
            self.complain(element.name[:64], "is not known here and left out", element.offset)


def with_rest(known: list[Element], rest: tuple[tuple[int, Element], ...]) -> tuple[Element, ...]:
    """Known children with the others put back where they stood."""
    whole = list(known)
    for at, element in sorted(rest, key=lambda one: one[0]):
        whole.insert(at, element)
    return tuple(whole)


def offset_of(root: Element, path: str) -> int | None:
    """Where the element of a path stands, or the nearest around it; the path starts at the root.

    >>> inner = (Element("b", offset=3), Element("b", offset=7))
    >>> offset_of(Element("a", children=inner, offset=0), "a/b 2/c")
    7
    """
    found = root
    for step in path.split("/")[1:]:
        name, _, number = step.partition(" ")
        named = [one for one in found.children if one.name == name]
        at = int(number) - 1 if number.isdigit() else 0
        if at >= len(named):
            break
        found = named[at]
    return found.offset
