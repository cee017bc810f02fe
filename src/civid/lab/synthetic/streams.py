"""Independent random streams, one for every finger and every impression.

A stream depends on the seed and on its own key only, never on what else was made. Of NumPy's
generator only `random` is used: its doubles are the raw bits of PCG64, the same on every machine
and in every version so far, which NumPy does not promise of the other distributions.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from civid.errors import CividError

Seed = int | np.random.SeedSequence


class SyntheticError(CividError, ValueError):
    """An argument of the synthetic prints is outside its range."""


def sequence(seed: Seed, *key: int) -> np.random.SeedSequence:
    """The seed sequence of `key` below `seed`."""
    if isinstance(seed, np.random.SeedSequence):
        return np.random.SeedSequence(seed.entropy, spawn_key=(*seed.spawn_key, *key))
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
        raise SyntheticError("seed must be a whole number >= 0, or a numpy SeedSequence")
    return np.random.SeedSequence(int(seed), spawn_key=key)


class Stream:
    """Draws for one finger or impression."""

    __slots__ = ("_generator",)

    def __init__(self, seed: Seed, *key: int):
        self._generator = np.random.Generator(np.random.PCG64(sequence(seed, *key)))

    def uniform(self, low: float, high: float) -> float:
        return low + (high - low) * float(self._generator.random())

    def normal(self, mean: float = 0.0, sigma: float = 1.0) -> float:
        """Bell-shaped, within 3.46 sigma: the sum of four uniform draws."""
        draws = self._generator.random(4)
        total = float(draws[0]) + float(draws[1]) + float(draws[2]) + float(draws[3])
        return mean + sigma * (total - 2.0) * 1.7320508075688772

    def below(self, count: int) -> int:
        return min(int(self._generator.random() * count), count - 1)

    def order(self, count: int) -> npt.NDArray[np.int64]:
        """A random order of 0..count-1."""
        return np.argsort(self._generator.random(count), kind="stable")

    def array(self, *shape: int) -> npt.NDArray[np.float64]:
        """Uniform in 0..1."""
        return self._generator.random(shape)

    def noise(self, *shape: int) -> npt.NDArray[np.float32]:
        """Bell-shaped, mean 0, standard deviation 1, within 2.45."""
        draws = self._generator.random((2, *shape), dtype=np.float32)
        bell: npt.NDArray[np.float32] = (draws[0] + draws[1] - np.float32(1)) * np.float32(
            2.4494897
        )
        return bell
