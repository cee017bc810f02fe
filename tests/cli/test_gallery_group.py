"""``civid gallery``: information, duplicates, compaction, checks, removal; keys."""

from __future__ import annotations

import base64
import csv
import json
import math
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.search.prints import again, impression, person

import civid as library
from civid.position import Position
from civid.search.segments.keys import StaticKeyProvider

KEY = base64.b64encode(bytes(range(32))).decode()
OTHER_KEY = base64.b64encode(bytes(range(1, 33))).decode()
POSITIONS = (2, 7)
PEOPLE = 12


def enrolled(folder: Path, first: int = 0, *, seed: int = 0, keys: Path | None = None) -> Path:
    """People by number; the first two of them once more, under other ids."""
    provider = None if keys is None else StaticKeyProvider.from_file(keys)
    with library.Gallery.open(folder, keys=provider) as gallery:
        people = {n: person(n, *POSITIONS) for n in range(first, first + PEOPLE)}
        gallery.enroll_many((f"{seed} {n}", fingers) for n, fingers in people.items())
        for n in (first, first + 1):
            gallery.enroll(f"{seed} {n} again", again(people[n], seed + n))
    return folder


@pytest.fixture
def gallery(tmp_path: Path) -> Path:
    return enrolled(tmp_path / "gallery")


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    file = tmp_path / "keys"
    file.touch(0o600)
    file.write_text(f"2025:{KEY}\n")
    return file


def damage(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 0x55
    path.write_bytes(data)


# ---- info, compact, remove, verify


def test_info_only_reads(civid: Callable, gallery: Path) -> None:
    before = {path.name: path.read_bytes() for path in gallery.glob("gallery*") if path.is_file()}
    told = civid("gallery", "info", gallery, "--json").json
    assert (told["subjects"], told["fingers"], told["tail"]) == (14, 28, 14)
    assert (told["segments"], told["encrypted"], told["version"]) == (0, False, 2)
    assert told["disk_bytes"] > 0 < told["memory_bytes"]
    assert "comparing all" in civid("gallery", "info", gallery).out
    for name in ("gallery.civid", "gallery.sqlite3"):
        assert (gallery / name).read_bytes() == before[name]


def test_compaction_and_purge(civid: Callable, gallery: Path) -> None:
    folded = civid("gallery", "compact", gallery, "--json").json
    assert folded["changed"]
    assert (folded["before"]["tail"], folded["after"]["tail"]) == (14, 0)
    assert "nothing to do" in civid("gallery", "compact", gallery).out

    removed = civid("gallery", "remove", gallery, "0 3", "0 4")
    assert (removed.code, "holds 12" in removed.out, "--purge" in removed.err) == (0, True, True)
    assert civid("gallery", "info", gallery, "--json").json["removed_in_segments"] == 2
    assert "bytes of removed subjects" in civid("gallery", "compact", gallery).err
    purged = civid("gallery", "compact", gallery, "--purge", "--json").json
    assert purged["after"]["removed_in_segments"] == 0
    assert "nothing to do" in civid("gallery", "compact", gallery, "--purge").out


def test_all_are_removed_or_none(civid: Callable, gallery: Path) -> None:
    for words in (("0 3", "nobody"), ("nobody",)):
        run = civid("gallery", "remove", gallery, *words, "--json")
        assert (run.code, run.error["code"]) == (4, "no-such-subject")
        assert "nobody" not in run.error["message"]
    twice = civid("gallery", "remove", gallery, "0 3", "0 3", "--json")
    assert (twice.code, twice.error["code"]) == (2, "usage")
    assert civid("gallery", "info", gallery, "--json").json["subjects"] == 14


def test_damage_is_named(civid: Callable, gallery: Path) -> None:
    civid("gallery", "compact", gallery)
    assert "all is well" in civid("gallery", "verify", gallery).out
    (segment,) = gallery.glob("*.seg")
    for at in (5000, 20):  # in the templates, which opening passes over, and in the header
        damage(segment, at)
        run = civid("gallery", "verify", gallery, "--json")
        assert (run.code, run.error["code"], run.out) == (4, "gallery-damaged", "")
        assert str(gallery) in run.error["message"]
        assert segment.name in run.error["message"]
        assert "civid gallery verify" not in run.error["advice"]
    segment.unlink()
    assert civid("gallery", "verify", gallery, "--json").error["code"] == "gallery-damaged"


@pytest.mark.parametrize("command", ["info", "duplicates", "compact", "verify", "remove"])
def test_a_gallery_must_be_there(civid: Callable, tmp_path: Path, command: str) -> None:
    subjects = ("x",) if command == "remove" else ()
    missing = civid("gallery", command, tmp_path / "none", *subjects, "--json")
    assert (missing.code, missing.error["code"]) == (4, "no-such-gallery")
    assert not (tmp_path / "none").exists()
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "file").write_text("")
    wrong = civid("gallery", command, tmp_path / "other", *subjects, "--json")
    assert (wrong.code, wrong.error["code"]) == (4, "not-a-gallery")
    assert [path.name for path in (tmp_path / "other").iterdir() if path.suffix] == []


