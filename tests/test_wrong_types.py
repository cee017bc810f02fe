"""Whoever hands over another type is told what was wanted, by an error of civid's (fault B11)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date

import numpy as np
import pytest

import civid
from civid.cards import mrz, qr
from civid.cards.chip import dg1, dg2, dg3, dg13, ef_com, face, finger
from civid.cards.reading import read
from civid.errors import CividError
from civid.fingerprint.compare import compare_many
from civid.fingerprint.conversion import convert
from civid.fingerprint.quality import assess
from civid.formats.image_files import picture, wsq
from civid.formats.minutiae import ansi378_2004, ansi378_2009, iso19794_2_2005, iso19794_2_2011
from civid.formats.minutiae.convert import convert as convert_minutiae
from civid.people import names
from civid.people.findings import check_record

DAY = date(2021, 7, 1)
IMAGE = civid.FingerImage(np.full((100, 100), 255, np.uint8), 500)
TEMPLATE = civid.Template([(10, 20, 1.5, 1, 90)], quality=80, width=300, height=400)
WRONG = [None, "a.png", b"x", 5, 4.5, [1], {}, object(), IMAGE, TEMPLATE, float("nan"),
         10**30, True, (float("inf"),) * 2, ("a", "b"), np.ones(3),
         memoryview(b"abcd")[::2]]  # fmt: skip
PGM = b"P5 2 3 255 " + bytes(6)
XYT = b"10 380 266 90\n"
MINUTIAE = TEMPLATE.to_bytes()
RECORDS = (iso19794_2_2005, iso19794_2_2011, ansi378_2004, ansi378_2009, wsq,
           dg1, dg2, dg3, dg13, ef_com, face, finger)  # fmt: skip
CALLS: dict[str, Callable[..., object]] = {
    **{module.__name__: module.parse for module in RECORDS},
    "extract": civid.extract,
    "assess": assess,
    "read_image": civid.read_image,
    "decode": picture.decode,
    "compare": lambda value: civid.compare(value, TEMPLATE),
    "compare with": lambda value: civid.compare(TEMPLATE, value),
    "compare by": lambda value: civid.compare(TEMPLATE, TEMPLATE, value),
    "parameters of a gallery": lambda value: civid.Gallery(parameters=value),
    "explain": lambda value: civid.Gallery().explain(value),
    "explain with a limit": lambda value: civid.Gallery().explain(TEMPLATE, value),
    "a parameter": lambda value: civid.ComparisonParameters(pair_distance=value),
    "a price": lambda value: civid.FusionParameters(price_any=value),
    "a share": lambda value: civid.SearchParameters(compared_share=value),
    "parameters by names": civid.SearchParameters.from_dict,
    "compare one with many": lambda value: compare_many(TEMPLATE, [value]),
    "compare with many": lambda value: compare_many(value, [TEMPLATE]),
    "from_iso19794_2": civid.Template.from_iso19794_2,
    "resolution": lambda value: civid.FingerImage(IMAGE.pixels, value),
    "minutiae": lambda value: civid.Template(value, 1, 10, 10),
    "enrol": lambda value: civid.Gallery().enroll("a", value),
    "check_record": lambda value: check_record(value, DAY),
    "a value of a record": lambda value: check_record({"number": value}, DAY),
    "canonical": names.canonical,
    "mrz": mrz.parse,
    "mrz lines": lambda value: mrz.parse([value] * 3),
    "qr": qr.parse,
    "card": lambda value: read([value]),
    "view": lambda value: civid.read_image(PGM, 500, view=value),
    "position": lambda value: civid.read_image(PGM, 500, position=value),
    "position of a record": lambda value: TEMPLATE.to_bytes(position=value),
    "impression of a record": lambda value: TEMPLATE.to_bytes(impression=value),
    "resolution of a record": lambda value: TEMPLATE.to_bytes(per_cm=value),
    "format of a record": lambda value: civid.Template.from_bytes(MINUTIAE, format=value),
    "size of a text": lambda value: civid.Template.from_bytes(XYT, format="xyt", size=value),
    "source": lambda value: convert_minutiae(MINUTIAE, "min", source=value),
    **{
        f"{name} of a conversion to {to}": lambda value, data=data, to=to, name=name: convert(
            data, to, **{"source": "xyt" if data == XYT else None, name: value}
        )
        for data, to in ((PGM, "ansi381-2004"), (PGM, "png"), (MINUTIAE, "xyt"), (XYT, "min"))
        for name in ("dpi", "view", "position", "quality", "bitrate", "payload", "product", "size")
    },
}


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("value", WRONG, ids=lambda value: type(value).__name__)
def test_another_type_is_a_typed_error_or_a_result(name: str, value: object) -> None:
    with suppress(CividError):
        CALLS[name](value)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: civid.extract("a.png"), "a FingerImage is wanted, not str"),
        (lambda: civid.compare(IMAGE, IMAGE), "templates are compared, not FingerImage"),
        (lambda: civid.Template.from_iso19794_2(None), "a record is bytes, not NoneType"),
        (lambda: civid.read_image(5), "a path, bytes or a binary file, not int"),
    ],
)
def test_the_error_says_what_was_wanted(call: Callable[[], object], said: str) -> None:
    with pytest.raises(CividError, match=said):
        call()
