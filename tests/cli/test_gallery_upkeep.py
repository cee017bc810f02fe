"""``civid gallery``: who is in it, fingers, copies, other places, archives, keys."""

from __future__ import annotations

import base64
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from tests.search.prints import person

import civid as library
from civid.cli.app import command_line
from civid.cli.console import output
from civid.position import Position
from civid.search import Metadata
from civid.search.segments.keys import StaticKeyProvider

KEY = base64.b64encode(bytes(range(32))).decode()


def filled(folder: Path, keys: Path | None = None) -> Path:
    provider = None if keys is None else StaticKeyProvider.from_file(keys)
    with library.Gallery.open(folder, keys=provider) as gallery:
        gallery.enroll_many((f"{n}", person(n, 2, 7)) for n in range(6))
        gallery.compact()
        gallery.set_metadata("4", Metadata({"unit": "079"}, ["border"]))
    return folder


@pytest.fixture
def gallery(tmp_path: Path) -> Path:
    return filled(tmp_path / "gallery")


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    file = tmp_path / "keys"
    file.touch(0o600)
    file.write_text(f"2025:{KEY}\n")
    return file


def record(path: Path, number: int, position: int) -> str:
    finger = Position(position)
    path.write_bytes(person(number, position)[finger].to_iso19794_2(position=finger))
    return f"{position}={path}"


def test_who_is_in_it(civid: Callable, gallery: Path) -> None:
    assert civid("gallery", "list", gallery).out.split() == [f"{n}" for n in range(6)]
    some = civid("gallery", "list", gallery, "--limit", 2, "--json").json
    assert (some["listed"], some["subjects"], some["more"]) == (["0", "1"], 6, True)
    assert civid("gallery", "list", gallery, "--tag", "border").out == "4\n"
    assert civid("gallery", "list", gallery, "--prefix", "5").out == "5\n"
    assert civid("gallery", "list", gallery, "--prefix", "x").code == 1


def test_what_is_held_of_one(civid: Callable, gallery: Path) -> None:
    told = civid("gallery", "show", gallery, "4", "--json").json
    assert [one["position"] for one in told["fingers"]] == ["right-index", "left-index"]
    assert told["fingers"][0]["minutiae"] == 36
    assert told["metadata"] == {"values": {"unit": "079"}, "tags": ["border"]}
    text = civid("gallery", "show", gallery, "4").out
    assert all(word in text for word in ("right-index", "unit: 079", "tags: border"))
    assert civid("gallery", "show", gallery, "x", "--json").error["code"] == "no-such-subject"


def test_fingers_are_added_and_replaced(civid: Callable, gallery: Path, tmp_path: Path) -> None:
    thumb, other = record(tmp_path / "a.fmr", 50, 1), record(tmp_path / "b.fmr", 51, 2)
    for words, code, error in (
        (("add", gallery, "4", other), 2, "usage"),
        (("replace", gallery, "4", thumb), 2, "usage"),
        (("add", gallery, "x", thumb), 4, "no-such-subject"),
    ):
        run = civid("gallery", *words, "--json")
        assert (run.code, run.error["code"]) == (code, error)
    added = civid("gallery", "add", gallery, "4", thumb, "--json").json
    assert (added["added"], added["replaced"], added["fingers"]) == (["right-thumb"], [], 3)
    assert "replaced 1 finger; 4 has 3" in civid("gallery", "replace", gallery, "4", other).out
    with library.Gallery.open(gallery) as opened:
        assert opened.metadata("4").tags == {"border"}
        assert opened.search(person(51, 2), 1)[0].subject_id == "4"
        assert opened.search(person(4, 7), 1)[0].subject_id == "4"
    whole = civid("gallery", "replace", gallery, "4", thumb, "--all", "--json").json
    assert (whole["replaced"], whole["fingers"]) == (["right-thumb"], 1)


def test_only_what_was_replaced_lies_in_segments(
    civid: Callable, gallery: Path, tmp_path: Path
) -> None:
    """Who adds a finger has replaced none, whatever moves inside."""
    thumb, other = record(tmp_path / "a.fmr", 50, 1), record(tmp_path / "b.fmr", 51, 2)
    assert civid("gallery", "compact", gallery).code == 0
    added = civid("gallery", "add", gallery, "4", thumb)
    assert (added.code, "replaced" in added.err) == (0, False)
    replaced = civid("gallery", "replace", gallery, "4", other)
    assert "what was replaced is found no more" in replaced.err
    assert "civid gallery compact --purge" in replaced.err
    assert civid("gallery", "compact", gallery, "--purge").code == 0
    assert civid("gallery", "replace", gallery, "4", thumb, "--json").json["removed_in_segments"]
    assert "what was replaced" in civid("gallery", "replace", gallery, "4", thumb, "--all").err


