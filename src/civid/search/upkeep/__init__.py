"""Upkeep of galleries in folders: copies, moves, keys, archives, and asking a writer to tidy up."""

from civid.search.upkeep.backing_up import BackupReport, backup
from civid.search.upkeep.backup_folder import copies
from civid.search.upkeep.compacting import Compaction, compact
from civid.search.upkeep.manifest import Copy
from civid.search.upkeep.restoring import restore

__all__ = ["BackupReport", "Compaction", "Copy", "backup", "compact", "copies", "restore"]
