"""What ANSI/NIST-ITL calls its fields, and the codes that are shared by the record types."""

from __future__ import annotations

from collections.abc import Mapping

#: Record types that are binary: no tags, but a four-byte length and an image designation.
BINARY_TYPES = frozenset((3, 4, 5, 6, 7, 8))
#: From this type on, field .999 is data of any bytes and stands last.
FIRST_WITH_DATA = 10
DATA = 999

_COMMON = {1: "LEN", 2: "IDC"}
_FRICTION_RIDGE = {
    3: "IMP",
    4: "SRC",
    6: "HLL",
    7: "VLL",
    8: "SLC",
    9: "THPS",
    10: "TVPS",
    11: "CGA",
    12: "BPX",
    13: "FGP",
    16: "SHPS",
    17: "SVPS",
    20: "COM",
    30: "DMM",
    902: "ANN",
    903: "DUI",
    904: "MMS",
    993: "SAN",
    995: "ASC",
    996: "HAS",
    997: "SOR",
    998: "GEO",
    999: "DATA",
}
_FIXED_IMAGE = {3: "IMP", 4: "FGP", 5: "ISR", 6: "HLL", 7: "VLL", 8: "GCA", 9: "DATA"}

_NAMES: Mapping[int, Mapping[int, str]] = {
    1: {
        1: "LEN",
        2: "VER",
        3: "CNT",
        4: "TOT",
        5: "DAT",
        6: "PRY",
        7: "DAI",
        8: "ORI",
        9: "TCN",
        10: "TCR",
        11: "NSR",
        12: "NTR",
        13: "DOM",
        14: "GMT",
        15: "DCS",
        16: "APS",
        17: "ANM",
        18: "GNS",
    },
    3: _FIXED_IMAGE,
    4: _FIXED_IMAGE,
    5: _FIXED_IMAGE | {8: "BCA"},
    6: _FIXED_IMAGE | {8: "BCA"},
    9: {
        3: "IMP",
        4: "FMT",
        5: "OFR",
        6: "FGP",
        7: "FPC",
        8: "CRP",
        9: "DLT",
        10: "MIN",
        11: "RDG",
        12: "MRC",
        14: "FGN",
        15: "NMN",
        16: "FCP",
        17: "APC",
        18: "ROV",
        19: "COF",
        20: "ORN",
        21: "CRA",
        22: "DLA",
        23: "MAT",
        126: "CBI",
        127: "CEI",
        128: "HLL",
        129: "VLL",
        130: "SLC",
        131: "THPS",
        132: "TVPS",
        133: "FVW",
        134: "FGP",
        135: "FQD",
        136: "NOM",
        137: "FMD",
        138: "RCI",
        139: "CIN",
        140: "DIN",
        300: "ROI",
        301: "ORT",
        302: "FPP",
        303: "FSP",
        307: "PAT",
        308: "RQM",
        309: "RQF",
        310: "RFM",
        311: "RWM",
        314: "TRV",
        315: "PLR",
        320: "COR",
        321: "DEL",
        322: "CDR",
        323: "CPR",
        324: "DIS",
        325: "NCOR",
        326: "NDEL",
        331: "MIN",
        332: "MRA",
        333: "MRC",
        334: "NMIN",
        335: "RCC",
        350: "MFD",
        351: "COM",
        352: "LPM",
        353: "EAA",
        354: "EOF",
        355: "LSB",
        356: "LMT",
    },
    13: _FRICTION_RIDGE | {5: "LCD", 14: "SPD", 15: "PPC", 24: "LQM"},
    14: _FRICTION_RIDGE
    | {
        5: "FCD",
        14: "PPD",
        15: "PPC",
        18: "AMP",
        21: "SEG",
        22: "NQM",
        23: "SQM",
        24: "FQM",
        25: "ASEG",
        26: "SCF",
        27: "SIF",
        31: "FAP",
    },
    15: _FRICTION_RIDGE | {5: "PCD", 18: "AMP", 24: "PQM"},
}

#: Grey-scale compression: the number of Types 3 to 6, and the text of the tagged types.
COMPRESSIONS = {
    0: "NONE",
    1: "WSQ20",
    2: "JPEGB",
    3: "JPEGL",
    4: "JP2",
    5: "JP2L",
    6: "PNG",
}

#: Friction ridge positions (FGP) that are more or other than one finger 1..10.
POSITIONS: Mapping[int, str] = {
    0: "unknown finger",
    1: "right thumb",
    2: "right index",
    3: "right middle",
    4: "right ring",
    5: "right little",
    6: "left thumb",
    7: "left index",
    8: "left middle",
    9: "left ring",
    10: "left little",
    11: "plain right thumb",
    12: "plain left thumb",
    13: "plain right four fingers",
    14: "plain left four fingers",
    15: "left and right thumbs",
    16: "right extra digit",
    17: "left extra digit",
    18: "unknown friction ridge",
    19: "entire joint image or tip",
    20: "unknown palm",
    21: "right full palm",
    22: "right writer's palm",
    23: "left full palm",
    24: "left writer's palm",
    25: "right lower palm",
    26: "right upper palm",
    27: "left lower palm",
    28: "left upper palm",
    29: "right palm, other",
    30: "left palm, other",
    31: "right interdigital",
    32: "right thenar",
    33: "right hypothenar",
    34: "left interdigital",
    35: "left thenar",
    36: "left hypothenar",
    37: "right grasp",
    38: "left grasp",
}


def field_name(record_type: int, number: int) -> str:
    """Number and name of a field, as in "14.006 HLL"; the number alone where it has no name.

    >>> field_name(14, 6), field_name(2, 34)
    ('14.006 HLL', '2.034')
    """
    name = _NAMES.get(record_type, {}).get(number) or _COMMON.get(number, "")
    if number == DATA and record_type >= FIRST_WITH_DATA:
        name = "DATA"
    label = f"{record_type}.{number:03d}"
    return f"{label} {name}" if name else label
