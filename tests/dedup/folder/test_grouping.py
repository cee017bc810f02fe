"""Files under a folder -> enrolments and identities."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from civid.dedup.folder.grouping import Enrolment, find_prints, group, identities
from civid.dedup.folder.naming import NamePattern
from civid.position import Position
from civid.problems import Problem


def folder_with(tmp_path: Path, *names: str) -> Path:
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    return tmp_path


def test_prints_are_found_in_subfolders_in_the_order_of_people(tmp_path: Path) -> None:
    folder = folder_with(
        tmp_path, "a_10.png", "a_2.PNG", "b/1.wsq", "b/x.iso", "notes.txt", ".x.png", ".h/1.png"
    )
    found = [path.relative_to(folder).as_posix() for path in find_prints(folder)]
    assert found == ["a_2.PNG", "a_10.png", "b/1.wsq", "b/x.iso"]


def test_without_a_pattern_each_file_is_an_enrolment(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, "a/1.png", "b/1.png")
    made, skipped = group(find_prints(folder), folder, None)
    assert [enrolment.subject for enrolment in made] == ["a/1.png", "b/1.png"]
    assert all(list(enrolment.files) == [Position.UNKNOWN] for enrolment in made)
    assert skipped == []


@pytest.mark.parametrize("pattern", ["Người-{subject}_{position}", None])
def test_accents_that_were_taken_apart_by_a_copy_change_nobody(
    tmp_path: Path, pattern: str | None
) -> None:
    typed = ["Người-Đỗ Hòa_2.png", "Người-Đỗ Hòa_10.png", "Người-Ấn_2.png"]
    apart = [unicodedata.normalize("NFD", name) for name in typed]
    assert not set(typed) & set(apart)
    told = []
    for place, names in (("typed", typed), ("apart", apart)):
        folder = folder_with(tmp_path / place, *names)
        parsed = None
        if pattern is not None:
            parsed = NamePattern.parse(unicodedata.normalize("NFD", pattern))
        made, skipped = group(find_prints(folder), folder, parsed)
        assert skipped == []
        told.append([(one.subject, list(one.files)) for one in made])
        assert {path.name for one in made for path in one.files.values()} == set(names)
    assert told[0] == told[1]
    if pattern is not None:
        assert [one[0] for one in told[0]] == ["Đỗ Hòa", "Ấn"]


def test_a_pattern_groups_fingers_and_keeps_impressions_apart(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, "7_2_1.png", "7_3_1.png", "7_2_2.png", "odd.png")
    pattern = NamePattern.parse("{person}_{position}_{impression}")
    made, skipped = group(find_prints(folder), folder, pattern)
    assert {enrolment.subject: sorted(enrolment.files) for enrolment in made} == {
        "7/1": [2, 3],
        "7/2": [2],
    }
    assert [(one.path.name, one.code) for one in skipped] == [("odd.png", "name")]


def test_fields_that_only_look_alike_when_joined_stay_apart(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, "a_b-c-1.png", "a-b_c-1.png")
    made, _ = group(find_prints(folder), folder, NamePattern.parse("{x}-{y}-{position}"))
    assert len(made) == 2


def test_the_same_finger_twice_is_told_not_swallowed(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, "a/7_2.png", "b/7_2.png")
    made, skipped = group(find_prints(folder), folder, NamePattern.parse("{s}_{position}"))
    assert len(made) == 1
    assert [one.code for one in skipped] == ["same-finger"]


@pytest.mark.parametrize(
    ("same", "grouped", "expected"),
    [((), True, "7"), ((), False, "7/2"), (("person", "position"), True, "7/2")],
)
def test_an_identity_is_made_of_the_wanted_fields(
    tmp_path: Path, same: tuple[str, ...], grouped: bool, expected: str
) -> None:
    enrolment = Enrolment("7/1", {Position.RIGHT_INDEX: tmp_path / "7_2_1.png"})
    truth = NamePattern.parse("{person}_{position}_{impression}")
    identities([enrolment], tmp_path, truth, same, fingers_grouped=grouped)
    assert enrolment.identity == expected


def test_an_enrolment_of_two_identities_has_none(tmp_path: Path) -> None:
    files = {Position.RIGHT_INDEX: tmp_path / "7_1.png", Position.LEFT_INDEX: tmp_path / "8_1.png"}
    enrolment = Enrolment("x", files)
    truth = NamePattern.parse("{person}_{impression}")
    identities([enrolment], tmp_path, truth, (), fingers_grouped=True)
    assert enrolment.identity is None


@pytest.mark.parametrize("code", ["no-such-folder", "not-a-folder", "empty-folder"])
def test_a_folder_without_prints_is_explained(tmp_path: Path, code: str) -> None:
    (tmp_path / "file.png").touch()
    (tmp_path / "empty").mkdir()
    places = {"no-such-folder": "none", "not-a-folder": "file.png", "empty-folder": "empty"}
    with pytest.raises(Problem) as caught:
        find_prints(tmp_path / places[code])
    assert caught.value.code == code
