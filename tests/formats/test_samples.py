"""The conformance samples of other projects; two are the worked examples of their standards."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from civid.errors import FormatError
from civid.formats import detect

FMR = [
    # name, module, minutiae of each view, fields that are wrong in the file
    ("ANSI-INCITS-378_2004__Appendix-B2_Example.raw", "ansi378_2004", [27, 22], set()),
    # Another version, a wrong length, and angles that belong to the ISO standard.
    (
        "ansi378v2004-sample.dat",
        "ansi378_2004",
        [27, 22],
        {"version", "length of record", "minutia angle"},
    ),
    ("fmr.ansi2004", "ansi378_2004", [27, 22, 28], {"length of record"}),
    ("ansi378v2009-sample.dat", "ansi378_2009", [27, 22], {"length of record"}),
    ("ansi378v2009am1-sample.dat", "ansi378_2009", [27, 22], set()),
    # A draft with another header: nothing is read from it, and it is said.
    (
        "fmr.ansi2007",
        "ansi378_2009",
        [],
        {"reserved byte", "length of record", "number of finger views"},
    ),
    (
        "ISO-19794-2_2005__Appendix-C2_Example.raw",
        "iso19794_2_2005",
        [27, 22],
        {"length of record"},
    ),
    ("iso19794p2v2005-sample.dat", "iso19794_2_2005", [27, 22], set()),
    (
        "fmr.iso2005",
        "iso19794_2_2005",
        [27, 22],
        {"extended data block length", "extended data"},
    ),
    ("iso19794p2v2011-sample.dat", "iso19794_2_2011", [27, 22], {"representation number"}),
]


@pytest.mark.parametrize(("name", "module_name", "counts", "faults"), FMR)
def test_minutiae(
    data: Path, name: str, module_name: str, counts: list[int], faults: set[str]
) -> None:
    content = (data / "formats" / "fmr" / name).read_bytes()
    module = importlib.import_module(f"civid.formats.minutiae.{module_name}")
    assert detect(content) == module.NAME
    record = module.parse(content)
    assert [len(view.minutiae) for view in record.views] == counts
    if counts:
        # All are the same two fingers, in other units of angle.
        assert [view.position for view in record.views][:2] == [7, 2]
        assert record.views[0].minutiae[0][:3] == (1, 100, 14)
        assert record.views[0].minutiae[0].quality == 90
    assert {finding.field for finding in record.warnings} == faults
    if faults:
        with pytest.raises(FormatError):
            module.parse(content, strict=True)
    else:
        assert module.build(module.parse(content, strict=True)) == content


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("fir/**/*Face*.iso", "ISO/IEC 19794-5 (a face image)"),
        ("fir/**/*Iris*.iso", "ISO/IEC 19794-6 (an iris image)"),
        ("fir/**/*Thumb*.iso", "ISO/IEC 19794-4:2011"),
        ("wsq/*.wsq", "a WSQ image"),
        ("wsq/*.jp2", "a JPEG 2000 image"),
        ("images/probe.png", "a PNG image"),
        ("images/probe.bmp", "a BMP image"),
        ("images/iso-*.dat", "ISO/IEC 19794-2:2005"),
        ("images/gray-*.dat", None),
    ],
)
def test_detect(data: Path, pattern: str, name: str | None) -> None:
    paths = list((data / "formats").glob(pattern))
    assert paths
    assert {detect(path.read_bytes()) for path in paths} == {name}
