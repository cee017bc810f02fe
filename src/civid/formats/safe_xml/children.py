"""The children of an element, taken one after another, with a word for whatever is odd."""

from __future__ import annotations

from civid.errors import FormatError
from civid.formats._reader import Finding
from civid.formats.safe_xml.element import Element

#: Attributes for a validator: where a schema lies, which type is meant.
_INSTANCE = "{http://www.w3.org/2001/XMLSchema-instance}"
#: A document with more departures is another document.
MAX_WARNINGS = 10_000


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

    __slots__ = (
        "element",
        "last",
        "left",
        "named",
        "ordered",
        "path",
        "space",
        "strict",
        "warnings",
    )

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
        self.named: dict[str, list[int]] = {}
        for at, child in self.left.items():
            if child.space == self.space:
                self.named.setdefault(child.name, []).append(at)
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
        self.note(Finding(self.place(name), message, offset))

    def note(self, finding: Finding) -> None:
        """The same with a finding. More than 10,000 of them are an error."""
        if self.strict:
            raise finding.error()
        if len(self.warnings) >= MAX_WARNINGS:
            message = f"more than {MAX_WARNINGS} departures from the standard"
            raise FormatError(message, offset=finding.offset, field=finding.field)
        self.warnings.append(finding)

    def refuse(self, name: str, message: str, offset: int | None) -> FormatError:
        """What cannot be read at all, as an error to raise."""
        return FormatError(message, offset=offset, field=self.place(name))

    def all(self, name: str) -> list[Element]:
        """Every child of a name; the order of the standard is that in which they are asked for."""
        places = self.named.pop(name, [])
        for at in places:
            if self.ordered and at < self.last:
                self.complain(name, "stands in another place than it should", self.left[at].offset)
            self.last = max(self.last, at)
        return [self.left.pop(at) for at in places]

    def one(self, name: str, *, required: bool = False) -> Element | None:
        """The child of a name, or None. Of several the first; the others are left over."""
        places = self.named.pop(name, [])
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


class Offsets:
    """Where the elements of paths stand: ``BIR/BIR 2/BDB``, the first of a name without a number.

    >>> inner = (Element("b", offset=3), Element("b", offset=7))
    >>> Offsets(Element("a", children=inner, offset=0)).of("a/b 2/c")
    7
    """

    __slots__ = ("_known", "_root")

    def __init__(self, root: Element) -> None:
        self._root = root
        self._known: dict[str, int | None] = {}

    def _look(self) -> None:
        waiting = [(self._root, self._root.name)]
        while waiting:
            element, path = waiting.pop()
            self._known[path] = element.offset
            numbers: dict[str, int] = {}
            for child in element.children:
                number = numbers[child.name] = numbers.get(child.name, 0) + 1
                waiting.append((child, f"{path}/{child.name} {number}"))

    def of(self, path: str) -> int | None:
        """Offset of the element of a path, or of the nearest around it."""
        if not self._known:
            self._look()
        steps = path.split("/")
        named = [steps[0], *(one if " " in one else f"{one} 1" for one in steps[1:])]
        while named:
            found = self._known.get("/".join(named), -1)
            if found != -1:
                return found
            named.pop()
        return None
