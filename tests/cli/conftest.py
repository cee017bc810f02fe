"""A folder of small synthetic prints, and the command run in this process."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from typer.testing import CliRunner

from civid.cli.app import command_line
from civid.search.backends.auto import AutoBackend

#: Two people, two fingers each, pressed twice: person_position_impression.png.
PEOPLE, POSITIONS, IMPRESSIONS = (1, 2), ("right-index", "left-index"), (1, 2)


@pytest.fixture(scope="session")
def prints(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight prints of four fingers, at 500 dpi."""
    from civid.lab import synthetic

    folder = tmp_path_factory.mktemp("prints")
    for person in PEOPLE:
        for number, position in enumerate(POSITIONS):
            finger = synthetic.master(10 * person + number)
            for impression in IMPRESSIONS:
                seen = synthetic.impression(finger, impression, difficulty=0.1)
                path = folder / f"{person}_{position}_{impression}.png"
                Image.fromarray(seen.image.pixels).save(path, dpi=(500, 500))
    return folder


@dataclass(frozen=True)
class Run:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one document on stdout."""
        return json.loads(self.out)

    @property
    def error(self) -> dict[str, Any]:
        """The one document on stderr."""
        return dict(json.loads(self.err)["error"])


@pytest.fixture
def civid(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Run]:
    """Run ``civid`` with these words."""
    monkeypatch.delenv("CIVID_DEBUG", raising=False)

    def run(*words: object) -> Run:
        result = CliRunner().invoke(
            command_line(), [str(word) for word in words], prog_name="civid"
        )
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return Run(result.exit_code, result.stdout, result.stderr)

    return run


@pytest.fixture
def large_from_six(monkeypatch: pytest.MonkeyPatch) -> None:
    """More than five subjects are a large gallery."""
    made = AutoBackend.__init__
    monkeypatch.setattr(
        AutoBackend, "__init__", lambda self, **named: made(self, **named | {"exact_up_to": 5})
    )
