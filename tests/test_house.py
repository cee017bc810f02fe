"""ARCHITECTURE.md shows the house as it is, and no room is crowded."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOUSE = runpy.run_path(str(ROOT / "docs" / "house_map.py"))
#: Rooms that are larger: the parts of a chip, one a file.
LARGER = {"civid/cards/chip": 17}
MOST = 16


def test_the_map_is_that_of_the_code() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    assert HOUSE["in_document"](text) == HOUSE["house_map"](), (
        "run: python docs/house_map.py --write"
    )


def test_no_room_is_crowded() -> None:
    rooms = HOUSE["native_rooms"]() + HOUSE["python_rooms"]()
    crowded = {name: count for name, _, count in rooms if count > LARGER.get(name, MOST)}
    assert not crowded


def test_every_room_says_what_it_is() -> None:
    silent = [name for name, sentence, _ in HOUSE["python_rooms"]() if len(sentence) < 10]
    assert not silent


def test_children_run_the_installed_civid() -> None:
    """A fresh checkout has no compiled part in src: tests.child tells children where civid is."""
    tests = (path for path in (ROOT / "tests").rglob("*.py") if path != Path(__file__))
    texts = {path: path.read_text(encoding="utf-8") for path in tests}
    assert not [path for path, text in texts.items() if re.search('PYTHONPATH.*"src"', text)]
