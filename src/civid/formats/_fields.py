"""Every field of a file with its place, for `civid.formats.inspect`; nothing is kept otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from civid.formats._reader import Finding

#: A file with more fields than this is shown up to here.
MAX_FIELDS = 100_000


@dataclass(frozen=True, slots=True)
class Field:
    """One field as it stands in a file.

    Parameters
    ----------
    path : tuple of str
        The sections in which it stands, outermost first, as in ``("view 0", "minutia 3")``.
    name : str
        As the standard calls it.
    offset, size : int
        Bytes from the start of the file.
    value : int, str or bytes
        Bytes are what is not shown as a number or a text: pixels, data of a vendor.
    """

    path: tuple[str, ...]
    name: str
    offset: int
    size: int
    value: int | str | bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Trace:
    """Where fields are written down: the list of a file, and where in it a reader begins."""

    fields: list[Field]
    path: tuple[str, ...] = ()
    base: int = 0
    #: What was found wrong before reading had to stop; a record that is read has it itself.
    findings: list[Finding] = field(default_factory=list)

    def note(self, finding: Finding) -> None:
        """Write down what is wrong; its place counts from where the reader began."""
        place = None if finding.offset is None else finding.offset + self.base
        self.findings.append(replace(finding, offset=place))

    def add(self, path: tuple[str, ...], name: str, at: int, size: int, value: object) -> None:
        """Write down a field; ``at`` counts from where the reader began."""
        if len(self.fields) < MAX_FIELDS and isinstance(value, (int, str, bytes)):
            self.fields.append(Field(self.path + path, name, self.base + at, size, value))


_current: ContextVar[Trace | None] = ContextVar("civid_fields", default=None)


def trace() -> Trace | None:
    """The trace that is kept here and now, or None: what a reader asks when it begins."""
    return _current.get()


@contextmanager
def traced(findings: list[Finding] | None = None) -> Iterator[list[Field]]:
    """Keep the fields of everything that is parsed inside, in this thread or task.

    What readers complain of goes into ``findings``: a record that cannot be read to its end
    leaves no warnings behind.
    """
    kept: list[Field] = []
    token = _current.set(Trace(kept, findings=[] if findings is None else findings))
    try:
        yield kept
    finally:
        _current.reset(token)


@contextmanager
def inside(name: str, offset: int) -> Iterator[None]:
    """What is parsed inside stands at this offset of the file around it, under this name."""
    now = _current.get()
    if now is None:
        yield
        return
    token = _current.set(replace(now, path=(*now.path, name), base=now.base + offset))
    try:
        yield
    finally:
        _current.reset(token)
