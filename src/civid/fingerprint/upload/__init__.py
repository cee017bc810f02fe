"""Uploads (tệp gửi lên): whatever somebody sends with prints in it, read through one door."""

from civid.fingerprint.upload.model import Cut, Upload, UploadedPrint
from civid.fingerprint.upload.reading import (
    MAX_RECORD_BYTES,
    RECORD_SUFFIXES,
    format_of,
    read_upload,
)

__all__ = ["MAX_RECORD_BYTES", "RECORD_SUFFIXES", "Cut", "Upload", "UploadedPrint", "format_of",
           "read_upload"]  # fmt: skip
