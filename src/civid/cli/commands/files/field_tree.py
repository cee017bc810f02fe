"""The fields of a file as a tree for people: place, size, name, value, and what is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from civid.cli.console.output import counted, printable
from civid.formats import Node, Tree
from civid.formats.inspection import digest_words

if TYPE_CHECKING:
    from rich.text import Text
    from rich.tree import Tree as RichTree

#: Of longer rows of the same kind the first few are shown, and those with a finding.
_LONG, _SHOWN = 12, 3
#: Longer texts are cut.
_LONG_TEXT = 100
#: Short bytes that are plain letters, as a format's mark, are shown as they are.
_MARK = 8
_NUMBERED = re.compile(r"(.+) \d+")


def field_tree(tree: Tree, title: str, *, everything: bool) -> RichTree:
    """As rich prints it."""
    from rich.tree import Tree as RichTree

    made = RichTree(_plain(title, "bold"))
    _grow(made, tree.fields, tree, everything=everything)
    return made


def summary(tree: Tree) -> str:
    """In a line: is it read to the end, and how many departures are there?"""
    departures = counted(len(tree.findings), "departure") + " from the standard"
    if tree.error is not None:
        return f"damaged: read up to where !! stands; {departures} before"
    if not tree.findings:
        return "read to the end; nothing departs from the standard, as far as it is read here"
    return f"read to the end; {departures}, marked !"


def _grow(made: RichTree, nodes: tuple[Node, ...], tree: Tree, *, everything: bool) -> None:
    for node in _some(nodes, everything=everything):
        if isinstance(node, str):
            made.add(_plain(node, "dim"))
            continue
        branch = made.add(_line(node, tree, everything=everything))
        for finding in node.findings:
            if finding is tree.error or finding == tree.error:
                branch.add(_plain(f"!! damaged here: {finding.message}", "bold red"))
            else:
                branch.add(_plain(f"! {finding.message}", "yellow"))
        _grow(branch, node.children, tree, everything=everything)


def _some(nodes: tuple[Node, ...], *, everything: bool) -> Iterator[Node | str]:
    """The nodes, long rows of one kind folded."""
    at = 0
    while at < len(nodes):
        kind = _NUMBERED.fullmatch(nodes[at].name)
        end = at + 1
        while kind and end < len(nodes) and _same(nodes[end].name, kind[1]):
            end += 1
        row = nodes[at:end]
        if kind is None or everything or len(row) <= _LONG:
            yield from row
        else:
            shown = [one for place, one in enumerate(row) if place < _SHOWN or _wrong(one)]
            yield from shown
            yield f"... {len(row) - len(shown)} more of {kind[1]}; --all shows them"
        at = end


def _same(name: str, kind: str) -> bool:
    match = _NUMBERED.fullmatch(name)
    return match is not None and match[1] == kind


def _wrong(node: Node) -> bool:
    return bool(node.findings) or any(map(_wrong, node.children))


def _line(node: Node, tree: Tree, *, everything: bool) -> Text:
    from rich.text import Text

    line = Text()
    if node.offset is not None:
        digits, sizes = max(4, len(f"{tree.size:x}")), max(3, len(str(tree.size)))
        line.append(f"0x{node.offset:0{digits}x} {node.size:>{sizes}}  ", style="dim")
    line.append(printable(node.name), style="" if node.value is not None else "bold")
    if node.value is not None:
        line.append(": ")
        text = printable(_value(node.value))
        if len(text) > _LONG_TEXT and not everything:
            text = f"{text[:_LONG_TEXT]}... (cut; --all shows {len(text):,} characters)"
        line.append(text, style="cyan")
    if node.inside:
        line.append(f" ({node.inside}; places below count inside it)", style="dim")
    return line


def _value(value: int | str | bytes) -> str:
    if not isinstance(value, bytes):
        return str(value)
    if not value:
        return "empty"
    letters = value.rstrip(b"\0").decode("ascii", "replace")
    if len(value) <= _MARK and letters.strip() and letters.isascii() and letters.isprintable():
        return f"'{letters}'"
    return f"{counted(len(value), 'byte')}, sha256 {digest_words(value)}"


def _plain(text: str, style: str) -> Text:
    from rich.text import Text

    return Text(printable(text), style=style)
