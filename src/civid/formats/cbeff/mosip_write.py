"""Records -> elements of MOSIP's CBEFF XML, in the order of its schema."""

from __future__ import annotations

from civid.formats.cbeff.mosip_record import (
    BIAS_NAMESPACE,
    BdbInfo,
    Bir,
    BirInfo,
    Quality,
    RegistryId,
    Version,
)
from civid.formats.cbeff.xml_values import leaf, leaf_blob, leaf_truth
from civid.formats.safe_xml import Element
from civid.formats.safe_xml.children import with_rest


def write_bir(bir: Bir, space: str) -> Element:
    """A ``BIR`` and those inside it."""
    known = _version("Version", bir.version, space)
    known += _version("CBEFFVersion", bir.cbeff_version, space)
    known.append(_info(bir.info, space))
    if bir.block is not None:
        known.append(_block(bir.block, space))
    if bir.signature_format is not None:
        inside = tuple(_registry("Format", bir.signature_format, space))
        known.append(Element("SBInfo", children=inside, space=space))
    known += [write_bir(one, space) for one in bir.birs]
    known += leaf_blob("BDB", bir.data, space) + leaf_blob("SB", bir.signature, space)
    known += _others(bir, space)
    return Element("BIR", children=with_rest(known, bir.extras), space=space)


def _version(name: str, version: Version | None, space: str) -> list[Element]:
    if version is None:
        return []
    numbers = leaf("Major", str(version.major), space) + leaf("Minor", str(version.minor), space)
    return [Element(name, children=tuple(numbers), space=space)]


def _info(info: BirInfo, space: str) -> Element:
    known = leaf("Creator", info.creator, space)
    known += leaf("Index", info.index, space)
    known += leaf_blob("Payload", info.payload, space)
    known += leaf_truth("Integrity", info.integrity, space)
    known += leaf("CreationDate", info.creation_date, space)
    known += leaf("NotValidBefore", info.not_valid_before, space)
    known += leaf("NotValidAfter", info.not_valid_after, space)
    return Element("BIRInfo", children=with_rest(known, info.extras), space=space)


def _block(block: BdbInfo, space: str) -> Element:
    known = leaf_blob("ChallengeResponse", block.challenge_response, space)
    known += leaf("Index", block.index, space)
    known += _registry("Format", block.format, space)
    known += leaf_truth("Encryption", block.encryption, space)
    known += leaf("CreationDate", block.creation_date, space)
    known += leaf("NotValidBefore", block.not_valid_before, space)
    known += leaf("NotValidAfter", block.not_valid_after, space)
    known += leaf("Type", None if block.types is None else " ".join(block.types), space)
    known += leaf("Subtype", None if block.subtypes is None else " ".join(block.subtypes), space)
    known += leaf("Level", block.level, space)
    known += _registry("Product", block.product, space)
    known += _registry("CaptureDevice", block.capture_device, space)
    known += _registry("FeatureExtractionAlgorithm", block.feature_extraction_algorithm, space)
    known += _registry("ComparisonAlgorithm", block.comparison_algorithm, space)
    known += _registry("CompressionAlgorithm", block.compression_algorithm, space)
    known += leaf("Purpose", block.purpose, space)
    known += _quality(block.quality, space)
    return Element("BDBInfo", children=with_rest(known, block.extras), space=space)


def _registry(name: str, entry: RegistryId | None, space: str) -> list[Element]:
    if entry is None:
        return []
    if space == BIAS_NAMESPACE:
        return leaf(f"{name}Owner", entry.organization or None, space) + leaf(
            f"{name}Type", entry.type or None, space
        )
    both = leaf("Organization", entry.organization, space) + leaf("Type", entry.type, space)
    return [Element(name, children=tuple(both), space=space)]


def _quality(quality: Quality | None, space: str) -> list[Element]:
    if quality is None:
        return []
    score = None if quality.score is None else str(quality.score)
    if space == BIAS_NAMESPACE:
        return leaf("Quality", score, space)
    known = _registry("Algorithm", quality.algorithm, space) + leaf("Score", score, space)
    known += leaf("QualityCalculationFailed", quality.failed, space)
    return [Element("Quality", children=tuple(known), space=space)]


def _others(bir: Bir, space: str) -> list[Element]:
    if bir.others_listed:
        return [
            Element(
                "Others",
                children=(*leaf("Key", key, space), *leaf("Value", value, space)),
                space=space,
            )
            for key, value in bir.others
        ]
    entries = tuple(
        Element("entry", value, attributes=(("key", key),), space=space)
        for key, value in bir.others
    )
    return [Element("others", children=entries, space=space)] if entries else []
