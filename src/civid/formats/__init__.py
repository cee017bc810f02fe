"""Records of the standards: bytes <-> plain typed records. No engine here.

One module a standard and edition, all with the same verbs: ``sniff``, ``parse``, ``validate``,
``build``. `detect` says what bytes look like.
"""

from __future__ import annotations

from civid.formats._detect import detect
from civid.formats._reader import Finding

__all__ = ["Finding", "detect"]
