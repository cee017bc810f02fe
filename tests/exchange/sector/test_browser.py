"""The page in a real Chromium: nothing is loaded or cut off, and axe has nothing to object to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.exchange.sector.office import DAY, GRANT, asker, person, register_of

from civid.exchange.sector import check
from civid.exchange.sector.synthetic import write_example

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("pages")
    write_example(made / "t.csv", 150, seed=2, error_rate=0.5)
    whole = replace(GRANT, existence=True, reasons=True)
    with register_of(made / "r", [person(1)], whole) as (register, _):
        check(made / "t.csv", as_of=DAY, output=made / "o", asker=asker(register))
    return made / "o"


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("width", [1200, 390])
def test_the_page(folder: Path, visitor: Callable[..., Any], language: str, width: int) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = visitor()
    page.set_viewport_size({"width": width, "height": 900})
    asked = list[str]()
    page.on("request", lambda request: asked.append(request.url))
    page.goto((folder / f"readiness.{language}.html").as_uri())
    assert len(asked) == 1
    assert page.locator("html").get_attribute("lang") == language
    assert page.get_by_role("heading", level=2).count() >= 6
    # Tables scroll within themselves; the page does not.
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if width > 1000:
        cut = "[...document.querySelectorAll('.scroll')].filter(e => e.scrollWidth > e.clientWidth)"
        assert page.evaluate(f"{cut}.length") == 0
    wrong = [(one["id"], [node["html"] for node in one["nodes"]][:3])
             for one in Axe().run(page).response["violations"]]  # fmt: skip
    assert not wrong


def test_on_paper_nothing_is_cut_off(folder: Path, visitor: Callable[..., Any]) -> None:
    page = visitor()
    page.goto((folder / "readiness.vi.html").as_uri())
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 680, "height": 1000})  # A4 without its margins, at 96 dpi
    assert page.evaluate("document.documentElement.scrollWidth") <= 680
