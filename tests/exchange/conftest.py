"""The registers of `tests.register`, on both stores."""

from __future__ import annotations

from tests.register.conftest import opened, postgresql, register, where

__all__ = ["opened", "postgresql", "register", "where"]