def test_a_writer_is_waited_for_and_named(
    civid: Callable, gallery: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opening = library.Gallery.open
    monkeypatch.setattr(
        library.Gallery, "open", lambda *paths, **named: opening(*paths, **named, timeout=0)
    )
    with library.Gallery.open(gallery):
        run = civid("gallery", "remove", gallery, "0 3", "--json")
        assert (run.code, run.error["code"]) == (4, "gallery-busy")
        assert "timeout=" not in run.error["message"]
        assert civid("gallery", "info", gallery).code == 0


def test_a_folder_is_folded_and_one_by_one_is_advised(
    civid: Callable, prints: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, image = tmp_path / "gallery", f"7={prints}/1_left-index_1.png"
    monkeypatch.setattr("civid.search.store.compaction.FOLD_FROM", 2)
    assert "compact" not in civid("enroll", folder, "one", image).err
    assert f"civid gallery compact {folder}" in civid("enroll", folder, "two", image).err
    pattern = "{subject}_{position}_{impression}"
    assert civid("enroll", folder, "--folder", prints, "--name", pattern).code == 0
    told = civid("gallery", "info", folder, "--json").json
    assert (told["subjects"], told["tail"], told["segments"]) == (6, 0, 1)


# ---- duplicates

PAIRS = {("0 0", "0 0 again"), ("0 1", "0 1 again")}


def test_duplicates_within(civid: Callable, gallery: Path, tmp_path: Path) -> None:
    file = tmp_path / "pairs.csv"
    run = civid("gallery", "duplicates", gallery, "--out", file, "--rows", 1)
    assert (run.code, "2 pairs, the best 1" in run.out) == (0, True)
    with file.open(newline="") as text:
        rows = list(csv.DictReader(text))
    assert {(row["a"], row["b"]) for row in rows} == PAIRS
    assert {row["fingers"] for row in rows} == {"2"}

    told = civid("gallery", "duplicates", gallery, "--json").json
    assert (told["comparisons"], told["method"], told["against"]) == (91, "exact", None)
    assert {(one["a"], one["b"]) for one in told["duplicates"]} == PAIRS
    scores = [one["score"] for one in told["duplicates"]]
    assert scores == sorted(scores, reverse=True)

    none = civid("gallery", "duplicates", gallery, "--min-score", 1e6)
    assert (none.code, "no duplicates" in none.out) == (1, True)


def test_a_large_gallery_is_sifted_unless_exact(
    civid: Callable, gallery: Path, large_from_six: None
) -> None:
    filtered = civid("gallery", "duplicates", gallery)
    assert (filtered.code, "prefiltered" in filtered.out) == (0, True)
    exact = civid("gallery", "duplicates", gallery, "--exact")
    assert (exact.code, "prefiltered" in exact.out) == (0, False)
    assert "a prefilter" in civid("gallery", "info", gallery).out


def test_a_days_gallery_against_another(civid: Callable, gallery: Path, tmp_path: Path) -> None:
    day = enrolled(tmp_path / "day", PEOPLE - 1, seed=5)  # its first one is the gallery's last
    lines = tmp_path / "pairs.jsonl"
    run = civid("gallery", "duplicates", day, "--against", gallery, "--out", lines)
    assert (run.code, "14 subjects with 14, 196 pairs" in run.out) == (0, True)
    found = [json.loads(line) for line in lines.read_text().splitlines()]
    assert {(one["a"], one["b"]) for one in found} == {("5 11", "0 11"), ("5 11 again", "0 11")}


def test_exchanged_fingers(civid: Callable, tmp_path: Path) -> None:
    folder = tmp_path / "gallery"
    right, left = Position.RIGHT_INDEX, Position.LEFT_INDEX
    with library.Gallery.open(folder) as made:
        one = person(1, *POSITIONS)
        made.enroll("as labelled", one)
        made.enroll("exchanged", {left: one[right], right: one[left]})
    assert civid("gallery", "duplicates", folder).code == 1
    run = civid("gallery", "duplicates", folder, "--swapped")
    assert (run.code, "right-index -> left-index (swapped)" in run.out) == (0, True)


def test_prints_that_lie_on_their_side(civid: Callable, tmp_path: Path) -> None:
    folder = tmp_path / "gallery"
    people = {f"{n}": person(n, *POSITIONS) for n in range(2100)}
    lying = {place: impression(one, 1, by=math.pi / 2) for place, one in people["7"].items()}
    with library.Gallery.open(folder, background=False) as made:
        made.enroll_many(people.items())
        made.enroll("7 lying", lying)
        made.compact()
    words = ("gallery", "duplicates", folder, "--json")
    assert civid(*words).json["duplicates"] == []
    run = civid(*words, "--turned")
    assert (run.code, run.json["method"]) == (0, "index")
    assert [(one["a"], one["b"]) for one in run.json["duplicates"]] == [("7", "7 lying")]


def test_nobody_is_enrolled_twice_where_nobody_is(civid: Callable, tmp_path: Path) -> None:
    library.Gallery.open(tmp_path / "empty").close()
    run = civid("gallery", "duplicates", tmp_path / "empty", "--json")
    assert (run.code, run.json["comparisons"], run.json["duplicates"]) == (1, 0, [])
    assert run.json["operating_point"]["subjects"] == 0


def test_a_checkpoint_goes_on(civid: Callable, gallery: Path, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    words = ("gallery", "duplicates", gallery, "--checkpoint", mark)
    first = civid(*words, "--json")
    head, *_ = mark.read_text().splitlines(keepends=True)
    mark.write_text(head)  # as if it had been stopped at once
    again_ = civid(*words, "--json")
    assert again_.json["duplicates"] == first.json["duplicates"]
    assert (first.json["resumed"], again_.json["resumed"]) == (False, True)
    assert "compared in" in civid("gallery", "duplicates", gallery).out
    done = civid(*words)
    assert "going on" in done.err
    assert "pairs compared, the rest of them in" in done.out

    other = civid(*words, "--max-fpir", 0.5, "--json")
    assert (other.code, other.error["code"]) == (2, "checkpoint")
    notes = tmp_path / "notes"
    notes.write_text("mine\n")
    wrong = civid("gallery", "duplicates", gallery, "--checkpoint", notes, "--json")
    assert (wrong.error["code"], notes.read_text()) == ("checkpoint", "mine\n")
    nowhere = tmp_path / "none" / "mark"
    unwritten = civid("gallery", "duplicates", gallery, "--checkpoint", nowhere, "--json")
    assert (unwritten.code, unwritten.error["code"]) == (5, "not-written")


@pytest.mark.parametrize("kept", [True, False])
def test_ctrl_c_says_how_to_go_on(
    civid: Callable,
    gallery: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    kept: bool,
) -> None:
    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("civid.cli.commands.gallery.finding._Run.take", stopped)
    mark, pairs = tmp_path / "mark", tmp_path / "pairs.csv"
    words = ("--checkpoint", mark) if kept else ()
    run = civid("gallery", "duplicates", gallery, "--out", pairs, *words)
    assert run.code == 130
    assert ("the same command goes on" if kept else "nothing is kept") in run.err
    assert mark.exists() == kept
    assert [path.name for path in tmp_path.glob("pairs*")] == []
    monkeypatch.undo()
    assert civid("gallery", "duplicates", gallery, *words, "--json").code == 0


@pytest.mark.parametrize(
    ("name", "code"), [("pairs.txt", "usage"), ("none/pairs.csv", "not-written")]
)
def test_pairs_need_a_place(
    civid: Callable, gallery: Path, tmp_path: Path, name: str, code: str
) -> None:
    run = civid("gallery", "duplicates", gallery, "--out", tmp_path / name, "--json")
    assert run.error["code"] == code


# ---- keys


def test_keys_from_a_file_or_the_environment(
    civid: Callable, tmp_path: Path, keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = enrolled(tmp_path / "gallery", keys=keys)
    without = civid("gallery", "info", folder, "--json")
    assert (without.code, without.error["code"]) == (4, "gallery-key")
    assert "--keys" in without.error["advice"]
    assert civid("gallery", "info", folder, "--keys", keys, "--json").json["encrypted"]
    monkeypatch.setenv("CIVID_GALLERY_KEYS", f"2025:{OTHER_KEY}")
    wrong = civid("gallery", "info", folder, "--json")
    assert (wrong.error["code"], KEY in wrong.err) == ("gallery-key", False)
    assert civid("gallery", "verify", folder, "--keys", keys).code == 0
    monkeypatch.setenv("CIVID_GALLERY_KEYS", f"2025:{KEY}")
    assert civid("gallery", "verify", folder).code == 0


def test_purge_writes_with_the_last_key(civid: Callable, tmp_path: Path, keys: Path) -> None:
    folder = enrolled(tmp_path / "gallery", keys=keys)
    civid("gallery", "compact", folder, "--keys", keys)
    both, new = tmp_path / "both", tmp_path / "new"
    for one in (new, both):
        one.touch(0o600)
    new.write_text(f"2026:{OTHER_KEY}\n")
    both.write_text(keys.read_text() + new.read_text())
    run = civid("gallery", "info", folder, "--keys", both)
    assert ("1 segment with key 2025" in run.out, "--purge" in run.err) == (True, True)
    assert civid("gallery", "info", folder, "--keys", new).code == 4
    assert civid("gallery", "compact", folder, "--purge", "--keys", both).code == 0
    told = civid("gallery", "info", folder, "--keys", new, "--json").json
    assert (told["keys"], told["stale_segments"]) == ([{"name": "2026", "segments": 1}], 0)


@pytest.mark.parametrize("content", ["", "2025:short", "2025:%%%", None])
def test_keys_must_be_keys(
    civid: Callable, gallery: Path, tmp_path: Path, content: str | None
) -> None:
    file = tmp_path / "keys"
    if content is not None:
        file.touch(0o600)
        file.write_text(content)
    run = civid("gallery", "info", gallery, "--keys", file, "--json")
    assert (run.code, run.error["code"]) == (4, "gallery-key")
    assert "base64" in run.error["advice"]


def test_keys_for_enrolling_searching_and_dedup(
    civid: Callable, prints: Path, tmp_path: Path, keys: Path
) -> None:
    folder = tmp_path / "gallery"
    image = f"left-index={prints}/1_left-index_1.png"
    assert civid("enroll", folder, "one", image, "--keys", keys).code == 0
    assert civid("enroll", folder, "two", image, "--json").error["code"] == "gallery-key"
    assert civid("search", folder, image, "--json").error["code"] == "gallery-key"
    found = civid("search", folder, image, "--keys", keys, "--json").json["candidates"]
    assert [one["subject"] for one in found] == ["one"]
    lone = civid("dedup", prints, "--keys", keys, "--json")
    assert (lone.code, lone.error["code"]) == (2, "usage")
    kept = civid("dedup", prints, "--gallery", folder, "--keys", keys, "--json")
    assert (kept.code, kept.json["method"]) == (0, "exact")


def test_a_gallery_is_encrypted_once_and_anchored(
    civid: Callable,
    tmp_path: Path,
) -> None:
    keys = tmp_path / "keys"
    keys.touch(0o600)
    keys.write_text("2026:" + "A" * 43 + "=\n", encoding="utf-8")
    folder = tmp_path / "g"
    with library.Gallery.open(folder) as gallery:
        gallery.enroll("a", person(1, 2))
    refused = civid("gallery", "verify", str(folder), "--keys", str(keys), "--json")
    assert (refused.code, refused.error["code"]) == (4, "gallery-key")
    assert civid("gallery", "encrypt", str(folder)).code == 2
    assert civid("gallery", "encrypt", str(folder), "--keys", str(keys), "--json").json["encrypted"]
    told = civid("gallery", "verify", str(folder), "--keys", str(keys), "--json").json
    anchor = told["anchor"]
    good = civid("gallery", "verify", str(folder), "--keys", str(keys), "--anchor", anchor)
    assert good.code == 0
    later = f"{anchor.split(':')[0]}:{int(anchor.split(':')[1]) + 1}"
    old = civid("gallery", "verify", str(folder), "--keys", str(keys), "--anchor", later, "--json")
    assert (old.code, old.error["code"]) == (4, "gallery-damaged")
