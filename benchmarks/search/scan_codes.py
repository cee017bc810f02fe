"""Which codes find a mate early: hit rate against penetration of every candidate, on real prints.

    python benchmarks/search/scan_codes.py --data ../shared/data --json > runs.json

A mated pair is hit at a penetration if its value lies among that share of the probe's highest
impostor values; pairs count that the full comparison gives at least 70 dB. Candidates of the first
look: learned codes of 32 to 256 bits a minutia, some with bits of the minutia's direction; sums
over the probe's minutiae ("probe") or over both prints' ("both"); the raw cells that the codes are
made of. Of the second look: 128 bits, and how much of the partners agrees on a rotation and a
translation. The codes are learned from a quarter of the fingers, and judged on the others.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import platform
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from search_machine import conditions

from civid.fingerprint.scores.calibration import calibrate
from civid.lab.evaluation.one_finger import one_name

sys.path.append(str(Path(__file__).resolve().parents[1] / "train"))
from comparator_sets import MINDTCT_DPI, PRINT_SETS, Comparer, extracted, mindtct
from train_comparator import Lab, itq, shim
from train_scan import discriminants

BITS = (32, 48, 64, 96, 128, 256)
MIXED = ((60, 4), (56, 8), (52, 12))
NEAR = 0.35  # of the bits: partners farther than this say nothing
LEAST = 70.0  # dB of a pair that counts
FEWEST = 5  # minutiae
SHARES = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 1 / 32, 0.05, 0.1, 0.2)
Values = npt.NDArray[Any]

SOURCE = r"""
#include <math.h>
#include <stdint.h>
static int far(const uint64_t *a, const uint64_t *b, int words) {
    int bits = 0;
    for (int w = 0; w < words; w++) bits += __builtin_popcountll(a[w] ^ b[w]);
    return bits;
}
/* Values of a probe p against every print: over its minutiae, over both prints', and what of it
 * agrees on a movement (places: x, y upwards, direction). */
