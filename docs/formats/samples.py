"""Every published sample through the one door, as the table of ``samples.md``.

``PYTHONPATH=src python docs/formats/samples.py`` prints it, ``--write`` puts it into the page. The
samples lie beside the checkout (``../shared/data``, or CIVID_DATA); none of them is shipped.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from civid import formats
from civid.errors import CividError

ROOT = Path(__file__).resolve().parents[2]
PAGE = Path(__file__).with_name("samples.md")
DATA = Path(os.environ.get("CIVID_DATA", ROOT.parent / "shared" / "data"))
BEGIN, END = "<!-- table: begin -->", "<!-- table: end -->"
TITLES = ("file", "format", "strict", "departures", "written again")
#: Of folders of hundreds of files, a line for all.
MANY = {
    "formats/fmr/fingerjetfx/templates-iso": "*",
    "formats/fmr/fingerjetfx/images-pgm": "*",
    "formats/an2/jnbis-samples": "nist_fp-*.png",
    "templates/secugen-iso19794-2": "*",
    "templates/mindtct-xyt-FVC2002-DB1_A": "*",
}
_LONGEST = 90


def files() -> Iterator[Path]:
    """The single samples."""
    for path in sorted((DATA / "formats").rglob("*")):
        if path.is_file() and not any(_is_of(path, name) for name in MANY):
            yield path


def _is_of(path: Path, name: str) -> bool:
    return path.is_relative_to(DATA / name) and path.match(MANY[name])


def row(path: Path) -> tuple[str, ...]:
    """What becomes of one file."""
    data = path.read_bytes()
    name = str(path.relative_to(DATA / "formats"))
    key = formats.sniff(data)
    if key is None:
        return name, formats.detect(data) or "not known", "refused", "", ""
    try:
        record = formats.parse(data)
    except CividError as error:
        return name, key, "refused", _short(str(error)), ""
    if hasattr(record, "pixels"):
        return name, key, "good", "", _picture_again(key, record)
    warnings = record.warnings
    told = f"{len(warnings)}: {_short(str(warnings[0]))}" if warnings else ""
    return name, key, _strict(data, key), told, _again(record, key, data)


def _strict(data: bytes, key: str) -> str:
    try:
        formats.parse(data, key, strict=True)
    except CividError:
        return "refused"
    return "good"


def _again(record: Any, key: str, data: bytes) -> str:
    try:
        made = formats.build(record, key)
    except CividError as error:
        return f"no: {_short(str(error))}"
    if made == data:
        return "to the byte"
    if formats.parse(made, key) == record:
        return f"{len(made):,} for {len(data):,} bytes, the same record"
    return f"{len(made):,} for {len(data):,} bytes"


def _picture_again(key: str, picture: Any) -> str:
    target = key if key in ("png", "bmp", "tiff", "pgm", "jp2") else "png"
    again = formats.parse(formats.build(picture, target))
    same = (again.pixels == picture.pixels).all()
    return f"the same pixels as {target}" if same else f"OTHER pixels as {target}"


def _short(text: str) -> str:
    text = text.replace("|", "/")
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def folder(name: str) -> tuple[str, ...]:
    """What becomes of a folder of one kind."""
    paths = sorted(path for path in (DATA / name).rglob(MANY[name]) if path.is_file())
    keys, strict, warned, again = set[str](), 0, 0, Counter[str]()
    for path in paths:
        data = path.read_bytes()
        key = formats.sniff(data) or "xyt-m1"  # the set's own page says which of the two it is
        record = formats.parse(data, key)
        keys.add(key)
        strict += _strict(data, key) == "good"
        if hasattr(record, "pixels"):
            again[_picture_again(key, record)] += 1
        else:
            warned += bool(record.warnings)
            again[_again(record, key, data)] += 1
    count = len(paths)
    return (
        f"{name.removeprefix('formats/')}/{MANY[name]} ({count} files)",
        ", ".join(sorted(keys)),
        f"{strict} of {count} good",
        f"in {warned} files" if warned else "",
        ", ".join(f"{number} of {count}: {words}" for words, number in again.most_common()),
    )


def table() -> str:
    """As Markdown; equal files stand in one row."""
    rows: dict[str, tuple[str, ...]] = {}
    for path in files():
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if digest in rows:
            first = rows[digest]
            rows[digest] = (f"{first[0]}, {path.name}", *first[1:])
        else:
            rows[digest] = row(path)
    lines = [*rows.values(), *(folder(name) for name in MANY if (DATA / name).is_dir())]
    text = [f"| {' | '.join(TITLES)} |", "|---" * len(TITLES) + "|"]
    return "\n".join(text + [f"| {' | '.join(line)} |" for line in lines]) + "\n"


def in_document(text: str) -> str:
    """The table that stands in the page."""
    return text.partition(BEGIN + "\n")[2].partition(END)[0]


def main() -> None:
    made = table()
    if "--write" not in sys.argv:
        sys.stdout.write(made)
        return
    text = PAGE.read_text(encoding="utf-8")
    head, tail = text.partition(BEGIN)[0], text.partition(END)[2]
    PAGE.write_text(f"{head}{BEGIN}\n{made}{END}{tail}", encoding="utf-8")


if __name__ == "__main__":
    main()
