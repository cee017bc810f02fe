"""``--method`` and ``--parameters`` of every command that finds minutiae in images."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import typer
from PIL import Image
from tests.register.citizens import citizen
from tests.register.enrolment.fingers import images

from civid import ExtractionParameters, Position, extract, read_image
from civid.cli.app import command_line
from civid.cli.commands.exchange import serve
from civid.cli.commands.exchange.serve_tokens import tokens_of
from civid.cli.console.options import ExtractionMethod
from civid.cli.console.output import Output
from civid.dedup.folder import prints as reading
from civid.exchange.abis import Abis
from civid.fingerprint.parameters import METHODS, extractor_name
from civid.fingerprint.upload import read_upload
from civid.register import Register
from civid.register.enrolment.frames import FRAMES
from civid.search import Gallery

#: Commands that read images and have minutiae of none, or of many extractors at once.
NOT_ASKED = {"civid evaluate", "civid gallery duplicates"}
CLASSICAL, NEURAL = (extractor_name(None, method) for method in ("classical", "neural"))
BY = [("classical", CLASSICAL), ("neural", NEURAL)]


@pytest.fixture
def pair(prints: Path) -> tuple[Path, Path]:
    """Two prints of one finger."""
    return prints / "1_right-index_1.png", prints / "1_right-index_2.png"


@pytest.fixture
def few(tmp_path: Path) -> Path:
    """Parameters of extraction that name a method."""
    file = tmp_path / "few.json"
    file.write_text('{"extraction": {"method": "neural", "crowd_most": 4}}')
    return file


def options(command: Any, name: str = "civid") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every command with its options by their words."""
    yield name, {word: one for one in command.params for word in getattr(one, "opts", ())}
    for word, inner in getattr(command, "commands", {}).items():
        yield from options(inner, f"{name} {word}")


def test_it_is_the_same_option_everywhere_that_images_are_read() -> None:
    assert tuple(ExtractionMethod) == METHODS
    found = dict(options(typer.main.get_command(command_line())))
    asked = {name for name, known in found.items() if "--method" in known}
    assert {name for name, known in found.items() if "--dpi" in known} - asked == NOT_ASKED
    assert {"civid serve run", "civid abis", "civid enrol"} <= asked
    assert len({found[name]["--method"].help for name in asked}) == 1
    assert {found[name]["--method"].default for name in asked} == {"auto"}


@pytest.mark.parametrize(("method", "extractor"), BY)
def test_one_print_or_two(
    civid: Callable[..., Any], pair: tuple[Path, Path], method: str, extractor: str, tmp_path: Path
) -> None:
    by, (a, b) = ("--method", method), pair
    wanted = extract(read_image(a), method=method)
    (row,) = civid("extract", a, *by, "--json").json["prints"]
    assert (row["extractor"], row["minutiae"]) == (extractor, len(wanted))
    compared = civid("compare", a, b, *by, "--json").json
    assert [compared[one]["extractor"] for one in "ab"] == [extractor] * 2
    assert (compared["same"], compared["calibrated"]) == (True, True)
    picture = tmp_path / "p.png"
    told = civid("explain", a, b, *by, "-o", picture, "--json").json
    assert [told[one]["extractor"] for one in "ab"] == [extractor] * 2
    assert civid("explain", a, *by, "-o", picture, "--json").json["extractor"] == extractor
    (made,) = civid("convert", a, tmp_path / "a.iso", *by, "--json").json["files"]
    assert any(note.endswith(f"in the image by {extractor}") for note in made["notes"])


def test_a_record_names_no_extractor(
    civid: Callable[..., Any], pair: tuple[Path, Path], tmp_path: Path
) -> None:
    record = tmp_path / "a.iso"
    assert civid("extract", pair[0], "-o", record, "--method", "neural").code == 0
    (row,) = civid("extract", record, "--method", "neural", "--json").json["prints"]
    assert row["extractor"] is None


def test_the_stages_are_drawn_by_the_method(
    civid: Callable[..., Any], pair: tuple[Path, Path], tmp_path: Path
) -> None:
    drawn = {}
    for method, _ in BY:
        path = tmp_path / f"{method}.png"
        assert civid("explain", pair[0], "--method", method, "-o", path).code == 0
        drawn[method] = path.read_bytes()
    assert drawn["classical"] != drawn["neural"]


