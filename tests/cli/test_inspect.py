"""``civid inspect``: every field with its place, folded lists, and damage where it is."""

from __future__ import annotations

import base64
import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from civid import Template
from civid.formats import Node, Tree
from civid.formats._reader import Finding
from civid.position import Position


@pytest.fixture
def record(tmp_path: Path) -> Path:
    """A record of forty minutiae."""
    rows = [(10 + 3 * n, 20 + 2 * n, 0.1 * n, 1, 50) for n in range(40)]
    template = Template(rows, quality=80, width=300, height=400)
    path = tmp_path / "finger.iso"
    path.write_bytes(template.to_iso19794_2(position=Position.RIGHT_INDEX))
    return path


def test_a_good_record(civid: Callable, record: Path) -> None:
    run = civid("inspect", record)
    assert (run.code, run.err) == (0, "")
    lines = run.out.splitlines()
    assert lines[0] == "finger.iso: ISO/IEC 19794-2:2005 (iso19794-2:2005), 270 bytes"
    assert any("0x000e   2  image width: 300" in line for line in lines)
    assert lines[-1].startswith("read to the end; nothing departs")
    assert max(map(len, lines)) <= 80


def test_json_is_the_whole_tree(civid: Callable, record: Path) -> None:
    told = civid("inspect", record, "--json").json
    assert told["file"] == str(record)
    assert (told["format"], told["size"], told["error"]) == ("iso19794-2:2005", 270, None)
    assert [one["name"] for one in told["fields"]] == ["header", "view 0"]


def test_a_departure_is_marked_and_counts_when_strict(civid: Callable, record: Path) -> None:
    raw = bytearray(record.read_bytes())
    raw[23] = 5
    record.write_bytes(raw)
    run = civid("inspect", record)
    assert run.code == 0
    lines = run.out.splitlines()
    at = next(place for place, line in enumerate(lines) if "reserved byte: 5" in line)
    assert "! should be 0" in lines[at + 1]
    assert "1 departure from the standard, marked !" in lines[-1]
    strict = civid("inspect", record, "--strict")
    assert (strict.code, strict.out) == (1, run.out)


def test_a_damaged_file_is_shown_up_to_the_damage(civid: Callable, record: Path) -> None:
    record.write_bytes(record.read_bytes()[:100])
    run = civid("inspect", record)
    assert run.code == 3
    assert "image width: 300" in run.out
    assert "!! damaged here" in run.out
    assert "! 270, but there are 100 bytes" in run.out
    assert run.err.startswith(f"error: {record}: minutiae: ")
    told = civid("inspect", record, "--json")
    assert told.code == 3
    assert told.json["error"]["offset"] == 28
    assert told.error["code"] == "unreadable-record"


@pytest.mark.parametrize(
    ("wrap", "name"), [(gzip.compress, "gzip"), (base64.b64encode, "base64 text")]
)
def test_what_is_wrapped_is_opened_and_said(
    civid: Callable, record: Path, wrap: Callable[[bytes], bytes], name: str
) -> None:
    record.write_bytes(wrap(record.read_bytes()))
    run = civid("inspect", record)
    assert run.code == 0
    assert run.out.splitlines()[0].endswith(f"270 bytes, out of {name}")
    assert civid("inspect", record, "--json").json["wrappings"] == [name]


def test_a_picture_shows_its_head(civid: Callable, prints: Path) -> None:
    run = civid("inspect", prints / "1_right-index_1.png")
    assert run.code == 0
    assert "resolution: 500 dpi" in run.out
    cut = prints.parent / "cut.png"
    cut.write_bytes((prints / "1_right-index_1.png").read_bytes()[:-100])
    run = civid("inspect", cut, "--json")
    assert (run.code, run.error["code"]) == (3, "unreadable-image")
    assert run.json["fields"][0]["name"] == "width"


@pytest.mark.parametrize(
    ("content", "words", "code", "said"),
    [
        (b"what is this?", (), 3, "no kind that is known"),
        (b"", (), 3, "empty"),
        (None, (), 3, "no such file"),
        (b"P5 1 1 255 A", ("--format", "pngg"), 2, "do you mean png"),
        (b"P5 1 1 255 A", ("--format", "iso19794-2:2005"), 3, "should be"),
    ],
)
def test_what_cannot_be_shown_is_said(
    civid: Callable,
    tmp_path: Path,
    content: bytes | None,
    words: tuple[str, ...],
    code: int,
    said: str,
) -> None:
    path = tmp_path / "file.bin"
    if content is not None:
        path.write_bytes(content)
    run = civid("inspect", path, *words)
    assert run.code == code
    assert said in run.err
    assert len(run.err.splitlines()) <= 2


def test_a_folder_is_no_file(civid: Callable, tmp_path: Path) -> None:
    run = civid("inspect", tmp_path, "--json")
    assert (run.code, run.error["code"]) == (3, "is-a-folder")


def shown(tree: Tree, *, everything: bool = False) -> str:
    from rich.console import Console

    from civid.cli.commands.files.field_tree import field_tree

    console = Console(width=120)
    with console.capture() as kept:
        console.print(field_tree(tree, "a file", everything=everything))
    return kept.get()


def test_long_lists_are_folded_but_for_what_is_wrong() -> None:
    wrong = Finding("x", "beyond the image", 25)
    rows = tuple(
        Node(f"minutia {n}", n, 1, None, (), (Node("x", n, 1, n, (wrong,) if n == 25 else ()),))
        for n in range(40)
    )
    tree = Tree("key", "a name", 40, "", fields=(Node("view 0", 0, 40, children=rows),))
    folded = shown(tree)
    assert [f"minutia {n}" in folded for n in (0, 2, 3, 24, 25, 26)] == [
        True, True, False, False, True, False,
    ]  # fmt: skip
    assert "... 36 more of minutia; --all shows them" in folded
    assert "minutia 39" in shown(tree, everything=True)


def test_values_steer_no_terminal_and_bytes_stay_unseen() -> None:
    nodes = (
        Node("name [red]", 0, 9, "a\x1b[31m [bold]"),
        Node("pixels", 9, 40, bytes(range(40))),
        Node("mark", 49, 4, b"FMR\0"),
        Node("nothing", 53, 0, b""),
    )
    text = shown(Tree("key", "a name", 53, "", fields=nodes))
    assert "name [red]: a\\x1b[31m [bold]" in text
    assert "40 bytes, sha256 " in text
    assert "mark: 'FMR'" in text
    assert "nothing: empty" in text


def test_long_texts_are_cut() -> None:
    tree = Tree("key", "a name", 400, "", fields=(Node("text", 0, 400, "word " * 80),))
    assert "(cut; --all shows 400 characters)" in " ".join(shown(tree).split())
    assert shown(tree).count("word") < 25
    assert shown(tree, everything=True).count("word") == 80
