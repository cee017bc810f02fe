"""The door to `asn1crypto`: the LDS security object, and every way it fails as one error."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from civid.errors import CividError, FormatError
from civid.extras import need

#: icao-mrtd-security-ldsSecurityObject (Doc 9303-10 section 4.6.2).
LDS_SECURITY_OBJECT = "2.23.136.1.1.1"
HASHES = ("sha1", "sha224", "sha256", "sha384", "sha512")
_WHY = "reading signatures of chips"


def asn1(module: str) -> Any:
    """One module of asn1crypto."""
    return need(f"asn1crypto.{module}", _WHY)


@contextmanager
def damaged(name: str) -> Iterator[None]:
    """Turn what asn1crypto raises on damaged data into `FormatError`."""
    try:
        yield
    except CividError:
        raise
    except (
        ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError
    ):  # fmt: skip
        raise FormatError("is damaged", field=name) from None


@cache
def security_object() -> Any:
    """The ASN.1 class of LDSSecurityObject."""
    core, algos = asn1("core"), asn1("algos")
    sequence, sequence_of = core.Sequence, core.SequenceOf

    class DataGroupHash(sequence):  # type: ignore[misc, valid-type]
        _fields = [  # noqa: RUF012
            ("number", core.Integer),
            ("value", core.OctetString),
        ]

    class DataGroupHashes(sequence_of):  # type: ignore[misc, valid-type]
        _child_spec = DataGroupHash

    class LdsVersionInfo(sequence):  # type: ignore[misc, valid-type]
        _fields = [  # noqa: RUF012
            ("lds_version", core.PrintableString),
            ("unicode_version", core.PrintableString),
        ]

    class LdsSecurityObject(sequence):  # type: ignore[misc, valid-type]
        _fields = [  # noqa: RUF012
            ("version", core.Integer),
            ("hash_algorithm", algos.DigestAlgorithm),
            ("hashes", DataGroupHashes),
            ("version_info", LdsVersionInfo, {"optional": True}),
        ]

    return LdsSecurityObject
