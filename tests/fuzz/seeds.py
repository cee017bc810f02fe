"""Samples to begin with, by group, each with what reads it."""

from __future__ import annotations

import importlib
import io
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
QR = "046301123456||Nguyễn Thị An|05032001|Nữ|Huế|01082024||||"
ZONE = """IDVNM3011234567046301123456<<5
0103059F2603058VNM<<<<<<<<<<<0
NGUYEN<<THI<AN<<<<<<<<<<<<<<<<"""
DAY = date(2021, 7, 1)


class Seed(NamedTuple):
    """One sample."""

    name: str
    data: bytes
    read: Callable[[bytes], object]


def pictures() -> list[Seed]:
    """One small print in every kind of file."""
    from PIL import Image

    from civid import read_image

    image = Image.radial_gradient("L").resize((48, 40))
    kinds: list[tuple[str, dict[str, object]]] = [
        ("PNG", {}), ("BMP", {}), ("JPEG", {}), ("JPEG", {"progressive": True}), ("GIF", {}),
        ("TIFF", {}), ("TIFF", {"compression": "tiff_lzw"}), ("JPEG2000", {}), ("PPM", {}),
    ]  # fmt: skip
    made = []
    for kind, options in kinds:
        file = io.BytesIO()
        image.save(file, kind, **options)
        made.append(file.getvalue())
    made.append(b"P2 # a comment\n3 2 255\n1 2 3 4 5 6\n")
    return [Seed("picture", data, lambda raw: read_image(raw, dpi=500)) for data in made]


def records() -> list[Seed]:
    """The golden minutiae records of every edition."""
    from civid import Template

    made = []
    for path in sorted((ROOT / "tests" / "golden" / "formats").glob("*.bin")):
        edition = path.name.partition("-")[0]
        parse = importlib.import_module(f"civid.formats.minutiae.{edition}").parse
        made.append(Seed(edition, path.read_bytes(), parse))
        if edition == "iso19794_2_2005":
            made.append(Seed("template", path.read_bytes(), Template.all_from_iso19794_2))
    return made


def chip() -> list[Seed]:
    """The files of a chip."""
    from civid.cards import mrz
    from civid.cards.chip import dg1, dg13, ef_com, face, finger
    from civid.cards.reading import Reading
    from civid.position import Position

    def read(data: bytes) -> object:
        return Reading().add_bytes(data)

    view = finger.FingerView(b"\xff\xa0", Position.RIGHT_THUMB, 300, 400)
    files = [
        dg1.build(mrz.parse(ZONE)),
        dg13.build(dg13.Dg13Record(personal_number="046301123456", father="A", mother="B")),
        ef_com.build([1, 2, 13]),
        importlib.import_module("civid.cards.chip.dg2").build(face.FaceImage(b"\xff\xd8", 30, 40)),
        importlib.import_module("civid.cards.chip.dg3").build((finger.FingerImageRecord((view,)),)),
    ]
    return [Seed("chip", data, read) for data in files]


def texts() -> list[Seed]:
    """Codes and zones."""
    from civid.cards import mrz, qr

    def zone(data: bytes) -> object:
        text = data.decode("utf-8", "replace")
        if len(data) % 32 == 0:  # suggestions take a hundred times as long as reading
            mrz.suggest(text)
        return mrz.parse(text, strict=False)

    def letters(data: bytes) -> object:
        return mrz.letters(data.decode("utf-8", "replace"))

    return [
        Seed("qr", QR.encode(), lambda data: qr.parse(data).warnings),
        Seed("mrz", ZONE.encode(), zone),
        Seed("letters", "Nguyễn Thị Đào".encode(), letters),
    ]


def tables() -> list[Seed]:
    """A register as CSV."""
    from civid.people.findings import check_record
    from civid.people.findings.read_csv import read_csv

    def table(data: bytes) -> object:
        text = io.StringIO(data.decode("utf-8", "replace"), newline="")
        return [one.size for one in read_csv(text, DAY)]

    def row(data: bytes) -> object:
        values = data.decode("utf-8", "replace").split("|")
        return check_record(
            dict(zip(("name", "birth", "number", "sex"), values, strict=False)), DAY
        )

    return [
        Seed("csv", 'name,number,birth\n"Lê An",046301123456,05/03/2001\n'.encode(), table),
        Seed("row", "Nguyễn Thị An|05/03/2001|046301123456|Nữ".encode(), row),
    ]


def documents() -> list[Seed]:
    """JSON of citizens and cards."""
    from civid.cards.models import CardModel
    from civid.people.documents import CitizenModel
    from civid.people.documents.reading import read_json

    claim = {"field": "birth", "text": "05/03/2001", "source": "CITIZEN", "effective": "2020-01-01"}
    card = {"personal_number": "046301123456", "full_name": "Nguyễn Thị An",
            "birth": "2001-03-05", "sex": "F", "issued": "2021-06-10"}  # fmt: skip
    citizen = {"reference": "p-1", "claims": [claim]}
    return [
        Seed("citizen", json.dumps(citizen).encode(),
             lambda data: read_json(CitizenModel, data).to_domain()),
        Seed("card", json.dumps(card, ensure_ascii=False).encode(), CardModel.from_json),
    ]  # fmt: skip


SEEDS: dict[str, Callable[[], list[Seed]]] = {
    "pictures": pictures,
    "records": records,
    "chip": chip,
    "mrz-qr": texts,
    "csv": tables,
    "json": documents,
}
