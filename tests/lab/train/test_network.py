"""The network of fields and how it is fitted; skipped where PyTorch is not installed."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch")

from tests.lab.synthetic.learning.made import plain

from civid.fingerprint.image import FingerImage
from civid.lab.train import fit, network, prints
from civid.lab.train.features import features, place
from civid.lab.train.fields import SHORTEST
from civid.lab.train.predict import NetworkExtractor, predict
from civid.lab.train.weights import TRUST


def test_it_is_small() -> None:
    weights, products = network.cost()
    made = network.FieldsNetwork()
    folded = sum(one.weight.numel() for one in made.modules() if hasattr(one, "kernel_size"))
    assert weights == folded < 50_000
    assert products < 100e6


def test_at_first_it_corrects_nothing() -> None:
    """But that it is not quite sure of the direction: its length says how far."""
    seen = features(plain().image).astype(np.float32)
    with network.torch.no_grad():
        out = network.FieldsNetwork().eval()(network.torch.from_numpy(seen)[None])[0].numpy()
    np.testing.assert_array_equal(out[3], seen[place("period")])
    np.testing.assert_array_equal(out[0], 0)
    np.testing.assert_allclose(out[1] / seen[place("cosine")], TRUST, rtol=1e-5)


def test_it_learns(tmp_path: Path) -> None:
    """A hundred steps on two prints find their periods better than the extraction does."""
    made = list(prints.examples(5, 0, 2))
    before = fit.judged(network.FieldsNetwork().eval(), made)
    after = fit.judged(fit.fit(made, made, tmp_path, 100, 1), made)
    assert after[3] < 0.7 * before[3]
    assert after[0] > 0.9


def test_a_run_that_was_stopped_ends_as_one_that_was_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fit, "EVERY", 2)
    made = list(prints.examples(5, 0, 2))
    whole = fit.fit(made, made, tmp_path / "whole", 4, 1)

    noted = fit._note

    def stop(path: Path, row: tuple[float, ...]) -> None:
        noted(path, row)
        if row[0] == 4:
            raise KeyboardInterrupt

    monkeypatch.setattr(fit, "_note", stop)
    with pytest.raises(KeyboardInterrupt):
        fit.fit(made, made, tmp_path / "halved", 4, 1)
    monkeypatch.setattr(fit, "_note", noted)
    halved = fit.fit(made, made, tmp_path / "halved", 4, 1)
    for one, other in zip(whole.parameters(), halved.parameters(), strict=True):
        assert network.torch.equal(one, other)
    with (tmp_path / "whole" / "curve.csv").open(newline="") as file:
        assert [row["step"] for row in csv.DictReader(file)] == ["2", "4"]

    weights = tmp_path / "whole" / "weights.npz"
    image = FingerImage(np.full((203, 161), 255, np.uint8), 500.0)
    fields = predict(fit.load(weights), image)
    assert fields.blocks == (26, 21)
    assert fields.period is not None
    assert fields.period.min() >= SHORTEST
    assert NetworkExtractor(weights, ("period",))(image).extractor.startswith("civid-classical/1;")
