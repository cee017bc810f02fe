"""What a release refuses before it builds anything, and what the workflow may do."""

from __future__ import annotations

import runpy
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
CHANGELOG = "# Changelog\n\n## [Unreleased]\n\n## [1.2.3] - 2026-12-01\n"


@pytest.fixture
def ready(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], str]:
    folder = ROOT / ".ci" / "release"
    monkeypatch.syspath_prepend(str(folder))
    found: Callable[[Path], str] = runpy.run_path(str(folder / "release.py"))["ready"]
    return found


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small repository that may be released."""
    (tmp_path / "src" / "civid").mkdir(parents=True)
    written(tmp_path, "src/civid/__init__.py", '__version__ = "1.2.3"\n')
    git(tmp_path, "init", "-q")
    written(tmp_path, "CHANGELOG.md", CHANGELOG)
    commit(tmp_path)
    return tmp_path


def written(tree: Path, name: str, text: str) -> None:
    (tree / name).write_text(text)


def git(tree: Path, *words: str) -> None:
    who = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *who, *words], cwd=tree, check=True, capture_output=True)


def commit(tree: Path) -> None:
    git(tree, "add", "-A")
    git(tree, "commit", "-q", "--allow-empty", "-m", "one")


def test_what_is_committed_named_and_new_may_be_released(
    tree: Path, ready: Callable[[Path], str]
) -> None:
    assert ready(tree) == "1.2.3"
    git(tree, "tag", "v1.2.3")
    assert ready(tree) == "1.2.3"  # the tag may be there already, on this commit


def test_changes_that_are_not_committed(tree: Path, ready: Callable[[Path], str]) -> None:
    written(tree, "new.txt", "1")
    with pytest.raises(SystemExit, match="the tree has changes"):
        ready(tree)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("CHANGELOG.md", "# Changelog\n\n## [Unreleased]\n", r"no section '## \[1.2.3\]"),
        ("CHANGELOG.md", CHANGELOG.replace(" - 2026-12-01", ""), "no section"),
        ("src/civid/__init__.py", '__version__ = "1.2.3.dev0"\n', "no version to release"),
        ("src/civid/__init__.py", "", "names no version"),
    ],
)
def test_a_version_that_is_not_ready(
    tree: Path, ready: Callable[[Path], str], name: str, text: str, said: str
) -> None:
    written(tree, name, text)
    commit(tree)
    with pytest.raises(SystemExit, match=said):
        ready(tree)


def test_a_version_is_released_once(tree: Path, ready: Callable[[Path], str]) -> None:
    git(tree, "tag", "v1.2.3")
    commit(tree)
    with pytest.raises(SystemExit, match="released once"):
        ready(tree)


def test_only_a_signed_tag_is_published_and_only_that_job_may() -> None:
    path = ROOT / ".github" / "workflows" / "wheels.yml"
    if not path.exists():
        pytest.skip("an sdist has no workflows")
    yaml = pytest.importorskip("yaml")
    workflow: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    jobs = workflow["jobs"]
    assert workflow["permissions"] == {}
    writing = {name for name, job in jobs.items() if "write" in job["permissions"].values()}
    assert writing == {"publish"}
    assert set(jobs["publish"]["needs"]) == set(jobs) - {"publish"}
    assert "refs/tags/v" in jobs["signed"]["if"]
    assert "secrets." not in path.read_text(encoding="utf-8")
    for job in jobs.values():
        for step in job["steps"]:
            if "checkout" in step.get("uses", ""):
                assert step["with"]["persist-credentials"] is False
