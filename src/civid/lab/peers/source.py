"""What a plug-in depends on: its source and what it imports, versions of packages, its state."""

from __future__ import annotations

import functools
import hashlib
import inspect
import pickle
import sys
import sysconfig
from collections.abc import Iterator
from importlib import metadata
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

    They stand for the source of its module and of the user's modules that it imports, and for the
    versions of the installed packages that any of them uses; of civid, its compiled engine.
    """
    module = inspect.getmodule(plugin)
    if module is None or _file(module) is None:
        return ""
    made = hashlib.sha256()
    first, reached = _file(module), list(_reachable(module))
    for file in sorted({file for one in reached if (file := _file(one)) is not None}):
        if file == first or not str(file).startswith(_INSTALLED):
            made.update(file.read_bytes())
    for package in sorted({name for one in reached for name in _packages(one)}):
        made.update(f"{package} {_package_version(package)}\n".encode())
    return made.hexdigest()[:8]


def state_digest(plugin: Any) -> str | None:
    """Eight hexadecimal digits of what a callable carries along; empty where it carries nothing.

    Attributes of an object, what a method is bound to, arguments of a `functools.partial`, defaults
    and closures of a function. None where that cannot be told.
    """
    state = _state(plugin)
    if not state:
        return ""
    try:
        return hashlib.sha256(pickle.dumps(state)).hexdigest()[:8]
    except Exception:  # whatever an object's own pickling raises: it cannot be told
        return None


def _state(plugin: Any) -> Any:
    if isinstance(plugin, functools.partial):
        return _state(plugin.func), plugin.args, sorted(plugin.keywords.items())
    if inspect.ismethod(plugin):
        return _state(plugin.__self__)
    if inspect.isfunction(plugin):
        cells = [cell.cell_contents for cell in plugin.__closure__ or ()]
        return [one for one in (plugin.__defaults__, plugin.__kwdefaults__, cells) if one]
    if inspect.isroutine(plugin) or inspect.isclass(plugin):
        return None
    return plugin.__getstate__()


def _reachable(first: ModuleType) -> Iterator[ModuleType]:
    """A module and those of a user that it names, directly or through what it took from them."""
    waiting, seen = [first], {first.__name__}
    while waiting:
        module = waiting.pop()
        yield module
        for other in _named(module):
            if (
                other.__name__ not in seen
                and other.__name__.split(".")[0] != "civid"
                and (file := _file(other)) is not None
                and not str(file).startswith(_INSTALLED)
            ):
                seen.add(other.__name__)
                waiting.append(other)


def _named(module: ModuleType) -> Iterator[ModuleType]:
    """The modules that a module names, and those that what it names comes from."""
    for value in list(vars(module).values()):
        other: Any = value
        if not isinstance(value, ModuleType):
            other = sys.modules.get(getattr(value, "__module__", None) or "")
        if isinstance(other, ModuleType):
            yield other


def _packages(module: ModuleType) -> Iterator[str]:
    """The installed packages that a module names."""
    for other in _named(module):
        top = other.__name__.partition(".")[0]
        path = getattr(other, "__file__", None)
        if top == "civid" or (
            top not in sys.stdlib_module_names
            and isinstance(path, str)
            and str(Path(path).resolve()).startswith(_INSTALLED)
        ):
            yield top


def _package_version(top: str) -> str:
    if top == "civid":
        from civid.lab.peers.own import engine_version

        return engine_version()
    stated = getattr(sys.modules.get(top), "__version__", None)
    if isinstance(stated, str):
        return stated
    try:
        return metadata.version(top)
    except metadata.PackageNotFoundError:
        return ""


def _file(module: ModuleType) -> Path | None:
    """Its source file, if it has one."""
    name = getattr(module, "__file__", None)
    if not isinstance(name, str) or not name.endswith(".py"):
        return None
    path = Path(name).resolve()
    return path if path.is_file() else None
