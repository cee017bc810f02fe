"""Random numbers inside kernels: a counter-based generator, keyed and the same on every machine.

SplitMix64 (Steele, Lea, Flood 2014): the state is a counter, so a stream costs eight bytes and any
stream is reached at once from its key. Whole numbers and exact doubles only.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from civid._jit import kernel

_STEP = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)
_S30, _S27, _S31, _S11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)


@kernel
def mixed(bits: Any) -> Any:
    """A uint64 of which every bit depends on every bit of `bits`."""
    bits = (bits ^ (bits >> _S30)) * _FIRST
    bits = (bits ^ (bits >> _S27)) * _SECOND
    return bits ^ (bits >> _S31)


@kernel
def below(key: Any, number: int) -> Any:
    """The key of stream `number` under `key`."""
    return mixed(mixed(key + _STEP) ^ ((np.uint64(number) + np.uint64(1)) * _STEP))


@kernel
def uniform(state: Any, low: float, high: float) -> float:
    """Between `low` and `high`; `state` is one uint64 and moves on."""
    state[0] += _STEP
    return low + (high - low) * (float(mixed(state[0]) >> _S11) * 1.1102230246251565e-16)


@kernel
def normal(state: Any, mean: float, sigma: float) -> float:
    """Bell-shaped, within 3.46 sigma: the sum of four uniform draws."""
    total = uniform(state, 0.0, 1.0) + uniform(state, 0.0, 1.0)
    total += uniform(state, 0.0, 1.0) + uniform(state, 0.0, 1.0)
    return mean + sigma * (total - 2.0) * 1.7320508075688772
