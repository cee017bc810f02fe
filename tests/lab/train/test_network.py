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
from civid.lab.train.fields import SHORTEST
from civid.lab.train.predict import NetworkExtractor, predict
from civid.lab.train.truth import truth_maps


def test_it_is_small() -> None:
    weights, products = network.cost()
    made = network.FieldsNetwork()
    folded = sum(one.weight.numel() for one in made.modules() if hasattr(one, "kernel_size"))
    assert weights == folded < 300_000
    assert products < 200e6


def test_a_block_sees_itself() -> None:
    """What changes with a pixel lies evenly around its block."""
    made = network.FieldsNetwork().stem.eval()
    picture = network.torch.zeros(1, 1, 128, 128)
    with network.torch.no_grad():
        plain_out = made(picture)
        picture[0, 0, 67:69, 67:69] = 1  # the middle of block 8
        moved = (made(picture) - plain_out).abs().sum(1)[0].numpy()
    rows, cols = np.nonzero(moved)
    assert (rows.min() + rows.max()) / 2 == (cols.min() + cols.max()) / 2 == 8


@pytest.mark.parametrize("how", range(8))
def test_truth_turns_with_its_picture(how: int) -> None:
    """The structure tensor of the turned picture agrees with the turned truth."""
    pressed = plain()
    direction, period, mask = truth_maps(pressed)
    seen = prints.seen(pressed.image)[:320, :320].astype(np.float32)
    truth = np.stack([mask, *direction, period]).astype(np.float32)[:, :40, :40]
    picture, turned = fit._turned(seen, truth, how)
    down, across = np.gradient(np.ascontiguousarray(picture))
    cosine, sine = down**2 - across**2, 2 * across * down
    blocks = [m.reshape(40, 8, 40, 8).sum((1, 3)) for m in (cosine, sine)]
    found = np.angle(blocks[0] + 1j * blocks[1])
    inside = (turned[0] > 0) & (np.hypot(turned[1], turned[2]) > 0.5)
    off = np.angle(np.exp(1j * found) * (turned[1] - 1j * turned[2]))[inside]
    assert np.degrees(np.median(np.abs(off))) / 2 < 8


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
