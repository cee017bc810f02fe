"""Words after ``` that Pygments does not know, shown as plain text."""

from __future__ import annotations

from typing import Any

from pygments.lexers.special import TextLexer
from sphinx.application import Sphinx


class CsvLexer(TextLexer):
    name = "CSV"


class MermaidLexer(TextLexer):
    """Diagrams: the repository's web view draws them; here their lines are read as they stand."""

    name = "Mermaid"


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_lexer("csv", CsvLexer)
    app.add_lexer("mermaid", MermaidLexer)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