def test_a_gallery_that_grew_one_by_one_says_what_makes_it_open_faster(
    civid: Callable, gallery: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    thumb = record(tmp_path / "a.fmr", 50, 1)
    words, told = ("gallery", "replace", gallery, "4", thumb), "would be opened faster after: civid"
    assert civid("gallery", "add", gallery, "4", thumb).code == 0
    assert told not in civid(*words).err
    monkeypatch.setattr(library.search.store.sqlite_store.SqliteStore, "wasteful", True)
    assert f"{told} gallery compact {gallery}" in civid(*words).err


def test_a_copy_beside_a_writer_and_back(civid: Callable, gallery: Path, tmp_path: Path) -> None:
    copies, again = tmp_path / "copies", tmp_path / "again"
    with library.Gallery.open(gallery) as opened:
        opened.enroll("late", person(40, 2))
        first = civid("gallery", "backup", gallery, copies, "--json").json
        assert (first["copy"]["number"], first["copy"]["subjects"]) == (1, 7)
        assert first["copy"]["proved"]
        assert "were there" in civid("gallery", "backup", gallery, copies, "--verify").out
        opened.remove("late")
        assert civid("gallery", "backup", gallery, copies, "--keep", 2, "--json").json[
            "forgotten"
        ] == [1]
    told = civid("gallery", "restore", copies, "--json").json["copies"]
    assert [(one["number"], one["subjects"]) for one in told] == [(2, 7), (3, 6)]
    assert "taken (UTC)" in civid("gallery", "restore", copies).out
    run = civid("gallery", "restore", copies, again, "--copy", 2)
    assert ("restored 7 subjects" in run.out, "proved" in run.err) == (True, True)
    assert civid("gallery", "verify", again).code == 0
    over = civid("gallery", "restore", copies, again, "--json")
    assert (over.code, over.error["code"]) == (4, "gallery")
    none = civid("gallery", "restore", gallery, tmp_path / "x", "--json")
    assert (none.code, none.error["code"]) == (4, "not-a-gallery")
    assert civid("gallery", "backup", tmp_path / "none", copies, "--json").error["code"] == (
        "no-such-gallery"
    )


def test_a_live_writer_compacts_when_asked(civid: Callable, tmp_path: Path) -> None:
    with library.Gallery.open(tmp_path / "g") as opened:
        opened.enroll("a", person(1, 2))
        told = civid("gallery", "compact", tmp_path / "g", "--json").json
        assert (told["changed"], told["by_writer"]) == (True, True)
        assert (told["before"]["tail"], told["after"]["tail"]) == (1, 0)
        assert "nothing to do" in civid("gallery", "compact", tmp_path / "g").out


def test_another_place(civid: Callable, gallery: Path, tmp_path: Path) -> None:
    assert civid("gallery", "move", gallery, tmp_path / "there", "--json").json["copied"] is False
    assert civid("gallery", "info", tmp_path / "there", "--json").json["subjects"] == 6
    assert civid("gallery", "info", gallery).code == 4


def test_everybody_out_and_in(civid: Callable, gallery: Path, tmp_path: Path) -> None:
    file, other = tmp_path / "a.jsonl", tmp_path / "other"
    told = civid("gallery", "export", gallery, file, "--records", "iso19794-2", "--json").json
    assert (told["subjects"], told["fingers"], told["records"]) == (6, 12, "iso19794-2")
    assert "in" in civid("gallery", "export", gallery, file).out
    assert "enrolled 6 subjects" in civid("gallery", "import", other, file).out
    assert "6 were there already" in civid("gallery", "import", other, file).out
    civid("gallery", "replace", other, "4", record(tmp_path / "b.fmr", 51, 2))
    refused = civid("gallery", "import", other, file, "--json")
    assert (refused.code, refused.error["code"]) == (4, "subject-exists")
    kept = civid("gallery", "import", other, file, "--existing", "replace", "--json").json
    assert (kept["replaced"], kept["kept"], kept["added"]) == (1, 5, 0)
    file.write_text("x")
    wrong = civid("gallery", "import", other, file, "--json")
    assert (wrong.code, wrong.error["code"]) == (3, "unreadable-record")
    lost = civid("gallery", "export", gallery, tmp_path / "none" / "a.jsonl", "--json")
    assert lost.code == 4


def test_a_new_key(civid: Callable, tmp_path: Path, keys: Path) -> None:
    folder = filled(tmp_path / "g", keys)
    told = civid("gallery", "rotate", folder, "--keys", keys, "--name", "2026", "--json").json
    assert (told["key"], told["made"], told["old"]) == ("2026", True, ["2025"])
    keys.write_text(keys.read_text().splitlines()[1])
    assert civid("gallery", "verify", folder, "--keys", keys).code == 0
    keys.chmod(0o644)
    run = civid("gallery", "info", folder, "--keys", keys, "--json")
    assert (run.code, run.error["code"]) == (4, "gallery-key")
    assert run.error["advice"] == f"chmod 600 {keys}"


def flags(command: Any) -> Iterator[Any]:
    yield from (one for one in command.params if getattr(one, "is_flag", False))
    for inner in getattr(command, "commands", {}).values():
        yield from flags(inner)


def test_no_flag_asks_for_a_bool(civid: Callable) -> None:
    assert len(list(flags(typer.main.get_command(command_line())))) > 100
    for words in (("gallery", "info"), ("search",), ("register", "find"), ("gallery",)):
        assert "<bool>" not in civid(*words, "--help").out


def test_every_command_of_the_group_speaks_json() -> None:
    group = typer.main.get_command(command_line()).commands["gallery"]  # type: ignore[attr-defined]
    for name, command in group.commands.items():
        assert any("--json" in one.opts for one in command.params), name


def test_progress_where_nobody_watches(monkeypatch: pytest.MonkeyPatch) -> None:
    now, said = [0.0], list[str]()
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    lines = output.Lines("Folding", said.append)
    for second in range(26):
        now[0] = float(second)
        lines(second * 100, 10_000)
    assert said == [
        "Folding: 1,000 of 10,000 (10%), 100/s, 2 min left",
        "Folding: 2,000 of 10,000 (20%), 100/s, 1 min left",
    ]


def test_the_gallery_of_a_service_is_not_encrypted_alone(
    civid: Callable, tmp_path: Path, keys: Path
) -> None:
    from civid.exchange.abis import Abis

    office = tmp_path / "office"
    Abis.open(office, create=True).close()
    run = civid("gallery", "encrypt", office / "gallery", "--keys", keys)
    assert run.code == 4
    assert "belongs to a service" in run.err
    assert "civid serve FOLDER --create --keys FILE" in run.err
    Abis.open(office).close()  # it opens as before


def test_the_gallery_of_a_register_is_not_encrypted_alone(
    civid: Callable, tmp_path: Path, gallery: Path, keys: Path
) -> None:
    office = tmp_path / "office"
    assert civid("register", "init", office).code == 0
    shutil.copytree(gallery, office / "gallery")
    run = civid("gallery", "encrypt", office / "gallery", "--keys", keys)
    assert run.code == 4
    assert "belongs to a register" in run.err
    assert "civid register init REGISTER --keys FILE" in run.err
    assert not civid("gallery", "info", office / "gallery", "--json").json["encrypted"]
    run = civid("register", "find", office, "--name", "an", "--keys", keys)
    assert (run.code, "opened without --keys" in run.err) == (4, True)


@pytest.mark.parametrize("owner", ["register", "service"])
def test_old_keys_are_told_to_be_needed_by_whom_the_gallery_belongs_to(
    civid: Callable, tmp_path: Path, keys: Path, owner: str
) -> None:
    from civid.cli.console.galleries import read_keys
    from civid.exchange.abis import Abis

    office, file = tmp_path / "office", tmp_path / "office.keys"
    shutil.copy(keys, file)
    if owner == "register":
        assert civid("register", "init", office, "--keys", file).code == 0
        library.Gallery.open(office / "gallery", keys=read_keys(file)).close()
    else:
        Abis.open(office, create=True, keys=read_keys(file)).close()
    run = civid("gallery", "rotate", office / "gallery", "--keys", file, "--name", "new")
    assert run.code == 0
    assert f"but by the {owner} that it belongs to" in run.err


def test_keys_for_what_is_not_encrypted(civid: Callable, gallery: Path, keys: Path) -> None:
    run = civid("gallery", "info", gallery, "--keys", keys)
    assert run.code == 4
    assert "opened without --keys" in run.err
