"""Prints the map of the house from the code: ``python docs/house_map.py`` (``--write`` renews it).

A package tells itself what it is in the first sentence of its docstring; what is in C is told here.
``tests/test_house.py`` compares the map in ARCHITECTURE.md with this.
"""

from __future__ import annotations

import ast
import sys
import textwrap
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BEGIN, END = "<!-- map: begin (docs/house_map.py) -->\n```\n", "```\n<!-- map: end -->"
NATIVE = {
    "": "kernels.c (every twin), cpu.c (whose are in use), compiler.h, mathf.h, status.c",
    "extract": "image -> minutiae; extract.c lists the stages in order, layout.c where each writes",
    "extract/ridges": "image -> ridges in black and white, one stage a file",
    "extract/lines": "ridges -> lines of one pixel -> minutiae, one stage a file",
    "extract/learned": "the neural method: what its network sees of a print, and the network",
    "extract/kernels": "filter, network and Fourier transforms, a file an instruction set",
    "compare": "prepared template -> raw similarity -> score; compare.c lists the steps",
    "compare/descriptor": "what is around a minutia, and how alike two surroundings are",
    "compare/kernels": "the hot loops, a file an instruction set",
    "compare/template": "the prepared form that is compared, the packed form that is kept",
    "search": "the prefilter (prefilter.c): which few references are worth a comparison",
    "search/arrays": "templates of many subjects side by side, and how to get there and back",
    "search/inverted": "the prefilter through an inverted index",
    "search/inverted/together": "the same for many probes at once: a list is read once for all",
    "search/inverted/lists": "the bytes of lists: layout, built, opened, codes read back",
    "search/match": "sets of fingers: compare, swap, fuse; one probe against many, top k",
    "search/scan": "codes of minutiae, and the scan over those of every reference",
    "wsq": "WSQ pictures (FBI IAFIS-IC-0110): memory.h says how much a call needs",
    "wsq/read": "a file -> pixels; decode.c lists the steps",
    "wsq/wavelet": "the tree of 64 subbands; joined for reading, split for writing",
    "wsq/write": "pixels -> a file; encode.c lists the steps",
    "tables": "all that scripts in benchmarks/ made",
}


def files(folder: Path, *endings: str) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.suffix in endings)


def python_rooms() -> list[tuple[str, str, int]]:
    """Name, first sentence and number of files of every package."""
    package = ROOT / "src" / "civid"
    rooms = []
    for init in sorted(package.rglob("__init__.py")):
        text = ast.get_docstring(ast.parse(init.read_text(encoding="utf-8"))) or ""
        sentence = " ".join(text.split("\n\n")[0].split())
        name = init.parent.relative_to(package.parent).as_posix()
        rooms.append((name, sentence, len(files(init.parent, ".py"))))
    return rooms


def native_rooms() -> list[tuple[str, str, int]]:
    """The same for the topics of the C library; KeyError where a folder is not told of above."""
    source = ROOT / "native" / "src"
    folders = [source, *sorted(path for path in source.rglob("*") if path.is_dir())]
    rooms = []
    for folder in folders:
        name = folder.relative_to(source).as_posix().removeprefix(".")
        path = f"native/src/{name}".rstrip("/")
        rooms.append((path, NATIVE[name], len(files(folder, ".c", ".h"))))
    return rooms


def house_map() -> str:
    """One paragraph a room."""
    lines = []
    for name, sentence, count in native_rooms() + python_rooms():
        head = f"{name}/ ({count})"
        lines += textwrap.wrap(
            f"{head:<38} {sentence}", 110, subsequent_indent=" " * 39, break_long_words=False
        )
    return "\n".join(lines) + "\n"


def in_document(text: str) -> str:
    """The map that ARCHITECTURE.md holds."""
    return text.split(BEGIN)[1].split(END)[0]


if __name__ == "__main__":
    if "--write" in sys.argv:
        page = ROOT / "ARCHITECTURE.md"
        before, rest = page.read_text(encoding="utf-8").split(BEGIN)
        page.write_text(f"{before}{BEGIN}{house_map()}{END}{rest.split(END)[1]}", encoding="utf-8")
    else:
        print(house_map(), end="")
