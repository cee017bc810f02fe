"""The short programs of docs/examples do what they say; duplicate_check.py has tests of its own."""

from __future__ import annotations

import csv
import runpy
import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from civid.search.segments.keys import StaticKeyProvider

Example = Callable[[str], dict[str, Any]]


@pytest.fixture
def example(root: Path) -> Example:
    """The names of one of them."""
    return lambda name: runpy.run_path(str(root / "docs" / "examples" / f"{name}.py"))


def test_every_example_is_tested(root: Path) -> None:
    names = {path.stem for path in (root / "docs" / "examples").glob("*.py")}
    here = Path(__file__).read_text(encoding="utf-8")
    assert {name for name in names if f'example("{name}")' in here} == names - {"duplicate_check"}


def test_the_folder_of_a_night(example: Example, tmp_path: Path, data: Path) -> None:
    prints, day = data / "prints" / "FVC2002" / "DB1_B", tmp_path / "in"
    day.mkdir()
    for source, name in (
        ("101_1", "an_right-index"),
        ("102_1", "binh_right-index"),
        ("101_2", "cuc_right-index"),  # An's finger, under another name
    ):
        shutil.copy(next(prints.glob(f"{source}.*")), day / f"{name}.png")
    (day / "unnamed.png").write_bytes(b"1")
    (day / "dung_left-index.png").write_bytes(b"no picture")
    run = example("nightly_folder")["run"]

    def night() -> dict[str, tuple[str, str]]:
        assert run(day, tmp_path / "people", tmp_path / "night.csv") == 1
        with (tmp_path / "night.csv").open(encoding="utf-8", newline="") as file:
            return {row["what"]: (row["outcome"], row["why"]) for row in csv.DictReader(file)}

    first, second = night(), night()
    assert first["an"] == first["binh"] == ("in the gallery", "new")
    assert second["an"] == second["binh"] == ("in the gallery", "as before")
    assert first["cuc"][0] == "held"
    assert first["cuc"][1].startswith("like an (")
    assert first["unnamed.png"][0] == first["dung_left-index.png"][0] == "left out"
    assert second["cuc"] == first["cuc"]


@pytest.mark.slow
def test_a_matcher_of_ones_own(example: Example, tmp_path: Path, data: Path) -> None:
    prints = tmp_path / "prints"
    prints.mkdir()
    for path in sorted((data / "prints" / "FVC2002" / "DB1_B").iterdir()):
        if path.stem[:3] in ("101", "102", "103") and path.stem[-2:] in ("_1", "_2"):
            shutil.copy(path, prints)
    rates = example("own_matcher")["benchmark"](prints, tmp_path / "results")
    assert set(rates) == {"civid", "vote"}
    assert rates["civid"] <= rates["vote"] < 0.5


def test_the_first_day_of_a_register(example: Example, tmp_path: Path) -> None:
    keys = StaticKeyProvider({"2026": bytes(range(32))})
    told = example("register_first_day")["first_day"](tmp_path / "register", keys, date(2026, 3, 2))
    assert told[:2] == ["found without its marks: Nguyễn Thị An", "born 06/03/2001, version 2"]
    assert told[2].startswith("add of ")
    assert told[3].startswith("correct of birth by officer-17")
    assert told[-1] == "all of it agrees"


@pytest.mark.parametrize(("a_day", "in_time"), [(130, True), (40, False)])
def test_the_forecast_of_a_campaign(
    example: Example, tmp_path: Path, a_day: int, in_time: bool
) -> None:
    first = date(2026, 3, 2)  # a Monday
    table = tmp_path / "days.csv"
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["date", "count"])
        for number in range(28):
            day = first + timedelta(number)
            count = 0 if day.weekday() == 6 else a_day + number % 5
            writer.writerow([day.isoformat(), count])
    names = example("campaign_forecast")
    found = names["foreseen"](table, 7_000, first + timedelta(83))
    assert found.collected == sum(
        0 if (first + timedelta(number)).weekday() == 6 else a_day + number % 5
        for number in range(28)
    )
    assert (found.chance > 0.9) is in_time
    assert (found.chance < 0.1) is not in_time
    assert f"a chance of {found.chance:.0%}" in names["told"](found)
