"""A real Chromium, without a window; skipped where there is none, unless it has to be there."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.dedup.pages.office import Office, office

#: Set by `.ci/run`: without a browser these tests fail instead of being skipped.
REQUIRED = "CIVID_BROWSER_REQUIRED"
_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A browser for the tests of a file: while it runs, no other loop of asyncio can."""
    path = next(filter(None, map(shutil.which, _NAMES)), None)
    if path is None:
        reason = "no Chromium here (on Debian: apt install chromium)"
        if os.environ.get(REQUIRED):
            pytest.fail(reason)
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    # Root has no sandbox, and small containers have no /dev/shm worth the name.
    args = ["--disable-dev-shm-usage"] + (["--no-sandbox"] if os.geteuid() == 0 else [])
    with sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=path, args=args)
        yield running
        running.close()


@pytest.fixture
def visitor(chromium: Any) -> Iterator[Callable[..., Any]]:
    """A new browser for each officer: cookies of its own. No script or policy may fail in it."""
    opened = []
    failures: list[str] = []

    def noted(said: Any) -> None:
        # Every answer above 399 is an error to Chromium; the tests look at those.
        if said.type == "error" and "the server responded with a status" not in said.text:
            failures.append(said.text)

    def come(language: str = "en-GB", **more: Any) -> Any:
        one = chromium.new_context(locale=language, viewport={"width": 1366, "height": 768}, **more)
        one.set_default_timeout(20_000)
        one.on("weberror", lambda error: failures.append(str(error.error)))
        one.on("console", noted)
        opened.append(one)
        return one.new_page()

    yield come
    for one in opened:
        one.close()
    assert not failures


@pytest.fixture
def room(tmp_path: Any) -> Iterator[Office]:
    """An empty office of this test."""
    with office(tmp_path) as made:
        yield made