void look(const uint64_t *codes, int words, const float *place, const int64_t *start,
          int64_t prints, int64_t p, float near, float *probe, float *both, float *agree) {
    const int64_t a0 = start[p];
    const int n = (int)(start[p + 1] - a0);
    for (int64_t r = 0; r < prints; r++) {
        const int64_t b0 = start[r];
        const int m = (int)(start[r + 1] - b0);
        int best[256], partner[256], back[256];
        for (int j = 0; j < m; j++) back[j] = 1 << 20;
        float of_probe = 0, of_reference = 0, weight[256], turn[256], bin[64] = {0};
        for (int i = 0; i < n; i++) {
            best[i] = 1 << 20;
            for (int j = 0; j < m; j++) {
                const int d = far(codes + (a0 + i) * words, codes + (b0 + j) * words, words);
                if (d < best[i]) best[i] = d, partner[i] = j;
                if (d < back[j]) back[j] = d;
            }
            weight[i] = fmaxf(0, near - (float)best[i]);
            of_probe += weight[i];
            turn[i] = place[3 * (b0 + partner[i]) + 2] - place[3 * (a0 + i) + 2];
            turn[i] -= 6.2831853f * floorf(turn[i] / 6.2831853f);
            bin[(int)(turn[i] / 6.2831853f * 32) % 32] += weight[i];
        }
        for (int j = 0; j < m; j++) of_reference += fmaxf(0, near - (float)back[j]);
        probe[r] = of_probe, both[r] = of_probe + of_reference, agree[r] = 0;
        int top = 0;
        float most = -1, c = 0, s = 0;
        for (int b = 0; b < 32; b++) {
            float sum = 0;
            for (int o = -2; o <= 2; o++) sum += bin[(b + o + 32) % 32];
            if (sum > most) most = sum, top = b;
        }
        int inside[256], count = 0;
        for (int i = 0; i < n; i++) {
            const int o = ((int)(turn[i] / 6.2831853f * 32) % 32 - top + 34) % 32;
            if (o > 4 || weight[i] <= 0) continue;
            inside[count++] = i, c += weight[i] * cosf(turn[i]), s += weight[i] * sinf(turn[i]);
        }
        const float angle = atan2f(s, c);
        float x[256], y[256];
        for (int k = 0; k < count; k++) {
            const float *at = place + 3 * (a0 + inside[k]);
            const float *to = place + 3 * (b0 + partner[inside[k]]);
            x[k] = to[0] - (cosf(angle) * at[0] - sinf(angle) * at[1]);
            y[k] = to[1] - (sinf(angle) * at[0] + cosf(angle) * at[1]);
        }
        for (int k = 0; k < count; k++) {
            float sum = 0;
            for (int l = 0; l < count; l++)
                if (fabsf(x[l] - x[k]) < 24 && fabsf(y[l] - y[k]) < 24) sum += weight[inside[l]];
            agree[r] = fmaxf(agree[r], sum);
        }
    }
}
"""


def library() -> ctypes.CDLL:
    folder = Path(tempfile.mkdtemp(prefix="civid-codes-"))
    (folder / "look.c").write_text(SOURCE, "ascii")
    machine = ["-mpopcnt"] if platform.machine() in ("x86_64", "AMD64") else []
    command = ["cc", "-O3", *machine, "-shared", "-fPIC", "-o", str(folder / "look.so")]
    subprocess.run([*command, str(folder / "look.c"), "-lm"], check=True)
    return ctypes.CDLL(str(folder / "look.so"))


class Pool:
    """Prints of several sets with their cells, their mated pairs and the exact scores of these."""

    def __init__(self, labs: list[Lab]) -> None:
        templates, fingers, cells = [], [], []
        for lab in labs:
            mine = lab.cells()
            for k, template in enumerate(lab.set.templates):
                if len(template) >= FEWEST:
                    templates.append(template)
                    fingers.append("/".join(one_name(lab.name, str(lab.set.finger[k]))))
                    cells.append(mine[lab.start[k] : lab.start[k + 1]])
        self.counts = np.array([len(one) for one in templates])
        self.start = np.concatenate([[0], np.cumsum(self.counts)]).astype(np.int64)
        self.cells = np.concatenate(cells)
        rows = np.concatenate([one.minutiae for one in templates])
        self.angle = rows["angle"].astype(np.float64)
        self.place = np.stack([rows["x"], -rows["y"], rows["angle"]], 1).astype(np.float32)
        self.finger = np.unique(fingers, return_inverse=True)[1]
        first, second = np.nonzero(np.triu(self.finger[:, None] == self.finger[None, :], 1))
        pairs = np.stack([first, second], 1)
        good = [calibrate(int(raw)) >= LEAST for raw in Comparer(templates).raw(pairs)]
        pairs = pairs[np.array(good)]
        self.mates = {
            p: np.concatenate([pairs[pairs[:, 0] == p, 1], pairs[pairs[:, 1] == p, 0]])
            for p in range(len(templates))
        }


def johnson(angle: Values, bits: int) -> Values:
    """Directions as bits of which more differ the farther they are apart."""
    step = np.floor(angle / (2 * np.pi) * 2 * bits).astype(int) % (2 * bits)
    return (step[:, None] - np.arange(bits)) % (2 * bits) < bits


def packed(bits: Values) -> Values:
    words = -(-bits.shape[1] // 64)
    full = np.zeros((len(bits), 64 * words), bool)
    full[:, : bits.shape[1]] = bits
    return np.packbits(full, axis=1, bitorder="little").view(np.uint64)


def scaled(values: Values, probes: Values, pool: Pool) -> Values:
    """By how many spreads above what impostors reach with so many minutiae, by least squares."""
    other = pool.finger[probes][:, None] != pool.finger[None, :]
    n, m = np.broadcast_arrays(np.log(pool.counts[probes])[:, None], np.log(pool.counts)[None, :])
    terms = np.stack([np.ones_like(n), n, m, n * m, n * n, m * m], -1).reshape(-1, 6)
    flat, kept = values.ravel().astype(float), other.ravel()
    rest = flat - terms @ np.linalg.lstsq(terms[kept], flat[kept], rcond=None)[0]
    spread = terms @ np.linalg.lstsq(terms[kept], np.abs(rest[kept]), rcond=None)[0]
    return (rest / np.maximum(spread, 0.01 * np.abs(rest).mean())).reshape(values.shape)


def hits(values: Values, probes: Values, pool: Pool) -> tuple[list[int], int]:
    """Mates within each of `SHARES` of the impostors, and how many mates."""
    scale = scaled(values, probes, pool)
    above = []
    for row, p in enumerate(probes.tolist()):
        impostors = np.sort(scale[row][pool.finger != pool.finger[p]])
        mine = scale[row][pool.mates[p]]
        above += (1 - np.searchsorted(impostors, mine) / len(impostors)).tolist()
    return [int(np.sum(np.array(above) <= share)) for share in SHARES], len(above)


def run(pool: Pool, best: Values, everything: Values, probes: int, c: ctypes.CDLL) -> Any:
    """Hits of every candidate on one pool."""
    mean = everything.mean(0)
    able = np.array([p for p, mates in pool.mates.items() if len(mates)])
    chosen = np.sort(np.random.default_rng(1).choice(able, min(probes, len(able)), replace=False))

    def learned(begin: int, end: int) -> Values:
        mine = best[:, begin:end]
        mine = mine @ itq((everything[::3] - mean) @ mine)
        return (pool.cells - mean) @ mine > 0

    def looks(bits: Values, near: float) -> list[Values]:
        codes = packed(bits)
        out = [np.zeros((len(chosen), len(pool.counts)), np.float32) for _ in range(3)]
        for row, p in enumerate(chosen.tolist()):
            arrays = [codes, pool.place, pool.start, *(one[row] for one in out)]
            a, place, start, *into = (ctypes.c_void_p(one.ctypes.data) for one in arrays)
            c.look(a, codes.shape[1], place, start, ctypes.c_int64(len(pool.counts)),
                   ctypes.c_int64(p), ctypes.c_float(near), *into)  # fmt: skip
        return out

    found: dict[str, tuple[list[int], int]] = {}

    def judge(name: str, values: Values) -> None:
        found[name] = hits(values, chosen, pool)

    codes = {bits: learned(0, bits) for bits in BITS}
    for bits in BITS:
        probe, both, _ = looks(codes[bits], NEAR * bits)
        judge(f"{bits} bits, probe", probe)
        if bits <= 128:
            judge(f"{bits} bits, both", both)
    for bits, direction in MIXED:
        mixed = np.concatenate([learned(0, bits), johnson(pool.angle, direction)], 1)
        probe, both, _ = looks(mixed, NEAR * bits + direction / 8)
        judge(f"{bits} bits + {direction} direction, probe", probe)
        if direction == 8:
            judge(f"{bits} bits + {direction} direction, both", both)
            full = np.concatenate([mixed, learned(bits, bits + 64)], 1)
            probe, _, agree = looks(full, NEAR * full.shape[1])
            judge("56 + 8 + 64 bits, probe", probe)
            judge("56 + 8 + 64 bits, agreement", agree)
    probe, _, _ = looks(pool.cells > 0.5, NEAR * 128)
    judge("raw cells, probe", probe)
    return {
        "prints": len(pool.counts),
        "probes": len(chosen),
        "shares": SHARES,
        "least": LEAST,
        "found": {name: {"hits": h, "mates": total} for name, (h, total) in found.items()},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--probes", type=int, default=400, help="most probes of a pool")
    parser.add_argument("--json", action="store_true", help="one line of JSON")
    arguments = parser.parse_args()
    inside, c = shim(), library()
    foreign = [mindtct(arguments.data / "templates" / "mindtct-csv", k) for k in MINDTCT_DPI]
    best, everything, _ = discriminants([Lab(one, inside) for one in foreign])
    own = [extracted(arguments.data / "prints", name, 2) for name in PRINT_SETS]
    result: dict[str, Any] = {"kind": "codes", **conditions()}
    for name, sets in (("MINDTCT's minutiae", foreign), ("civid's minutiae", own)):
        pool = Pool([Lab(one, inside, train=False) for one in sets])
        result[name] = run(pool, best, everything, arguments.probes, c)
    if arguments.json:
        print(json.dumps(result))
        return
    for name in ("MINDTCT's minutiae", "civid's minutiae"):
        print(f"\n{name}: not hit, % of {list(SHARES)}")
        for code, one in result[name]["found"].items():
            missed = [f"{100 - 100 * hit / one['mates']:6.2f}" for hit in one["hits"]]
            print(f"  {code:32}{one['mates']:6}" + "".join(missed))


if __name__ == "__main__":
    main()