def test_who_enrols_by_another_extractor_is_told_once(
    civid: Callable[..., Any], prints: Path, tmp_path: Path
) -> None:
    gallery = tmp_path / "our gallery"

    def enrolled(subject: str, *words: str) -> Any:
        print_ = f"right-index={prints / f'{subject}_right-index_1.png'}"
        return civid("enroll", gallery, f"{subject}{''.join(words)}", print_, *words)

    assert "re-extract" not in enrolled("1", "--method", "classical").err
    told = enrolled("2", "--method", "neural")
    assert told.code == 0
    assert f"has templates by {CLASSICAL}, and now by {NEURAL}" in told.err
    assert f"re-extract '{gallery}' FOLDER --method neural" in told.err
    assert "re-extract" not in enrolled("1", "--method", "neural").err
    assert "re-extract" not in enrolled("2", "--method", "classical").err
    info = civid("gallery", "info", gallery, "--json").json
    assert info["extracted_by"] == [CLASSICAL, NEURAL]
    assert f"{CLASSICAL}, {NEURAL}" in civid("gallery", "info", gallery).out
    counts = civid("gallery", "info", gallery, "--extractors", "--json").json["extractors"]
    assert counts == {CLASSICAL: 2, NEURAL: 2}


def test_programs_are_told_of_a_second_extractor_too(
    civid: Callable[..., Any], prints: Path, tmp_path: Path, few: Path
) -> None:
    gallery, named = tmp_path / "g g", ("--filename-pattern", "{subject}_{position}_{impression}")
    a, b = (f"{finger}={prints / f'1_{finger}_1.png'}" for finger in ("right-index", "left-index"))

    def told(*words: object) -> Any:
        return civid(*words, "--json").json["second_extractor"]

    assert told("enroll", gallery, "a", a, "--method", "classical") is None
    assert told("enroll", gallery, "b", a, "--method", "classical") is None
    again = f"civid gallery re-extract '{gallery}' FOLDER"
    first = {"before": [CLASSICAL], "new": [NEURAL], "calibrated": True, "to_make_one": again}
    assert told("gallery", "add", gallery, "a", b) == first
    assert told("gallery", "replace", gallery, "b", a) is None
    changed = told("gallery", "replace", gallery, "b", a, "--parameters", few)
    assert (changed["before"], changed["new"]) == ([CLASSICAL, NEURAL], [f"{NEURAL};crowd_most=4"])
    assert changed["calibrated"] is False
    assert changed["to_make_one"] == f"{again} --parameters {few}"
    whole = ("enroll", tmp_path / "h", "--folder", prints, *named)
    assert told("enroll", tmp_path / "h", "z", a, "--method", "classical") is None
    folder = told(*whole)
    assert (folder["before"], folder["new"]) == ([CLASSICAL], [NEURAL])
    assert f"{prints} --filename-pattern" in folder["to_make_one"]
    assert told(*whole) is None


def test_an_extractor_that_was_not_measured_may_not_just_stay(
    civid: Callable[..., Any], pair: tuple[Path, Path], tmp_path: Path
) -> None:
    template = replace(extract(read_image(pair[0])), extractor="vendor-x/2")
    with Gallery.open(tmp_path / "g") as gallery:
        gallery.enroll("v", template)
    told = civid("enroll", tmp_path / "g", "a", f"right-index={pair[0]}").err
    assert "has templates by vendor-x/2, and now by civid-neural/1" in told
    assert "may stay" not in told
    assert "of an extractor that was not measured, are not calibrated" in told


def test_no_chance_is_told_of_scores_that_are_none(
    civid: Callable[..., Any], pair: tuple[Path, Path], tmp_path: Path
) -> None:
    """Of an extractor that was never measured, whichever side it is on."""
    odd, plain = (replace(extract(read_image(one)), extractor=by)
                  for one, by in zip(pair, ("vendor-x/2", NEURAL), strict=True))  # fmt: skip
    with Gallery.open(tmp_path / "g") as gallery:
        gallery.enroll_many({"odd": {Position.RIGHT_INDEX: odd}})
        gallery.enroll_many({"plain": {Position.RIGHT_INDEX: plain}})
    words = ("search", tmp_path / "g", f"right-index={pair[0]}")
    found = {one["subject"]: one for one in civid(*words, "--json").json["candidates"]}
    assert (found["odd"]["calibrated"], found["odd"]["fpir"]) == (False, None)
    assert (found["plain"]["calibrated"], found["plain"]["fpir"] < 1e-3) == (True, True)
    assert "not calibrated" in civid(*words).out
    twice = ("gallery", "duplicates", tmp_path / "g")
    (one,) = civid(*twice, "--json").json["duplicates"]
    assert (one["calibrated"], one["measured"]) == (False, False)
    assert "not calibrated" in one["meaning"]
    shown = civid(*twice, "--output", tmp_path / "p.jsonl")
    assert "not calibrated" in shown.out
    assert "1 in" not in shown.out
    assert '"calibrated": false' in (tmp_path / "p.jsonl").read_text()


