"""What is there in Vietnamese says what the English says, and nearly all of it."""

from __future__ import annotations

import ast
import re
import runpy
from pathlib import Path

import pytest
from tests.docs.markdown import FENCE, LINK, without_code

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PLACE = DOCS / "locale" / "vi" / "LC_MESSAGES"
TREE = runpy.run_path(str(DOCS / "_ext" / "page_tree.py"))["read_tree"]
PAGES = sorted(TREE("vi"))
READMES = ("README.md", "README.vi.md")
TABLE = re.compile(r"^\|.*$", re.M)
#: Share of a page's letters that has to be translated; what is missing is shown in English.
ENOUGH = 0.9


def texts(page: str) -> dict[str, str]:
    """English -> Vietnamese, from the catalogue of a page; guesses ("fuzzy") are none."""
    content = (PLACE / f"{page}.po").read_text(encoding="utf-8")
    found = {}
    for entry in re.findall(
        r'^(?<!fuzzy\n)msgid ((?:".*"\n)+)msgstr ((?:".*"\n?)+)', content, re.M
    ):
        english, vietnamese = (
            "".join(ast.literal_eval(line) for line in part.split("\n") if line) for part in entry
        )
        if english and vietnamese:
            found[english] = vietnamese
    return found


def words(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_translated(page: str) -> None:
    text = words(without_code((DOCS / f"{page}.md").read_text(encoding="utf-8")))
    left = text
    for english in sorted(texts(page), key=len, reverse=True):
        left = left.replace(words(english), " ")
    letters, missing = (len(re.findall(r"[^\W\d_]", one)) for one in (text, left))
    assert missing <= (1 - ENOUGH) * letters, f"make docs-texts, then translate {PLACE}/{page}.po"


@pytest.mark.parametrize("page", PAGES)
def test_code_and_links_stay_as_they_are(page: str) -> None:
    for english, vietnamese in texts(page).items():
        assert LINK.findall(english) == LINK.findall(vietnamese)
        assert sorted(re.findall("`[^`]+`", english)) == sorted(re.findall("`[^`]+`", vietnamese))


def test_every_catalogue_has_its_page() -> None:
    found = {path.relative_to(PLACE).with_suffix("").as_posix() for path in PLACE.rglob("*.po")}
    assert found == {*PAGES, "sphinx"}


def test_the_readme_has_the_same_code() -> None:
    english, vietnamese = (
        [block.group() for block in FENCE.finditer((ROOT / name).read_text(encoding="utf-8"))]
        for name in READMES
    )
    assert vietnamese == english


def test_the_readme_has_the_same_figures() -> None:
    """Row by row, digits alone: Vietnamese writes 1,18 % and 110.000."""
    english, vietnamese = (
        [sorted(re.findall(r"\d+", re.sub(LINK, "", row))) for row in TABLE.findall(text)]
        for text in ((ROOT / one).read_text(encoding="utf-8") for one in READMES)
    )
    assert vietnamese == english
