"""Samples to begin with, by group, each with what reads it."""

from __future__ import annotations

import importlib
import io
import json
from collections.abc import Callable
from contextlib import suppress
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
    #: What is done to it after it was changed, so that not every change ends at the wrapping.
    wrap: Callable[[bytes], bytes] | None = None


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


def made_files() -> list[tuple[str, bytes]]:
    """A small file of every format that is written, by its key; all made here."""
    import numpy as np

    from civid import FingerImage, Position
    from civid.formats import ansi_nist, build, image_records, known
    from civid.formats.cbeff import mosip_xml
    from civid.formats.minutiae.convert import convert
    from civid.formats.qcvn109 import message_xml
    from civid.formats.qcvn109.record import Citizen, Message

    ridges = np.tile(np.arange(72, dtype=np.uint8) % 9 * 28, (64, 1))
    golden = ROOT / "tests" / "golden" / "formats" / "iso19794_2_2005-one-view.bin"
    files = []
    for one in known():
        if one.kind == "picture" and one.writes:
            files.append((one.key, build(FingerImage(ridges, 500), one.key)))
        elif one.kind == "minutiae":
            files.append((one.key, convert(golden.read_bytes(), one.key).data))
    for name in ("ISO/IEC 19794-4:2011", "ISO/IEC 19794-4:2005"):
        how = {"position": 2, "edition_name": name, "payload": "WSQ"}
        files.append((name, build(image_records.encode(ridges, 500, **how))))  # type: ignore[arg-type]
    image = ansi_nist.image_record(ridges, idc=1, position=2, dpi=500, source="civid", day=DAY)
    sent = ansi_nist.build_transaction(
        "CAR", DAY, origin="A", destination="B", control_number="1", records=[image]
    )
    files.append(("ansi-nist-itl", build(sent)))
    sealed = mosip_xml.Record((mosip_xml.segment(files[0][1], Position.RIGHT_INDEX),))
    files.append(("mosip-cbeff-xml", build(sealed)))
    message = Message((Citizen("046301123456", sex="2"),))
    files.append(("qcvn109", message_xml.build(message)))
    return files


def front_door() -> list[Seed]:
    """Every format through the one door: read, taken apart, its image, another format of it."""
    from civid import formats, read_image
    from civid.errors import CividError
    from civid.fingerprint.conversion import convert

    def through(data: bytes) -> object:
        for call in (
            formats.parse,
            lambda raw: formats.inspect(raw, unwrap=True).to_dict(),
            lambda raw: read_image(raw, dpi=500),
            lambda raw: convert(raw, "ansi378-2009" if raw[:3] == b"FMR" else "png", dpi=500),
        ):
            with suppress(CividError):
                call(data)
        return formats.detect(data)

    return [Seed("door", data, through) for _, data in made_files()]


def wrapped() -> list[Seed]:
    """A small record in everything that files come wrapped in."""
    import base64
    import gzip
    import zipfile

    from civid import formats

    record = (ROOT / "tests" / "golden" / "formats" / "iso19794_2_2005-one-view.bin").read_bytes()
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("a.iso", record)
    files = (
        base64.b64encode(record),
        record.hex().encode(),
        b"data:;base64," + base64.b64encode(record),
        gzip.compress(record, mtime=0),
        gzip.compress(base64.b64encode(archive.getvalue()), mtime=0),
        archive.getvalue(),
    )

    def read(data: bytes) -> object:
        return formats.parse(data, unwrap=True)

    # Of the record in them half of the changes are; checksums and letters are then right.
    wraps = (
        base64.b64encode,
        lambda data: data.hex().encode(),
        lambda data: b"data:;base64," + base64.b64encode(data),
        lambda data: gzip.compress(data, 1, mtime=0),
    )
    return [
        *(Seed("wrapped", data, read) for data in files),
        *(Seed("wrapped", record, read, wrap) for wrap in wraps),
    ]


SEEDS: dict[str, Callable[[], list[Seed]]] = {
    "pictures": pictures,
    "records": records,
    "chip": chip,
    "mrz-qr": texts,
    "csv": tables,
    "json": documents,
    "door": front_door,
    "wrapped": wrapped,
}
