"""Slaps: a picture of several fingers (ảnh bốn ngón, hai ngón cái) cut into single prints."""

from civid.fingerprint.slaps.card import segment_card
from civid.fingerprint.slaps.model import (
    Box,
    Fault,
    Finding,
    Hand,
    Slap,
    SlapFinger,
    SlapPosition,
)
from civid.fingerprint.slaps.segmentation import segment

__all__ = [
    "Box",
    "Fault",
    "Finding",
    "Hand",
    "Slap",
    "SlapFinger",
    "SlapPosition",
    "segment",
    "segment_card",
]
