"""Galleries: who is already here?"""

from civid.search.backends.explanation import SearchExplanation
from civid.search.fusion import fuse
from civid.search.gallery import Gallery
from civid.search.metadata import Metadata
from civid.search.operating_point import OperatingPoint, fpir, threshold
from civid.search.parameters import (
    FusionParameters,
    ParameterFile,
    SearchParameters,
    read_parameters,
)
from civid.search.refreshing import Refreshed
from civid.search.results import Candidate, Duplicate, FingerEvidence, Verification

__all__ = [
    "Candidate",
    "Duplicate",
    "FingerEvidence",
    "FusionParameters",
    "Gallery",
    "Metadata",
    "OperatingPoint",
    "ParameterFile",
    "Refreshed",
    "SearchExplanation",
    "SearchParameters",
    "Verification",
    "fpir",
    "fuse",
    "read_parameters",
    "threshold",
]
