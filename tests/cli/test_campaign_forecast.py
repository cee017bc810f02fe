"""``civid campaign forecast``, ``simulate`` and ``optimise``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.conftest import Run

Civid = Callable[..., Run]


@pytest.fixture
def hue(root: Path) -> Path:
    return root / "docs" / "tutorial" / "hue-2021"


def test_a_week_into_it_nobody_would_be_in_time(civid: Civid, hue: Path) -> None:
    told = civid("campaign", "forecast", hue, hue / "progress.csv", "--numbers", "vi",
                 "--day", "07/03/2021", "--json")  # fmt: skip
    assert told.code == 1
    found = told.json
    assert (found["collected"], found["remaining"], found["open_days"]) == (14_700, 717_300, 115)
    assert found["chance"] < 0.01
    assert found["completion"]["early"] > "2021-09-01"
    assert len(found["fan"]) > 115
    said = civid("campaign", "forecast", hue, hue / "progress.csv", "--numbers", "vi",
                 "--day", "07/03/2021", "--lang", "vi")  # fmt: skip
    assert "14.700 trên 732.000" in said.out
    assert "hoàn thành ngày" in said.out


def test_an_announced_pause_is_known_at_the_end_only(civid: Civid, hue: Path) -> None:
    words = ("campaign", "forecast", hue, hue / "progress.csv", "--numbers", "vi", "--json")
    before = civid(*words, "--day", "2021-05-04").json
    within = civid(*words, "--day", "2021-05-05").json
    assert before["open_days"] - within["open_days"] == 11
    done = civid(*words)
    assert (done.code, done.json["remaining"]) == (0, 0)
    assert done.json["completion"]["middle"] == "2021-06-08"


def test_what_if_side_by_side(civid: Civid, hue: Path) -> None:
    words = ("campaign", "forecast", hue, hue / "progress.csv", "--numbers", "vi",
             "--day", "2021-04-11")  # fmt: skip
    told = civid(*words, "--close", "2021-05-01:2021-05-10", "--json").json
    as_it_is, closed = told["what_if"]
    assert closed["whole"]["middle"] > as_it_is["whole"]["middle"]
    assert closed["days_won"] < 0
    assert len(closed["units"]) == 9
    shown = civid(*words, "--shift", "2021-04-15:2021-06-30:0.4:474,478", "--lang", "vi")
    assert "giữ nguyên" in shown.out
    assert "Phú Vang" in shown.out


@pytest.mark.parametrize(
    "words",
    [
        ("--close", "2021-05-01"),
        ("--close", "2021-05-01:yesterday"),
        ("--move", "x:474:478:2021-05-01"),
        ("--shift", "2021-05-01:2021-05-02:much"),
    ],
)
def test_changes_that_cannot_be_read(civid: Civid, hue: Path, words: tuple[str, str]) -> None:
    told = civid("campaign", "forecast", hue, hue / "progress.csv", "--numbers", "vi", *words)
    assert told.code == 2
    assert words[1].split(":")[-1] in told.err


def test_a_unit_that_is_not_there_is_named(civid: Civid, hue: Path) -> None:
    told = civid("campaign", "forecast", hue, hue / "progress.csv", "--numbers", "vi",
                 "--close", "2021-05-01:2021-05-10:999", "--json")  # fmt: skip
    assert told.code == 3
    assert told.error["code"] == "impossible-field"


def test_a_day_of_seven_people_and_six_steps(civid: Civid) -> None:
    words = ("campaign", "simulate", "--hours", "7-21", "--citizens", "720", "--days", "60")
    found = civid(*words, "--worth", "--json").json
    assert found["staff"] == 7
    assert found["finished"]["mean"] > 700
    assert found["bottleneck"] == "prints"
    assert found["worth"][0]["step"] == "prints"
    assert "điểm nghẽn" in civid(*words, "--lang", "vi").out
    assert civid("campaign", "simulate", "--hours", "7to9").code == 2
    assert civid("campaign", "simulate", "--hours", "8:99-17").code == 2
    assert civid("campaign", "simulate", "--arrivals", "rarely").code == 2
    assert civid("campaign", "simulate", "--line", "none").code == 3
    assert civid("campaign", "simulate", "--hours", "9-8").code == 3


@pytest.mark.slow
def test_staffing_for_a_quota(civid: Civid) -> None:
    words = ("campaign", "optimise", "60000", "--first", "2021-03-01", "--last", "30/06/2021")
    told = civid(*words, "--json")
    best, *others = told.json["alternatives"]
    assert told.code == 0
    assert best["allowed"]
    assert any("Art 107(2)" in " ".join(one["findings"]) for one in others)
    vietnamese = civid(*words, "--lang", "vi").out
    assert "Không thể hoặc không được phép" in vietnamese
    assert "làm thêm 104,0 giờ một tháng, Điều 107(2) cho phép 40" in vietnamese
    assert "overtime" not in vietnamese
    none = civid(*words, "--machines", "1", "--officers", "2")
    assert none.code == 1
