"""Learn the projection of the comparator's codes.

    python benchmarks/train/train_comparator.py --data ../shared/data [--write]

Learned from MINDTCT's minutiae alone, and only from a quarter of the fingers (every fourth of each
set), so that the other three quarters, the ISO records and civid's own extractor stay unseen and
figures on them are honest. Training on civid's minutiae too was tried and helped nowhere. Needs a
C compiler.

Codes: minutiae that the comparator pairs in mated prints differ by noise; directions in which they
differ least for their spread (linear discriminants) are kept, then rotated so that cutting to signs
loses least (ITQ: Gong and Lazebnik, CVPR 2011). The first pairs come from plain principal
components. The model of raw similarity is ``train_model.py``'s.
"""

from __future__ import annotations

import argparse
import ctypes
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import numpy.typing as npt
from comparator_sets import MINDTCT_DPI, TemplateSet, mindtct
from raw_model import FEATURES
from scipy.linalg import eigh

from civid._native.buffers import comparison_scratch
from civid.fingerprint.compare import pack

NATIVE = Path(__file__).resolve().parents[2] / "native"
TABLES = NATIVE / "src" / "tables"
CELLS, BITS = 384, 256  # compare_params.h
RIDGE = 0.3  # of the mean within-finger variance, added to it

SHIM = """
#include "compare/compare.h"
#include "compare/descriptor/cylinder.h"
#include "kernels.h"
#include "compare/compare_stages.h"
int32_t civid__raw(const civid__features_t *f) { return f->pairs; } /* its model is not there yet */
void lab_cells(const civid__prepared_t *p, int32_t *out) {
    const civid__points_t points = {p->count, civid__xs(p), civid__ys(p), civid__angles(p)};
    for (int32_t i = 0; i < p->count; i++) {
        int32_t full[CIVID__FULL_ROOM];
        const int32_t count = civid__kernels()->full_cells(&points, i, full);
        for (int32_t n = 0; n < count; n++)
            out[(size_t)civid__indices(p)[i] * CIVID__CELLS + full[n]] = 1;
    }
}
void lab_code(civid__prepared_t *p, const uint64_t *code) {
    uint64_t *codes = (uint64_t *)civid__codes(p);
    for (int32_t i = 0; i < p->count; i++)
        for (int32_t w = 0; w < 4; w++)
            codes[i / 8 * 32 + w * 8 + i % 8] = code[4 * civid__indices(p)[i] + w];
}
int32_t lab_compare(const civid__prepared_t *a, const civid__prepared_t *b, civid__scratch_t *t,
                    civid__features_t *features, civid_pair_t *pairs) {
    civid_comparison_t out;
    civid_compare(a, a->size, b, b->size, NULL, t, sizeof *t, &out, pairs, 255);
    *features = t->features;
    return out.raw;
}
"""


def shim() -> ctypes.CDLL:
    """The comparator's inside, compiled for this script."""
    folder = Path(tempfile.mkdtemp(prefix="civid-train-"))
    source = folder / "shim.c"
    source.write_text(SHIM)
    sources = [path for path in (NATIVE / "src").rglob("*.c") if path.name != "raw.c"]
    sources.append(source)
    include = [f"-I{NATIVE / 'include'}", f"-I{NATIVE / 'src'}"]
    command = ["cc", "-std=c11", "-O3", "-ffp-contract=off", "-shared", "-fPIC", *include, "-o"]
    subprocess.run([*command, str(folder / "lab.so"), *map(str, sources)], check=True)
    return ctypes.CDLL(str(folder / "lab.so"))


class Lab:
    """The training part of one set, open to inspection."""

    def __init__(self, one: TemplateSet, library: ctypes.CDLL, *, train: bool = True) -> None:
        fingers = {finger: k for k, finger in enumerate(dict.fromkeys(one.finger.tolist()))}
        keep = [k for k, f in enumerate(one.finger) if (fingers[str(f)] % 4 == 3) == train]
        self.name, self.library = one.name, library
        self.set = TemplateSet(
            one.name, [one.templates[k] for k in keep], one.finger[keep], one.impression[keep]
        )
        self.packed = pack(self.set.templates)
        self.base = int(self.packed.block.ctypes.data)
        self.start = np.cumsum([0, *(len(template) for template in self.set.templates)])
        self.scratch = comparison_scratch()
        pairs, mated = self.set.pairs("all")
        random = np.random.default_rng(0)
        others = np.flatnonzero(~mated)
        others = random.choice(others, min(len(others), 12000), replace=False)
        chosen = np.concatenate([np.flatnonzero(mated), np.sort(others)])
        self.pairs, self.mated = pairs[chosen], mated[chosen]

    def _at(self, k: int) -> ctypes.c_void_p:
        return ctypes.c_void_p(self.base + int(self.packed.offsets[k]))

    def cells(self) -> npt.NDArray[np.float32]:
        """(minutiae, 384): which cells around each minutia are full."""
        out = np.zeros((self.start[-1], CELLS), np.int32)
        for k in range(len(self.set.templates)):
            self.library.lab_cells(self._at(k), ctypes.c_void_p(out[self.start[k] :].ctypes.data))
        return out.astype(np.float32)

    def use(self, bits: npt.NDArray[np.bool_]) -> None:
        """Put these codes into the prepared templates."""
        codes = np.packbits(bits, axis=1, bitorder="little").view(np.uint64)
        for k in range(len(self.set.templates)):
            mine = np.ascontiguousarray(codes[self.start[k] : self.start[k + 1]])
            self.library.lab_code(self._at(k), ctypes.c_void_p(mine.ctypes.data))

    def compare(self, mated_only: bool) -> tuple[npt.NDArray[np.void], list[npt.NDArray[np.int64]]]:
        """Features of every pair, and its paired minutiae (rows of the set)."""
        wanted = self.pairs[self.mated] if mated_only else self.pairs
        features, paired = np.zeros(len(wanted), FEATURES), []
        buffer = np.zeros((255, 2), np.uint8)
        scratch, out = ctypes.c_void_p(self.scratch.ctypes.data), features.ctypes.data
        for k, (a, b) in enumerate(wanted.tolist()):
            self.library.lab_compare(
                self._at(a), self._at(b), scratch,
                ctypes.c_void_p(out + k * FEATURES.itemsize), ctypes.c_void_p(buffer.ctypes.data),
            )  # fmt: skip
            if mated_only:
                found = buffer[: features[k]["pairs"]].astype(np.int64)
                paired.append(found + self.start[[a, b]])
        return features, paired


