"""What MOSIP's CBEFF XML says, as plain records. None is what a file does not say."""

from __future__ import annotations

from dataclasses import dataclass, field

from civid.formats._reader import Finding
from civid.formats.safe_xml import Element

#: ISO/IEC 19785-3 edition 2, and the OASIS BIAS 1.0 profile that MOSIP wrote before 2019.
NAMESPACE = "http://standards.iso.org/iso-iec/19785/-3/ed-2/"
BIAS_NAMESPACE = "http://docs.oasis-open.org/bias/ns/biaspatronformat-1.0/"

#: Elements that the schema does not know, each with its place among its neighbours.
Extras = tuple[tuple[int, Element], ...]


@dataclass(frozen=True, slots=True)
class Version:
    """A version: ``Major`` and ``Minor``."""

    major: int = 1
    minor: int = 1


@dataclass(frozen=True, slots=True)
class RegistryId:
    """An entry of a register: the organisation, and its number or word for the thing."""

    organization: str
    type: str


@dataclass(frozen=True, slots=True)
class Quality:
    """Quality of a block.

    Parameters
    ----------
    score : int or None
        0 to 100; None where it could not be computed, for the reason in ``failed``.
    algorithm : RegistryId or None
        Which measure. MOSIP always writes HMAC and SHA-256 here, whatever it was.
    failed : str or None
    """

    score: int | None
    algorithm: RegistryId | None = None
    failed: str | None = None


@dataclass(frozen=True, slots=True)
class BirInfo:
    """About the envelope (``BIRInfo``). Dates are texts of ``xs:dateTime``, as written."""

    integrity: bool | None = False
    creator: str | None = field(default=None, repr=False)
    index: str | None = field(default=None, repr=False)
    payload: bytes | None = field(default=None, repr=False)
    creation_date: str | None = None
    not_valid_before: str | None = None
    not_valid_after: str | None = None
    extras: Extras = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class BdbInfo:
    """About the block inside (``BDBInfo``).

    Parameters
    ----------
    format : RegistryId or None
        Which record it is; `civid.formats.cbeff.block_kinds.block_kind` reads it.
    types, subtypes : tuple of str, or None
        Body part: ``("Finger",)``; ``("Left", "IndexFinger")``, ``()`` for a face.
    level : str or None
        ``Raw`` (an image), ``Intermediate`` or ``Processed`` (a template).
    purpose : str or None
        ``Enroll``, ``Verify``, ``Identify`` ...
    index : str or None
        A UUID.
    creation_date, not_valid_before, not_valid_after : str or None
        Texts of ``xs:dateTime``, as written.
    """

    format: RegistryId | None = None
    types: tuple[str, ...] | None = None
    subtypes: tuple[str, ...] | None = None
    level: str | None = None
    purpose: str | None = None
    quality: Quality | None = None
    index: str | None = field(default=None, repr=False)
    creation_date: str | None = None
    not_valid_before: str | None = None
    not_valid_after: str | None = None
    encryption: bool | None = None
    product: RegistryId | None = None
    capture_device: RegistryId | None = None
    feature_extraction_algorithm: RegistryId | None = None
    comparison_algorithm: RegistryId | None = None
    compression_algorithm: RegistryId | None = None
    challenge_response: bytes | None = field(default=None, repr=False)
    extras: Extras = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Bir:
    """One biometric information record: a segment, or the whole that holds segments.

    Parameters
    ----------
    data : bytes or None
        The block (``BDB``), untouched: a record of its own standard.
    block : BdbInfo or None
    info : BirInfo
    signature : bytes or None
        The signature block (``SB``).
    others : tuple of (str, str)
        What MOSIP adds, by key: EXCEPTION, RETRIES, SDK_SCORE, FORCE_CAPTURED, CONFIGURED,
        PAYLOAD, SPEC_VERSION.
    others_listed : bool
        An older form: one ``Others`` element a key, with ``Key`` and ``Value`` inside.
    birs : tuple of Bir
    version, cbeff_version : Version or None
    signature_format : RegistryId or None
    """

    data: bytes | None = field(default=None, repr=False)
    block: BdbInfo | None = None
    info: BirInfo = BirInfo()
    signature: bytes | None = field(default=None, repr=False)
    others: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    others_listed: bool = False
    birs: tuple[Bir, ...] = ()
    version: Version | None = Version()
    cbeff_version: Version | None = Version()
    signature_format: RegistryId | None = None
    extras: Extras = field(default=(), repr=False)

    def other(self, key: str) -> str | None:
        """What MOSIP adds under a key, or None."""
        return next((value for name, value in self.others if name == key), None)

    @property
    def is_exception(self) -> bool:
        """Whether it stands for a body part that is missing (EXCEPTION is true)."""
        return (self.other("EXCEPTION") or "").strip().lower() == "true"

    @property
    def retries(self) -> int | None:
        """How often the capture was tried again; None where no number is given."""
        text = (self.other("RETRIES") or "").strip()
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None

    @property
    def sdk_score(self) -> float | None:
        """Quality by the software that captured, 0 to 100; None where no number is given."""
        try:
            score = float((self.other("SDK_SCORE") or "")[:40])
        except ValueError:
            return None
        return score if 0 <= score <= 100 else None


@dataclass(frozen=True, slots=True)
class Record:
    """A whole file.

    Parameters
    ----------
    segments : tuple of Bir
        One a finger, iris or face.
    whole : Bir
        What the outermost ``BIR`` says of all of them; its own ``birs`` are not used.
    namespace : str
        `NAMESPACE`, or `BIAS_NAMESPACE` for files of before 2019.
    warnings : tuple of Finding
        What a tolerant `parse` found and went on from.
    """

    segments: tuple[Bir, ...]
    whole: Bir = Bir()
    namespace: str = NAMESPACE
    warnings: tuple[Finding, ...] = field(default=(), compare=False)
