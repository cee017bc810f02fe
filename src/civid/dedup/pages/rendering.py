"""Templates of the pages; every value is escaped unless it was made here."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from civid.dedup.pages.sheet import short
from civid.dedup.pages.words import words
from civid.extras import need

EXTRA = "pages"
PURPOSE = "an HTML page"


@cache
def _environment() -> Any:
    jinja2 = need("jinja2", PURPOSE, EXTRA)
    made = jinja2.Environment(
        loader=jinja2.PackageLoader("civid.dedup.pages", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["short"] = short
    return made


def render(template: str, language: str, **values: Any) -> str:
    """A template with its values, in a language."""
    page = _environment().get_template(template)
    return str(page.render(say=words(language), language=language, **values))


def static(name: str) -> bytes:
    """A file that goes with the pages."""
    return (files("civid.dedup.pages") / "static" / name).read_bytes()
