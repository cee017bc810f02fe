"""Upkeep of galleries: copies, moves, keys, archives, new extraction, tidying beside a writer."""

from civid.search.upkeep.archive import ArchiveReport, export_subjects, import_subjects
from civid.search.upkeep.backing_up import BackupReport, backup
from civid.search.upkeep.backup_folder import copies
from civid.search.upkeep.compacting import Compaction, compact
from civid.search.upkeep.manifest import Copy
from civid.search.upkeep.moving import move
from civid.search.upkeep.re_extracting import (
    Kept,
    Left,
    Outdated,
    ReExtraction,
    Unusable,
    outdated,
    re_extract,
)
from civid.search.upkeep.restoring import restore
from civid.search.upkeep.rotating import Rotation, rotate

__all__ = ["ArchiveReport", "BackupReport", "Compaction", "Copy", "Kept", "Left", "Outdated",
           "ReExtraction", "Rotation", "Unusable", "backup", "compact", "copies", "export_subjects",
           "import_subjects", "move", "outdated", "re_extract", "restore", "rotate"]  # fmt: skip
