"""Real sets of fingers by person, for the scripts that judge fusion and the rules of a match."""

from __future__ import annotations

import os
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import civid
from civid.position import Position

Fingers = dict[Position, civid.Template]

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("CIVID_DATA", ROOT.parent / "shared" / "data"))
SOCOFING = DATA / "prints" / "SOCOFing"


def extract_all(paths: list[Path], threads: int, method: str = "auto") -> list[civid.Template]:
    if not paths:
        raise SystemExit("no prints there; CIVID_DATA names the folder of the test data")
    with ThreadPoolExecutor(threads) as pool:
        return list(
            pool.map(lambda path: civid.extract(civid.read_image(path), method=method), paths)
        )


def socofing(folder: str, threads: int) -> dict[tuple[str, str], Fingers]:
    """Fingers of (person, alteration), "" for ``Real``: one impression each, about 200 dpi."""
    paths = sorted((SOCOFING / folder).glob("*.png"))
    sets: defaultdict[tuple[str, str], Fingers] = defaultdict(dict)
    for path, template in zip(paths, extract_all(paths, threads), strict=True):
        person, position, *alteration = path.stem.split("_")
        sets[person, "".join(alteration)][Position(int(position))] = template
    return dict(sets)


def uareu(threads: int) -> dict[tuple[str, int], Fingers]:
    """Fingers of (person, impression): the six persons of UareU who gave all ten.

    Its numbers of fingers are taken for positions.
    """
    paths = sorted((DATA / "prints" / "UareU").glob("*.png"))
    sets: defaultdict[tuple[str, int], Fingers] = defaultdict(dict)
    for path, template in zip(paths, extract_all(paths, threads), strict=True):
        person, finger, impression = path.stem.split("_")
        sets[person, int(impression)][Position(int(finger))] = template
    return {key: fingers for key, fingers in sets.items() if len(fingers) == 10}
