"""Every page of docs/ stands in the tree, is led to from the first, and links to what is there."""

from __future__ import annotations

import importlib
import re
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


# What was changed or decided once is told with the names of then.
NOW = [path for path in PAGES if path.parent.name != "decisions" and path.name != "CHANGELOG.md"]
FILE = re.compile(
    r"(?<![\w/.-])(?:benchmarks|tests|docs|native|src)/[\w./-]+\.(?:csv|c|h|json|md|npz|png|py|sh|svg)\b"
)
MODULE = re.compile(r"`(civid(?:\.[a-z]\w*)+)`")


def test_files_that_pages_name_are_there() -> None:
    named = {
        (path.name, found)
        for path in NOW
        for found in FILE.findall(path.read_text(encoding="utf-8"))
    }
    assert len(named) > 100
    assert not [one for one in sorted(named) if not (ROOT / one[1]).exists()]


def test_modules_that_pages_name_are_there() -> None:
    """Packages and modules in lower case; what stands in them is checked where it is linked."""
    named = {
        (path.name, found)
        for path in NOW
        for found in MODULE.findall(path.read_text(encoding="utf-8"))
    }
    assert len(named) > 60
    lost = [one for one in sorted(named) if one[1] not in NO_MODULES and not is_there(one[1])]
    assert not lost


# Groups of entry points, and a header.
NO_MODULES = {"civid.extractors", "civid.matchers", "civid.h"}


def is_there(name: str) -> bool:
    """A module, or something in one, which is imported only then."""
    module, _, rest = name.rpartition(".")
    path = ROOT / "src" / Path(*name.split("."))
    if path.is_dir() or path.with_suffix(".py").exists():
        return True
    try:
        return hasattr(importlib.import_module(module), rest)
    except ModuleNotFoundError:
        return False


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
