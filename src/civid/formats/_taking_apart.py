"""The fields of a record as a tree, and the findings put into it; records inside are opened."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from civid.errors import CividError, FormatError, ImageError
from civid.formats._fields import MAX_FIELDS, Field, traced
from civid.formats._reader import Finding
from civid.formats._registry import Format
from civid.formats._text import TEXTS
from civid.formats._wrappings import MAX_BYTES
from civid.formats.inspection import Node

if TYPE_CHECKING:
    from civid.formats.image_files.heads import PictureHead

#: An image in a record in an envelope is three.
MAX_DEPTH = 5
#: So many records inside are opened; a transaction of a person has fewer.
MAX_INSIDE = 500
#: So many values are asked whether they are one.
MAX_LOOKED_AT = 5000
#: Smaller values are no record.
_SMALLEST = 12
#: Fields that are looked at around a place; a field with more inside it is found by its parts.
_NEAR = 64
#: Shorter texts are no record in base64.
_SHORTEST = 64


class Apart(NamedTuple):
    """A record taken apart."""

    nodes: tuple[Node, ...]
    findings: tuple[Finding, ...]
    error: Finding | None


@dataclass(slots=True)
class _Limits:
    """What is left for everything inside a file."""

    records: int = MAX_INSIDE
    wrapped: int = MAX_INSIDE
    looked_at: int = MAX_LOOKED_AT
    #: What may come out of base64, gzip and the like, which a file may hold by the thousand.
    unwrapped: int = MAX_BYTES
    pixels: int = 16_000_000


@dataclass(slots=True)
class _Branch:
    """A node while it grows."""

    name: str
    offset: int | None
    size: int = 0
    value: int | str | bytes | None = None
    findings: list[Finding] = field(default_factory=list)
    children: list[_Branch] = field(default_factory=list)
    sections: dict[str, _Branch] = field(default_factory=dict)
    inside: str = ""

    def node(self) -> Node:
        children = tuple(one.node() for one in self.children)
        offset, size = self.offset, self.size
        if self.value is None and children:
            placed = [one for one in children if one.offset is not None]
            offset = min((one.offset for one in placed if one.offset is not None), default=None)
            if offset is not None:
                size = max((one.offset or 0) + one.size for one in placed) - offset
        return Node(
            self.name, offset, size, self.value, tuple(self.findings), children, self.inside
        )


def apart(found: Format, data: bytes) -> Apart:
    """Take a file of this format apart."""
    root = _Branch("", None)
    findings, error = _apart(found, data, root, _Limits(), depth=0, base=0)
    return Apart(root.node().children, tuple(findings), error)


def _apart(
    found: Format, data: bytes, root: _Branch, limits: _Limits, *, depth: int, base: int
) -> tuple[list[Finding], Finding | None]:
    """Hang the fields of a record under a branch; ``base`` is where it stands in the file."""
    if found.kind == "picture":
        return _picture(data, root, limits, base)
    error: Finding | None = None
    told: list[Finding] = []
    warnings: Iterable[Finding] = ()
    with traced(told) as fields:
        try:
            warnings = found.load().parse(data).warnings
        except FormatError as raised:
            error = Finding(raised.field or "record", _bare(raised), raised.offset)
            warnings = told
    leaves = _grown(root, fields)
    if len(fields) >= MAX_FIELDS:
        text = f"not shown: more than {MAX_FIELDS:,}"
        root.children.append(_Branch("further fields", None, 0, text))
    findings = [_moved(one, base) for one in warnings]
    error = None if error is None else _moved(error, base)
    for branch in leaves:
        branch.offset = None if branch.offset is None else branch.offset + base
    placed = sorted((one.offset, at) for at, one in enumerate(leaves) if one.offset is not None)
    for finding in (*findings, *([error] if error else [])):
        _place(finding, [leaves[at] for at in _around(finding, placed)], root)
    shortest: dict[int | None, int] = {}
    for branch in sorted(leaves, key=lambda one: -one.size):
        if branch.size:
            shortest[branch.offset] = branch.size
    for branch in leaves:
        # A shorter field at the same place: its reader has opened it itself.
        if isinstance(branch.value, int):
            continue
        whole = branch.size == shortest.get(branch.offset)
        whole = whole and not branch.children
        if depth < MAX_DEPTH:
            inner, stop = _opened(branch, limits, depth, whole=whole)
            findings += inner
            error = error or stop
    return findings, error


def _bare(error: FormatError) -> str:
    """The message without the field and the place, which a finding has for itself."""
    text = str(error)
    text = text.removeprefix(f"{error.field}: ") if error.field else text
    return text if error.offset is None else text.removesuffix(f" (at byte {error.offset})")


def _moved(finding: Finding, base: int) -> Finding:
    return finding if finding.offset is None else replace(finding, offset=finding.offset + base)


def _grown(root: _Branch, fields: list[Field]) -> list[_Branch]:
    """Branches for all sections, and the leaves in the order of the file."""
    leaves = []
    at, path = root, tuple[str, ...]()
    for one in fields:
        if one.path != path:
            at, path = _section(root, one.path), one.path
        leaf = _Branch(one.name, one.offset, one.size, one.value)
        at.children.append(leaf)
        if isinstance(one.value, bytes):
            at.sections.setdefault(one.name, leaf)  # what a reader opens itself hangs under it
        leaves.append(leaf)
    return leaves


def _section(root: _Branch, path: tuple[str, ...]) -> _Branch:
    """The branch of a section, made where it is not the latest one of its name."""
    at = root
    for name in path:
        known = at.sections.get(name)
        if known is None or known is not at.children[-1]:
            section = _Branch(name, None)
            at.sections[name] = section
            at.children.append(section)
        at = at.sections[name]
    return at


def _around(finding: Finding, placed: list[tuple[int, int]]) -> list[int]:
    """The fields that begin last before its place."""
    if finding.offset is None:
        return []
    end = bisect_right(placed, (finding.offset, len(placed)))
    return [at for _, at in placed[max(end - _NEAR, 0) : end]]


def _place(finding: Finding, leaves: list[_Branch], root: _Branch) -> None:
    """Put a finding into the field that it is about; the smallest one around its place."""
    best: _Branch | None = None
    for leaf in leaves:
        if finding.offset is None or leaf.offset is None:
            continue
        if leaf.offset <= finding.offset < leaf.offset + max(leaf.size, 1):
            named = leaf.name == finding.field
            if named or best is None or (best.name != finding.field and leaf.size < best.size):
                best = leaf
    if best is None:
        best = _Branch(finding.field, finding.offset)  # nothing was read there
        root.children.append(best)
    best.findings.append(finding)


def _opened(
    leaf: _Branch, limits: _Limits, depth: int, *, whole: bool
) -> tuple[list[Finding], Finding | None]:
    """If the value of a field is a record or picture itself, take it apart under the field."""
    from civid.formats._door import sniffed
    from civid.formats._wrappings import opened, wrapping

    data, base = leaf.value, leaf.offset or 0
    if isinstance(data, str):
        data = data.encode("ascii", "replace") if len(data) >= _SHORTEST else b""
    if not isinstance(data, bytes) or len(data) < _SMALLEST or limits.looked_at < 1:
        return [], None
    limits.looked_at -= 1
    room = limits.wrapped > 0 and limits.unwrapped > 0
    if room and whole and len(data) >= _SHORTEST and sniffed(data) is None:
        kind = wrapping(data)
        if kind is None:
            return [], None
        limits.wrapped -= 1
        try:
            data = opened(data, most=limits.unwrapped).data
            limits.unwrapped -= len(data)
        except FormatError as error:
            # How much was inflated before the damage nobody knows.
            spent = len(data) if error.field in TEXTS else limits.unwrapped
            limits.unwrapped -= spent
            leaf.findings.append(Finding(leaf.name, _bare(error), leaf.offset))
            return [leaf.findings[-1]], None
        leaf.inside, base = kind, 0
    if len(data) < _SMALLEST or limits.records < 1:
        return [], None
    found = sniffed(data)
    if found is None or not (whole or found.kind == "picture"):
        return [], None
    limits.records -= 1
    if not leaf.inside and leaf.size != len(data):
        leaf.inside, base = "decoded", 0  # a reader has decoded it already
    section = _Branch(found.name, base, len(data))
    leaf.children.insert(0, section)
    return _apart(found, data, section, limits, depth=depth + 1, base=base)


def _picture(
    data: bytes, root: _Branch, limits: _Limits, base: int
) -> tuple[list[Finding], Finding | None]:
    """The head of a picture; whether its pixels decode is tried as long as that is cheap."""
    from civid.formats.image_files import heads, picture

    try:
        head = heads.head(data)
        root.children += [_Branch(name, None, 0, value) for name, value in _facts(head)]
        pixels = head.width * head.height
        if pixels <= limits.pixels:
            limits.pixels -= pixels
            picture.decode(data)
    except (ImageError, FormatError) as error:
        finding = Finding("picture", str(error), base)
        root.findings.append(finding)
        return [], finding
    except CividError as error:  # a decoder that is not installed says nothing about the file
        return [Finding("picture", str(error), base)], None
    return [], None


def _facts(head: PictureHead) -> list[tuple[str, int | str]]:
    words = "not stated"
    if head.resolution is not None:
        across, down = head.resolution
        words = f"{across:.5g} dpi"
        words += "" if across == down else f" across, {down:.5g} dpi down"
    return [("width", head.width), ("height", head.height), ("resolution", words)]
