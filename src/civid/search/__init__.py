"""Galleries: who is already here?"""

from civid.search.fusion import fuse
from civid.search.gallery import Gallery
from civid.search.metadata import Metadata
from civid.search.operating_point import fpir, threshold
from civid.search.refreshing import Refreshed
from civid.search.results import Candidate, Duplicate, FingerEvidence, Verification

__all__ = [
    "Candidate",
    "Duplicate",
    "FingerEvidence",
    "Gallery",
    "Metadata",
    "Refreshed",
    "Verification",
    "fpir",
    "fuse",
    "threshold",
]
