"""SourceAFIS (Java, https://sourceafis.machinezoo.com), which the user has fetched from Maven."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from civid.fingerprint.image import FingerImage
from civid.fingerprint.template import MAX_MINUTIAE, MINUTIA_DTYPE, Template
from civid.lab.metrics import FAILED
from civid.lab.peers import java


class _Shared:
    """The one process of all extractors and matchers."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._batch: java.Batch | None = None
        self.ids: dict[tuple[bool, bytes], int] = {}

    def batch(self) -> java.Batch:
        with self._lock:
            if self._batch is None:
                self._batch = java.Batch()
            return self._batch

    def close(self) -> None:
        with self._lock:
            if self._batch is not None:
                self._batch.close()
            self._batch = None
            self.ids.clear()


_shared = _Shared()


class SourceAfisExtractor:
    """SourceAFIS' extractor; its templates are its own CBOR."""

    def __init__(self) -> None:
        java.tool("java", "install a JDK, 17 or later")
        self.version = java.version()

    def __call__(self, image: FingerImage) -> bytes:
        (made,) = self.many([image])
        if isinstance(made, RuntimeError):
            raise made
        return made

    def many(self, images: Sequence[FingerImage]) -> list[bytes | RuntimeError]:
        """Many at a time, on all cores."""
        return _shared.batch().extract([(one.dpi, _png(one)) for one in images])

    def minutiae(self, template: bytes) -> Template:
        """What a template holds; without qualities, the best 255 cannot be told from others."""
        fields = json.loads(_shared.batch().show(template))
        x, y = (np.array(fields[name], np.float64) for name in ("positionsX", "positionsY"))
        angle = -np.array(fields["directions"], np.float64)  # SourceAFIS counts clockwise
        minutiae = np.zeros(len(x), MINUTIA_DTYPE)
        minutiae["x"], minutiae["y"] = x, y
        minutiae["angle"] = np.mod(angle, 2 * np.pi)
        minutiae["kind"] = [2 if kind == "B" else 1 for kind in fields["types"]]
        width = max(int(fields["width"]), int(x.max(initial=0)) + 1)
        height = max(int(fields["height"]), int(y.max(initial=0)) + 1)
        return Template(minutiae[:MAX_MINUTIAE], quality=0, width=width, height=height)

    def close(self) -> None:
        """End the Java process."""
        _shared.close()


class SourceAfisMatcher:
    """SourceAFIS' matcher: on its own templates, or on civid's by way of ISO/IEC 19794-2:2005."""

    def __init__(self) -> None:
        java.tool("java", "install a JDK, 17 or later")
        self.version = java.version()

    def __call__(self, probe: bytes | Template, reference: bytes | Template) -> float:
        return float(self.many(probe, [reference])[0])

    def many(
        self, probe: bytes | Template, references: Sequence[bytes | Template]
    ) -> npt.NDArray[np.float64]:
        """Many at a time, on all cores."""
        first, *others = self._ids([probe, *references])
        scores = np.full(len(others), FAILED)
        good = [k for k, one in enumerate(others) if one >= 0]
        if first >= 0 and good:
            scores[good] = _shared.batch().match(first, [others[k] for k in good])
        return scores

    def close(self) -> None:
        """End the Java process."""
        _shared.close()

    def _ids(self, templates: Sequence[bytes | Template]) -> list[int]:
        """Loading a template costs more than a comparison, so each is loaded once."""
        keys = [_key(one) for one in templates]
        new = list(dict.fromkeys(key for key in keys if key not in _shared.ids))
        if new:
            _shared.ids.update(zip(new, _shared.batch().load(new), strict=True))
        return [_shared.ids[key] for key in keys]


def _png(image: FingerImage) -> bytes:
    """The image as a file, which is what SourceAFIS' users give it.

    Java brightens grey files as it reads them, and SourceAFIS is the better for it: given the
    pixels themselves, its EER on FVC2002 DB3_B is 11.4 % instead of 7.5 %.
    """
    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(image.pixels).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def _key(template: bytes | Template) -> tuple[bool, bytes]:
    if isinstance(template, Template):
        return True, template.to_iso19794_2()
    if isinstance(template, bytes):
        return False, template
    raise TypeError("SourceAFIS compares its own templates and civid's")


__all__ = ["SourceAfisExtractor", "SourceAfisMatcher"]