def test_nothing_is_said_of_records(
    civid: Callable[..., Any], pair: tuple[Path, Path], tmp_path: Path
) -> None:
    gallery, record = tmp_path / "g", tmp_path / "a.iso"
    civid("extract", pair[0], "-o", record)
    civid("enroll", gallery, "a", f"right-index={pair[0]}", "--method", "classical")
    told = civid("enroll", gallery, "b", f"right-index={record}", "--method", "neural")
    assert (told.code, "re-extract" in told.err) == (0, False)
    # A gallery of records is one of an extractor that is not known.
    told = civid("enroll", tmp_path / "h", "b", f"right-index={record}", "--json")
    assert told.json["extractors"] == {"": 1}
    told = civid("enroll", tmp_path / "h", "c", f"right-index={pair[0]}")
    assert "has templates by an unknown extractor, and now by" in told.err


def test_a_folder_and_what_it_was_enrolled_with(
    civid: Callable[..., Any], prints: Path, tmp_path: Path, few: Path
) -> None:
    gallery = tmp_path / "g"
    named = ("--filename-pattern", "{subject}_{position}_{impression}")
    whole = ("enroll", gallery, "--folder", prints, *named)
    first = civid(*whole, "--method", "classical", "--json").json
    assert first["extractors"] == {CLASSICAL: 8}
    # The same prints by another extractor are the same prints.
    again = civid(*whole, "--method", "neural", "--json").json
    assert (again["reused"], again["skipped"], again["extractors"]) == (4, [], {})
    # What one enrols with is what one re-extracts with.
    due = civid("gallery", "re-extract", gallery, prints, *named, "--parameters", few, "--json")
    name = ExtractionParameters(method="neural", crowd_most=4).name
    assert (due.json["extractor"], due.json["changed"]) == (name, 8)
    assert civid(*whole, "--parameters", few, "--json").json["reused"] == 4
    assert civid("gallery", "re-extract", gallery, prints, *named, "--method", "neural").code == 0
    with Gallery.open(gallery, read_only=True) as opened:
        assert opened.extractors() == {NEURAL: 8}


def test_another_finger_under_the_same_name_is_refused_by_every_method(
    civid: Callable[..., Any], prints: Path, tmp_path: Path
) -> None:
    folder, gallery = tmp_path / "f", tmp_path / "g"
    folder.mkdir()
    taken = folder / "a_right-index.png"
    taken.write_bytes((prints / "1_right-index_1.png").read_bytes())
    assert civid("enroll", gallery, "--folder", folder, "--method", "classical").code == 0
    taken.write_bytes((prints / "2_right-index_1.png").read_bytes())
    for method, _ in BY:
        run = civid("enroll", gallery, "--folder", folder, "--method", method, "--json")
        assert [one["code"] for one in run.json["skipped"]] == ["subject-exists"]


def test_fingers_added_and_replaced(
    civid: Callable[..., Any], prints: Path, tmp_path: Path, few: Path
) -> None:
    gallery = tmp_path / "g"
    left, right = (prints / f"1_{side}-index_1.png" for side in ("left", "right"))
    civid("enroll", gallery, "a", f"right-index={right}", "--method", "classical")
    told = civid("gallery", "add", gallery, "a", f"left-index={left}", "--method", "neural")
    assert f"re-extract {gallery} FOLDER --method neural" in told.err
    words = ("gallery", "replace", gallery, "a", f"right-index={right}", "--parameters", few)
    assert list(civid(*words, "--json").json["extractors"]) == [f"{NEURAL};crowd_most=4"]
    other = (prints / "2_right-index_1.png", "--parameters", few)
    told = civid("enroll", tmp_path / "h", "a", f"right-index={right}", "--method", "classical")
    told = civid("enroll", tmp_path / "h", "b", f"right-index={other[0]}", *other[1:])
    assert "scores of changed parameters, or" in told.err
    assert "are not calibrated" in told.err
    assert f"FOLDER --parameters {few}" in told.err
    shown = civid("gallery", "show", gallery, "a", "--json").json["fingers"]
    assert [one["extractor"] for one in shown] == [f"{NEURAL};crowd_most=4", NEURAL]


