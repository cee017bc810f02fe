"""What lies outside ``docs/``: pages made of the repository's own files, and links to them.

The changelog and its like stand where a repository has them; here each becomes a page. Links stay
the relative ones that the repository's own web view follows.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.osutil import relative_uri

ROOT = Path(__file__).resolve().parents[2]
#: Page -> the file that it is.
PAGES = {
    "project/changelog": "CHANGELOG.md",
    "project/contributing": "CONTRIBUTING.md",
    "project/security": "SECURITY.md",
    "project/architecture": "ARCHITECTURE.md",
}
#: Files that lead to a page without being it.
INSTEAD = {"README": "index", "README.vi": "index"}


def read(app: Sphinx, docname: str, source: list[str]) -> None:
    """The text of a page is that of its file, with links as seen from the page."""
    if docname not in PAGES:
        return
    text = (ROOT / PAGES[docname]).read_text(encoding="utf-8")
    source[0] = re.sub(r"\[([^\]]+)\]\((?!https?:|#)([^)#]+)(#[^)]*)?\)", seen_from_page, text)


def seen_from_page(link: re.Match[str]) -> str:
    """A link of a file of the root, from ``docs/project/``; what has no page is named."""
    words, target, anchor = link.group(1), link.group(2), link.group(3) or ""
    if target.startswith("docs/"):
        return f"[{words}](../{target.removeprefix('docs/')}{anchor})"
    page = target in {*PAGES.values(), *(f"{name}.md" for name in INSTEAD)}
    if page or not target.endswith(".md"):
        return f"[{words}](../../{target}{anchor})"
    return f"{words} (`{target}`)" if words not in target else f"`{target}`"


def again(
    app: Sphinx, env: Any, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Pages whose file is newer than what was read of them."""
    read_at = {page: env.all_docs.get(page, 0) / 1e6 for page in PAGES if page in env.found_docs}
    return [page for page, at in read_at.items() if (ROOT / PAGES[page]).stat().st_mtime > at]


class Outside(SphinxPostTransform):
    """Points links at the page that a file is; where this language has none, at the English one."""

    default_priority = 8

    def run(self, **kwargs: Any) -> None:
        pages = {str(ROOT / name.removesuffix(".md")): page for page, name in PAGES.items()}
        pages |= {str(ROOT / name): page for name, page in INSTEAD.items()}
        for node in list(self.document.findall(addnodes.pending_xref)):
            if node.get("reftype") != "myst" or node.get("refdomain") != "doc":
                continue
            target = pages.get(node["reftarget"], node["reftarget"])
            node["reftarget"] = target
            elsewhere = (Path(self.app.srcdir) / f"{target}.md").exists()
            if (
                self.config.tree_language != "en"
                and target not in self.env.found_docs
                and elsewhere
            ):
                self.to_english(node, target)

    def to_english(self, node: addnodes.pending_xref, target: str) -> None:
        builder = self.app.builder
        here = f"vi/{builder.get_target_uri(self.env.docname)}"
        uri = relative_uri(here, builder.get_target_uri(target))
        if node.get("reftargetid"):
            uri += f"#{node['reftargetid']}"
        link = nodes.reference("", "", *node.children, refuri=uri, internal=False)
        link["classes"] = ["to-english"]
        link["hreflang"] = "en"
        node.replace_self(link)


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("source-read", read)
    app.connect("env-get-outdated", again)
    app.add_post_transform(Outside)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
