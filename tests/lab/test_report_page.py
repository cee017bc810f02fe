"""The report in a real Chromium: on a telephone, on paper, in the dark; axe has no objection."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from civid.lab import report
from civid.lab.evaluation import Lab, evaluate, read_set
from civid.lab.evaluation.suspicions import suspicions
from civid.lab.leaderboard import boards, write_boards
from civid.lab.peers import System

from .evaluation.helpers import Alike, Counting, write_set

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("page")
    system = System("a system with a long name", Counting(), Alike(), "counting-1", "alike-1")
    lab = Lab(made / "run", rounds=30)
    sets = [read_set(write_set(made / "set")), read_set(write_set(made / "another_set", 5))]
    found = evaluate(sets, [system], lab, ["all-pairs", "search"])
    doubts = suspicions(sets, found[0])
    facts = report.facts("civid evaluate", [system], (), doubts)
    report.write(made / "run", *found, [system], lab, facts, pictures=1)
    write_boards(made / "run", boards([made / "run"], rounds=20), [made / "run"])
    return made / "run"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["report.html", "leaderboard.html"])
def test_nothing_is_loaded_and_axe_has_no_objection(
    folder: Path, visitor: Callable[..., Any], name: str, scheme: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = visitor(color_scheme=scheme)
    asked = list[str]()
    page.on("request", lambda request: asked.append(request.url))
    page.goto((folder / name).as_uri())
    assert not [one for one in asked[1:] if not one.startswith("data:")]
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (paper == "rgb(255, 255, 255)") == (scheme == "light")
    wrong = [(one["id"], [node["html"] for node in one["nodes"]][:3])
             for one in Axe().run(page).response["violations"]]  # fmt: skip
    assert not wrong


def test_on_a_telephone_the_equal_error_rate_is_seen_first(
    folder: Path, visitor: Callable[..., Any]
) -> None:
    page = visitor()
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto((folder / "report.html").as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    cell = page.locator("td[data-name^='EER']").first.bounding_box()
    assert cell["x"] >= 0
    assert cell["x"] + cell["width"] <= 390
    assert cell["y"] < 844


def test_on_paper_no_column_and_no_picture_is_lost(
    folder: Path, visitor: Callable[..., Any]
) -> None:
    page = visitor()
    page.goto((folder / "report.html").as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = false)")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 1030, "height": 700})  # A4 across, without its margins
    assert page.evaluate("document.documentElement.scrollWidth") <= 1030
    cut = "[...document.querySelectorAll('.wide')].filter(one => one.scrollWidth > one.clientWidth)"
    assert page.evaluate(f"{cut}.length") == 0
    pictures = "[...document.querySelectorAll('figure img')]"
    heights = page.evaluate(f"{pictures}.map(one => one.getBoundingClientRect().height)")
    assert len(heights) == 4
    assert min(heights) > 50
