"""docs/howto/is-my-table-ready.md: its files are written, its commands run, in order."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from civid.exchange.sector.judge.rules import about

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.S | re.M)


@pytest.mark.slow
def test_it_goes_as_told(
    civid: Callable[..., Any], root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = (root / "docs/howto/is-my-table-ready.md").read_text(encoding="utf-8")
    told = []
    for kind, block in BLOCK.findall(text):
        if kind == "json":
            Path("mapping.json").write_text(block, encoding="utf-8")
        elif kind == "python":
            exec(compile(block, "how-to", "exec"), {})
        else:
            assert kind == "console"
            for line in block.splitlines():
                assert line.startswith("$ civid ")
                done = civid(*shlex.split(line[len("$ civid ") :]))
                # Nobody has those rows in whose place an error stands: not ready, and said so.
                assert done.code in (0, 1), (line, done.err)
                told.append(done.out)
    named = set(re.findall(r"`([a-z]+(?:\.[a-z]{2})?\.(?:html|json|csv))`", text))
    written = {one.name for one in Path("report").iterdir()}
    assert written <= named
    rows = Path("report/rows.csv").read_text("utf-8-sig")
    assert "register.nobody" in rows
    assert "register.differs.birth" in rows
    assert "Against the register" in told[-1]
    rules = re.findall(r"`((?:number|birth|name|person)\.[a-z_0-9]+)`", text)
    assert len(rules) >= 6
    assert set(rules) <= about().keys()
