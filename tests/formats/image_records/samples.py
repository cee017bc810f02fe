"""What becomes of the finger image records of other projects, as a table.

PYTHONPATH=src python -m tests.formats.image_records.samples
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from civid.errors import CividError
from civid.formats.image_records import decode, editions

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Row:
    """One file."""

    file: str
    format: str
    strict: str
    warnings: str = ""
    image: str = ""
    resolution: str = ""
    round_trip: str = ""


def files(data: Path) -> list[Path]:
    """Everything beside the finger image records of MOSIP and Idemia."""
    return sorted(path for path in (data / "formats" / "fir").rglob("*") if path.is_file())


def row(path: Path) -> Row:
    """Read, decode and write one file."""
    content = path.read_bytes()
    try:
        record = editions.parse(content)
    except CividError as error:
        return Row(path.name, "-", str(error).removeprefix("finger image record: "))
    name = editions.name_of(record)
    module = editions.edition(name)
    try:
        module.parse(content, strict=True)
        strict = "good"
    except CividError as error:
        strict = str(error).removeprefix(f"{name} ")
    shown = [decode(record, index) for index in range(len(record.views))]
    try:
        same = "to the byte" if module.build(record) == content else "differs"
    except CividError as error:
        same = str(error).removeprefix(f"{name} ")
    pictures = [
        f"{one.kind} {one.pixels.shape[1]} x {one.pixels.shape[0]},"
        f" {len(record.views[index].image)} bytes"
        for index, one in enumerate(shown)
    ]
    said = [*record.warnings, *(found for one in shown for found in one.warnings)]
    return Row(
        path.name,
        name,
        strict,
        "; ".join(str(one).removeprefix(f"{name} ") for one in said) or "none",
        "; ".join(pictures),
        "; ".join(f"{one.resolution[0]:.0f}" for one in shown if one.resolution),
        same,
    )


def table(data: Path) -> Iterator[str]:
    """Lines of Markdown."""
    yield "| file | format | strict | warnings | image | ppi | written back |"
    yield "|---|---|---|---|---|---|---|"
    for path in files(data):
        cells = row(path)
        yield "| " + " | ".join(vars(cells).values()) + " |"


if __name__ == "__main__":
    folder = Path(os.environ.get("CIVID_DATA", ROOT.parent / "shared" / "data"))
    print("\n".join(table(folder)))