def itq(projected: npt.NDArray[np.floating], rounds: int = 25) -> npt.NDArray[np.floating]:
    """The rotation after which cutting to signs loses least."""
    size = projected.shape[1]
    rotation = np.linalg.qr(np.random.default_rng(0).normal(size=(size, size)))[0]
    for _ in range(rounds):
        u, _, v = np.linalg.svd(np.sign(projected @ rotation).T @ projected)
        rotation = (u @ v).T
    return rotation


def learn_codes(labs: list[Lab]) -> tuple[npt.NDArray[np.floating], npt.NDArray[np.floating], int]:
    """Projection (384, 256), its bias (256,), and from how many pairs."""
    cells = [lab.cells() for lab in labs]
    everything = np.concatenate(cells)
    mean, total = everything.mean(0), np.cov(everything.T)
    _, vectors = np.linalg.eigh(total)
    start = vectors[:, ::-1][:, :BITS]
    start = start @ itq((everything[::3] - mean) @ start)
    differences = []
    for lab, mine in zip(labs, cells, strict=True):
        lab.use((mine - mean) @ start > 0)
        features, paired = lab.compare(mated_only=True)
        overlap = np.maximum(np.minimum(features["overlap_a"], features["overlap_b"]), 6)
        sure = (features["pairs"] >= 8) & (features["evidence"] / overlap > 0.15)
        differences += [
            mine[rows[:, 0]] - mine[rows[:, 1]]
            for rows, good in zip(paired, sure, strict=True)
            if good
        ]
    noise = np.concatenate(differences)
    within = noise.T @ noise / len(noise) / 2
    within += RIDGE * np.trace(within) / CELLS * np.eye(CELLS)
    best = eigh(total, within)[1][:, ::-1][:, :BITS]
    projection = best @ itq((everything[::3] - mean) @ best)
    return projection, -mean @ projection, len(noise)


def projection_text(
    projection: npt.NDArray[np.floating], bias: npt.NDArray[np.floating], names: str, pairs: int
) -> str:
    scale = 127 / np.abs(projection).max(0)
    rows = np.vstack([projection, bias])
    table = np.round(rows * scale).astype(np.int64)
    words = 256 * table[:, BITS // 2 :] + table[:, : BITS // 2] + 128
    if np.abs(table).max() > 127:
        raise ValueError("a bias is larger than any weight of its bit")
    lines = [
        "/* projection_table.h - generated by benchmarks/train/train_comparator.py; do not edit.",
        " *",
        f" * Linear discriminants of {pairs:,} paired minutiae, rotated by ITQ:",
        f" * {CELLS} cells x {BITS} bits, each bit scaled to 127. Every fourth finger of",
        f" * {names}.",
        " *",
        " * Two bits a word, so that sums need no unpacking (cylinder_portable.c): word k of",
        f" * a row is 256 * (bit {BITS // 2} + k) + (bit k) + 128. The row behind that of the last",
        " * cell is the bias. */",
        "#ifndef CIVID_COMPARE_PROJECTION_TABLE_H",
        "#define CIVID_COMPARE_PROJECTION_TABLE_H",
        "",
        "#include <stdint.h>",
        "",
        '#include "compare/compare_params.h"',
        "",
        "const int16_t civid__projection[CIVID__CELLS + 1][CIVID__CODE_BITS / 2] = {",
        *("    {" + ",".join(map(str, row)) + "}," for row in words),
        "};",
        "",
        "#endif",
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--write", action="store_true", help="write the C tables")
    arguments = parser.parse_args()
    library = shim()
    foreign = [mindtct(arguments.data / "templates" / "mindtct-csv", k) for k in MINDTCT_DPI]
    projection, bias, pairs = learn_codes([Lab(one, library) for one in foreign])
    print(f"codes: {pairs:,} pairs of minutiae")
    if arguments.write:
        names = "the MINDTCT minutiae of FVC2002 DB1-4_A"
        text = projection_text(projection, bias, names, pairs)
        (TABLES / "projection_table.h").write_text(text)


if __name__ == "__main__":
    main()
