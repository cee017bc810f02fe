"""Reads the tree of pages, ``docs/_toc.yml`` and those of translations.

A node is ``page`` or ``page: [nodes]``; a node in angle brackets is a caption with the pages below
it. A tree names each of its pages once.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

DOCS = Path(__file__).resolve().parents[1]
#: Caption ("" for none) -> pages.
Branches = dict[str, list[str]]


def read_tree(language: str = "en") -> dict[str, Branches]:
    """Page -> what hangs below it; every page of the tree is a key."""
    name = "_toc.yml" if language == "en" else f"_toc.{language}.yml"
    (root,) = yaml.safe_load((DOCS / name).read_text(encoding="utf-8")).items()
    tree: dict[str, Branches] = {}
    _grow(tree, *root)
    return tree


def _grow(tree: dict[str, Branches], page: str, nodes: list[Any] | None) -> None:
    if page in tree:
        raise ValueError(f"{page} stands twice in the tree of pages")
    tree[page] = {}
    for caption, child, below in _children(nodes or []):
        tree[page].setdefault(caption, []).append(child)
        _grow(tree, child, below)


def _children(nodes: list[Any]) -> Iterator[tuple[str, str, list[Any] | None]]:
    for node in nodes:
        name, below = next(iter(node.items())) if isinstance(node, dict) else (node, None)
        if name.startswith("<"):
            yield from ((name.strip("<>"), child, rest) for _, child, rest in _children(below))
        else:
            yield "", name, below
