"""Makes sections of what stands after the parameters of a docstring without a heading."""

from __future__ import annotations

import re
from typing import Any

from api_pages import owners
from sphinx.application import Sphinx

UNDERLINE = re.compile(r"-{3,}\s*$")


def headed(lines: list[str]) -> list[str]:
    """Examples and closing words below Parameters, Returns or Raises, under a heading.

    >>> headed(["Parameters", "----------", "x : int", "    A number.", "", ">>> 1", "1"])[5:7]
    ['Examples', '--------']
    """
    made: list[str] = []
    inside = False  # a section whose entries are "name : type", each with indented lines below
    for at, line in enumerate(lines):
        after = lines[at + 1] if at + 1 < len(lines) else ""
        if UNDERLINE.match(line) and made and made[-1].strip():
            inside = made[-1] in FIELDS
        starts = line.strip() and not line.startswith(" ") and made and not made[-1].strip()
        if inside and starts and not UNDERLINE.match(after) and not after.startswith(" "):
            title = "Examples" if line.startswith(">>>") else "Notes"
            made += [title, "-" * len(title)]
            inside = False
        made.append(line)
    return made


FIELDS = {"Parameters", "Returns", "Yields", "Raises", "Attributes", "Other Parameters", "Warns"}


def shown_bases(app: Sphinx, name: str, obj: object, options: Any, bases: list[Any]) -> None:
    """Of what a class is made of only what a reader can look up."""
    bases[:] = [one for one in bases if not inner(one)]


def inner(base: Any) -> bool:
    return getattr(base, "__module__", "").split(".")[0] == "civid" and id(base) not in owners()


def skip(app: Sphinx, what: str, name: str, obj: object, would: bool, options: Any) -> bool | None:
    """Fields of named tuples, of which Python says only their number, stand in the signature."""
    said = getattr(obj, "__doc__", None) or ""
    return True if said.startswith("Alias for field number") else None


def process(app: Sphinx, what: str, name: str, obj: object, options: Any, lines: list[str]) -> None:
    lines[:] = headed(lines)


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("autodoc-process-docstring", process, priority=100)
    app.connect("autodoc-process-bases", shown_bases)
    app.connect("autodoc-skip-member", skip)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
