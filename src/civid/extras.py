"""Optional packages, imported on use; who lacks one is told which extra to install."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from civid.errors import UnavailableError


def need(module: str, purpose: str, extra: str = "cards") -> Any:
    """Import an optional module.

    Raises
    ------
    UnavailableError
        It is not installed; the message names the extra.
    """
    try:
        return import_module(module)
    except ImportError:
        raise UnavailableError(
            f"{purpose} needs an optional package: pip install 'civid[{extra}]'"
        ) from None
