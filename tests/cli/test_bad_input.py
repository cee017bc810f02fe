"""Every way to get it wrong: the documented exit code, a sentence, no traceback."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from civid.cli import main


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder full of traps."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "text.png").write_bytes(b"this is no picture")
    (tmp_path / "zero.png").write_bytes(b"")
    (tmp_path / "short.iso").write_bytes(b"FMR\0 20\0\0\0")
    (tmp_path / "disk.iso").write_bytes(bytes(1 << 21))
    (tmp_path / "folder.png").mkdir()
    (tmp_path / "not-a-gallery").write_bytes(b"hello")
    Image.fromarray(np.full((200, 200), 255, np.uint8)).save(tmp_path / "no-dpi.png")
    blank = Image.fromarray(np.full((200, 200), 255, np.uint8))
    blank.save(tmp_path / "blank.png", dpi=(500, 500))
    Image.fromarray(np.zeros((1, 1), np.uint8)).save(tmp_path / "dot.png", dpi=(500, 500))
    return tmp_path


CASES = [
    # words after `civid`, exit code, code, a word of the message
    (("extract", "{}/none.png"), 3, "no-such-file", "none.png"),
    (("extract", "{}/text.png"), 3, "unreadable-image", "text.png"),
    (("extract", "{}/zero.png"), 3, "unreadable-image", "zero.png"),
    (("extract", "{}/dot.png"), 3, "unreadable-image", "dot.png"),
    (("extract", "{}/folder.png"), 3, "empty-folder", "folder.png"),
    (("extract", "{}/no-dpi.png"), 3, "no-resolution", "no-dpi.png"),
    (("extract", "{}/no-dpi.png", "--dpi", "3"), 3, "no-resolution", "no-dpi.png"),
    (("extract", "{}/short.iso"), 3, "unreadable-record", "short.iso"),
    (("extract", "{}/disk.iso"), 3, "unreadable-record", "disk.iso"),
    (("extract", "{}/blank.png", "-p", "toe"), 2, "usage", "toe"),
    (("extract", "{}/blank.png", "-o", "{}/none/x.iso"), 5, "not-written", "x.iso"),
    (("extract", "{}/blank.png", "--picture", "{}/p.xyz"), 2, "usage", "p.xyz"),
    (("extract", "{}/blank.png", "{}/dot.png", "--picture", "{}/p.png"), 2, "usage", "one image"),
    (("extract",), 2, "usage", "IMAGE"),
    (("extract", "--nonsense"), 2, "usage", "nonsense"),
    (("nonsense",), 2, "usage", "nonsense"),
    (("compare", "{}/blank.png"), 2, "usage", "B"),
    (("compare", "{}/blank.png", "{}/none.png"), 3, "no-such-file", "none.png"),
    (("explain", "{}/text.png"), 3, "unreadable-image", "text.png"),
    (("explain", "{}/blank.png", "-o", "{}/none/x.png"), 5, "not-written", "x.png"),
    (("dedup", "{}/none"), 3, "no-such-folder", "none"),
    (("dedup", "{}/empty"), 3, "empty-folder", "empty"),
    (("dedup", "{}/text.png"), 3, "not-a-folder", "text.png"),
    (("dedup", "{}", "--strict"), 3, "no-minutiae", "blank.png"),
    (("dedup", "{}", "--name", "person"), 2, "usage", "field"),
    (("dedup", "{}", "--name", "{{a}}/{{b}}/{{c}}"), 3, "empty-folder", "does not fit"),
    (("dedup", "{}", "--csv", "{}/none/x.csv"), 5, "not-written", "x.csv"),
    (("dedup", "{}", "--csv", "{}/empty"), 5, "not-written", "empty"),
    (("dedup", "{}", "--same", "a"), 2, "usage", "--truth"),
    (("dedup", "{}", "--truth", "{{a}}_{{b}}", "--same", "c"), 2, "usage", "c"),
    (("dedup", "{}", "--max-fpir", "2"), 2, "usage", "max-fpir"),
    (("dedup", "{}", "--gallery", "{}/not-a-gallery"), 4, "not-a-gallery", "not-a-gallery"),
    (("enroll", "{}/g"), 2, "usage", "subject"),
    (("enroll", "{}/g", "someone"), 2, "usage", "images"),
    (("enroll", "{}/g", "someone", "{}/blank.png"), 3, "no-minutiae", "blank.png"),
    (("enroll", "{}/g", "someone", "toe={}/blank.png"), 2, "usage", "toe"),
    (("enroll", "{}/g", "someone", "{}/dot.png", "{}/blank.png"), 2, "usage", "two prints"),
    (("enroll", "{}/g", "someone", "{}/blank.png", "-p", "11"), 2, "usage", "11"),
    (("enroll", "{}/g", "someone", "1={}/blank.png", "-p", "1"), 2, "usage", "twice"),
    (("enroll", "{}/g", "someone", "{}/blank.png", "--folder", "{}"), 2, "usage", "folder"),
    (("enroll", "{}/g", "--folder", "{}/empty"), 3, "empty-folder", "empty"),
    (("enroll", "{}/g", "--folder", "{}"), 3, "empty-folder", "named like"),
    (("search", "{}/none", "{}/blank.png"), 4, "no-such-gallery", "none"),
    (("search", "{}/not-a-gallery", "{}/blank.png"), 4, "not-a-gallery", "not-a-gallery"),
    (("search", "{}/empty", "{}/blank.png"), 4, "not-a-gallery", "empty"),
]


@pytest.mark.parametrize(("words", "code", "name", "said"), CASES, ids=lambda v: str(v)[:60])
def test_each_mistake_has_its_exit_code_and_a_sentence(
    civid: Callable, place: Path, words: tuple[str, ...], code: int, name: str, said: str
) -> None:
    filled = [word.format(place) for word in words]
    run = civid(*filled)
    assert run.code == code, run.err
    assert run.out == ""
    assert run.err.startswith("error: ")
    assert said in run.err
    assert "Traceback" not in run.err
    assert len(run.err.splitlines()) <= 2 or code == 2

    told = civid(*filled, "--json")
    assert (told.code, told.out) == (code, "")
    assert (told.error["code"], told.error["exit_code"]) == (name, code)
    assert said in told.error["message"]


def test_no_command_shows_the_help(civid: Callable) -> None:
    run = civid()
    assert run.code == 2
    assert "dedup" in run.out


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_file_without_permission_is_explained(civid: Callable, place: Path) -> None:
    (place / "blank.png").chmod(0)
    run = civid("extract", place / "blank.png", "--json")
    assert run.code == 3
    assert "blank.png" in run.error["message"]


def test_a_bug_is_called_one(civid: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    def explode(*_: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr("civid.cpu.active", explode)
    run = civid("info", "--json")
    assert (run.code, run.error["code"]) == (70, "internal")
    assert "secret" not in run.err
    monkeypatch.setenv("CIVID_DEBUG", "1")
    assert "RuntimeError: secret" in civid("info").err


def test_stopping_is_no_error(civid: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("civid.cpu.active", stop)
    run = civid("info")
    assert (run.code, run.out, run.err) == (130, "", "stopped\n")


def test_stopping_while_the_command_is_loaded_is_no_error_either(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("civid.cli.app.command_line", stop)
    monkeypatch.setattr("sys.argv", ["civid", "info"])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 130
    assert "Traceback" not in capsys.readouterr().err
