"""docs/howto/enrol-at-a-counter.md runs as it is printed."""

from __future__ import annotations

import re
from pathlib import Path

from tests.register.citizens import citizen
from tests.register.conftest import Opener
from tests.register.enrolment.fingers import HARD, portrait, pressed

from civid.position import Position

THUMB = Position.RIGHT_THUMB


def test_the_guide_runs(opened: Opener, root: Path) -> None:
    register = opened()
    register.people.add(citizen(number="046301123456"), unit="46/474")
    names = {
        "register": register,
        "fingers_without_a_print": [one for one in list(Position)[1:] if one is not THUMB],
        "position_of_the_thumb": THUMB,
        "poor_image": pressed(1, THUMB, 9, HARD),
        "image": pressed(1, THUMB, 3),
        "another_image": pressed(1, THUMB, 1),
        "portrait_file": portrait(),
    }
    text = (root / "docs" / "howto" / "enrol-at-a-counter.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", text, flags=re.S)
    assert len(blocks) > 6
    for block in blocks:
        exec(block, names)
