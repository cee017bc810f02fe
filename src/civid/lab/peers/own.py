"""civid's own extractor and matcher, as plug-ins."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

import civid
from civid import _native
from civid.fingerprint.compare import compare, compare_many
from civid.fingerprint.extract import extract
from civid.fingerprint.image import FingerImage
from civid.fingerprint.parameters import ExtractionParameters
from civid.fingerprint.template import Template
from civid.lab.digest import file_digest
from civid.lab.errors import EvaluationError
from civid.search.fusion import fuse
from civid.search.parameters import SearchParameters


@cache
def engine_version() -> str:
    """civid's version and the hash of its compiled engine: any change of it is another engine."""
    folder = Path(_native.__file__).parent
    compiled = sorted(path for path in folder.iterdir() if path.suffix in (".so", ".pyd"))
    return "-".join([civid.__version__, *(file_digest(path)[:12] for path in compiled)])


def _version(changes: Mapping[str, object]) -> str:
    told = json.dumps(changes, sort_keys=True) if changes else ""
    return f"{engine_version()}{told}"


class CividExtractor:
    """`civid.extract`, with parameters of one's own or the defaults.

    Parameters
    ----------
    parameters : ExtractionParameters, optional
    method : {"auto", "classical", "neural"}
        As for `civid.extract`: "auto" leaves it to the parameters.

    Raises
    ------
    EvaluationError
        The parameters name another method.
    """

    parallel = True

    def __init__(
        self, parameters: ExtractionParameters | None = None, method: str = "auto"
    ) -> None:
        given, self.method = parameters or ExtractionParameters(), method
        if "auto" not in (method, given.method) and method != given.method:
            raise EvaluationError(
                f"the extractor is the {method} one, and the parameters say {given.method}"
            )
        self.parameters = given if method == "auto" else replace(given, method=method)

    def with_parameters(self, parameters: ExtractionParameters) -> CividExtractor:
        """The same method with other parameters."""
        return CividExtractor(parameters, self.method)

    @property
    def version(self) -> str:
        """Of the engine, and what was changed of it."""
        return _version({"method": self.parameters.method, **self.parameters.changes()})

    def __call__(self, image: FingerImage) -> Template:
        return extract(image, self.parameters)


classical = CividExtractor(method="classical")
neural = CividExtractor(method="neural")


class CividMatcher:
    """`civid.compare` and `civid.search.fuse`, with parameters of one's own or the defaults."""

    parallel = True

    def __init__(self, parameters: SearchParameters | None = None) -> None:
        self.parameters = parameters or SearchParameters()

    @property
    def version(self) -> str:
        """Of the engine, and what was changed of it."""
        return _version(self.parameters.changes())

    def __call__(self, probe: Template, reference: Template) -> float:
        return compare(probe, reference, self.parameters.comparison).score

    def many(self, probe: Template, references: Sequence[Template]) -> npt.NDArray[np.float32]:
        """`civid.fingerprint.compare.compare_many`."""
        return compare_many(probe, references, self.parameters.comparison)

    def fuse(self, scores: Sequence[float]) -> float:
        """`civid.search.fusion.fuse`."""
        return fuse(scores, self.parameters.fusion)
