"""The arithmetic below the prints, against libm and against plain loops."""

from __future__ import annotations

import math
import os
import stat
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from civid import _jit
from civid.lab.synthetic import exact
from civid.lab.synthetic.images import growth_kernels, noise
from civid.lab.synthetic.streams import Stream

finite = st.floats(-50, 50)


@given(finite)
def test_sine_and_cosine(x: float) -> None:
    assert exact.sine(x) == pytest.approx(math.sin(x), abs=1e-9)
    assert exact.cosine(x) == pytest.approx(math.cos(x), abs=1e-9)


@given(finite)
def test_exponential(x: float) -> None:
    assert exact.exponential(x) == pytest.approx(math.exp(x), rel=1e-9)


def test_exponential_far_out() -> None:
    assert exact.exponential(-1e9) == 0
    assert exact.exponential(1e9) == pytest.approx(math.exp(60), rel=1e-9)


@given(finite, finite)
def test_arctangent(y: float, x: float) -> None:
    expected = math.atan2(y, x) if x or y else 0.0
    # the two ends of the branch cut are one direction
    difference = (exact.arctangent2(y, x) - expected + math.pi) % (2 * math.pi) - math.pi
    assert difference == pytest.approx(0, abs=1e-9)


def test_filter_equals_a_plain_double_loop() -> None:
    rng = np.random.default_rng(3)
    radius, height, width = 2, 9, 13
    side = 2 * radius + 1
    source = np.zeros((height + 2 * radius, width + 2 * radius), np.int16)
    source[radius:-radius, radius:-radius] = rng.integers(-127, 128, (height, width))
    bank = rng.integers(-3000, 3000, (4, side * side)).astype(np.int16)
    index = rng.integers(-1, 4, (height, width)).astype(np.int32)
    out = np.full_like(source, 99)
    growth_kernels.filter_image(source, out, index, bank)
    for y in range(height):
        for x in range(width):
            expected = 99
            if index[y, x] >= 0:
                window = source[y : y + side, x : x + side].astype(np.int64)
                total = int((window.T.ravel() * bank[index[y, x]]).sum())
                expected = min(127, max(-127, total >> growth_kernels.SHIFT))
            assert out[y + radius, x + radius] == expected


def test_filters_answer_their_own_wave_only() -> None:
    periods, radius, gain = np.array([9.0]), 12, 2.0
    bank = np.empty((8, 25 * 25), np.int16)
    growth_kernels.fill_bank(bank, 8, periods, radius, 0.36, gain)
    rows, cols = np.mgrid[radius : -radius - 1 : -1, -radius : radius + 1]
    for d in range(8):
        angle = d * math.pi / 8
        across = rows * math.cos(angle) - cols * math.sin(angle)
        wave = np.cos(2 * math.pi * across / 9).T.ravel()
        answers = bank.astype(float) @ wave / (1 << growth_kernels.SHIFT)
        assert answers[d] == pytest.approx(gain, rel=0.01)
        assert answers.argmax() == d
        assert abs(answers[(d + 4) % 8]) < 0.1 * gain
        assert abs(bank[d].astype(int).sum()) < 0.01 * np.abs(bank[d].astype(int)).sum()


def test_noise_is_centred_and_has_deviation_one() -> None:
    field = noise.smooth(Stream(2), 400, 300, 4.0)
    assert field.shape == (400, 300)
    assert abs(field.mean()) < 0.05
    assert 0.8 < field.std() < 1.2
    assert abs(Stream(2).noise(100, 100).std() - 1) < 0.03


def test_streams_differ_by_key_and_repeat_by_key() -> None:
    draws = {Stream(1, *key).uniform(0, 1) for key in [(), (0,), (1,), (0, 0), (0, 1), (1, 0)]}
    assert len(draws) == 6
    assert Stream(1, 5).uniform(0, 1) == Stream(np.random.SeedSequence(1, spawn_key=(5,))).uniform(
        0, 1
    )


def test_kernels_run_without_a_compiler_too() -> None:
    """The Python source of a kernel is what was compiled."""
    assert exact.sine.py_func(0.5) == exact.sine(0.5)  # type: ignore[attr-defined]


def test_the_cache_folder_is_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CIVID_NUMBA_CACHE", str(tmp_path / "cache"))
    folder = _jit._cache_folder.__wrapped__("lab")
    assert folder is not None
    assert folder.parent == tmp_path / "cache"
    assert not folder.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    folder.chmod(0o777)
    assert _jit._cache_folder.__wrapped__("lab") is None
    monkeypatch.setenv("CIVID_NUMBA_CACHE", "0")
    assert _jit._cache_folder.__wrapped__("lab") is None


def test_works_where_nothing_can_be_cached(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("a file where a folder is wanted")
    code = "from civid.lab.synthetic import exact; print(exact.cosine(0.0))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "CIVID_NUMBA_CACHE": str(blocked)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert float(done.stdout) == pytest.approx(1)
