"""Sets of templates for judging the comparator alone, and the pairs of its protocols.

Shared by ``comparator_accuracy.py``, ``calibrate.py`` and ``train_comparator.py``.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from civid._native import address, check, ffi, lib
from civid._native.buffers import comparison_scratch
from civid.fingerprint.compare import PreparedBlock, pack
from civid.fingerprint.comparison_parameters import ComparisonParameters
from civid.fingerprint.extract import extract
from civid.fingerprint.image import read_image
from civid.fingerprint.native_parameters import native_or_null
from civid.fingerprint.template import MINUTIA_DTYPE, Template
from civid.lab.evaluation import read_set

#: FVC2002 DB2 was scanned at 569 dpi; the other MINDTCT sets at 500.
MINDTCT_DPI = {1: 500, 2: 569, 3: 500, 4: 500}

PRINT_SETS = (
    *(f"FVC2000/DB{n}_B" for n in (1, 3, 4)),
    *(f"FVC2002/DB{n}_B" for n in (1, 2, 3, 4)),
    *(f"FVC2004/DB{n}_B" for n in (1, 3, 4)),
    "UareU",
    "Lindex101",
    "UPEK",
)


@dataclass(frozen=True, eq=False)
class TemplateSet:
    """Templates with their labels; `finger` is unique within the set."""

    name: str
    templates: list[Template]
    finger: npt.NDArray[np.str_]
    impression: npt.NDArray[np.int64]

    def pairs(self, protocol: str) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
        """Pairs of indices, and which are mated. "fvc": impostors by first impressions only."""
        first, second = np.triu_indices(len(self.templates), 1)
        mated = self.finger[first] == self.finger[second]
        chosen = np.ones(len(first), bool)
        if protocol == "fvc":
            ones = (self.impression[first] == 1) & (self.impression[second] == 1)
            chosen = mated | ones
        return np.stack([first, second], 1)[chosen], mated[chosen]


def mindtct(folder: Path, database: int) -> TemplateSet:
    """MINDTCT minutiae of an FVC2002 A set: 100 fingers x 8."""
    scale = 500 / MINDTCT_DPI[database]
    rows: dict[tuple[str, int], list[tuple[float, float, float, int, int]]] = defaultdict(list)
    with (folder / f"FVC2002_DB{database}.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            # their directions run clockwise on the screen
            angle = float(np.deg2rad(-float(row["theta_deg"]) % 360))
            place = float(row["x"]) * scale, float(row["y"]) * scale
            rows[row["finger"], int(row["impression"])].append((*place, angle, 0, 0))
    keys = list(rows)
    return TemplateSet(
        f"MINDTCT FVC2002 DB{database}_A",
        [Template(np.array(rows[key], MINUTIA_DTYPE), 0, 1024, 1024) for key in keys],
        np.array([finger for finger, _ in keys]),
        np.array([impression for _, impression in keys]),
    )


#: What becomes of the quality of a minutia, to see what another maker's scale does.
QUALITIES: dict[str, Callable[[npt.NDArray[np.int64]], npt.NDArray[np.int64]]] = {
    "its own": lambda quality: quality,
    "none": np.zeros_like,
    "100 for all": lambda quality: np.full_like(quality, 100),
    "turned round": lambda quality: 101 - quality,
}


def mindtct_with_quality(folder: Path) -> Iterator[TemplateSet]:
    """MINDTCT minutiae of FVC2002 DB1_A with MINDTCT's quality, and with others in its place."""
    paths = sorted(folder.glob("*.xyt"))
    read = [np.loadtxt(path, np.int64, ndmin=2) for path in paths]
    for name, quality in QUALITIES.items():
        templates = []
        for rows in read:
            minutiae = np.zeros(len(rows), MINUTIA_DTYPE)
            minutiae["x"], minutiae["y"] = rows[:, 0], rows[:, 1]
            minutiae["angle"] = np.deg2rad(2 * rows[:, 2]) % (2 * np.pi)  # in steps of two degrees
            minutiae["quality"] = quality(np.clip(rows[:, 3], 1, 100))
            templates.append(Template(minutiae, 0, 1024, 1024))
        yield TemplateSet(
            f"MINDTCT DB1_A, quality {name}",
            templates,
            np.array([path.stem.rpartition("_")[0] for path in paths]),
            np.array([int(path.stem.rpartition("_")[2]) for path in paths]),
        )


def iso_records(folder: Path) -> TemplateSet:
    """ISO/IEC 19794-2 records named ``finger_impression.iso``."""
    paths = sorted(folder.glob("*.iso"))
    return TemplateSet(
        f"{folder.parent.name} {folder.name}",
        [Template.from_iso19794_2(path.read_bytes()) for path in paths],
        np.array([path.stem.rpartition("_")[0] for path in paths]),
        np.array([int(path.stem.rpartition("_")[2]) for path in paths]),
    )


def extracted(folder: Path, name: str, threads: int, method: str = "classical") -> TemplateSet:
    """Prints of a folder through civid's own extractor."""
    prints = read_set(folder / name).samples
    with ThreadPoolExecutor(threads) as pool:
        templates = list(
            pool.map(lambda item: extract(read_image(item.path), method=method), prints)
        )
    return TemplateSet(
        name,
        templates,
        np.array([item.finger for item in prints]),
        np.array([item.impression for item in prints]),
    )


def foreign(data: Path) -> Iterator[TemplateSet]:
    """Every set of templates by other extractors, under a data folder or its ``templates``."""
    templates = data if (data / "mindtct-csv").is_dir() else data / "templates"
    for database in MINDTCT_DPI:
        yield mindtct(templates / "mindtct-csv", database)
    for folder in sorted((templates / "secugen-iso19794-2").glob("*/DB*_B")):
        if any(folder.glob("*.iso")):
            yield iso_records(folder)


class Comparer:
    """Raw similarities of many pairs; the public `compare_many` gives scores only."""

    def __init__(
        self, templates: list[Template], parameters: ComparisonParameters | None = None
    ) -> None:
        self._given = native_or_null(parameters or ComparisonParameters())
        self.packed: PreparedBlock = pack(templates)
        self._base = int(self.packed.block.ctypes.data)
        self._scratch = comparison_scratch()

    def raw(self, pairs: npt.NDArray[np.int64]) -> npt.NDArray[np.int32]:
        """One raw similarity a pair of indices, int32."""
        offsets = self.packed.offsets.tolist()
        pointers = [ffi.cast("void *", self._base + start) for start in offsets[:-1]]
        sizes = np.diff(self.packed.offsets.astype(np.int64)).tolist()
        scratch, length = address(self._scratch, "uint8_t[]", writable=True), len(self._scratch)
        out, compare = ffi.new("civid_comparison_t *"), lib.civid_compare
        result = np.empty(len(pairs), np.int32)
        for k, (a, b) in enumerate(pairs.tolist()):
            pair = (pointers[a], sizes[a], pointers[b], sizes[b])
            check(compare(*pair, self._given, scratch, length, out, ffi.NULL, 0))
            result[k] = out.raw
        return result
