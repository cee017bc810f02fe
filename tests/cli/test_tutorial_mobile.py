"""docs/tutorial/3-a-mobile-units-day.md: its files are written, its commands run, in order."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.S | re.M)
NAMES = {"csv": "people.csv", "json": "mapping.json"}


@pytest.mark.slow
def test_the_day_goes_as_told(
    civid: Callable[..., Any], root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = (root / "docs/tutorial/3-a-mobile-units-day.md").read_text(encoding="utf-8")
    dossier, told = "", {}
    for kind, block in BLOCK.findall(text):
        if kind in NAMES:
            Path(NAMES[kind]).write_text(block, encoding="utf-8")
        elif kind == "python":
            exec(compile(block, "tutorial", "exec"), {})
        else:
            assert kind == "console"
            for line in block.splitlines():
                assert line.startswith("$ civid ")
                words = shlex.split(line[len("$ civid ") :].replace("DOSSIER", dossier))
                done = civid(*words)
                assert done.code == 0, (line, done.err)
                told[line] = done.out
                if found := re.search(r"dossier: ([0-9a-f]{32})", done.err):
                    dossier = found[1]
    lines = {line.split()[2] + " " + line.split()[3]: out for line, out in told.items()}
    assert re.search(r"new +2", lines["register import"])
    assert "12 digits" in lines["register import"]
    assert "Nguyễn Thị An" in lines["register find"]
    assert "GIẤY HẸN" in "".join(told.values())
    merged = lines["register merge"]  # of the second time
    assert re.search(r"dossier +0 +0 +1 +0", merged)
    assert "agree" in lines["check centre"]
    assert "the log is whole" in lines["audit verify"]
