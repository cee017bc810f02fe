"""The command as a whole: versions, help, streams, and the installed entry points."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import civid as library
from civid.cli.console.output import Output


def run(*words: object, **named: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "civid", *map(str, words)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        **named,  # type: ignore[call-overload]
    )


def test_the_version(civid: Callable) -> None:
    assert civid("--version").out == f"civid {library.__version__}\n"


def test_info_names_the_instruction_set(civid: Callable) -> None:
    told = civid("info", "--json").json
    assert told["instruction_set"] == library.cpu.active()
    assert told["instruction_sets"] == list(library.cpu.available())
    assert library.cpu.active() in civid("info").out


@pytest.mark.parametrize(
    "command", ["extract", "compare", "enroll", "search", "dedup", "demo", "explain", "info"]
)
def test_every_command_has_help_and_json(civid: Callable, command: str) -> None:
    told = civid(command, "--help")
    assert told.code == 0
    assert "--json" in told.out


@pytest.mark.parametrize("command", ["info", "duplicates", "compact", "verify", "remove"])
def test_every_command_for_galleries_takes_keys(civid: Callable, command: str) -> None:
    told = civid("gallery", command, "--help")
    assert told.code == 0
    assert ("--json" in told.out, "--keys" in told.out) == (True, True)


def test_the_process_uses_its_exit_code_and_streams(prints: Path, tmp_path: Path) -> None:
    a, b = prints / "1_left-index_1.png", prints / "2_left-index_1.png"
    different = run("compare", a, b, "--json")
    assert (different.returncode, different.stderr) == (1, "")
    assert json.loads(different.stdout)["same"] is False
    missing = run("compare", a, tmp_path / "none.png")
    assert (missing.returncode, missing.stdout) == (3, "")
    assert missing.stderr.startswith(f"error: {tmp_path}/none.png: ")
    assert "Traceback" not in missing.stderr


def test_a_reader_that_leaves_early_is_no_error(prints: Path) -> None:
    command = f"{sys.executable} -m civid extract {prints}/*.png {prints}/*.png | head -c 1"
    done = subprocess.run(
        ["sh", "-c", command], capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


ODD = b"[red]odd[bold] \n \x1b[31m \xe2\x80\xae name \xff.png"


@pytest.mark.parametrize("language", ["C", "C.UTF-8"])
def test_an_odd_name_steers_nothing(prints: Path, tmp_path: Path, language: str) -> None:
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + ODD))
    odd.write_bytes((prints / "1_left-index_1.png").read_bytes())
    env = {"PYTHONPATH": os.pathsep.join(sys.path), "LC_ALL": language}
    table = run("extract", odd, env=env)
    assert (table.returncode, table.stderr) == (0, "")
    assert "[red]odd[bold] \\n \\x1b[31m" in table.stdout
    assert "\x1b" not in table.stdout
    document = run("extract", odd, "--json", env=env)
    assert json.loads(document.stdout)["prints"][0]["file"] == str(odd)
    odd.write_bytes(b"")
    error = run("extract", odd, env=env)
    assert (error.returncode, "\x1b" in error.stderr, error.stderr.count("\n")) == (3, False, 2)


class Terminal(io.StringIO):
    """Somebody who watches."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("options", "shown"),
    [({}, True), ({"quiet": True}, False), ({"as_json": True}, False)],
    ids=["plain", "quiet", "json"],
)
def test_a_bar_is_for_people(
    monkeypatch: pytest.MonkeyPatch, options: dict[str, bool], shown: bool
) -> None:
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    with Output(**{"as_json": False, **options}).progress("Extracting") as progress:
        progress(3, 7)
    assert ("Extracting" in screen.getvalue()) == shown
    assert ("3/7" in screen.getvalue()) == shown


def test_no_bar_without_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    with Output(as_json=False).progress("Extracting") as progress:
        progress(3, 7)
    assert stream.getvalue() == ""
