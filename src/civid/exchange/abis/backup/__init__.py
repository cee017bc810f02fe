"""Backups (sao lưu) of an engine's folder: ledger and gallery of one moment, while it is used."""

from civid.exchange.abis.backup.manifest import AbisCopy
from civid.exchange.abis.backup.place import copies
from civid.exchange.abis.backup.restoring import restore
from civid.exchange.abis.backup.taking import BackupReport, backup

__all__ = ["AbisCopy", "BackupReport", "backup", "copies", "restore"]
