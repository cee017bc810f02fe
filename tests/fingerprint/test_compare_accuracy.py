"""Floors for the comparator alone, on minutiae by another extractor. Skips without the data."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from civid.fingerprint.compare import compare_many, pack
from civid.fingerprint.template import MINUTIA_DTYPE, Template
from civid.lab.metrics import equal_error_rate, fnmr_at_fmr


@pytest.mark.accuracy
def test_accuracy_on_minutiae_of_another_extractor(data: Path) -> None:
    file = data / "templates" / "mindtct-csv" / "FVC2002_DB1.csv"
    if not file.is_file():
        pytest.skip(f"no {file.name} under {data}")
    rows = np.genfromtxt(file, delimiter=",", skip_header=1, usecols=range(5))
    templates, fingers, impressions = [], [], []
    for finger, impression in np.unique(rows[:, :2], axis=0):
        if finger % 4 == 0:
            continue  # fingers that the codes were learned from
        mine = rows[(rows[:, 0] == finger) & (rows[:, 1] == impression)]
        minutiae = np.zeros(len(mine), MINUTIA_DTYPE)
        minutiae["x"], minutiae["y"] = mine[:, 2], mine[:, 3]
        minutiae["angle"] = np.deg2rad(-mine[:, 4] % 360)  # theirs run clockwise
        templates.append(Template(minutiae, 0, 1024, 1024))
        fingers.append(finger)
        impressions.append(impression)
    finger, first = np.array(fingers), np.array(impressions) == 1
    block = pack(templates)
    genuine, impostor = [], []
    for i, template in enumerate(templates):
        scores = compare_many(template, block)
        later = np.arange(len(templates)) > i
        genuine.append(scores[later & (finger == finger[i])])
        if first[i]:
            impostor.append(scores[later & first & (finger != finger[i])])
    mated, other = np.concatenate(genuine), np.concatenate(impostor)
    assert (len(mated), len(other)) == (2100, 2775)
    assert equal_error_rate(mated, other) < 0.010  # measured 0.006
    assert fnmr_at_fmr(mated, other, 1e-3) < 0.016  # measured 0.009
