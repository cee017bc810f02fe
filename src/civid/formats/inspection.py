"""What stands in a file, field by field, each with its place and with what is wrong with it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from civid.formats._reader import Finding


@dataclass(frozen=True, slots=True)
class Node:
    """A field, or a section of fields.

    Parameters
    ----------
    name : str
        As the standard calls it, or as in ``"view 0"``.
    offset : int or None
        Bytes from the start of the file, or of what ``inside`` was taken off; None where it has no
        place of its own.
    size : int
        Bytes.
    value : int, str, bytes or None
        None of a section. Never shown by ``repr``.
    findings : tuple of Finding
        What is wrong with this field.
    children : tuple of Node
    inside : str
        What was taken off before the children were read: ``"base64 text"``. Their offsets then
        count from the start of what was inside.
    """

    name: str
    offset: int | None
    size: int
    value: int | str | bytes | None = field(default=None, repr=False)
    findings: tuple[Finding, ...] = field(default=(), repr=False)
    children: tuple[Node, ...] = field(default=(), repr=False)
    inside: str = ""

    def to_dict(self) -> dict[str, object]:
        """For JSON; bytes as their number and the first 16 digits of their SHA-256."""
        made: dict[str, object] = {"name": self.name, "offset": self.offset, "size": self.size}
        if self.value is not None:
            made["value"] = _plain(self.value)
        if self.inside:
            made["inside"] = self.inside
        if self.findings:
            made["findings"] = [finding_dict(one) for one in self.findings]
        if self.children:
            made["fields"] = [one.to_dict() for one in self.children]
        return made


@dataclass(frozen=True, slots=True)
class Tree:
    """A whole file.

    Parameters
    ----------
    format : str
        Key of what it is; see `civid.formats.known`.
    name : str
        What its standard is called.
    size : int
        Bytes of what is shown, without wrappings.
    sha256 : str
        Of the same.
    wrappings : tuple of str
        What was taken off first.
    fields : tuple of Node
        Up to the damage, if there is any.
    findings : tuple of Finding
        All departures from the standard, each in its field, too, where it has one.
    error : Finding or None
        Where reading had to stop.
    """

    format: str
    name: str
    size: int
    sha256: str
    wrappings: tuple[str, ...] = ()
    fields: tuple[Node, ...] = field(default=(), repr=False)
    findings: tuple[Finding, ...] = field(default=(), repr=False)
    error: Finding | None = field(default=None, repr=False)

    def walk(self) -> Iterator[tuple[tuple[str, ...], Node]]:
        """Every node with the names of what it stands in, in the order of the file."""
        yield from _walk((), self.fields)

    def to_dict(self) -> dict[str, object]:
        """For JSON."""
        return {
            "format": self.format,
            "name": self.name,
            "size": self.size,
            "sha256": self.sha256,
            "wrappings": list(self.wrappings),
            "findings": [finding_dict(one) for one in self.findings],
            "error": None if self.error is None else finding_dict(self.error),
            "fields": [one.to_dict() for one in self.fields],
        }


def inspect(
    data: bytes | bytearray | memoryview,
    format: str | None = None,  # noqa: A002
    *,
    unwrap: bool = False,
    member: str | None = None,
) -> Tree:
    """Take a file apart: every field with its place, size and value, and what is wrong with it.

    Records inside records are taken apart, too, and of pictures the head. A damaged file is shown
    up to the damage.

    Parameters
    ----------
    data : bytes-like
    format : str, optional
        Its key, where it is known; otherwise the bytes are looked at.
    unwrap : bool
        Take off base64, gzip and the like first; see `unwrapped`.
    member : str, optional
        Which file of a zip archive that holds several.

    Raises
    ------
    FormatError
        Of no known format, or a wrapping that is damaged or was not to be taken off.

    Notes
    -----
    Safe to call from several threads at once. Values are those of the file: they may be somebody's
    name or minutiae, and stand in no ``repr``.

    Examples
    --------
    >>> tree = inspect(b"P5 2 3 255 " + bytes(6))
    >>> tree.name, [(one.name, one.value) for one in tree.fields]
    ('PGM', [('width', 2), ('height', 3), ('resolution', 'not stated')])
    """
    from civid.formats._door import _bytes, sniffed, unknown
    from civid.formats._registry import named
    from civid.formats._taking_apart import Apart, apart
    from civid.formats._wrappings import unwrapped

    raw, wrappings = _bytes(data), tuple[str, ...]()
    if unwrap:
        opened = unwrapped(raw, member=member)
        raw, wrappings = opened.data, opened.wrappings
    found = sniffed(raw) if format is None else named(format)
    if found is None:
        raise unknown(raw)
    taken: Apart = apart(found, raw)
    digest = hashlib.sha256(raw).hexdigest()
    return Tree(
        found.key, found.name, len(raw), digest, wrappings, taken.nodes, taken.findings, taken.error
    )


def finding_dict(finding: Finding) -> dict[str, object]:
    """For JSON."""
    return {"field": finding.field, "message": finding.message, "offset": finding.offset}


def digest_words(value: bytes) -> str:
    """What is shown of bytes."""
    return hashlib.sha256(value).hexdigest()[:16]


def _plain(value: int | str | bytes) -> Any:
    if isinstance(value, bytes):
        return {"bytes": len(value), "sha256": digest_words(value)}
    return value


def _walk(path: tuple[str, ...], nodes: tuple[Node, ...]) -> Iterator[tuple[tuple[str, ...], Node]]:
    for node in nodes:
        yield path, node
        yield from _walk((*path, node.name), node.children)
