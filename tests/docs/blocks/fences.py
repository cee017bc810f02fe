"""Finds the code blocks of a page, each with its language and with what runs it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from sybil import Document, Region
from sybil.parsers.markdown import SkipParser
from sybil.parsers.markdown.lexers import FencedCodeBlockLexer
from tests.docs.blocks.languages import RUNS

ROOT = Path(__file__).resolve().parents[3]
_FENCES = FencedCodeBlockLexer(r"[^\n]*?")
_SKIPS = SkipParser()


def pages() -> list[Path]:
    """What is read by people and holds code; README.vi.md has the code of README.md."""
    docs = ROOT / "docs"
    made = (docs / "_build", docs / "reference" / "api")  # when the site is built
    return [
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        *(
            path
            for path in sorted(docs.rglob("*.md"))
            if not any(path.is_relative_to(one) for one in made)
        ),
    ]


def blocks(document: Document) -> Iterator[Region]:
    """Every block in a language that is run or read, as one example."""
    for region in _FENCES(document):
        runs = RUNS.get(region.lexemes["language"])
        if runs is not None:
            region.parsed = region.lexemes["source"]
            region.evaluator = runs
            yield region


#: For Sybil: the blocks, and the comments that leave one out (``skip: next "reason"``).
PARSERS: list[Callable[[Document], Iterable[Region]]] = [blocks, _SKIPS]
