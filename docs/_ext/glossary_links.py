"""``[word](../explain/glossary.md#term-word)`` leads to the word, not only to the page."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.nodes import make_refnode

GLOSSARY = "explain/glossary"
logger = logging.getLogger(__name__)


class GlossaryLinks(SphinxPostTransform):
    default_priority = 8

    def run(self, **kwargs: Any) -> None:
        terms = {
            label: docname
            for (kind, _), (docname, label) in self.env.get_domain("std").objects.items()  # type: ignore[attr-defined]
            if kind == "term"
        }
        for node in list(self.document.findall(addnodes.pending_xref)):
            label = node.get("reftargetid") or ""
            if node.get("reftarget") != GLOSSARY or not label.startswith("term-"):
                continue
            if label not in terms:
                logger.warning("the glossary has no %s", label, location=node, type="glossary")
                continue
            inner = nodes.inline("", "", *node.children)
            builder = self.app.builder
            link = make_refnode(builder, self.env.docname, terms[label], label, inner)
            node.replace_self(link)


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_post_transform(GlossaryLinks)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
