"""Every page of docs/ stands in the tree, is led to from the first, and links to what is there."""

from __future__ import annotations

import runpy
from collections import Counter
from pathlib import Path

import pytest
from tests.docs.markdown import anchors, links

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
TREE = runpy.run_path(str(DOCS / "_ext" / "page_tree.py"))["read_tree"]
WRITTEN = ("_build", "reference/api/")  # when the site is built
PAGES = sorted(
    path
    for path in [*DOCS.rglob("*.md"), *ROOT.glob("*.md")]
    if not path.relative_to(ROOT).as_posix().startswith(tuple(f"docs/{one}" for one in WRITTEN))
)


def name(path: Path) -> str:
    return path.relative_to(DOCS).with_suffix("").as_posix()


def test_every_page_stands_in_the_tree_once() -> None:
    assert {name(path) for path in PAGES if path.is_relative_to(DOCS)} == set(TREE())


def test_a_translation_has_pages_of_the_tree() -> None:
    assert set(TREE("vi")) <= set(TREE())


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(path: Path) -> None:
    broken = []
    for link in links(path.read_text(encoding="utf-8")):
        target, _, anchor = link.partition("#")
        there = (path.parent / target).resolve() if target else path
        if not there.exists() or (anchor and anchor not in anchors(there)):
            broken.append(link)
    assert not broken


def test_every_page_is_led_to_from_the_first() -> None:
    """By links alone, as in a repository's own web view, where no tree is shown."""
    seen: set[Path] = set()
    waiting = [DOCS / "index.md"]
    while waiting:
        path = waiting.pop()
        seen.add(path)
        for link in links(path.read_text(encoding="utf-8")):
            there = (path.parent / link.partition("#")[0]).resolve()
            if there.suffix == ".md" and there.exists() and there not in seen:
                waiting.append(there)
    assert {path for path in PAGES if path.is_relative_to(DOCS)} <= seen


def test_no_two_pages_have_one_title() -> None:
    titles = Counter(
        path.read_text(encoding="utf-8").split("\n", 1)[0]
        for path in PAGES
        if path.is_relative_to(DOCS)
    )
    assert not [title for title, count in titles.items() if count > 1]
