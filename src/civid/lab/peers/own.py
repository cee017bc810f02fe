"""civid's own extractor and matcher, as plug-ins."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

import civid
from civid import _native
from civid.fingerprint.compare import compare, compare_many
from civid.fingerprint.extract import extract
from civid.fingerprint.image import FingerImage
from civid.fingerprint.template import Template
from civid.lab.digest import file_digest
from civid.search.fusion import fuse


@cache
def engine_version() -> str:
    """civid's version and the hash of its compiled engine: any change of it is another engine."""
    folder = Path(_native.__file__).parent
    compiled = sorted(path for path in folder.iterdir() if path.suffix in (".so", ".pyd"))
    return "-".join([civid.__version__, *(file_digest(path)[:12] for path in compiled)])


class CividExtractor:
    """`civid.extract`."""

    parallel = True

    @property
    def version(self) -> str:
        """Of the engine."""
        return engine_version()

    def __call__(self, image: FingerImage) -> Template:
        return extract(image)


class CividMatcher:
    """`civid.compare`."""

    parallel = True

    @property
    def version(self) -> str:
        """Of the engine."""
        return engine_version()

    def __call__(self, probe: Template, reference: Template) -> float:
        return compare(probe, reference).score

    def many(self, probe: Template, references: Sequence[Template]) -> npt.NDArray[np.float32]:
        """`civid.fingerprint.compare.compare_many`."""
        return compare_many(probe, references)

    def fuse(self, scores: Sequence[float]) -> float:
        """`civid.search.fusion.fuse`."""
        return fuse(scores)
