"""``civid enroll`` and ``civid search``."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from civid.formats.minutiae import iso19794_2_2005


@pytest.fixture
def gallery(civid: Callable, prints: Path, tmp_path: Path) -> Path:
    """Two people, two fingers each."""
    folder = tmp_path / "gallery"
    for person in (1, 2):
        fingers = [
            f"{position}={prints}/{person}_{position}_1.png"
            for position in ("right-index", "left-index")
        ]
        assert civid("enroll", folder, f"person {person}", *fingers).code == 0
    return folder


def test_everybody_is_found_by_other_impressions(
    civid: Callable, prints: Path, gallery: Path
) -> None:
    for person in (1, 2):
        probe = f"7={prints}/{person}_left-index_2.png"
        run = civid("search", gallery, probe, "--json")
        assert run.code == 0
        candidates = run.json["candidates"]
        assert [one["subject"] for one in candidates] == [f"person {person}"]
        both = civid("search", gallery, probe, f"2={prints}/{person}_right-index_2.png", "--json")
        assert both.json["candidates"][0]["score"] > candidates[0]["score"]
        unknown = civid("search", gallery, f"{prints}/{person}_left-index_2.png", "--json")
        assert unknown.json["candidates"][0]["subject"] == f"person {person}"
    text = civid("search", gallery, probe)
    assert ("person 2" in text.out, "2 subjects searched" in text.err) == (True, True)


def test_nobody_is_exit_code_1(civid: Callable, prints: Path, gallery: Path) -> None:
    words = ("search", gallery, f"{prints}/1_left-index_2.png", "-p", "right-thumb")
    run = civid(*words, "--json")
    assert (run.code, run.json["candidates"]) == (1, [])
    text = civid("search", gallery, f"{prints}/1_left-index_2.png", "--min-score", 1e6)
    assert (text.code, "nobody among 2" in text.out, "closest" in text.err) == (1, True, True)


def test_wrong_labels_are_found_on_request(civid: Callable, prints: Path, gallery: Path) -> None:
    words = [f"right-index={prints}/1_left-index_2.png", f"7={prints}/1_right-index_2.png"]
    assert civid("search", gallery, *words).code == 1
    run = civid("search", gallery, *words, "--swapped", "--exact", "--pairs", "--json")
    (found,) = run.json["candidates"]
    assert (run.json["method"], found["subject"], found["swapped"]) == ("exact", "person 1", True)
    assert 0 <= found["fpir"] < 1e-3
    for finger in found["evidence"]:
        assert {finger["position_probe"], finger["position_reference"]} == {2, 7}
        assert len(finger["minutiae"]) == finger["pairs"] > 0
    text = civid("search", gallery, *words, "--swapped").out
    assert ("left-index -> right-index (swapped)" in text, "by chance" in text) == (True, True)
    assert civid("search", gallery, *words, "--pairs", "--json").code == 1
    assert civid("search", gallery, *words, "--pairs").code == 2


def test_turned_prints_are_looked_for_on_request(
    civid: Callable, prints: Path, gallery: Path
) -> None:
    words = ["search", gallery, f"right-index={prints}/1_right-index_2.png", "--json"]
    plain, wide = civid(*words), civid(*words, "--turned")
    assert plain.json["parameters"] == "civid-search/1"
    assert wide.json["parameters"] == "civid-search/1;turns=4"
    assert wide.json["candidates"][0]["subject"] == "person 1"
    assert wide.json["candidates"][0]["score"] == plain.json["candidates"][0]["score"]
    assert wide.json["operating_point"] is not None  # as calibrated as ever


def test_the_same_subject_twice_is_refused(civid: Callable, prints: Path, gallery: Path) -> None:
    run = civid("enroll", gallery, "person 1", prints / "2_left-index_1.png", "--json")
    assert (run.code, run.error["code"]) == (4, "subject-exists")
    assert "person 1" not in run.error["message"]


def test_a_subject_id_must_be_one(civid: Callable, prints: Path, gallery: Path) -> None:
    run = civid("enroll", gallery, "x" * 200, prints / "2_left-index_1.png", "--json")
    assert (run.code, run.error["code"]) == (2, "subject-id")


def test_a_folder_is_enrolled_by_its_names(civid: Callable, prints: Path, tmp_path: Path) -> None:
    pattern = "{subject}_{position}_{impression}"
    words = ("enroll", tmp_path / "g", "--folder", prints, "--name", pattern, "--json")
    run = civid(*words)
    assert (run.code, run.json["enrolled"], run.json["fingers"]) == (0, 4, 8)
    again = civid(*words)
    assert (again.code, again.json["enrolled"], again.json["reused"]) == (0, 0, 4)
    assert again.json["skipped"] == []


def test_other_prints_of_an_enrolled_subject_are_skipped(
    civid: Callable, prints: Path, tmp_path: Path
) -> None:
    folder, name = tmp_path / "in", "1_left-index.png"
    folder.mkdir()
    shutil.copy(prints / "1_left-index_1.png", folder / name)
    words = ("enroll", tmp_path / "g", "--folder", folder, "--json")
    assert civid(*words).json["enrolled"] == 1
    shutil.copy(prints / "1_left-index_2.png", folder / name)
    run = civid(*words)
    assert (run.code, run.json["reused"]) == (1, 0)
    assert [one["code"] for one in run.json["skipped"]] == ["subject-exists"]


def test_iso_records_stand_for_images(
    civid: Callable, prints: Path, gallery: Path, tmp_path: Path
) -> None:
    record = tmp_path / "x.iso"
    assert civid("extract", prints / "2_left-index_2.png", "-o", record).code == 0
    found = civid("search", gallery, f"left-index={record}", "--json").json["candidates"]
    assert found[0]["subject"] == "person 2"
    assert civid("compare", record, prints / "2_left-index_1.png").code == 0


def test_a_record_of_several_fingers_is_one_enrolment(
    civid: Callable, prints: Path, gallery: Path, tmp_path: Path
) -> None:
    views = []
    for position in ("right-index", "left-index"):
        record = tmp_path / f"{position}.iso"
        image = prints / f"2_{position}_2.png"
        assert civid("extract", image, "-o", record, "-p", position).code == 0
        views.append(iso19794_2_2005.parse(record.read_bytes()))
    both = tmp_path / "both.iso"
    all_views = tuple(view for record in views for view in record.views)
    both.write_bytes(iso19794_2_2005.build(replace(views[0], views=all_views)))

    found = civid("search", gallery, both, "--json").json["candidates"]
    assert [(one["subject"], one["fingers"]) for one in found] == [("person 2", 2)]
    apart = civid(
        "search", gallery, tmp_path / "right-index.iso", tmp_path / "left-index.iso", "--json"
    )
    assert apart.json["candidates"] == found
    assert civid("extract", both, "--json").error["code"] == "several-prints"
    clash = civid("search", gallery, both, tmp_path / "left-index.iso", "--json")
    assert (clash.code, clash.error["code"]) == (2, "usage")


def test_a_transaction_is_a_person_with_all_fingers(
    civid: Callable, prints: Path, gallery: Path, tmp_path: Path
) -> None:
    from datetime import date

    from civid import read_image
    from civid.formats import ansi_nist, build

    day = date(2026, 1, 2)
    records = [
        ansi_nist.image_record(
            read_image(prints / f"2_{name}_2.png").pixels,
            idc=position, position=position, dpi=500, source="A", day=day,
        )
        for position, name in ((2, "right-index"), (7, "left-index"))
    ]  # fmt: skip
    card = tmp_path / "card.iso"  # its bytes are believed, not its name
    card.write_bytes(
        build(
            ansi_nist.build_transaction(
                "CAR", day, origin="A", destination="B", control_number="1", records=records
            )
        )
    )
    (found,) = civid("search", gallery, card, "--json").json["candidates"]
    assert (found["subject"], found["fingers"]) == ("person 2", 2)
    (one,) = civid("search", gallery, f"7={card}", "--json").json["candidates"]
    assert (one["subject"], one["fingers"]) == ("person 2", 1)
    assert civid("enroll", gallery, "again", card, "--json").json["fingers"] == 2
    several = civid("compare", card, card, "--json").error
    assert (several["code"], "civid convert FILE OUT --view N" in several["advice"]) == (
        "several-prints", True,
    )  # fmt: skip
    clash = civid("search", gallery, card, f"7={prints}/2_left-index_1.png", "--json")
    assert "two prints are for the finger left-index" in clash.error["message"]
