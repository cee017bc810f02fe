"""What better fields are worth: mask, ridge direction and period from elsewhere.

    python benchmarks/train/fields_worth.py made [--fingers 100] [--weights FILE]
    python benchmarks/train/fields_worth.py real [--weights FILE] [--data ../shared/data/prints]

``made``: two prints each of made fingers, hard ones (difficulty 0.3 to 1), with the extraction's
own fields, with true ones, and with those of a network: minutiae found and right (as
``benchmarks/synthetic/robustness.py`` counts), EER and FMR1000 over all pairs. ``real``: sets of
real prints, the seven of the headline or those that are named, all pairs, by both methods of
`civid.extract` in the same run. Weights are those of `civid.lab.train.fit`; without them PyTorch is
not needed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from comparator_sets import Comparer
from scipy.ndimage import binary_erosion

from civid.fingerprint.extract import extract
from civid.fingerprint.image import FingerImage, read_image
from civid.fingerprint.template import Template
from civid.lab.evaluation import read_set
from civid.lab.metrics import equal_error_rate, fnmr_at_fmr
from civid.lab.synthetic import learning
from civid.lab.synthetic.streams import Stream
from civid.lab.train.fields import Fields, extract_with
from civid.lab.train.truth import KINDS, truth_maps

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "synthetic"))
from robustness import RIM_MM, _paired, _within

SEVEN = (
    *(f"FVC2002/DB{n}_B" for n in (1, 2, 3, 4)),
    *(f"FVC2004/DB{n}_B" for n in (1, 3, 4)),
)
#: Which fields are given, and whether the second look may correct the direction.
CHOICES: tuple[tuple[tuple[str, ...], bool], ...] = (
    (("mask",), False),
    (("period",), False),
    (("direction",), False),
    (("direction",), True),
    (("mask", "direction"), False),
    (("direction", "period"), False),
    (KINDS, False),
    (KINDS, True),
)
#: Fewer on real prints, which take minutes.
ON_REAL = (
    (("period",), False),
    (("direction",), False),
    (("direction", "period"), False),
    (KINDS, False),
)
#: False match rates of one threshold for all sets.
RATES = (1e-2, 1e-3, 1e-4)
Raws = npt.NDArray[np.float64]
Made = dict[str, Callable[[FingerImage, Any], Template]]


def name_of(whose: str, kinds: tuple[str, ...], look_again: bool) -> str:
    return f"{whose} {' + '.join(kinds)}{', second look' if look_again else ''}"


def some(fields: Fields, kinds: tuple[str, ...], look_again: bool) -> Fields:
    """Only these of them."""
    chosen = {kind: getattr(fields, kind) for kind in kinds}
    return Fields(fields.name, **chosen, look_again=look_again)


def ways(
    whose: str,
    fields_of: Callable[[FingerImage, Any], Fields],
    choices: tuple[tuple[tuple[str, ...], bool], ...] = CHOICES,
) -> Iterator[tuple[str, Any]]:
    """Every choice of the fields of one source, as a function of a print and its truth."""
    for kinds, look_again in choices:

        def made(
            image: FingerImage, known: Any, kinds: Any = kinds, look_again: bool = look_again
        ) -> Template:
            return extract_with(image, some(fields_of(image, known), kinds, look_again))

        yield name_of(whose, kinds, look_again), made


def of_network(weights: Path) -> Callable[[FingerImage, Any], Fields]:
    """Fields of a network; those of the last print are kept."""
    from civid.lab.train.fit import load
    from civid.lab.train.predict import predict

    network, last = load(weights), dict[int, tuple[FingerImage, Fields]]()

    def fields(image: FingerImage, known: Any) -> Fields:
        if id(image) not in last:
            last.clear()
            last[id(image)] = image, predict(network, image)
        return last[id(image)][1]

    return fields


def compared(templates: list[Template], finger: npt.NDArray[Any]) -> tuple[Raws, Raws]:
    """Raw similarities of mates and of strangers, all pairs."""
    first, second = np.triu_indices(len(templates), 1)
    mated = finger[first] == finger[second]
    scores = Comparer(templates).raw(np.stack([first, second], 1)).astype(float)
    return scores[mated], scores[~mated]


def rates(mates: Raws, strangers: Raws) -> tuple[float, float]:
    """EER and FMR1000, percent."""
    return 100 * equal_error_rate(mates, strangers), 100 * fnmr_at_fmr(mates, strangers, 1e-3)


def by_one_threshold(sets: list[tuple[Raws, Raws]]) -> list[float]:
    """Mean FNMR of sets, percent, at thresholds that the strangers of all together give."""
    strangers = np.sort(np.concatenate([one for _, one in sets]))
    thresholds = [strangers[int(len(strangers) * (1 - fmr))] for fmr in RATES]
    return [100 * float(np.mean([(mates <= at).mean() for mates, _ in sets])) for at in thresholds]


def made_prints(fingers: int, seed: int) -> Iterator[tuple[int, learning.Print]]:
    for number in range(fingers):
        stream = Stream(seed, number)
        person = learning.draw_person(stream)
        finger = learning.finger(seed * 10_000 + number, person=person)
        for turn in range(2):
            difficulty = stream.uniform(0.3, 1)
            drawn = learning.draw_condition(stream, person, difficulty=difficulty)
            yield number, learning.press(finger, drawn, turn)


def on_made(fingers: int, seed: int, weights: Path | None) -> None:
    def true(image: FingerImage, known: Any) -> Fields:
        return Fields("true", *known)

    every: Made = {method: partial(_by_method, method=method) for method in ("classical", "neural")}
    every |= dict(ways("true", true))
    if weights:
        every |= dict(ways("network's", of_network(weights)))
    templates: dict[str, list[Template]] = {name: [] for name in every}
    counts, owners = {name: np.zeros(3, int) for name in every}, []
    for number, pressed in made_prints(fingers, seed):
        owners.append(number)
        scale, known = pressed.image.dpi / 500, truth_maps(pressed)
        rounds = round(RIM_MM * pressed.image.dpi / 25.4)
        inside = binary_erosion(np.pad(pressed.mask, 1), iterations=rounds)[1:-1, 1:-1]
        minutiae = _within(pressed.minutiae, inside, 1.0)
        for name, make in every.items():
            template = make(pressed.image, known)
            found = _within(template.minutiae, inside, scale)
            both = _paired(minutiae, found, scale)
            counts[name] += len(minutiae), len(found), len(both)
            templates[name].append(template)
    print(f"{'':44} recall  precision    EER  FMR1000   ({len(owners)} prints)")
    for name in every:
        true_count, found_count, both_count = counts[name]
        equal, strict = rates(*compared(templates[name], np.array(owners)))
        recall, precision = both_count / true_count, both_count / found_count
        print(f"{name:44} {recall:6.3f} {precision:10.3f} {equal:6.2f} {strict:8.2f}", flush=True)


def on_real(data: Path, sets: list[str], weights: Path | None) -> None:
    every: Made = {method: partial(_by_method, method=method) for method in ("classical", "neural")}
    if weights:
        every |= dict(ways("network's", of_network(weights), ON_REAL))
    found: dict[str, list[tuple[Raws, Raws]]] = {name: [] for name in every}
    for name in sets:
        samples = read_set(data / name, name).samples
        templates: dict[str, list[Template]] = {way: [] for way in every}
        for sample in samples:
            image = read_image(sample.path)
            for way, make in every.items():
                templates[way].append(make(image, None))
        owners = np.array([sample.finger for sample in samples])
        print(name)
        for way in every:
            found[way].append(compared(templates[way], owners))
            equal, strict = rates(*found[way][-1])
            print(f"  {way:44} {equal:6.2f} {strict:8.2f}", flush=True)
    wide = " ".join(f"{rate:8.0e}" for rate in RATES)
    print(f"mean EER and FMR1000; mean FNMR at one threshold for all sets, FMR {wide}")
    for way, pairs in found.items():
        equal, strict = np.mean([rates(*one) for one in pairs], axis=0)
        together = " ".join(f"{share:8.2f}" for share in by_one_threshold(pairs))
        print(f"  {way:44} {equal:6.2f} {strict:8.2f} {together}")


def _by_method(image: FingerImage, known: Any, method: str) -> Template:
    return extract(image, method=method)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=("made", "real"))
    parser.add_argument("sets", nargs="*", metavar="SET")
    parser.add_argument("--fingers", type=int, default=100)
    parser.add_argument("--seed", type=int, default=99)
    parser.add_argument("--weights", type=Path)
    parser.add_argument("--data", type=Path, default=Path("../shared/data/prints"))
    asked = parser.parse_args()
    if asked.what == "made":
        on_made(asked.fingers, asked.seed, asked.weights)
    else:
        on_real(asked.data, asked.sets or list(SEVEN), asked.weights)


if __name__ == "__main__":
    main()
