"""Scripts of users pass mypy --strict and pyright against the package as it is installed."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import civid
import civid.search

SCRIPTS = Path(__file__).parent / "typing"
EXAMPLES = SCRIPTS.parents[1] / "docs" / "examples"
PARENT = Path(civid.__file__).parents[1]


#: What the loop of the README looked like to mypy once: a pair's score was an object.
WRONG = """\
from civid import Gallery
for a, b, score, _ in Gallery().duplicates():
    print(a + score)
"""
#: Options of an asynchronous gallery were taken whatever they were called.
MISSPELLED = """\
from civid import Template
from civid.search.aio import AsyncGallery
async def ask(gallery: AsyncGallery, probe: Template) -> None:
    await gallery.search(probe, max_fpri=1e-3)
"""


@pytest.fixture
def scripts(tmp_path: Path) -> Path:
    shutil.copytree(SCRIPTS, tmp_path / "scripts")
    shutil.copytree(EXAMPLES, tmp_path / "scripts", dirs_exist_ok=True)
    (tmp_path / "scripts" / "wrong.py").write_text(WRONG)
    (tmp_path / "scripts" / "misspelled.py").write_text(MISSPELLED)
    return tmp_path


def errors(tool: str, *arguments: str, **environment: str) -> list[str]:
    """Lines about errors."""
    done = subprocess.run(
        [sys.executable, "-m", tool, *arguments],
        capture_output=True,
        text=True,
        env=os.environ | environment,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    return [line for line in done.stdout.splitlines() if " error: " in line]


def test_mypy(scripts: Path) -> None:
    """All but the scripts that are wrong."""
    pytest.importorskip("mypy")
    settings = scripts / "mypy.ini"
    settings.write_text("[mypy]\nstrict = True\nfollow_imports = silent\n")
    source = "" if PARENT.name == "site-packages" else str(PARENT)
    arguments = ("--config-file", str(settings), "--cache-dir", str(scripts / "cache"))
    lines = sorted(errors("mypy", *arguments, str(scripts / "scripts"), MYPYPATH=source))
    assert len(lines) == 2
    assert 'misspelled.py:4: error: Unexpected keyword argument "max_fpri"' in lines[0]
    assert "wrong.py:3: error: Unsupported operand types" in lines[1]


def test_pyright(scripts: Path) -> None:
    """All but the scripts that are wrong."""
    pytest.importorskip("pyright")
    settings = scripts / "pyrightconfig.json"
    settings.write_text(
        json.dumps(
            {"include": ["scripts"], "extraPaths": [str(PARENT)], "typeCheckingMode": "strict"}
        )
    )
    lines = errors("pyright", "--pythonpath", sys.executable, "--project", str(settings))
    text = "\n".join(lines)
    assert set(re.findall(r"(\w+\.py:\d+):", text)) == {"misspelled.py:4", "wrong.py:3"}
    assert 'No parameter named "max_fpri"' in text
    assert "reportOperatorIssue" in text


@pytest.mark.parametrize("module", [civid, civid.search], ids=lambda module: module.__name__)
def test_every_public_name_is_used(module: ModuleType) -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in SCRIPTS.glob("*.py"))
    assert set(module.__all__) <= set(re.findall(r"\w+", text))
