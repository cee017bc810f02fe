"""What a biometric data block (BDB) is, by the numbers of its owner.

Numbers: the register of CBEFF block formats (IBIA) for ISO/IEC JTC 1/SC 37 (257), and
NIST SP 800-76-1 table 8 for INCITS M1 (27).
"""

from __future__ import annotations

#: ISO/IEC JTC 1/SC 37, and INCITS M1.
SC37, M1 = 0x0101, 0x001B

_KINDS: dict[tuple[int, int], str] = {
    (SC37, 1): "finger minutiae, ISO/IEC 19794-2",
    (SC37, 2): "finger minutiae, ISO/IEC 19794-2",
    (SC37, 7): "a finger image, ISO/IEC 19794-4",
    (SC37, 8): "a face image, ISO/IEC 19794-5",
    (SC37, 9): "an iris image, ISO/IEC 19794-6",
    (M1, 0x0201): "finger minutiae, ANSI/INCITS 378",
    (M1, 0x0401): "a finger image, ANSI/INCITS 381",
    (M1, 0x0501): "a face image, ANSI/INCITS 385",
}
#: What organisations are called in files that should give their numbers.
_OWNERS = {"257": SC37, "mosip": SC37, "27": M1}


def block_kind(owner: int | str, kind: int | str) -> str:
    """What a block is, in words.

    Parameters
    ----------
    owner : int or str
        Number of the organisation; MOSIP writes its own name for 257.
    kind : int or str
        Number of the format among those of this owner.

    Examples
    --------
    >>> block_kind(257, 7), block_kind("Mosip", "8"), block_kind(5, 6)
    ('a finger image, ISO/IEC 19794-4', 'a face image, ISO/IEC 19794-5', 'a block of another kind')
    """
    number = owner if isinstance(owner, int) else _OWNERS.get(owner.strip().lower())
    text = str(kind).strip()
    if number is None or not (text.isascii() and text.isdigit() and len(text) < 10):
        return "a block of another kind"
    return _KINDS.get((number, int(text)), "a block of another kind")
