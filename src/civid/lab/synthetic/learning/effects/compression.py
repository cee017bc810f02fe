"""Loss by compression: the picture is written and read again."""

from __future__ import annotations

import io

import numpy as np
import numpy.typing as npt

from civid.lab.synthetic.learning.conditions import Sensor


def apply(pixels: npt.NDArray[np.uint8], sensor: Sensor) -> npt.NDArray[np.uint8]:
    """The picture as it comes back; JPEG's bits are those of the installed library."""
    if sensor.compression == "none":
        return pixels
    if sensor.compression == "wsq":
        from civid.formats.image_files import wsq

        # 0.75 bit a pixel is about 15:1.
        data = wsq.encode(pixels, ppi=None, bitrate=min(6.0, 0.75 * 15 / sensor.ratio))
        return np.ascontiguousarray(wsq.decode(data, wsq.parse(data)))
    from PIL import Image

    file = io.BytesIO()
    quality = round(min(95.0, max(8.0, 118 - 30 * sensor.ratio**0.45)))
    Image.fromarray(pixels).save(file, "JPEG", quality=quality)
    file.seek(0)
    with Image.open(file) as image:
        return np.asarray(image.convert("L")).copy()
