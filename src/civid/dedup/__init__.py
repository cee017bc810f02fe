"""Duplicates: is this person already here? A folder of prints in, a report out."""

from civid.dedup.folder.job import FolderOptions, duplicates_in_folder
from civid.dedup.folder.naming import NamePattern
from civid.dedup.folder.report import DedupReport
from civid.dedup.truth import DuplicateReport, judge

__all__ = [
    "DedupReport",
    "DuplicateReport",
    "FolderOptions",
    "NamePattern",
    "duplicates_in_folder",
    "judge",
]
