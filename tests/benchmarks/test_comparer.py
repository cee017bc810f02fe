"""`Comparer`, through which the scale and the accuracy of the comparator are measured."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import numpy as np
import pytest

import civid
from civid.fingerprint.template import MINUTIA_DTYPE

TRAIN = Path(__file__).resolve().parents[2] / "benchmarks" / "train"


def test_raw_similarities_are_those_of_compare(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(TRAIN))
    comparator_sets = importlib.import_module("comparator_sets")

    monkeypatch.delitem(sys.modules, "comparator_sets")  # no other test shall see it
    rng = np.random.default_rng(5)
    templates = []
    for count in (12, 30, 45):
        minutiae = np.zeros(count, MINUTIA_DTYPE)
        minutiae["x"], minutiae["y"] = rng.uniform(10, 310, (2, count))
        minutiae["angle"] = rng.uniform(0, 6.28, count)
        templates.append(civid.Template(minutiae, quality=70, width=320, height=320))
    pairs = np.array([(0, 1), (0, 2), (1, 2), (2, 2)], np.int64)
    found = comparator_sets.Comparer(templates).raw(pairs)
    assert found.tolist() == [
        civid.compare(templates[a], templates[b]).raw for a, b in pairs.tolist()
    ]
    assert found[-1] > 4000 > found[:-1].max()
