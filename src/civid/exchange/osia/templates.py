"""Fingers of an encounter as OSIA's BiometricComputedData, in a format of the standards."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from typing import Final

from civid.exchange.osia.answers import BiometricComputedData
from civid.exchange.osia.faults import unhonoured, unknown
from civid.exchange.osia.vocabulary import (
    POSITIONS,
    SUB_TYPES,
    TEMPLATE_FORMATS,
    BiometricSubType,
    BiometricType,
)
from civid.fingerprint.template import Template
from civid.position import Position

#: What civid's own quality is given as: 0..100, more is better.
QUALITY_FORMAT: Final = "ISO_19794"
DEFAULT_FORMAT: Final = "ISO_19794_2"


def templates_of(
    fingers: Mapping[Position, Template],
    *,
    kind: BiometricType | None = None,
    part: BiometricSubType | None = None,
    instance: str | None = None,
    template_format: str | None = None,
    quality_format: str | None = None,
) -> list[BiometricComputedData]:
    """Those that are asked for, by ascending position.

    Raises
    ------
    Fault
        400: a format that is not made; 404: there is no such sample.

    Examples
    --------
    >>> finger = Template([(10, 20, 1.5, 1, 90)], quality=80, width=300, height=400)
    >>> (made,) = templates_of({Position.RIGHT_INDEX: finger}, template_format="ANSI_378_2009")
    >>> made.biometric_sub_type.value, made.quality
    ('RIGHT_INDEX', 80)
    """
    wanted = template_format or DEFAULT_FORMAT
    if wanted not in TEMPLATE_FORMATS:
        raise unhonoured(f"templateFormat is one of {', '.join(TEMPLATE_FORMATS)}")
    if quality_format not in (None, QUALITY_FORMAT):
        raise unhonoured(f"qualityFormat is {QUALITY_FORMAT}: others are not computed")
    found = []
    if kind in (None, BiometricType.FINGER) and instance is None:
        found = list(_made(fingers, part, wanted))
    if not found:
        raise unknown("record, or it has no such biometrics")
    return found


def _made(
    fingers: Mapping[Position, Template], part: BiometricSubType | None, wanted: str
) -> Iterator[BiometricComputedData]:
    key = TEMPLATE_FORMATS[wanted]
    for position, template in sorted(fingers.items()):
        if part is not None and POSITIONS.get(part) is not position:
            continue
        yield BiometricComputedData(
            biometric_type=BiometricType.FINGER,
            biometric_sub_type=SUB_TYPES[position],
            template=base64.b64encode(template.to_bytes(key, position=position)).decode(),
            template_format=wanted,
            quality=template.quality,
            quality_format=QUALITY_FORMAT,
            algorithm=template.extractor or None,
            vendor="civid" if template.extractor.startswith("civid") else None,
        )
