"""What a trained network says of a print, in place of the extraction's own fields.

`NetworkExtractor` is a plug-in for `civid.lab.evaluation`: a print through the network, its fields
through `civid.lab.train.fields.extract_with`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from civid.fingerprint.image import FingerImage
from civid.fingerprint.template import Template
from civid.lab.digest import file_digest
from civid.lab.train.features import features
from civid.lab.train.fields import LONGEST, SHORTEST, Fields, extract_with
from civid.lab.train.fit import load
from civid.lab.train.network import torch
from civid.lab.train.prints import MIDDLE
from civid.lab.train.truth import KINDS


def predict(
    network: Any,
    image: FingerImage,
    kinds: tuple[str, ...] = KINDS,
    *,
    look_again: bool = False,
    name: str = "network",
) -> Fields:
    """The fields of a print, as a network of `civid.lab.train.network` finds them.

    Parameters
    ----------
    network : FieldsNetwork
        From `civid.lab.train.fit.load`.
    kinds : tuple of str
        Which of `KINDS` to hand over; the extraction finds the others itself.
    look_again : bool
        See `Fields`.
    """
    seen = torch.from_numpy(features(image))
    with torch.inference_mode():
        out = network(seen[None])[0].numpy()
    # The length of a direction says how sure it is; the filters take the direction alone.
    length = np.hypot(out[1], out[2])
    direction = out[1:3] / np.maximum(length, 1e-6)
    period = np.clip(np.exp(out[3]) * np.float32(MIDDLE), SHORTEST, LONGEST)
    return Fields(
        name,
        np.clip(direction, -1, 1) if "direction" in kinds else None,
        period if "period" in kinds else None,
        out[0] > 0 if "mask" in kinds else None,
        look_again,
    )


class NetworkExtractor:
    """`civid.extract` on the fields of a network; for `civid.lab.peers.System`.

    Parameters
    ----------
    weights : Path
        What `civid.lab.train.fit` wrote.
    kinds, look_again
        See `predict`.
    """

    parallel = False

    def __init__(
        self, weights: Path, kinds: tuple[str, ...] = KINDS, *, look_again: bool = False
    ) -> None:
        self._network, self._kinds, self._look_again = load(weights), kinds, look_again
        self._digest = file_digest(weights)[:12]
        self.version = f"{self._digest}-{'-'.join(kinds)}-{look_again}"

    def __call__(self, image: FingerImage) -> Template:
        fields = predict(
            self._network, image, self._kinds, look_again=self._look_again, name=self._digest
        )
        return extract_with(image, fields)
