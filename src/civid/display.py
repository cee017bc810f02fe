"""How prints, templates and comparisons show themselves in a notebook.

Values stand below what draws them (`tests/test_layers.py`), so they ask here, and the painter is
loaded when a notebook wants a picture, not before. **A notebook that has shown a print holds it**:
keep the file where the prints may be kept, or clear its outputs.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

#: Where `png` and `html` of each kind of value are.
_PAINTER = "civid.pictures.notebook"


def png(value: Any) -> bytes:
    """A picture of a value, as a PNG file."""
    made: bytes = import_module(_PAINTER).png(value)
    return made


def html(value: Any) -> str:
    """A value as a small table in HTML."""
    made: str = import_module(_PAINTER).html(value)
    return made