def test_a_search_by_a_method_is_calibrated(
    civid: Callable[..., Any], pair: tuple[Path, Path], tmp_path: Path
) -> None:
    gallery = tmp_path / "g"
    civid("enroll", gallery, "a", f"right-index={pair[0]}", "--method", "classical")
    probe = ("search", gallery, f"right-index={pair[1]}", "--json")
    for method, extractor in BY:
        found = civid(*probe, "--method", method).json
        assert found["extractors"] == {extractor: 1}
        assert found["operating_point"] is not None
        assert [one["subject"] for one in found["candidates"]] == ["a"]
    # In a file, too: only other numbers have no scale of their own.
    file = tmp_path / "neural.json"
    file.write_text('{"extraction": {"method": "neural"}}')
    assert civid(*probe, "--parameters", file).json["extractors"] == {NEURAL: 1}


def test_a_folder_of_duplicates(
    civid: Callable[..., Any],
    prints: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    extracted: list[str] = []
    read = read_upload

    def counted(*words: Any, **named: Any) -> Any:
        by = named["parameters"]
        extracted.append("auto" if by is None else by.method)
        return read(*words, **named)

    monkeypatch.setattr(reading, "read_upload", counted)
    kept = ("dedup", prints, "--gallery", tmp_path / "g", "--json", "--method")
    for method, extractor in BY:
        found = civid(*kept, method, "--pictures", tmp_path / method, "--max-pictures", 1).json
        assert found["extractors"] == {extractor: 8}
        assert len(found["duplicates"]) == 4
        assert len(found["pictures"]) == 1
    # Eight files, and the two of the picture, by what was asked for.
    assert extracted == ["classical"] * 10 + ["neural"] * 10
    again = civid(*kept, "neural").json
    assert (again["extractors"], again["subjects_reused"]) == ({}, 8)
    with Gallery.open(tmp_path / "g", read_only=True) as gallery:
        assert gallery.extractors() == {NEURAL: 8}


def test_what_makes_no_sense(civid: Callable[..., Any], pair: tuple[Path, Path], few: Path) -> None:
    wrong = civid("extract", pair[0], "--method", "best")
    assert wrong.code == 2
    assert "'best' is not one of 'auto', 'classical', 'neural'" in wrong.err
    assert "Value error" not in wrong.err
    assert "neural" in civid("--lang", "vi", "extract", pair[0], "--method", "best").err
    both = civid("extract", pair[0], "--method", "classical", "--parameters", few)
    assert both.code == 2
    assert "--method classical contradicts the file of --parameters, which says neural" in both.err
    assert "leave one of them out" in both.err
    for method in ("auto", "neural"):
        words = ("extract", pair[0], "--method", method, "--parameters", few, "--json")
        assert civid(*words).json["prints"][0]["extractor"] == f"{NEURAL};crowd_most=4"


@pytest.mark.parametrize(("method", "extractor"), BY)
def test_a_citizen_at_a_counter(
    civid: Callable[..., Any], tmp_path: Path, method: str, extractor: str
) -> None:
    lost = tuple(one for one in Position if one not in (Position.UNKNOWN, Position.RIGHT_THUMB))
    where, folder = tmp_path / "register", tmp_path / "scans"
    folder.mkdir()
    with Register.open(where, create=True) as register:
        number = register.people.add(citizen(), unit="46/19753").citizen.text("number")
    for frame in FRAMES:
        if Position.RIGHT_THUMB in frame.positions:
            ((position, image),) = images(1, frame, missing=lost).items()
            kind = "rolled" if frame.rolled else "flat"
            path = folder / f"{kind}_{position.name.lower()}.png"
            Image.fromarray(image.pixels).save(path, dpi=(500, 500))
    missing = [word for one in lost for word in ("--missing", f"{one.word}=amputated")]
    words = ("enrol", where, number, "--unit", "46/19753", "--confirm", "--prints", folder)
    told = civid(*words, *missing, "--method", method, "--json")
    assert told.code == 0, told.err
    with Gallery.open(where / "gallery", read_only=True) as gallery:
        assert gallery.extractors() == {extractor: 1}


def test_a_service_says_by_whom_it_finds_and_who_found_what_it_has(
    pair: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = Output(as_json=False)
    with Abis.open(tmp_path / "s", create=True) as engine:
        what = (engine, tokens_of(tmp_path / "s", None), False, False, tmp_path / "log")
        serve._said(out, *what, NEURAL)
        told = capsys.readouterr().err
        assert f"finds minutiae in images by {NEURAL}\n" in told
        assert "has templates" not in told
        engine.insert("a", {Position.RIGHT_INDEX: extract(read_image(pair[0]), method="classical")})
        serve._said(out, *what, NEURAL)
        told = capsys.readouterr().err
        assert f"has templates by {CLASSICAL}; they are compared with those" in told
        serve._said(out, *what, CLASSICAL)
        assert "has templates" not in capsys.readouterr().err
