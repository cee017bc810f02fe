"""ANSI/NIST-ITL transactions (AN2, EFT): the verbs of a format, and its images and minutiae."""

from civid.formats.ansi_nist.images import Entry, decode, images
from civid.formats.ansi_nist.make import build_transaction
from civid.formats.ansi_nist.make_images import image_record, missing_record
from civid.formats.ansi_nist.minutiae import Features, make_type9, minutiae
from civid.formats.ansi_nist.transaction import (
    KEY,
    MAX_BYTES,
    NAME,
    BinaryRecord,
    Finding,
    Head,
    TaggedRecord,
    Transaction,
    build,
    parse,
    sniff,
    validate,
)

__all__ = [
    "KEY",
    "MAX_BYTES",
    "NAME",
    "BinaryRecord",
    "Entry",
    "Features",
    "Finding",
    "Head",
    "TaggedRecord",
    "Transaction",
    "build",
    "build_transaction",
    "decode",
    "image_record",
    "images",
    "make_type9",
    "minutiae",
    "missing_record",
    "parse",
    "sniff",
    "validate",
]
