"""Upkeep of galleries in folders: copies, moves, keys, archives, and asking a writer to tidy up."""

from civid.search.upkeep.archive import ArchiveReport, export_subjects, import_subjects
from civid.search.upkeep.backing_up import BackupReport, backup
from civid.search.upkeep.backup_folder import copies
from civid.search.upkeep.compacting import Compaction, compact
from civid.search.upkeep.manifest import Copy
from civid.search.upkeep.moving import move
from civid.search.upkeep.restoring import restore
from civid.search.upkeep.rotating import Rotation, rotate

__all__ = ["ArchiveReport", "BackupReport", "Compaction", "Copy", "Rotation", "backup", "compact",
           "copies", "export_subjects", "import_subjects", "move", "restore", "rotate"]  # fmt: skip
