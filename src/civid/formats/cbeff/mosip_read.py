"""Elements -> records of MOSIP's CBEFF XML, in the order of its schema."""

from __future__ import annotations

from typing import Any

from civid.formats.cbeff.mosip_record import (
    BIAS_NAMESPACE,
    BdbInfo,
    Bir,
    BirInfo,
    Quality,
    RegistryId,
    Version,
)
from civid.formats.cbeff.xml_values import blob, number, truth, words
from civid.formats.safe_xml import Children


def read_bir(children: Children) -> Bir:
    """A ``BIR`` and those inside it."""
    version, cbeff_version = _version(children, "Version"), _version(children, "CBEFFVersion")
    info = children.one("BIRInfo", required=True)
    block = children.one("BDBInfo")
    signature = children.one("SBInfo")
    birs = children.all("BIR")
    made: dict[str, Any] = {
        "version": version,
        "cbeff_version": cbeff_version,
        "info": BirInfo(None) if info is None else _info(children.inside(info)),
        "block": None if block is None else _block(children.inside(block)),
        "signature_format": None,
        "birs": tuple(read_bir(children.inside(one, at + 1)) for at, one in enumerate(birs)),
        "data": blob(children, "BDB"),
        "signature": blob(children, "SB"),
    }
    if signature is not None:
        inside = children.inside(signature)
        made["signature_format"] = _registry(inside, "Format")
        inside.end()
    others, listed = _others(children)
    return Bir(**made, others=others, others_listed=listed, extras=children.rest())


def _version(children: Children, name: str) -> Version | None:
    found = children.one(name)
    if found is None:
        return None
    inside = children.inside(found)
    numbers = number(inside, "Major", required=True), number(inside, "Minor", required=True)
    inside.end()
    return Version(numbers[0] or 0, numbers[1] or 0)


def _info(children: Children) -> BirInfo:
    return BirInfo(
        creator=children.text("Creator"),
        index=children.text("Index"),
        payload=blob(children, "Payload"),
        integrity=truth(children, "Integrity", required=True),
        creation_date=children.text("CreationDate"),
        not_valid_before=children.text("NotValidBefore"),
        not_valid_after=children.text("NotValidAfter"),
        extras=children.rest(),
    )


def _block(children: Children) -> BdbInfo:
    return BdbInfo(
        challenge_response=blob(children, "ChallengeResponse"),
        index=children.text("Index"),
        format=_registry(children, "Format"),
        encryption=truth(children, "Encryption"),
        creation_date=children.text("CreationDate"),
        not_valid_before=children.text("NotValidBefore"),
        not_valid_after=children.text("NotValidAfter"),
        types=words(children, "Type"),
        subtypes=words(children, "Subtype"),
        level=children.text("Level"),
        product=_registry(children, "Product"),
        capture_device=_registry(children, "CaptureDevice"),
        feature_extraction_algorithm=_registry(children, "FeatureExtractionAlgorithm"),
        comparison_algorithm=_registry(children, "ComparisonAlgorithm"),
        compression_algorithm=_registry(children, "CompressionAlgorithm"),
        purpose=children.text("Purpose"),
        quality=_quality(children),
        extras=children.rest(),
    )


def _registry(children: Children, name: str) -> RegistryId | None:
    if children.space == BIAS_NAMESPACE:
        owner, kind = children.text(f"{name}Owner"), children.text(f"{name}Type")
        return None if owner is None and kind is None else RegistryId(owner or "", kind or "")
    found = children.one(name)
    if found is None:
        return None
    inside = children.inside(found)
    made = RegistryId(
        inside.text("Organization", required=True) or "", inside.text("Type", required=True) or ""
    )
    inside.end()
    return made


def _quality(children: Children) -> Quality | None:
    if children.space == BIAS_NAMESPACE:
        score = number(children, "Quality")
        return None if score is None else Quality(score)
    found = children.one("Quality")
    if found is None:
        return None
    inside = children.inside(found)
    algorithm = _registry(inside, "Algorithm")
    score, failed = number(inside, "Score"), inside.text("QualityCalculationFailed")
    inside.end()
    return Quality(score, algorithm, failed)


def _others(children: Children) -> tuple[tuple[tuple[str, str], ...], bool]:
    found: list[tuple[str, str]] = []
    lists = children.all("others")
    for element in lists:
        inside = children.inside(element)
        for entry in inside.all("entry"):
            key = entry.attribute("key")
            if key is None:
                inside.complain("entry", "has no key", entry.offset)
            if entry.children:
                inside.complain("entry", "holds elements where text should be", entry.offset)
            found.append((key or "", entry.text))
        inside.end()
    listed = [] if lists else children.all("Others")
    for element in listed:
        inside = children.inside(element)
        found.append((inside.text("Key") or "", inside.text("Value") or ""))
        inside.end()
    return tuple(found), bool(listed)
