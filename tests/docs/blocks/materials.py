"""Prints, records and registers for the pages, made in the current folder.

Fingers are grown once in a process: the first one compiles what grows them.
"""

from __future__ import annotations

from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
#: Of the folder that ``civid demo`` makes: the name of an enrolment, and who it is.
DEMO = {
    "024913741030": 1,
    "068881916130": 1,
    "092842252699": 2,
    "001958515499": 2,
    "096840416611": 3,
    "068926880706": 3,
    "092800010191": 4,
    "048834036646": 5,
    "046827161508": 5,
    "075998423087": 6,
    "079922559820": 6,
    "001964215865": 7,
    "056830067680": 7,
}
FINGERS = (1, 2, 7)


@cache
def finger(person: int, position: int = 2) -> Any:
    """A finger of somebody."""
    from civid.lab import synthetic

    return synthetic.master(100 * person + position)


def pressed(person: int, position: int = 2, seed: int = 1) -> Any:
    """An impression of it, with little to complain about."""
    from civid.lab import synthetic

    return synthetic.impression(finger(person, position), seed, difficulty=0.1).image


def save(image: Any, path: Path) -> None:
    """A PNG file that says its resolution."""
    from PIL import Image

    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(image.pixels).save(path, dpi=(image.dpi, image.dpi))


def readme(_: ExitStack) -> dict[str, Any]:
    """A print, and the templates of two more impressions of the finger."""
    import civid

    save(pressed(1), Path("right-index.png"))
    other, probe = (civid.extract(pressed(1, seed=seed)) for seed in (2, 3))
    return {"other": other, "probe": probe}


def scan(_: ExitStack) -> dict[str, Any]:
    """A print."""
    save(pressed(1), Path("scan.png"))
    return {}


def two_prints(_: ExitStack) -> dict[str, Any]:
    """Two prints of a finger."""
    save(pressed(1), Path("a.png"))
    save(pressed(1, seed=2), Path("b.png"))
    return {}


def image(_: ExitStack) -> dict[str, Any]:
    """A print, in memory."""
    return {"image": pressed(1)}


def demo(_: ExitStack) -> dict[str, Any]:
    """Some of what ``civid demo`` makes."""
    for seed, (number, person) in enumerate(DEMO.items()):
        for position in FINGERS:
            taken = pressed(person, position, seed + 1)
            save(taken, Path("civid-demo/prints") / f"{number}_{position}.png")
    return {}


def folder(_: ExitStack) -> dict[str, Any]:
    """Prints by person and finger: two people are one."""
    for seed, person in enumerate((1, 1, 2)):
        save(pressed(person, 2, seed + 1), Path("prints") / f"p{seed}_right-index.png")
    return {}


def slap(_: ExitStack) -> dict[str, Any]:
    """Four fingers pressed at once."""
    from civid.lab.synthetic.slaps import slap as press

    save(press(5, code=13).image, Path("right-four.png"))
    return {}


def register(stack: ExitStack) -> dict[str, Any]:
    """An empty one, in a folder."""
    from civid.register import Register

    opened = stack.enter_context(Register.open("register", create=True, gallery="gallery"))
    return {"register": opened}


def counter(stack: ExitStack) -> dict[str, Any]:
    """A register that knows one citizen, who has a thumb."""
    from tests.register.citizens import citizen
    from tests.register.enrolment import fingers

    from civid.position import Position

    thumb = Position.RIGHT_THUMB
    names = register(stack)
    names["register"].people.add(citizen(number="046301123456"), unit="46/474")
    return names | {
        "fingers_without_a_print": [one for one in list(Position)[1:] if one is not thumb],
        "position_of_the_thumb": thumb,
        "poor_image": fingers.pressed(1, thumb, 9, fingers.HARD),
        "image": fingers.pressed(1, thumb, 3),
        "another_image": fingers.pressed(1, thumb, 1),
        "portrait_file": fingers.portrait(),
    }


def documents(_: ExitStack) -> dict[str, Any]:
    """The folder docs/ in sight, as in a checkout."""
    Path("docs").symlink_to(ROOT / "docs", target_is_directory=True)
    return {}


def finger_record(_: ExitStack) -> dict[str, Any]:
    """Minutiae of a finger after ISO/IEC 19794-2:2005."""
    import civid

    template = civid.extract(pressed(1))
    return {
        "data": template.to_iso19794_2(),
        "lines": template.to_bytes("xyt"),
        "Position": civid.Position,
    }


def picture_record(_: ExitStack) -> dict[str, Any]:
    """A picture of a finger after ISO/IEC 39794-4:2019."""
    from tests.formats.image_records.iso39794_4_records import SHORT_DER

    return {"data": SHORT_DER}


def transaction(_: ExitStack) -> dict[str, Any]:
    """A transaction with a print, and the print's pixels."""
    from datetime import date

    from civid.formats import ansi_nist

    pixels, day = pressed(1).pixels, date(2026, 1, 2)
    taken = ansi_nist.image_record(pixels, idc=1, position=2, dpi=500, source="VN001", day=day)
    made = ansi_nist.build_transaction(
        "CAR", day, origin="VN001", destination="VN000", control_number="1", records=[taken]
    )
    return {"data": ansi_nist.build(made), "pixels": pixels}


def sets(_: ExitStack) -> dict[str, Any]:
    """A set of prints in the folder of a public one, and the manifest of another."""
    rows = ["path,person,finger,impression"]
    for person in range(1, 6):
        for number in (1, 2):
            name = f"{100 + person}_{number}.png"
            save(pressed(person, 2, number), Path("FVC2002/DB1_B") / name)
            rows.append(f"FVC2002/DB1_B/{name},p{person},{person},{number}")
    Path("manifest.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return {}
