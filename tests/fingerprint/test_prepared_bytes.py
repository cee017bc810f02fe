"""Prepared real templates, byte for byte as the first version of ``civid_prepare`` made them."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from civid import cpu
from civid.fingerprint.compare import prepare
from civid.fingerprint.template import MINUTIA_DTYPE, Template

WANTED = "3ca4c65fbf60202e18c51d8220a055fcd0dede32836acde98470ca412132cf58"


def _templates(path: Path) -> list[Template]:
    rows = np.genfromtxt(path, delimiter=",", skip_header=1, usecols=range(5))
    _, of = np.unique(rows[:, :2], axis=0, return_inverse=True)
    templates = []
    for k in range(of.max() + 1):
        mine = rows[of.ravel() == k]
        minutiae = np.zeros(len(mine), MINUTIA_DTYPE)
        minutiae["x"], minutiae["y"] = mine[:, 2], mine[:, 3]
        minutiae["angle"] = np.deg2rad((360 - mine[:, 4]) % 360)
        templates.append(Template(minutiae, quality=50, width=2048, height=2048))
    return templates


@pytest.mark.parametrize("name", cpu.available())
def test_real_templates_are_prepared_as_ever(name: str, data: Path) -> None:
    digest = hashlib.sha256()
    with cpu.using(name):
        for template in _templates(data / "templates" / "mindtct-csv" / "FVC2002_DB1.csv"):
            digest.update(prepare(template))
    assert digest.hexdigest() == WANTED
