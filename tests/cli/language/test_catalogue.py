"""The Vietnamese catalogue holds every message of the source, and no other."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("babel", reason="Babel reads the catalogue; it is among the test tools")
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def tool() -> dict[str, Any]:
    """docs/cli_messages.py."""
    return runpy.run_path(str(ROOT / "docs" / "cli_messages.py"))


def test_every_message_is_translated_and_none_is_stale(tool: dict[str, Any]) -> None:
    assert tool["faults"]() == [], "run: python docs/cli_messages.py --write, and translate"


def test_messages_are_found_where_they_are_made(tool: dict[str, Any]) -> None:
    source = '''
def read(path: str) -> None:
    """No message: what this does."""
    if not path:
        raise ImageError(f"{path}: the side has {width!r} px" + (", too few" if few else ""))
    raise FormatError("cut short here", field="a field name")
    print("not for anybody")
'''
    found = set(tool["of_source"](source, "formats/reader.py"))
    assert found == {"{}: the side has {} px", "too few", "cut short here", "a field name"}
    shown = 'say("alone"); table("", "name", right=("nothing",)); x = "two words"; y = "single"'
    found = set(tool["of_source"](shown, "cli/commands/one.py"))
    assert found == {"alone", "name", "two words"}
    assert set(tool["of_source"]('say("yes" if x else "no"); x = "no"', "cli/a.py")) == {
        "yes",
        "no",
    }


def test_both_words_of_a_condition_are_found(tool: dict[str, Any]) -> None:
    source = "raise SearchError(f\"{'none' if a else 'some'} of {b} is here\")"
    found = set(tool["of_source"](source, "search/one.py"))
    assert found == {"none of {} is here", "some of {} is here"}


@pytest.mark.parametrize(
    ("text", "said", "wrong"),
    [
        ("{} of {}", "{1} trong {0}", []),
        ("{} of {}", "{} trong", ["other values"]),
        ("{} of {}", "{} trong {1}", ["other values"]),
        ("give --dpi 500", "cho --dbi 500", ["other options"]),
        ("named '{subject}'", "tên '{nguoi}'", ["other fields"]),
        ("needs civid\\[pages]", "cần civid[pages]", ["other brackets"]),
        ("(deprecated) ", "(cũ)", ["blanks around it are lost"]),
    ],
)
def test_a_translation_keeps_what_it_has_to(
    tool: dict[str, Any], text: str, said: str, wrong: list[str]
) -> None:
    assert list(tool["unlike"](text, said)) == wrong


def test_what_is_missing_is_told(tool: dict[str, Any]) -> None:
    catalogue = tool["read"]()
    known = next(one for one in catalogue if one.id and one.string)
    assert tool["missing"]([str(known.id), "a sentence that is new"]) == ["a sentence that is new"]
