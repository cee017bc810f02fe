"""What becomes of NIST's sample transactions, as a table.

PYTHONPATH=src python -m tests.formats.ansi_nist.samples
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from civid.errors import CividError
from civid.formats import ansi_nist

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Row:
    """One file."""

    file: str
    records: str
    strict: str
    warnings: str = ""
    images: str = ""
    minutiae: str = ""
    round_trip: str = ""


def row(path: Path, *, decode: bool = True) -> Row:
    """Read, decode and write one file."""
    content = path.read_bytes()
    found = ansi_nist.parse(content)
    try:
        ansi_nist.parse(content, strict=True)
        strict = "good"
    except CividError as error:
        strict = str(error)
    counts = Counter(one.type for one in found.records)
    same = ansi_nist.build(found, strict=False) == content
    return Row(
        path.name,
        ", ".join(f"{number} x Type {kind}" for kind, number in sorted(counts.items())),
        strict,
        "; ".join(str(one) for one in found.warnings),
        "; ".join(described(one, decode=decode) for one in ansi_nist.images(found)),
        "; ".join(
            f"{one.block} {len(one.minutiae)} + {len(one.cores)} cores + {len(one.deltas)} deltas"
            for one in ansi_nist.minutiae(found)
        ),
        "to the byte" if same else "differs",
    )


def described(entry: ansi_nist.Entry, *, decode: bool) -> str:
    """Position, size as stated, and whether the pixels have it."""
    stated = f"{entry.position}: {entry.width} x {entry.height} {entry.compression}"
    if not decode:
        return stated
    try:
        height, width = ansi_nist.decode(entry).pixels.shape
    except CividError as error:
        return f"{stated} ({error})"
    return stated if (width, height) == (entry.width, entry.height) else f"{stated} has another"


def table(rows: list[Row]) -> str:
    """Rows as a table in Markdown."""
    names = [one.name.replace("_", " ") for one in fields(Row)]
    lines = [names, ["---"] * len(names), *([str(cell) for cell in astuple(one)] for one in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    data = Path(os.environ.get("CIVID_DATA", ROOT.parent / "shared" / "data"))
    paths = sorted((data / "formats" / "an2").rglob("*.an2*"))
    print(table([row(path) for path in paths]))
