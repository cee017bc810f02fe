"""The sensor: point spread, light, grey levels, and the noise of its kind."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from civid.lab.synthetic.learning.conditions import SensorKind
from civid.lab.synthetic.learning.effects.scene import Scene
from civid.lab.synthetic.learning.fields import Plane, blur, ramp


def expose(scene: Scene) -> npt.NDArray[np.uint8]:
    """Grey values of the ink."""
    sensor = scene.condition.sensor
    ink = blur(scene.ink, sensor.blur * scene.millimetre)
    light = scene.stream("light")
    ground: Plane = _ground(scene) + _uneven(scene, 7.0 * sensor.light)
    ridge: Plane = np.full(scene.shape, sensor.ridge, np.float32)
    if sensor.light:
        # Where light or sensitivity is low, ridges are grey.
        ridge = ridge + np.float32(9 * sensor.light) * scene.noise(light, 5.0)
    grey = ground + (ridge - ground) * ink
    if sensor.noise:
        grey = _noisy(scene, grey, ink)
    out: npt.NDArray[np.uint8] = np.clip(grey + np.float32(0.5), 0, 255).astype(np.uint8)
    return out


def _ground(scene: Scene) -> Plane:
    """Valleys under the finger, the empty sensor beside it, and a soft step between the two."""
    sensor = scene.condition.sensor
    near = ramp(np.float32(0.75) + scene.press * np.float32(2.5))
    ground: Plane = np.float32(sensor.empty) + np.float32(sensor.ground - sensor.empty) * near
    return ground


def _uneven(scene: Scene, size: float) -> Plane:
    """A slope and slow waves; zero for size 0."""
    if not size:
        return np.zeros(scene.shape, np.float32)
    stream = scene.stream("light")
    stream.array(4)
    height, width = scene.shape
    down = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    across = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    slope = np.float32(stream.normal(0, 0.5)) * down + np.float32(stream.normal(0, 0.5)) * across
    uneven: Plane = np.float32(size) * (slope + np.float32(0.5) * scene.noise(stream, 6.0))
    return uneven


def _noisy(scene: Scene, grey: Plane, ink: Plane) -> Plane:
    """Grain of every sensor, and what its kind adds."""
    sensor = scene.condition.sensor
    stream = scene.stream("noise")
    height, width = scene.shape
    strength = np.float32(sensor.noise)
    size = strength * np.float32(stream.uniform(1.0, 4.0))
    # Ridges scatter unevenly: there is more of it on them.
    grain = size * (np.float32(1) + np.float32(stream.uniform(0.5, 4.0)) * ink)
    grey = grey + grain * stream.noise(height, width)
    grey = grey + np.float32(stream.uniform(0, 16)) * strength * ink * scene.noise(stream, 0.06)
    if sensor.kind is SensorKind.CAPACITIVE:
        # Columns and rows have amplifiers of their own; cells differ.
        columns = stream.noise(1, width) * strength * np.float32(stream.uniform(1.0, 4.0))
        rows = stream.noise(height, 1) * strength * np.float32(stream.uniform(0.5, 2.5))
        cells = stream.noise(height, width) * strength * np.float32(stream.uniform(1.0, 8.0))
        grey = grey + columns + rows + cells * (np.float32(0.25) + ink)
    elif sensor.kind is SensorKind.SWEEP:
        # Slices of some rows, each with its own level and contrast.
        slices = stream.noise(height // 6 + 1, 2).repeat(6, axis=0)[:height]
        level = slices[:, :1] * strength * np.float32(stream.uniform(0.5, 4.0))
        gain = np.float32(1) + slices[:, 1:] * strength * np.float32(0.04)
        middle = np.float32((sensor.ground + sensor.ridge) / 2)
        columns = stream.noise(1, width) * strength * np.float32(2)
        grey = middle + (grey - middle) * gain + level + columns
    elif sensor.kind is SensorKind.INK:
        # Paper takes ink unevenly, and has fibres.
        paper = scene.noise(stream, 0.12) + np.float32(0.8) * scene.noise(stream, 0.3)
        starved = ramp(scene.noise(stream, 0.16) * np.float32(0.5) - np.float32(0.45))
        pale = np.float32(255 - sensor.ridge) * np.float32(0.45) * strength
        grey = grey + strength * np.float32(3.5) * paper + np.minimum(pale, 120) * starved * ink
    return grey
