"""The tree of pages becomes toctrees: pages stay plain Markdown, without directives for a site.

Pages of a language's tree are all that is built in that language.
"""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import Any

from page_tree import DOCS, read_tree
from sphinx.application import Sphinx
from sphinx.config import Config


def insert(app: Sphinx, docname: str, source: list[str]) -> None:
    """Hidden toctrees below the title of a page that has others beneath it."""
    branches = read_tree(app.config.tree_language).get(docname)
    if not branches:
        return
    lines = []
    for caption, pages in branches.items():
        lines += ["```{toctree}", ":hidden:", *([f":caption: {caption}"] if caption else [])]
        lines += ["", *(f"/{page}" for page in pages), "```", ""]
    title, rest = source[0].split("\n", 1)
    source[0] = "\n".join([title, "", *lines, rest])


def leave_out(app: Sphinx, config: Config) -> None:
    """A translation has only the pages of its tree."""
    if config.tree_language == "en":
        return
    there = read_tree(config.tree_language)
    pages = (path.relative_to(DOCS) for path in DOCS.rglob("*.*") if path.suffix in {".md", ".rst"})
    config.exclude_patterns += [
        path.as_posix() for path in pages if path.with_suffix("").as_posix() not in there
    ]


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_config_value("tree_language", "en", "env", str)
    app.connect("config-inited", leave_out)
    app.connect("source-read", insert, priority=900)
    code = b"".join(path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py")))
    # What was read before one of these files changed is read anew.
    return {
        "env_version": zlib.crc32(code),
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
