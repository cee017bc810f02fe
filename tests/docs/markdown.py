"""Reads as much of Markdown as the tests of the pages need: links, headings, text without code."""

from __future__ import annotations

import re
from pathlib import Path

FENCE = re.compile(r"^( *)(`{3,}).*?^\1\2 *$", re.M | re.S)
LINK = re.compile(r"\]\(([^()\s]+)\)")


def without_code(text: str) -> str:
    """A page without its code blocks."""
    return FENCE.sub("", text)


def links(text: str) -> list[str]:
    """Where the links of a page lead that do not leave the repository."""
    prose = re.sub(r"`[^`\n]+`", "", without_code(text))
    return [link for link in LINK.findall(prose) if not re.match(r"[a-z]+:", link)]


def anchors(path: Path) -> set[str]:
    """What may stand after # in links to a page: its headings and its terms."""
    text = without_code(path.read_text(encoding="utf-8"))
    found = {slug(title) for title in re.findall(r"^#+ (.+)$", text, re.M)}
    terms = re.findall(r"^\*\*(.+?)\*\*$", text, re.M)
    return found | {"term-" + re.sub(r"[^a-z0-9]+", "-", term.lower()) for term in terms}


def slug(title: str) -> str:
    """A heading as an anchor: lower case, no punctuation, hyphens for spaces.

    >>> slug("From Python: what a `service` needs")
    'from-python-what-a-service-needs'
    """
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", title).strip().lower()
    return re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")
