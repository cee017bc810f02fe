"""Registers on both stores."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.register.conftest import opened, postgresql, where

from civid.register import Register

__all__ = ["opened", "postgresql", "where"]


@pytest.fixture
def register(opened: Callable[..., Register]) -> Register:
    return opened()
