"""Every public name has its entry in the API reference (docs/_ext/public_modules.py)."""

from __future__ import annotations

import importlib
import inspect
import re
import runpy
from collections import Counter
from pathlib import Path

import pytest

import civid

DOCS = Path(__file__).resolve().parents[2] / "docs"
SAID = runpy.run_path(str(DOCS / "_ext" / "public_modules.py"))
SHOWN = [module for group in SAID["GROUPS"] for module in group.modules]


def test_every_module_that_says_what_is_public_has_a_page() -> None:
    assert set(SAID["modules_with_all"]()) - set(SHOWN) == set(SAID["LEFT_OUT"])


def test_no_module_has_two_pages() -> None:
    assert not [module for module, count in Counter(SHOWN).items() if count > 1]


def test_the_names_of_civid_are_shared_out() -> None:
    pages = [*SAID["PARTS"], SAID["ERRORS"]]
    assert set(pages) <= set(SHOWN)
    shown = Counter(name for page in pages for name in SAID["public_names"](page))
    assert set(shown) == set(civid.__all__)
    assert max(shown.values()) == 1


@pytest.mark.parametrize("page", SHOWN)
def test_every_name_of_a_page_is_there_and_described(page: str) -> None:
    module = importlib.import_module(SAID["home"](page))
    names = SAID["public_names"](page)
    assert names
    values = {name: getattr(module, name) for name in names}
    silent = [
        name
        for name, value in values.items()
        if (inspect.isclass(value) or inspect.isroutine(value)) and not inspect.getdoc(value)
    ]
    assert not silent


def test_the_first_page_of_the_reference_leads_to_every_group() -> None:
    text = (DOCS / "reference" / "api.md").read_text(encoding="utf-8")
    assert re.findall(r"^api/(.+)$", text, re.M) == [group.key for group in SAID["GROUPS"]]
