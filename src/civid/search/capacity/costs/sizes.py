"""Bytes a subject: the one place that says what of a gallery must stay in a node's memory.

``python benchmarks/search/capacity.py --bytes --write`` counts them anew for all records.
"""

from __future__ import annotations

from pathlib import Path

from civid.search.arrays.parts import Part, View
from civid.search.capacity.costs.records import SizeCost
from civid.search.gallery import Gallery

#: Bytes of tables and ids a subject (docs/explain/search.md, "Bytes a subject").
TABLES = 67
#: Bytes of a process that has the engine loaded, before it has a gallery (the same table).
PROCESS = 140e6
#: By inverted lists so many minutiae of a finger ask, of a single one or of several; each reads
#: this share of all minutiae, 17 bytes of each (docs/explain/sublinear.md, "Speed").
_ASK_ALONE, _ASK, _READ, _READ_BYTES = 40, 24, 0.022, 17


def size_of(gallery: Gallery, fingers: int, folder: Path) -> SizeCost:
    """Bytes a subject of a gallery in a folder."""
    view = gallery._directory.view()
    lists = any(part.lists for part in view.parts)
    disk = sum(one.stat().st_size for one in folder.rglob("*") if one.is_file())
    asking = _ASK_ALONE if fingers == 1 else _ASK
    return SizeCost(
        fingers=fingers,
        subjects=len(gallery),
        resident=mapped(view) / len(gallery) + TABLES,
        disk=disk / len(gallery),
        # A scan reads the first half of each code, once for all who ask.
        scanned=(asking * _READ * _READ_BYTES if lists else 8) * minutiae(view) * min(fingers, 2),
    )


def mapped(view: View) -> int:
    """Bytes of all that a search maps: templates, lists, and codes of whom no lists are."""
    return sum(_mapped(part) for part in view.parts)


def _mapped(part: Part) -> int:
    lists = sum(len(one.data) for one in part.lists)
    scanned = int(part.first[max((one.end for one in part.lists), default=0)])  # from this finger
    words = int(part.offsets[-1] - part.offsets[scanned]) // 8 - (part.fingers - scanned)
    return int(part.pointer.block_size) + lists + 16 * words


def minutiae(view: View) -> float:
    """Of a finger, on the average: 8 bytes of a packed template each, beside 8 for all."""
    words = sum(int(part.pointer.block_size) // 8 for part in view.parts)
    return words / sum(part.fingers for part in view.parts) - 1
