"""What civid's quality figures are worth, on real prints (docs/explain/quality.md quotes it).

    python benchmarks/accuracy/quality_worth.py [--data ../shared/data/prints]

Three tables: the share of minutiae that find their partner by the minutia's quality; the rank
correlation of a print's quality, and of its number of minutiae, with its mean mated score; and
the reasons for low quality that `civid.assess` gives.
"""

from __future__ import annotations

import argparse
import itertools
from collections import defaultdict
from pathlib import Path

import numpy as np
from scipy.stats import spearmanr

from civid.fingerprint.compare import compare
from civid.fingerprint.image import read_image
from civid.fingerprint.quality import QualityReport, examine
from civid.fingerprint.reasons import Reason
from civid.fingerprint.template import Template
from civid.lab.evaluation import read_set

SETS = [
    *(f"FVC2000/DB{n}_B" for n in (1, 3, 4)),
    *(f"FVC2002/DB{n}_B" for n in (1, 2, 3, 4)),
    *(f"FVC2004/DB{n}_B" for n in (1, 3, 4)),
    "UareU", "UPEK", "Lindex101",
]  # fmt: skip
EDGES = [10, 20, 30, 40, 50, 60, 70, 80, 101]
MATED = 40.0  # a mated score below this says little about which minutiae belong together


def worth(templates: list[Template], fingers: list[str]) -> tuple[np.ndarray, float, float]:
    """Paired share by minutia quality; rank correlations of quality and of count."""
    paired, seen = np.zeros(len(EDGES) - 1), np.zeros(len(EDGES) - 1)
    scores: dict[int, list[float]] = defaultdict(list)
    for i, first in enumerate(templates):
        for j in range(i + 1, len(templates)):
            if fingers[i] != fingers[j]:
                continue
            result = compare(first, templates[j])
            scores[i].append(result.score)
            scores[j].append(result.score)
            if result.score < MATED:
                continue
            for side, template in enumerate((first, templates[j])):
                quality = template.minutiae["quality"]
                seen += np.histogram(quality, EDGES)[0]
                paired += np.histogram(quality[result.pairs[:, side]], EDGES)[0]
    mean = [np.mean(scores[i]) for i in sorted(scores)]
    quality = [templates[i].quality for i in sorted(scores)]
    count = [len(templates[i]) for i in sorted(scores)]
    return paired / np.maximum(seen, 1), spearmanr(quality, mean)[0], spearmanr(count, mean)[0]


def reasons(reports: list[QualityReport]) -> str:
    def unexplained(below: int) -> str:
        poor = [report for report in reports if report.quality < below]
        return f"{sum(not report.reasons for report in poor)}/{len(poor)}"

    shares = (np.mean([reason in report.reasons for report in reports]) for reason in Reason)
    return (
        "".join(f"{share:>15.2f}" for share in shares) + f"{unexplained(60):>9}{unexplained(45):>9}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data/prints"))
    options = parser.parse_args()
    first, second = [], []
    for name in SETS:
        samples = read_set(options.data / name).samples
        made = [examine(read_image(sample.path)) for sample in samples]
        templates, reports = [one[0] for one in made], [one[1] for one in made]
        share, quality, count = worth(templates, [sample.finger for sample in samples])
        columns = "".join(f"{value:7.2f}" for value in share)
        first.append(f"{name:14}{columns}   {quality:7.2f} {count:7.2f}")
        second.append(f"{name:14}{len(reports):6}{reasons(reports)}")
    bins = "".join(f"{low:>4}-{min(high - 1, 100):<2}" for low, high in itertools.pairwise(EDGES))
    print("share of minutiae paired in mated comparisons, by quality; rank correlation with score")
    print(f"{'set':14}{bins}   quality   count")
    print("\n".join(first))
    print("\nshare of prints with each reason; poor prints (below 60, below 45) without any")
    names = "".join(f"{reason.value:>15}" for reason in Reason)
    print(f"{'set':14}prints{names}   q < 60   q < 45")
    print("\n".join(second))


if __name__ == "__main__":
    main()
