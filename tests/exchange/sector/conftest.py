"""The command run in this process, and a browser where there is one."""

from __future__ import annotations

from tests.cli.conftest import civid
from tests.dedup.pages.conftest import chromium, visitor

__all__ = ["chromium", "civid", "visitor"]
