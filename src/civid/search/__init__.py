"""Galleries: who is already here?"""

from civid.search.fusion import fuse
from civid.search.gallery import Gallery
from civid.search.operating_point import OperatingPoint, fpir, threshold
from civid.search.results import Candidate, Duplicate, FingerEvidence

__all__ = [
    "Candidate",
    "Duplicate",
    "FingerEvidence",
    "Gallery",
    "OperatingPoint",
    "fpir",
    "fuse",
    "threshold",
]
