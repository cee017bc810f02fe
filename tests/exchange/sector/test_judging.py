"""Grades by stated thresholds, and what to mend first, against plain counting."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from civid.errors import FieldError
from civid.exchange.sector import Criteria, Grade
from civid.exchange.sector.judge.examining import Examined
from civid.exchange.sector.judge.grading import grade, judge
from civid.exchange.sector.judge.mending import ASKABLE, by_all, mendings
from civid.exchange.sector.judge.rules import about

CRITERIA = Criteria.read()
RULES = sorted({rule for one in CRITERIA.criteria for rule in one.rules})
NEEDED = frozenset(CRITERIA.needed)


def examined(size: int, rows: dict[str, set[int]], fields: frozenset[str] = NEEDED) -> Examined:
    made = {name: np.array(sorted(found), np.int64) for name, found in rows.items() if found}
    return Examined(size, made, np.arange(2, size + 2), fields)


SOME = st.dictionaries(st.sampled_from(RULES), st.sets(st.integers(2, 61)), max_size=8)


@given(SOME, st.none() | st.floats(0, 1))
def test_a_share_is_that_of_rows_without_any_of_the_rules(
    rows: dict[str, set[int]], matched: float | None
) -> None:
    judged = judge(CRITERIA, examined(60, rows, NEEDED | {"sex"}), matched)
    worst = []
    for one in judged:
        bad = set().union(*(rows.get(rule, set()) for rule in one.criterion.rules))
        share = matched if not one.criterion.rules else 1 - len(bad) / 60
        assert one.share == (None if share is None else pytest.approx(share))
        if share is not None:
            worst.append((share < one.criterion.ready) + (share < one.criterion.reserved))
    wanted = [Grade.READY, Grade.RESERVED, Grade.NOT_READY][max(worst)]
    assert grade(CRITERIA, examined(60, rows), judged) is wanted


def test_a_table_without_a_needed_column_or_without_rows_is_not_ready() -> None:
    for size, fields in ((60, NEEDED - {"birth"}), (0, NEEDED)):
        made = examined(size, {}, fields)
        assert grade(CRITERIA, made, judge(CRITERIA, made, None)) is Grade.NOT_READY


def test_what_a_table_has_no_column_for_is_not_judged() -> None:
    judged = {one.criterion.id: one for one in judge(CRITERIA, examined(9, {}), None)}
    assert judged["sex"].grade is None
    assert judged["matched"].grade is None
    assert judged["number"].grade is Grade.READY


@given(SOME)
def test_rows_that_nothing_else_keeps_from_being_asked_about(rows: dict[str, set[int]]) -> None:
    blocking = next(one.rules for one in CRITERIA.criteria if one.id == ASKABLE)
    for one in mendings(CRITERIA, examined(60, rows)):
        others = set().union(*(rows.get(name, set()) for name in blocking if name != one.rule))
        alone = rows[one.rule] - others if one.rule in blocking else set()
        assert (one.rows, one.askable) == (len(rows[one.rule]), len(alone))


def test_if_births_of_the_first_of_january_were_corrected() -> None:
    rows = {"birth.new_year": {2, 3, 4, 5}, "number.missing": {9}}
    unmatched = {"": np.array([3, 4, 20]), "birth": np.array([3, 4]), "name": np.array([20])}
    found = {one.rule: one for one in mendings(CRITERIA, examined(60, rows), unmatched)}
    assert found["birth.new_year"].matching == 2
    assert [one.rule for one in by_all(found.values())] == ["birth.new_year", "number.missing"]
    # Where the grant does not say which field differs, any of those that do not agree may be one.
    found = {one.rule: one for one in mendings(CRITERIA, examined(60, rows), {"": unmatched[""]})}
    assert found["birth.new_year"].matching == 2


def test_the_order_of_what_is_passed_on_does_not_hang_on_the_register() -> None:
    rows = {"birth.new_year": {2, 3, 4, 5}, "name.no_accents": {6, 7}, "number.missing": {9}}
    orders = {
        tuple(one.rule for one in mendings(CRITERIA, examined(60, rows), unmatched))
        for unmatched in (None, {"": np.array([6, 7])}, {"": np.array([2, 3, 4, 5])})
    }
    assert len(orders) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"criteria": []}, {"needed": ["tên"]}, {"smallest_shown": 0}, {"minutes": {}},
        {"criteria": [{"id": "x", "vi": "x", "en": "x", "rules": ["no.rule"], "ready": 1,
                       "reserved": 0}]},
        {"criteria": [{"id": "x", "vi": "x", "en": "x", "rules": ["name.missing"], "ready": 0.5,
                       "reserved": 0.9}]},
        {"criteria": [{"id": "x", "vi": "x", "en": "x", "rules": [], "ready": 1, "reserved": 0}]},
    ],
)  # fmt: skip
def test_criteria_that_are_none(tmp_path: Path, change: dict[str, Any]) -> None:
    place = files("civid.exchange.sector.judge").joinpath("criteria.json")
    said = json.loads(place.read_text("utf-8")) | change
    file = tmp_path / "criteria.json"
    file.write_text(json.dumps(said), encoding="utf-8")
    if change == {"criteria": []}:
        assert Criteria.read(file).criteria == ()
        return
    with pytest.raises(FieldError):
        Criteria.read(file)


@pytest.mark.parametrize("text", ["", "[]", "{", "null", '{"criteria": 1}', "[" * 100_000])
def test_files_that_are_no_criteria(tmp_path: Path, text: str) -> None:
    file = tmp_path / "criteria.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(FieldError, match="criteria"):
        Criteria.read(file)
    with pytest.raises(FieldError, match="cannot be read"):
        Criteria.read(tmp_path / "none.json")


def test_every_rule_says_what_it_is_in_both_languages() -> None:
    for one in about().values():
        assert one.title("vi")
        assert one.title("en").endswith(".")
        assert one.title("vi") != one.title("en")
