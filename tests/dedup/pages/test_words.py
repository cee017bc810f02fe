"""Every text in both languages, and every code that a page can meet has words."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from string import Formatter

import pytest

from civid.cards.lifecycle import CardState
from civid.dedup.cases import CaseState, Reason, Ruling
from civid.dedup.pages.words import LANGUAGES, chosen, words
from civid.errors import FieldError
from civid.people.citizen import FIELDS

ROOM = files("civid.dedup.pages")
TEXTS = json.loads((ROOM / "words.json").read_text("utf-8"))


def _gaps(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("key", TEXTS)
def test_both_languages_have_it_with_the_same_gaps(key: str) -> None:
    english, vietnamese = TEXTS[key]
    assert english.strip()
    assert vietnamese.strip()
    assert _gaps(english) == _gaps(vietnamese)


def test_every_code_has_words() -> None:
    wanted = {f"ruling.{one.value}" for one in Ruling}
    wanted |= {f"reason.{one.value}" for one in Reason}
    wanted |= {f"state.{one.value}" for one in CaseState}
    wanted |= {f"field.{one}" for one in FIELDS}
    wanted |= {f"card.{one.value}" for one in CardState}
    assert not wanted - TEXTS.keys()


def test_every_text_that_a_template_or_module_says_is_there_and_none_is_left_over() -> None:
    source = "".join(
        one.read_text("utf-8")
        for folder in (ROOM, ROOM / "templates")
        for one in folder.iterdir()
        if one.name.endswith((".py", ".html"))
    )
    said = set(re.findall(r'say\("([a-z.-]*[a-z])"', source))
    assert said <= TEXTS.keys(), said - TEXTS.keys()
    built = re.compile(r"(ruling|reason|state|field|event|undo|postpone|strength|card)\.")
    quoted = set(re.findall(r'"([a-z0-9.-]+)"', source))
    left_over = {key for key in TEXTS if not built.match(key)} - quoted
    assert not left_over


def test_the_language_of_a_visitor() -> None:
    assert chosen("", "") == "vi"
    assert chosen("", "fr-FR,en;q=0.8") == "en"
    assert chosen("vi", "en") == "vi"
    assert chosen("xx", "vi-VN") == "vi"
    with pytest.raises(FieldError):
        words("fr")
    assert {words(one)("queue") for one in LANGUAGES} == {"Cases", "Vụ việc"}
