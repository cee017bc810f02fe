"""The sdist: what git holds and nothing else, the same bytes whenever it is packed."""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    folder = ROOT / ".ci" / "release"
    monkeypatch.syspath_prepend(str(folder))
    return runpy.run_path(str(folder / "sdist.py"))


def packed(tree: Path, into: Path, epoch: str) -> Path:
    command = [sys.executable, "setup.py", "-q", "sdist", "--dist-dir", str(into)]
    environment = os.environ | {"SOURCE_DATE_EPOCH": epoch, "PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run(command, cwd=tree, env=environment, check=True, capture_output=True, timeout=300)
    return next(into.glob("*.tar.gz"))


@pytest.mark.slow
def test_it_holds_what_git_holds_in_the_same_bytes(tmp_path: Path, script: dict[str, Any]) -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("not a checkout")
    pytest.importorskip("cffi")
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    kept = {name for name in listed.stdout.split("\0") if name and (ROOT / name).exists()}
    tree = tmp_path / "tree"
    for name in kept:
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_bytes((ROOT / name).read_bytes())
    first = packed(tree, tmp_path / "first", "1700000000")
    for path in (tree / "src").rglob("*.py"):  # another clock, another hand
        os.utime(path, (1, 1))
        path.chmod(0o600)
    second = packed(tree, tmp_path / "second", "1700000000")
    assert script["difference"](first, kept) == set()
    assert first.read_bytes() == second.read_bytes()


def test_a_file_too_many_and_one_too_few_are_named(tmp_path: Path, script: dict[str, Any]) -> None:
    (tmp_path / "src").mkdir()
    for name in ("src/a.py", "secret.txt", "PKG-INFO"):
        (tmp_path / name).write_text("1")
    with tarfile.open(tmp_path / "one.tar.gz", "w:gz") as archive:
        for name in ("src/a.py", "secret.txt", "PKG-INFO"):
            archive.add(tmp_path / name, f"civid-1/{name}")
    kept = {"src/a.py", "tests/test_a.py", ".gitignore"}
    found = script["difference"](tmp_path / "one.tar.gz", kept)
    assert found == {"secret.txt", "tests/test_a.py"}
