"""The source that a plug-in depends on: its module and all that it imports, but for packages."""

from __future__ import annotations

import hashlib
import inspect
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

_INSTALLED = tuple(
    str(Path(path).resolve())
    for name, path in sysconfig.get_paths().items()
    if name in ("stdlib", "platstdlib", "purelib", "platlib")
)


def source_digest(plugin: Any) -> str:
    """Eight hexadecimal digits, or nothing where there is no source.

    Modules of installed packages and of the standard library are left out: the plug-in states its
    version where it depends on theirs.
    """
    module = inspect.getmodule(plugin)
    if module is None or _file(module) is None:
        return ""
    made = hashlib.sha256()
    first = _file(module)
    for file in sorted({file for one in _reachable(module) if (file := _file(one)) is not None}):
        if file == first or not str(file).startswith(_INSTALLED):
            made.update(file.read_bytes())
    return made.hexdigest()[:8]


def _reachable(first: ModuleType) -> Iterator[ModuleType]:
    """A module and those of a user that it names, directly or through what it took from them."""
    waiting, seen = [first], {first.__name__}
    while waiting:
        module = waiting.pop()
        yield module
        for value in list(vars(module).values()):
            other = value
            if not isinstance(value, ModuleType):
                other = sys.modules.get(getattr(value, "__module__", None) or "")
            if (
                isinstance(other, ModuleType)
                and other.__name__ not in seen
                and other.__name__.split(".")[0] != "civid"
                and (file := _file(other)) is not None
                and not str(file).startswith(_INSTALLED)
            ):
                seen.add(other.__name__)
                waiting.append(other)


def _file(module: ModuleType) -> Path | None:
    """Its source file, if it has one."""
    name = getattr(module, "__file__", None)
    if not isinstance(name, str) or not name.endswith(".py"):
        return None
    path = Path(name).resolve()
    return path if path.is_file() else None
