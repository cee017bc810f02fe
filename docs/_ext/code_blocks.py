"""Code blocks: languages that Pygments does not know, and tables that are too wide for paper."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from pygments.lexers.special import TextLexer
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

#: Characters of a line that fit on a page of paper at the usual size.
FITS = 100


class CsvLexer(TextLexer):
    name = "CSV"


class MermaidLexer(TextLexer):
    """Diagrams: the repository's web view draws them; here their lines are read as they stand."""

    name = "Mermaid"


class Wide(SphinxPostTransform):
    """Marks what commands print in long lines, for the style sheet to set it smaller on paper."""

    default_priority = 200

    def run(self, **kwargs: Any) -> None:
        for node in self.document.findall(nodes.literal_block):
            lines = node.astext().splitlines()
            if sum(len(line) > FITS for line in lines) > 2:
                node["classes"].append("wide")


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_lexer("csv", CsvLexer)
    app.add_lexer("mermaid", MermaidLexer)
    app.add_post_transform(Wide)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
