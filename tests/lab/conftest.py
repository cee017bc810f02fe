"""A browser where there is one."""

from __future__ import annotations

from tests.dedup.pages.conftest import chromium, visitor

__all__ = ["chromium", "visitor"]
