"""File names: what fits, what does not, and which patterns are refused."""

from __future__ import annotations

from pathlib import PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civid.dedup.folder.naming import NamePattern, parse_position
from civid.position import Position
from civid.problems import Problem


def read(pattern: str, path: str) -> dict[str, str] | None:
    fields = NamePattern.parse(pattern).read(PurePath(path))
    return None if fields is None else dict(fields)


@pytest.mark.parametrize(
    ("pattern", "path", "fields"),
    [
        ("{a}_{b}", "012_7.png", {"a": "012", "b": "7"}),
        ("{a}_{b}", "sub/012_7.png", {"a": "012", "b": "7"}),
        ("{a}_{b}", "012_7_3.png", None),  # one part too many is not read wrongly
        ("{a}_{b}", "012.png", None),
        ("{a}_{b}", "_7.png", None),
        ("{a}/{b}", "012/7.wsq", {"a": "012", "b": "7"}),
        ("{a}/{b}", "x/012/7.wsq", None),
        ("{a}/{a}_{b}", "012/012_7.png", {"a": "012", "b": "7"}),
        ("{a}/{a}_{b}", "012/013_7.png", None),
        ("{a}_{_}", "012_7.png", {"a": "012"}),
        ("id{a}", "ID44.tif", {"a": "44"}),
        # What the name begins and ends with stands next to no field, and may stand in one.
        ("scan-{a}_{b}-done", "scan-sam_ann-done.png", {"a": "sam", "b": "ann"}),
        ("scan-{a}_{b}-done", "scan-s-am_ann-done.png", None),
        ("({a})_{b}", "((7)_1.png", None),
        ("{a}_{b}", "x.y_2.png", {"a": "x.y", "b": "2"}),
        ("{s}_{position}", "44_right-index.png", {"s": "44", "position": "right-index"}),
        ("{s}_{position}", "44_right_index.png", {"s": "44", "position": "right_index"}),
        ("{s}_{position}", "44_11.png", None),  # no such finger
        ("{s}_{position}", "44_nose.png", None),
    ],
)
def test_a_name_is_read_wholly_or_not_at_all(
    pattern: str, path: str, fields: dict[str, str] | None
) -> None:
    assert read(pattern, path) == fields


@pytest.mark.parametrize("pattern", ["", "print", "{a}{b}", "{a", "a}", "{a}_{1b}", "{a}_{{b}}"])
def test_a_pattern_without_one_meaning_is_refused(pattern: str) -> None:
    with pytest.raises(Problem) as caught:
        NamePattern.parse(pattern)
    assert caught.value.code == "usage"


def test_a_field_that_is_not_in_the_pattern_is_refused() -> None:
    with pytest.raises(Problem, match="no field"):
        NamePattern.parse("{a}_{b}").require(("c",), "--same")


@given(st.lists(st.from_regex(r"[A-Za-z0-9.]{1,8}", fullmatch=True), min_size=1, max_size=5))
def test_what_was_joined_is_read_back(values: list[str]) -> None:
    pattern = "_".join(f"{{f{index}}}" for index in range(len(values)))
    expected = {f"f{index}": value for index, value in enumerate(values)}
    assert read(pattern, "_".join(values) + ".png") == expected


@pytest.mark.parametrize("position", Position)
def test_fingers_are_read_by_number_and_by_name(position: Position) -> None:
    name = position.name.lower()
    for text in (str(int(position)), f"{int(position):02}", name, name.replace("_", "-").upper()):
        assert parse_position(text) is position


@pytest.mark.parametrize("text", ["", "11", "-1", "right", "index", "²", "right-toe"])
def test_what_is_not_a_finger_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="finger"):
        parse_position(text)
