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
from civid.fingerprint.template import MINUTIA_DTYPE, Template
from civid.formats.minutiae import iso19794_2_2005 as iso
from civid.formats.minutiae import iso19794_2_2011 as iso2011
from civid.formats.minutiae.common import Minutia


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

    def minutiae(self, template: bytes) -> Template:
        """What a record holds; its positions are px of the image, which is drawn at 500 dpi."""
        view = iso2011.parse(template).views[0]
        rows = np.array(view.minutiae, np.float64).reshape(-1, 5)
        minutiae = np.zeros(len(rows), MINUTIA_DTYPE)
        minutiae["kind"], minutiae["x"], minutiae["y"] = rows[:, 0], rows[:, 1], rows[:, 2]
        minutiae["angle"] = rows[:, 3] * 2 * np.pi / iso.ANGLES
        return Template(minutiae, quality=0, width=view.width, height=view.height)


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
    """What BOZORTH3 is given: nbis-python reads no minutiae from civid's records of 2005."""
    if not isinstance(template, Template):
        return template
    rows = template.minutiae
    angles = np.rint(np.degrees(rows["angle"].astype(np.float64)) * iso.ANGLES / 360)
    columns = (
        np.where(rows["kind"] == 2, 2, 1),  # it knows endings and bifurcations only
        np.clip(np.rint(rows["x"]), 0, template.width - 1),
        np.clip(np.rint(rows["y"]), 0, template.height - 1),
        angles % iso.ANGLES,
        np.maximum(rows["quality"], 1),
    )
    minutiae = zip(*(column.astype(int).tolist() for column in columns), strict=True)
    view = iso2011.View(
        position=0,
        width=template.width,
        height=template.height,
        qualities=(iso2011.Quality(template.quality),),
        minutiae=tuple(Minutia(*row) for row in minutiae),
    )
    return iso2011.build(iso2011.Record((view,)))
