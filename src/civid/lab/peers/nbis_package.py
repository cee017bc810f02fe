"""NBIS by way of the package ``nbis-python``, which the user has installed."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from importlib.metadata import version
from typing import Any

import numpy as np
import numpy.typing as npt

from civid.errors import UnavailableError
from civid.fingerprint.image import FingerImage
from civid.fingerprint.template import Template


@cache
def _nbis() -> Any:
    try:
        return import_module("nbis")
    except ModuleNotFoundError:
        raise UnavailableError("NBIS needs nbis-python: pip install nbis-python") from None
    except OSError as error:  # its wheels need a newer C library than their tags say
        raise UnavailableError(
            f"nbis-python is installed but does not load here ({error}); mindtct and bozorth3 on "
            "the PATH do the same: --matcher bozorth3"
        ) from None


@cache
def _engine(dpi: float) -> Any:
    nbis = _nbis()
    return nbis.new_nbis_extractor(
        nbis.NbisExtractorSettings(
            min_quality=0.0,
            get_center=False,
            check_fingerprint=False,
            compute_nfiq2=False,
            ppi=dpi,
        )
    )


class NbisExtractor:
    """MINDTCT; templates are ISO/IEC 19794-2:2011 records."""

    def __init__(self) -> None:
        _nbis()
        self.version = version("nbis-python")

    def __call__(self, image: FingerImage) -> bytes:
        from PIL import Image

        buffer = io.BytesIO()
        Image.fromarray(np.ascontiguousarray(image.pixels)).save(buffer, "PNG")
        found = _engine(image.dpi).extract_minutiae(buffer.getvalue())
        return bytes(found.to_iso_19794_2_2011())


class NbisMatcher:
    """BOZORTH3 on such records, or on civid's templates."""

    def __init__(self) -> None:
        _nbis()
        self.version = version("nbis-python")

    def __call__(self, probe: bytes | Template, reference: bytes | Template) -> float:
        return float(self.many(probe, [reference])[0])

    def many(
        self, probe: bytes | Template, references: Sequence[bytes | Template]
    ) -> npt.NDArray[np.float64]:
        """Many at a time."""
        records = [_record(one) for one in references]
        scores = _engine(500.0).compare_iso_19794_2_2011_batch(_record(probe), records)
        return np.array([float(score) for score in scores])


def _record(template: bytes | Template) -> bytes:
    return template.to_iso19794_2() if isinstance(template, Template) else template
