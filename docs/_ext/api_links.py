"""Links of docstrings and pages to the API reference; what has no entry stays as code.

In docstrings single backticks name a parameter, a name beside it or anything of civid; the default
role ``code`` links what has an entry. A name of civid that does not exist is a broken reference.
"""

from __future__ import annotations

import importlib
import re
from typing import Any

from api_pages import is_entry, owners, shared
from docutils import nodes
from public_modules import GROUPS, home, public_names
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole
from sphinx.util.nodes import make_refnode

logger = logging.getLogger(__name__)
PAGE = re.compile(r"docs/(.+)\.md")
NAME = re.compile(r"civid(\.[A-Za-z_]\w*)+")


class Code(SphinxRole):
    """``name`` or ``module.name``, linked where it has an entry."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        inner = nodes.literal(self.rawtext, self.text, classes=["xref", "py", "py-obj"])
        target = self.text.removesuffix("()").lstrip("~")
        if not re.fullmatch(r"[A-Za-z_][\w.]*", target):
            return [nodes.literal(self.rawtext, self.text)], []
        reference = addnodes.pending_xref(
            self.rawtext,
            inner,
            refdomain="py",
            reftype="obj",
            reftarget=target,
            refexplicit=False,
            refwarn=False,
            soft=True,
            **{key: self.env.ref_context.get(key) for key in ("py:module", "py:class")},
        )
        reference["refdoc"] = self.env.docname
        return [reference], []


def exists(name: str) -> bool:
    """Whether civid has it: a module, or a name in one, or an attribute of that."""
    parts = name.split(".")
    for end in range(len(parts), 0, -1):
        try:
            value: Any = importlib.import_module(".".join(parts[:end]))
        except ModuleNotFoundError:
            continue
        for attribute in parts[end:]:
            if attribute in getattr(value, "__annotations__", {}):
                return True
            if not hasattr(value, attribute):
                return False
            value = getattr(value, attribute)
        return True
    return False


def unlinked(
    app: Sphinx, env: BuildEnvironment, node: addnodes.pending_xref, content: nodes.TextElement
) -> nodes.Node | None:
    """A reference that has no entry: to others' names and to inner ones of civid, as it stands."""
    if node.get("refdomain") != "py":
        return None
    target = node["reftarget"]
    if NAME.fullmatch(target) and not exists(target):
        return None  # broken, and said so
    if node.get("soft") or node["reftype"] in (
        "class",
        "obj",
        "data",
        "exc",
        "func",
        "meth",
        "attr",
    ):
        return content
    return None


def seen_from(node: addnodes.pending_xref) -> list[str]:
    """The modules in which a name of a docstring means something: the page's, and its own."""
    modules = [node.get("py:module") or ""]
    found = re.search(r"docstring of (civid[\w.]*)", node.source or "")
    if found:
        parts = found.group(1).split(".")
        modules += [".".join(parts[:end]) for end in range(len(parts), 1, -1)]
    return modules


def meant(name: str, modules: list[str]) -> str | None:
    """The full name of the entry that a name means there, by the object that it is."""
    first, *rest = name.split(".")
    if first[:1].isupper():  # classes and errors that everybody knows
        modules = [*modules, "civid"]
    for module in filter(None, modules):
        try:
            value = getattr(importlib.import_module(module), first, None)
        except ModuleNotFoundError:
            continue
        if value is not None and id(value) in owners():
            return ".".join([owners()[id(value)][1], *rest])
    return None


class Exact(SphinxPostTransform):
    """A name leads to what it means where it stands, never to a namesake elsewhere."""

    default_priority = 8

    def run(self, **kwargs: Any) -> None:
        objects = self.env.get_domain("py").objects  # type: ignore[attr-defined]
        for node in self.document.findall(addnodes.pending_xref):
            if node.get("refdomain") != "py":
                continue
            node.attributes.pop("refspecific", None)  # its being there asks for any namesake
            if node["reftarget"] not in objects:
                node["reftarget"] = meant(node["reftarget"], seen_from(node)) or node["reftarget"]


class LinkCode(SphinxPostTransform):
    """In a text ``civid.Gallery`` leads to its entry, and ``docs/explain/score.md`` to its page."""

    default_priority = 8

    def run(self, **kwargs: Any) -> None:
        objects = self.env.get_domain("py").objects  # type: ignore[attr-defined]
        for node in list(self.document.findall(nodes.literal)):
            text = node.astext().removesuffix("()")
            if isinstance(node.parent, nodes.reference | addnodes.pending_xref | nodes.title):
                continue
            page = PAGE.fullmatch(text)
            if NAME.fullmatch(text) and text in objects:
                found = objects[text]
                self.link(node, found.docname, found.node_id, node.deepcopy())
            elif page and page.group(1) in self.env.titles:
                title = self.env.titles[page.group(1)].astext()
                self.link(node, page.group(1), "", nodes.inline(title, title))

    def link(self, node: nodes.Element, docname: str, anchor: str, content: nodes.Node) -> None:
        builder = self.app.builder
        node.replace_self(make_refnode(builder, self.env.docname, docname, anchor, content))


def everything_is_there(app: Sphinx, env: BuildEnvironment) -> None:
    """Every public name has its entry, or the reference is not what it says it is."""
    if app.config.tree_language != "en":
        return
    objects = env.get_domain("py").objects  # type: ignore[attr-defined]
    for page in (one for group in GROUPS for one in group.modules):
        for name in public_names(page):
            full = f"{home(page)}.{name}"
            value = getattr(importlib.import_module(home(page)), name)
            if shared(value):
                full = owners()[id(value)][1]
            if is_entry(value) and full not in objects:
                logger.warning("%s has no entry in the API reference", full, type="api")


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_role("code", Code(), override=True)
    app.add_post_transform(Exact)
    app.add_post_transform(LinkCode)
    app.connect("missing-reference", unlinked)
    app.connect("env-check-consistency", everything_is_there)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
