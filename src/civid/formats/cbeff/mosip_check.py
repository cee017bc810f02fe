"""What departs from MOSIP's CBEFF schema, and from the rules of its validator."""

from __future__ import annotations

from collections.abc import Iterator

from civid.formats._reader import Finding
from civid.formats.cbeff.mosip_record import (
    BIAS_NAMESPACE,
    NAMESPACE,
    BdbInfo,
    Bir,
    Quality,
    Record,
    RegistryId,
)
from civid.formats.cbeff.mosip_words import (
    LEVELS,
    PURPOSES,
    SUBTYPE_WORDS,
    TYPES,
    VEIN_WORDS,
    names_fingers,
)
from civid.formats.cbeff.xml_values import DATE_TIME, MAX_NUMBER, UUID

#: Which format belongs to which body part, by MOSIP's validator.
_FORMATS = {"Finger": ("7", "2"), "Iris": ("9",), "Face": ("8",), "ExceptionPhoto": ("8",)}
_REGISTERED = (
    ("Format", "format"),
    ("Product", "product"),
    ("CaptureDevice", "capture_device"),
    ("FeatureExtractionAlgorithm", "feature_extraction_algorithm"),
    ("ComparisonAlgorithm", "comparison_algorithm"),
    ("CompressionAlgorithm", "compression_algorithm"),
)


def check_record(record: Record) -> Iterator[Finding]:
    """Every departure of a record."""
    if record.namespace not in (NAMESPACE, BIAS_NAMESPACE):
        yield Finding("BIR", "stands in another namespace than those of CBEFF")
    if record.whole.birs:
        yield Finding("BIR", "its segments stand beside it, not inside the whole")
    bias = record.namespace == BIAS_NAMESPACE
    yield from _bir(record.whole, "BIR", bias)
    for at, segment in enumerate(record.segments):
        yield from _segment(segment, f"BIR/BIR {at + 1}")
        yield from _bir(segment, f"BIR/BIR {at + 1}", bias)


def _segment(segment: Bir, path: str) -> Iterator[Finding]:
    # A segment has to say what it is of; only one that stands for a missing part has no block.
    if not segment.data and not segment.is_exception and not segment.birs:
        yield Finding(f"{path}/BDB", "is empty, and nothing says that the part is missing")
    block = segment.block
    if block is None:
        if not segment.birs:
            yield Finding(f"{path}/BDBInfo", "is missing")
        return
    if not block.types:
        yield Finding(f"{path}/BDBInfo/Type", "names no part of the body")
    elif block.format is not None:
        wanted = _FORMATS.get(block.types[0], ())
        if block.format.type.strip() not in wanted:
            yield Finding(f"{path}/BDBInfo/Format/Type", "is no format of this part of the body")
    if block.types == ("Finger",) and not names_fingers(block.subtypes):
        yield Finding(f"{path}/BDBInfo/Subtype", "should name a hand and a finger")


def _bir(bir: Bir, path: str, bias: bool) -> Iterator[Finding]:
    for name, version in (("Version", bir.version), ("CBEFFVersion", bir.cbeff_version)):
        if version is not None:
            for part, value in (("Major", version.major), ("Minor", version.minor)):
                if not 0 <= value <= MAX_NUMBER:
                    yield Finding(f"{path}/{name}/{part}", "is not from 0 to 4294967295")
    if bir.info.integrity is None:
        yield Finding(f"{path}/BIRInfo/Integrity", "is missing")
    yield from _stamp(bir.info.index, UUID, f"{path}/BIRInfo/Index", "a UUID")
    for name in ("creation_date", "not_valid_before", "not_valid_after"):
        field = "".join(part.title() for part in name.split("_"))
        yield from _stamp(
            getattr(bir.info, name), DATE_TIME, f"{path}/BIRInfo/{field}", "a date and time"
        )
    if bir.block is not None:
        yield from _block(bir.block, f"{path}/BDBInfo", bias)
    yield from _registered(bir.signature_format, f"{path}/SBInfo/Format", bias)
    keys = [key for key, _ in bir.others]
    if keys and bir.others_listed != bias:
        yield Finding(f"{path}/others", "stands in the form of another edition of the schema")
    if "" in keys or len(set(keys)) != len(keys):
        yield Finding(f"{path}/others", "a key is empty or stands there twice")
    for at, inner in enumerate(bir.birs):
        yield from _segment(inner, f"{path}/BIR {at + 1}")
        yield from _bir(inner, f"{path}/BIR {at + 1}", bias)


def _block(block: BdbInfo, path: str, bias: bool) -> Iterator[Finding]:
    yield from _stamp(block.index, UUID, f"{path}/Index", "a UUID")
    for name in ("creation_date", "not_valid_before", "not_valid_after"):
        field = "".join(part.title() for part in name.split("_"))
        yield from _stamp(getattr(block, name), DATE_TIME, f"{path}/{field}", "a date and time")
    if not set(block.types or ()) <= TYPES:
        yield Finding(f"{path}/Type", "is no part of the body that CBEFF names")
    words = set(block.subtypes or ())
    if not (words <= SUBTYPE_WORDS or words <= VEIN_WORDS):
        yield Finding(f"{path}/Subtype", "has a word that CBEFF does not have")
    if block.level not in (None, *LEVELS):
        yield Finding(f"{path}/Level", f"should be one of {', '.join(LEVELS)}")
    if block.purpose not in (None, *PURPOSES):
        yield Finding(f"{path}/Purpose", f"should be one of {', '.join(PURPOSES)}")
    for field, name in _REGISTERED:
        yield from _registered(getattr(block, name), f"{path}/{field}", bias)
        if bias and name not in ("format", "product") and getattr(block, name) is not None:
            yield Finding(f"{path}/{field}", "has no place in the older schema")
    if block.quality is not None:
        yield from _quality(block.quality, f"{path}/Quality", bias)


def _registered(entry: RegistryId | None, path: str, bias: bool) -> Iterator[Finding]:
    if bias and entry is not None:
        for text in (entry.organization, entry.type):
            if not (text.isascii() and text.isdigit() and int(text[:20]) > 0):
                yield Finding(path, "its owner and type should be numbers above 0")
                return


def _quality(quality: Quality, path: str, bias: bool) -> Iterator[Finding]:
    lowest = -2 if bias else 0
    if quality.score is not None and not lowest <= quality.score <= 100:
        yield Finding(f"{path}/Score", f"is not from {lowest} to 100")
    if bias:
        if quality.score is None or quality.algorithm or quality.failed:
            yield Finding(path, "should be a number in the older schema")
        return
    if quality.algorithm is None:
        yield Finding(f"{path}/Algorithm", "is missing")
    if (quality.score is None) == (quality.failed is None):
        yield Finding(path, "should hold a score, or why there is none")


def _stamp(text: str | None, form: object, path: str, what: str) -> Iterator[Finding]:
    if text is not None and not form.fullmatch(text):  # type: ignore[attr-defined]
        yield Finding(path, f"should be {what}")
