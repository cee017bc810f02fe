"""Backups (sao lưu) of a register: with its galleries, of one moment, while it is used."""

from civid.register.backup.manifest import GalleryPart, RegisterCopy
from civid.register.backup.place import copies
from civid.register.backup.restoring import restore
from civid.register.backup.taking import BackupReport

__all__ = ["BackupReport", "GalleryPart", "RegisterCopy", "copies", "restore"]
