"""Writes the pages of the API reference before Sphinx reads: ``reference/api/``, a page a module.

What is shown, and in which order, stands in `public_modules`; the words are those of docstrings.
A name that several modules export is described once, where most programs would import it from.
"""

from __future__ import annotations

import ast
import enum
import functools
import importlib
import inspect
import re
import types
from pathlib import Path
from typing import Any

from public_modules import ERRORS, GROUPS, PARTS, Group, home, public_names
from sphinx.pycode import ModuleAnalyzer

TITLES = {page: title for page, (title, _) in PARTS.items()} | {ERRORS: "civid: every error"}
#: Data whose value is a line; longer ones are left to the source.
LONGEST_VALUE = 60


def page_of(module: str) -> str:
    return module.replace(".", "-")


def is_entry(value: object) -> bool:
    """Whether a name is described by itself: no module, which has a page."""
    return not isinstance(value, types.ModuleType)


def shared(value: object) -> bool:
    """Whether the same object under two names is one thing: a class or a function."""
    return inspect.isclass(value) or inspect.isroutine(value)


@functools.cache
def owners() -> dict[int, tuple[str, str]]:
    """Id of a class or function -> page and full name under which it is described."""
    found: dict[int, tuple[str, str]] = {}
    pages = [*PARTS, ERRORS, *(module for group in GROUPS for module in group.modules)]
    for page in pages:
        for name in public_names(page):
            value = getattr(importlib.import_module(home(page)), name)
            if shared(value):
                found.setdefault(id(value), (page, f"{home(page)}.{name}"))
    return found


def origin(module: str, name: str) -> tuple[str, str]:
    """Where a constant is written down: followed through ``from x import name``."""
    source = inspect.getsource(importlib.import_module(module))
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                if (alias.asname or alias.name) == name:
                    return origin(node.module, alias.name)
    return module, name


def comment(module: str, name: str) -> str:
    """The ``#:`` comment of a constant."""
    if name == "__version__":
        return "The version of civid, such as ``0.2.0``."
    where, called = origin(module, name)
    analyzer = ModuleAnalyzer.for_module(where)
    analyzer.analyze()
    return "\n".join(analyzer.attr_docs.get(("", called), [])).strip()


def sentence(module: str, name: str, value: object) -> str:
    """The first sentence of what is said of a name."""
    text = (inspect.getdoc(value) or "") if shared(value) else comment(module, name)
    first = " ".join(text.split("\n\n")[0].split())
    found = re.match(r".+?[.:?!](?=\s|$)", first)
    return (found.group() if found else first).rstrip(":")


def first_paragraph(value: object) -> str:
    return " ".join((inspect.getdoc(value) or "").split("\n\n")[0].split())


def shown() -> set[str]:
    return {module for group in GROUPS for module in group.modules}


def kind(value: object) -> str:
    if inspect.isclass(value):
        return "exception" if issubclass(value, BaseException) else "class"
    return "function" if inspect.isroutine(value) else "data"


def hidden_bases(cls: type) -> list[type]:
    """Classes of civid that it is made of and that nobody is shown: their members are its own."""
    return [
        base
        for base in cls.__mro__[1:]
        if base.__module__.split(".")[0] == "civid" and id(base) not in owners()
    ]


def options(value: object) -> list[str]:
    lines = []
    if inspect.isclass(value):
        bases = hidden_bases(value)
        if any(base is not object and base not in bases for base in value.__bases__):
            lines.append("   :show-inheritance:")
        if issubclass(value, enum.Enum):
            lines.append("   :undoc-members:")
        if bases:
            others = [one.__name__ for one in value.__mro__[1:] if one not in bases]
            lines.append(f"   :inherited-members: {','.join(others)}")
    return lines


def data_entry(module: str, name: str, value: object) -> list[str]:
    shown = repr(value)
    lines = [f".. py:data:: {name}"]
    if len(shown) <= LONGEST_VALUE and " at 0x" not in shown:
        lines.append("   :value: " + shown.replace("\\", "\\\\"))
    elif not isinstance(value, types.GenericAlias):
        lines.append(f"   :type: {type(value).__name__}")
    text = comment(module, name)
    return [*lines, "", *(f"   {line}" for line in text.splitlines()), ""]


def entry(module: str, name: str, value: Any) -> list[str]:
    """The directive that describes one name."""
    if not shared(value):
        return data_entry(module, name, value)
    return [f".. auto{kind(value)}:: {name}", *options(value), ""]


def row(page: str, name: str) -> list[str]:
    module = home(page)
    value = getattr(importlib.import_module(module), name)
    full = f"{module}.{name}"
    if not is_entry(value) and value.__name__ not in shown():
        return [f"   * - `{value.__name__}`", f"     - {first_paragraph(value)}"]
    if not is_entry(value):
        link = f":doc:`{name} <{page_of(value.__name__)}>`"
        return [f"   * - {link}", f"     - {first_paragraph(value)}"]
    if shared(value):
        full = owners()[id(value)][1]
    return [f"   * - :py:obj:`{name} <{full}>`", f"     - {sentence(module, name, value)}"]


def module_page(page: str) -> str:
    """The text of a page: what the module is, a table of its names, then each of them."""
    module = home(page)
    title = TITLES.get(page, module)
    names = public_names(page)
    lines = [title, "=" * len(title), ""]
    lines += [f".. py:currentmodule:: {module}", ""]
    if page == module:
        # A function may have the name of the module that it comes from; the name is then its.
        taken = [*["   :no-index:"] * (module in {full for _, full in owners().values()})]
        lines += [f".. automodule:: {module}", "   :no-members:", *taken, ""]
    lines += [".. list-table::", "   :class: api-summary", "   :widths: 30 70", ""]
    for name in names:
        lines += row(page, name)
    lines.append("")
    for name in names:
        value = getattr(importlib.import_module(module), name)
        own = not shared(value) or owners()[id(value)] == (page, f"{module}.{name}")
        if is_entry(value) and own:
            lines += entry(module, name, value)
    return "\n".join(lines) + "\n"


def group_page(group: Group) -> str:
    lines = [group.title, "=" * len(group.title), ""]
    lines += [re.sub(r"\[(.+?)\]\((.+?)\.md\)", r":doc:`\1 <\2>`", group.intro), ""]
    lines += [".. list-table::", "   :class: api-summary", "   :widths: 35 65", ""]
    for page in group.modules:
        title = TITLES.get(page, page)
        text = first_paragraph(importlib.import_module(home(page)))
        if page in TITLES:
            shown_names = [name for name in public_names(page) if not name.startswith("_")][:8]
            text = ", ".join(f":py:obj:`{name} <civid.{name}>`" for name in shown_names) + " ..."
        lines += [f"   * - :doc:`{title} <{page_of(page)}>`", f"     - {text}"]
    lines += ["", ".. toctree::", "   :hidden:", ""]
    lines += [f"   {page_of(page)}" for page in group.modules]
    return "\n".join(lines) + "\n"


def write_pages(folder: Path) -> None:
    """Writes all pages; one that has not changed keeps its time, old ones go."""
    folder.mkdir(parents=True, exist_ok=True)
    pages = {group.key: group_page(group) for group in GROUPS}
    pages |= {page_of(one): module_page(one) for group in GROUPS for one in group.modules}
    for old in folder.glob("*.rst"):
        if old.stem not in pages:
            old.unlink()
    for name, text in pages.items():
        path = folder / f"{name}.rst"
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
