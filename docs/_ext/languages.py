"""The link in the header to the same page in the other language, or to its first page."""

from __future__ import annotations

from typing import Any

from page_tree import read_tree
from sphinx.application import Sphinx
from sphinx.util.osutil import relative_uri


def add_link(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Vietnamese pages lie in ``vi/`` beneath the English ones."""
    vietnamese = app.config.language == "vi"
    both = pagename in read_tree("vi")
    here = app.builder.get_target_uri(pagename) if pagename else "index.html"
    there = here if both else "index.html"
    if vietnamese:
        context["other_language"] = {"code": "en", "name": "English"}
        context["other_uri"] = relative_uri(f"vi/{here}", there)
    else:
        context["other_language"] = {"code": "vi", "name": "Tiếng Việt"}
        context["other_uri"] = relative_uri(here, f"vi/{there}")


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("html-page-context", add_link)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
