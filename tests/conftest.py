"""Shared fixtures: where the real prints are, and how hard hypothesis tries."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("dev", max_examples=30, deadline=None)
settings.register_profile(
    "ci",
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("ci" if os.environ.get("CI") else "dev")

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout that holds these tests."""
    return ROOT


@pytest.fixture(scope="session")
def data() -> Path:
    """Real prints and format samples (``CIVID_DATA``, else ../shared/data); skips without."""
    folder = Path(os.environ.get("CIVID_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no test data at {folder}; set CIVID_DATA to run this test")
    return folder


class _Told:
    """Says at once what failed, where many tests run: a run that is cut off has told, too."""

    def __init__(self, config: pytest.Config):
        self._plugins = config.pluginmanager

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        terminal = self._plugins.get_plugin("terminalreporter")
        if report.failed and terminal is not None:
            last = report.longreprtext.strip().rpartition("\n")[2]
            terminal.write_line(f"\n{report.when} failed: {report.nodeid}\n  {last[:300]}")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first: one that comes last lets a worker wait for the other one.

    Long are pages, which make what they need, and files with tests that are marked as slow.
    """
    long = {one.path for one in items if one.path.suffix == ".md" or one.get_closest_marker("slow")}
    items.sort(key=lambda one: one.path not in long)


def pytest_configure(config: pytest.Config) -> None:
    if os.environ.get("CI") and not hasattr(config, "workerinput"):
        config.pluginmanager.register(_Told(config))
