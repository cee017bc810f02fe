"""Card formats of ISO/IEC 19794-2:2005, clause 8: minutiae for comparison on a card.

No header, no image size, no quality: minutiae one after the other, of 5 bytes (``normal``) or of 3
(``compact``), bare or in a biometric data template. A card says in its parameters how many it
takes and in which order.
"""

from __future__ import annotations

from civid.formats.minutiae.card.parameters import (
    Order,
    Parameters,
    build_parameters,
    parse_parameters,
)
from civid.formats.minutiae.card.record import Record, Wrapping

__all__ = ["Order", "Parameters", "Record", "Wrapping", "build_parameters", "parse_parameters"]
