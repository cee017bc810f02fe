"""Two records of ISO/IEC 39794-4, and their DER as another encoder wrote it.

The bytes come from asn1tools 0.169.0 with a module put together from the ISO/IEC 39794-1 module
that ICAO publishes and from the type definitions of part 4 that JMRTD cites; the values went in
by the names of the module, so that tags, order and forms are not our own.
"""

from __future__ import annotations

from civid.formats.image_records.iso39794_4_2019 import (
    Annotation,
    Coded,
    DateTime,
    Device,
    ExtendedData,
    Pad,
    PadScore,
    Point,
    Quality,
    Record,
    RegistryId,
    Representation,
    SamplingRate,
    Segment,
    Segmentation,
    Version,
)

_PNG = b"\x89PNG\r\n\x1a\n"
_FAILED = Coded(0)
_FAILED_EXTENDED = Coded(0, extended=True)

SHORT = Record(
    (
        Representation(Coded(7), Coded(0), Coded(1), b"\xff\xa0"),
        Representation(Coded(999, extended=True), Coded(29), Coded(0, extended=True), b""),
    )
)

EVERY_BLOCK = Record(
    representations=(
        Representation(
            position=Coded(13),
            impression=Coded(24, extended=True),
            image_format=Coded(4),
            image=_PNG + bytes(140),
            captured=DateTime(2024, 2, 29, 23, 59, 58, 999),
            device=Device(
                RegistryId(1, 65535), Coded(22), (RegistryId(257, 1), RegistryId(300, 2))
            ),
            qualities=(
                Quality(RegistryId(257, 128), 100),
                Quality(RegistryId(257, 129), _FAILED),
                Quality(RegistryId(257, 130), _FAILED_EXTENDED),
            ),
            sampling=SamplingRate(197, 1),
            position_computed=True,
            original_rotation=359,
            rotated_to_vertical=False,
            lossily_compressed=True,
            segmentations=(
                Segmentation(
                    RegistryId(9, 8),
                    (
                        Segment(
                            Coded(2),
                            (Point(0, 0), Point(65535, 128)),
                            255,
                            (Quality(RegistryId(7, 6), 0),),
                            _FAILED,
                        ),
                        Segment(Coded(3), ()),
                    ),
                ),
            ),
            annotations=(Annotation(Coded(4), Coded(2)), Annotation(Coded(5), Coded(1, True))),
            pad=Pad(
                Coded(0),
                (PadScore(RegistryId(26, 27), 3), PadScore(RegistryId(26, 28), _FAILED)),
                (ExtendedData(RegistryId(1, 2), b"\0\1"),),
                Coded(2),
                Coded(4, extended=True),
                50,
                Coded(1),
                b"parameter",
                (b"one", b""),
                DateTime(2024),
            ),
            comments=("a comment", "", "~ !"),
            vendor_data=(ExtendedData(RegistryId(65535, 1), b"vendor"),),
        ),
    ),
    version=Version(3, 2019),
)

EVERY_BLOCK_DER = bytes.fromhex(
    """
    64820244a007800103810207e3a182023730820233a00380010da105a103800118a20380010483819489504e
    470d0a1a0a000000000000000000000000000000000000000000000000000000000000000000000000000000
    0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000
    0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000
    00000000000000000000000000a417800207e881010282011d83011784013b85013a860203e7a523a0088001
    01810300ffffa103800116a21230078002010181010130078002012c810102a639300fa00880020101810200
    80a1038001643011a0088002010181020081a105a1038001003013a0088002010181020082a107a105a10380
    0100a707800200c58101018801ff890201678a01008b01ffac4d304ba006800109810108a1413036a0038001
    02a11330068001008101003009800300ffff81020080820200ffa30f300da006800107810106a103800100a4
    05a1038001003007a003800103a100ad1a300aa003800104a103800102300ca003800105a105a103800101ae
    65a003800100a120300da00680011a81011ba103800103300fa00680011a81011ca105a103800100a20e300c
    a00680010181010281020001a303800102a405a103800104850132a6038001018709706172616d65746572a8
    0704036f6e650400a904800207e8af121a096120636f6d6d656e741a001a037e2021b0143012a008800300ff
    ff810101810676656e646f72
    """
)

SHORT_DER = bytes.fromhex(
    """
    6438a007800103810207e3a12d3013a003800107a103800100a2038001018302ffa03016a006a104800203e7
    a10380011da205a1038001008300
    """
)
