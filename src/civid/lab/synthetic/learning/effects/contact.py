"""What is pressed: outline of the contact, pressure, and the step from touch to ink."""

from __future__ import annotations

import numpy as np

from civid.lab.synthetic.learning.effects.scene import Scene
from civid.lab.synthetic.learning.fields import ramp
from civid.lab.synthetic.learning.ridges.patterns import MIDDLE_X, MIDDLE_Y

#: Half axes of a firm, flat contact on the master, px: to the side, to the tip, to the foot.
HALF, TIP, FOOT = 132.0, 176.0, 245.0


def apply(scene: Scene) -> None:
    """Pressure from the contact's place and size; light pressure at the rim lifts the threshold."""
    contact = scene.condition.contact
    stream = scene.stream("contact")
    length = scene.finger.millimetres
    grown = contact.area * (1 + 0.12 * contact.pressure)
    half = HALF * grown * (1 + stream.normal(0, 0.05))
    tip, foot = (size * grown * (1 + stream.normal(0, 0.06)) for size in (TIP, FOOT))
    middle_x = MIDDLE_X + contact.aside / length + stream.normal(0, 5)
    middle_y = MIDDLE_Y - contact.ahead / length + stream.normal(0, 7)
    a = (scene.x - np.float32(middle_x)) * np.float32(1 / half)
    b = (scene.y - np.float32(middle_y)) * np.where(
        scene.y < middle_y, np.float32(1 / tip), np.float32(1 / foot)
    )
    # Straight sides, a round tip, a long foot.
    a *= a
    press = np.float32(1) - a * (np.float32(0.35) + np.float32(0.65) * a)
    press -= b * b * np.where(b > 0, np.abs(b), np.float32(1))
    ragged = scene.noise(stream, 2.2) + np.float32(0.6) * scene.noise(stream, 0.7)
    press += np.float32(0.07 * contact.rim) * ragged
    scene.press = np.where(scene.inside > 0, press, np.float32(-1))
    # Full pressure is reached soon; near the rim only the tops of ridges touch.
    slack = np.float32(1) - np.clip(scene.press * np.float32(1 / 0.3), 0, 1)
    rim = np.float32(0.55 + 0.45 * min(1.0, contact.rim))
    scene.threshold += rim * slack * slack
    scene.threshold -= np.float32(10) * np.minimum(scene.press, 0)
    if contact.pressure:
        _squeeze(scene)


def _squeeze(scene: Scene) -> None:
    """Firm fingers flatten: valleys narrow, unevenly; light ones touch with their tops."""
    pressure = scene.condition.contact.pressure
    stream = scene.stream("pressure")
    uneven = np.float32(1) + np.float32(0.5) * scene.noise(stream, 4.0)
    firm = np.float32(0.62 if pressure > 0 else 0.45) * np.float32(pressure)
    scene.threshold -= firm * uneven * np.clip(scene.press + np.float32(0.4), 0, 1)


def touch(scene: Scene) -> None:
    """Ink from relief and threshold, by the sensor's softness; moisture's film on top."""
    soft = np.float32(scene.condition.sensor.softness)
    ink = ramp(np.float32(0.5) + (scene.relief - scene.threshold) / soft)
    scene.ink = ink + (np.float32(1) - ink) * scene.film
