"""Accuracy on real prints: EER, FMR100, FMR1000 of every set, all pairs, thresholds per set.

    python benchmarks/accuracy.py --data ../shared/data/prints [--json] [SET ...]

Without SET: the seven sets whose mean is civid's headline figure. ``all`` adds the others.
Intervals are 95 % bootstrap intervals that resample fingers.
"""

from __future__ import annotations

import argparse
import json
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from civid.fingerprint.extract import extract
from civid.fingerprint.image import FingerImage
from civid.lab.metrics import equal_error_rate, fnmr_at_fmr
from civid.lab.protocol import PairScores, list_prints, score_all_pairs

SEVEN = [
    "FVC2002/DB1_B", "FVC2002/DB2_B", "FVC2002/DB3_B", "FVC2002/DB4_B",
    "FVC2004/DB1_B", "FVC2004/DB3_B", "FVC2004/DB4_B",
]  # fmt: skip
OTHERS = ["FVC2000/DB1_B", "FVC2000/DB3_B", "FVC2000/DB4_B", "UareU", "Lindex101", "UPEK"]


def read(path: Path) -> FingerImage:
    from PIL import Image

    with Image.open(path) as picture:
        return FingerImage(np.asarray(picture.convert("L")), round(picture.info["dpi"][0], 0))


def interval(scores: PairScores, rounds: int = 200) -> tuple[float, float]:
    """95 % bootstrap interval of the EER: fingers are drawn with replacement."""
    random = np.random.default_rng(0)
    fingers = int(scores.genuine_finger.max()) + 1
    eers = []
    for _ in range(rounds):
        weight = np.bincount(random.integers(0, fingers, fingers), minlength=fingers)
        genuine = np.repeat(scores.genuine, weight[scores.genuine_finger])
        pairs = scores.impostor_fingers
        impostor = np.repeat(scores.impostor, weight[pairs[:, 0]] * weight[pairs[:, 1]])
        if len(genuine) and len(impostor):
            eers.append(equal_error_rate(genuine, impostor))
    low, high = np.quantile(eers, [0.025, 0.975])
    return float(low), float(high)


def evaluate(folder: Path, threads: int) -> dict[str, object]:
    prints = list_prints(folder)
    if not prints:
        raise SystemExit(f"no prints named finger_impression.png in {folder}")
    started = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        templates = list(pool.map(lambda item: extract(read(item.path)), prints))
    extracted = time.perf_counter()
    scores = score_all_pairs(templates, [item.finger for item in prints])
    compared = time.perf_counter()
    low, high = interval(scores)
    genuine, impostor = scores.genuine, scores.impostor
    return {
        "prints": len(prints),
        "genuine": len(genuine),
        "impostor": len(impostor),
        "eer": 100 * equal_error_rate(genuine, impostor),
        "eer_low": 100 * low,
        "eer_high": 100 * high,
        "fmr100": 100 * fnmr_at_fmr(genuine, impostor, 1e-2),
        "fmr1000": 100 * fnmr_at_fmr(genuine, impostor, 1e-3),
        "fmr10000": 100 * fnmr_at_fmr(genuine, impostor, 1e-4) if len(impostor) > 1e4 else None,
        "minutiae": float(np.median([len(template) for template in templates])),
        "extract_ms": 1e3 * (extracted - started) * threads / len(prints),
        "comparisons_per_s": (len(genuine) + len(impostor)) / (compared - extracted),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", nargs="*", metavar="SET")
    parser.add_argument("--data", type=Path, default=Path("../shared/data/prints"))
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    sets = options.sets or SEVEN
    if sets == ["all"]:
        sets = SEVEN + OTHERS
    results: dict[str, dict[str, object]] = {}
    if not options.json:
        print(f"{'set':15} {'genuine':>7} {'impostor':>8} {'EER % (95 %)':>21} "
              f"{'FMR100':>7} {'FMR1000':>8} {'minutiae':>8} {'ms':>5} {'cmp/s':>7}")  # fmt: skip
    for name in sets:
        result = results[name] = evaluate(options.data / name, options.threads)
        if not options.json:
            print(
                f"{name:15} {result['genuine']:7} {result['impostor']:8} {result['eer']:6.2f} "
                f"({result['eer_low']:5.2f}-{result['eer_high']:5.2f}) {result['fmr100']:7.2f} "
                f"{result['fmr1000']:8.2f} {result['minutiae']:8.0f} {result['extract_ms']:5.1f} "
                f"{result['comparisons_per_s']:7.0f}"
                + (
                    f"  FMR10000 {result['fmr10000']:.2f}" if result["fmr10000"] is not None else ""
                ),
                flush=True,
            )
    seven = [results[name] for name in SEVEN if name in results]
    if len(seven) == len(SEVEN):
        means = {key: float(np.mean([item[key] for item in seven])) for key in ("eer", "fmr1000")}
        results["mean of the seven"] = means  # type: ignore[assignment]
        if not options.json:
            print(f"mean of the seven: EER {means['eer']:.2f} %, FMR1000 {means['fmr1000']:.2f} %")
    if options.json:
        print(json.dumps(results, indent=2))


if __name__ == "__main__":
    main()
