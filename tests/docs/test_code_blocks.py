"""No code block stands in README, docs or a docstring that nobody runs."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests import child
from tests.docs.blocks.collecting import pytest_collect_file
from tests.docs.blocks.commands import misfit
from tests.docs.blocks.fences import ROOT, pages
from tests.docs.blocks.languages import RUNS, SHOWN
from tests.docs.blocks.needs import NEEDS

#: Blocks left out, with the reason beside them: as many, so that one more is a decision.
LEFT_OUT = 5


def fences(text: str) -> Iterator[tuple[int, str, str]]:
    """Line, language and content of every block, read apart from what runs them."""
    begun, fence, language = 0, "", ""
    content: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        mark = re.match(r" *(`{3,}|~{3,})(.*)$", line)
        if mark and not fence:
            begun, fence, language, content = number, mark[1], mark[2].strip(), []
        elif mark and mark[1].startswith(fence) and not mark[2].strip():
            yield begun, language, "\n".join(content)
            fence = ""
        elif fence:
            content.append(line)
    assert not fence


def collected() -> Counter[str]:
    """What a run of the tests finds outside tests/: page and line."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    places = settings["tool"]["pytest"]["ini_options"]["testpaths"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:randomly",
         "-p", "no:cacheprovider", *(one for one in places if one != "tests")],
        cwd=ROOT, env=child.environment(), capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return Counter(re.findall(r"^(\S+\.md::line:\d+),column:\d+$", done.stdout, re.M))


def test_every_block_of_every_page_is_collected() -> None:
    told: Counter[str] = Counter()
    for path in pages():
        page, text = path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
        told.update(f"{page}::line:{line}" for line, one, _ in fences(text) if one in RUNS)
        lines = enumerate(text.splitlines(), 1)
        told.update(f"{page}::line:{n}" for n, line in lines if line.startswith("<!-- skip: "))
    assert collected() == told
    assert told.total() > 200


@pytest.mark.parametrize("path", pages(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_block_says_what_it_is(path: Path) -> None:
    for line, language, content in fences(path.read_text(encoding="utf-8")):
        assert language in RUNS.keys() | SHOWN, f"{path.name}:{line}: which language?"
        if language in SHOWN:
            assert not re.search(r"^(\$|>>>) ", content, re.M), f"{path.name}:{line} can be run"


def test_what_is_left_out_says_why() -> None:
    texts = [path.read_text(encoding="utf-8") for path in pages()]
    comments = re.findall(r"^ *<!-- skip: .*$", "\n".join(texts), re.M)
    assert all(re.fullmatch(r'<!-- skip: next "[^"]{20,}" -->', one) for one in comments)
    assert len(comments) == LEFT_OUT


@pytest.mark.parametrize(
    ("page", "test"), [(page, row.instead) for page, row in NEEDS.items() if row.instead]
)
def test_a_page_with_a_test_of_its_own_is_read_there(page: str, test: str) -> None:
    """Which then holds the page's name and takes its blocks or commands out of it."""
    text = (ROOT / test).read_text(encoding="utf-8")
    assert page.rpartition("/")[2] in text
    assert "```" in text or "civid " in text


def test_every_row_is_of_a_page() -> None:
    assert NEEDS.keys() <= {path.relative_to(ROOT).as_posix() for path in pages()}


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        (["gallery", "infos", "centre"], "No such command"),
        (["gallery", "info", "centre", "--jsn"], "No such option"),
        (["gallery", "info"], "missing"),
        (["gallery", "info", "one", "two"], "too much"),
        (["serve", "office", "--creat"], "No such option"),
        (["serve", "office", "--create"], ""),
    ],
)
def test_commands_are_held_against_the_command_line(words: list[str], wrong: str) -> None:
    said = misfit(words)
    assert said.startswith(wrong) if wrong else said == ""


def test_a_failing_block_is_told_and_ends_no_run(request: pytest.FixtureRequest) -> None:
    """The cause of an error has no frame of Sybil's, which takes one for granted."""
    page = pytest_collect_file(ROOT / "README.md", request.session)
    assert page is not None
    block = next(iter(page.collect()))
    with pytest.raises(ValueError, match="outer") as found:
        _raise_with_a_cause()
    told = str(block.repr_failure(found))
    assert "inner" in told
    assert "outer" in told


def _raise_with_a_cause() -> None:
    try:
        raise OSError("inner")
    except OSError as cause:
        raise ValueError("outer") from cause
