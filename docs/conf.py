"""The site: ``make docs`` builds it in English and, for the pages that offices read, in Vietnamese.

Pages are plain Markdown that a repository's own web view shows as well: links are relative, and
the tree of pages stands in ``_toc.yml`` (``_toc.vi.yml``), not in them.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE / "_ext"), str(HERE)]

from api_pages import write_pages  # noqa: E402

import civid  # noqa: E402

project = "civid"
author = "The civid maintainers"
copyright = author  # noqa: A001
version = release = civid.__version__
language = os.environ.get("CIVID_DOCS_LANGUAGE", "en")
# Texts to translate are taken from English pages: those of the tree that is translated.
tree_language = os.environ.get("CIVID_DOCS_TREE", language)

extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "myst_parser",
    "sphinx_copybutton",
    "docstrings",
    "api_links",
    "outside",
    "glossary_links",
    "languages",
    "code_blocks",
    "tree",
]
source_suffix = {".md": "markdown", ".rst": "restructuredtext"}
exclude_patterns = ["_build", "examples"]
nitpicky = True

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 4

if tree_language == "en":
    write_pages(HERE / "reference" / "api")
autodoc_default_options = {"members": True, "member-order": "bysource"}
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
toc_object_entries_show_parents = "hide"
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 80
highlight_language = "none"  # of blocks that do not say theirs
default_role = "code"
napoleon_google_docstring = False
napoleon_use_ivar = True
napoleon_use_rtype = False
napoleon_preprocess_types = False

locale_dirs = ["locale"]
gettext_compact = False
gettext_location = False

html_title = "civid"
html_theme = "pydata_sphinx_theme"
html_static_path = ["_static"]
html_css_files = ["civid.css"]
templates_path = ["_templates"]
html_copy_source = False
html_show_sourcelink = False
html_sidebars = {"index": [], **({} if language == "en" else {"explain/glossary": []})}
html_theme_options = {
    "navbar_end": ["language-link", "theme-switcher"],
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": ["copyright"],
    "footer_end": [],
    "header_links_before_dropdown": 6,
    "show_toc_level": 2,
    "navigation_with_keys": False,
    "search_bar_text": "Search" if language == "en" else "Tìm kiếm",
    "pygments_light_style": "a11y-light",
    "pygments_dark_style": "a11y-dark",
}
copybutton_prompt_text = r"\$ |>>> |\.\.\. "
copybutton_prompt_is_regexp = True
linkcheck_anchors = False
linkcheck_timeout = 20
