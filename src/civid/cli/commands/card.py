"""``civid card``: read cards, compute their dates, draw specimens."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from civid.cards.regimes import Area, Procedure
from civid.cli.console.card_show import as_json_document, show
from civid.cli.console.options import AsJson, Quiet
from civid.cli.console.output import Output
from civid.cli.console.problems import Exit, Problem, explain, usage
from civid.cli.console.results import write_bytes
from civid.cli.language.choice import Language, spoken
from civid.cli.language.sentences import say
from civid.errors import CividError, FormatError, ImageError

if TYPE_CHECKING:
    from civid.cards.card import CardRecord
    from civid.cards.reading import Reading

app = typer.Typer(help="Identity cards: read them, compute their dates, draw specimens.")
_MAX_FILE = 64 << 20
_MRZ_LINE = re.compile(r"[A-Z0-9<]{30}|[A-Z0-9<]{36}|[A-Z0-9<]{44}")
Day = Annotated[
    datetime,
    typer.Option(formats=["%Y-%m-%d", "%d/%m/%Y"], help="2001-03-05 or 05/03/2001.", metavar="DAY"),
]


@app.command()
def read(
    what: Annotated[
        list[str],
        typer.Argument(
            metavar="WHAT...",
            help="Of one card: the text of its QR code, the lines of its MRZ, photographs of the "
            "QR code, files of the chip, or text files.",
        ),
    ],
    trust: Annotated[
        list[Path] | None,
        typer.Option(
            help="Certificates of signing authorities (CSCA) to check the chip's EF.SOD by: DER, "
            "PEM bundles, PKCS#7, master lists."
        ),
    ] = None,
    register: Annotated[
        Path | None, typer.Option(help="What the register says, as JSON; compared too.")
    ] = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Read a card. Exit code 0: all agrees, 1: sources contradict, or the chip is not genuine."""
    from civid.cards.reading import Reading

    out, reading = Output(as_json=as_json, quiet=quiet), Reading()
    for one in _joined(what):
        _add(reading, one)
    authentication = None
    if reading.sod is not None and trust:
        from civid.cards.chip.passive import authenticate

        certificates = [_bytes(path) for path in trust]
        authentication = authenticate(reading.sod, reading.groups, certificates)
    elif trust:
        raise usage("--trust checks the signature of a chip", "give the file EF.SOD too")
    found = reading.disagreements(_registered(register) if register is not None else None)
    if as_json:
        out.json(as_json_document(reading, found, authentication))
    else:
        show(out, reading, found, authentication, registered=register is not None)
    bad = any(one.severity == "conflict" for one in found)
    false = authentication is not None and not authentication.genuine
    return Exit.NOTHING if bad or false else Exit.DONE


@app.command()
def expiry(
    birth: Day,
    issued: Day,
    as_json: AsJson = False,
) -> int:
    """Until when a card is valid, by the law in force on the day of issue."""
    from civid.cards.validity import expiry as compute

    out, found = Output(as_json=as_json), compute(birth.date(), issued.date())
    warnings = [{"code": one.code, "message": one.message} for one in found.warnings]
    if as_json:
        out.json({"expires_on": found.on, "age": found.age, "regime": found.regime.name,
                  "postponed": found.postponed, "warnings": warnings})  # fmt: skip
        return Exit.DONE
    end = say("no expiry") if found.on is None else _day(found.on)
    out.print(f"{say('expires')}: {end}  ({say('law')}: {found.regime.name})")
    for warning in warnings:
        out.note(f"{say('note')}: {say(warning['message'])}")
    return Exit.DONE


@app.command()
def due(
    filed: Day,
    procedure: Annotated[Procedure, typer.Option()] = Procedure.FIRST,
    area: Annotated[
        Area, typer.Option(help="City or town, remote (mountains, border, island), other.")
    ] = Area.CITY,
    as_json: AsJson = False,
) -> int:
    """When a card is due that was asked for on a day, in working days."""
    from civid.cards.deadlines import due as compute

    out, found = Output(as_json=as_json), compute(filed.date(), procedure, area)
    if as_json:
        warnings = [{"code": one.code, "message": one.message} for one in found.warnings]
        out.json({"due": found.on, "working_days": found.working_days,
                  "regime": found.regime.name, "warnings": warnings})  # fmt: skip
    else:
        days = f"{found.working_days} {say('working days')}"
        law = f"{say('law')}: {found.regime.name}"
        out.print(f"{say('due')}: {_day(found.on)}  ({days}; {law})")
        for one in found.warnings:
            out.note(f"{say('note')}: {say(one.message)}")
    return Exit.DONE


@app.command()
def specimen(
    record: Annotated[Path, typer.Argument(metavar="RECORD.json", help="A card's data as JSON.")],
    folder: Annotated[
        Path, typer.Option("--output", "-o", help="Where front and back go, as SVG and PNG.")
    ],
    as_json: AsJson = False,
) -> int:
    """Draw both sides of a card, stamped as a specimen."""
    from civid.cards.models import CardModel
    from civid.cards.specimen import draw_png, draw_svg

    out, card = Output(as_json=as_json), CardModel.from_json(_bytes(record))
    written = list[str]()
    drawn = [side.encode("utf-8") for side in draw_svg(card)]
    names = ("front.svg", "back.svg", "front.png", "back.png")
    for name, content in zip(names, (*drawn, *draw_png(card)), strict=True):
        write_bytes(folder / name, content, make_folder=True)
        written.append(str(folder / name))
    if as_json:
        out.json({"files": written})
    else:
        out.print(*written)
    return Exit.DONE


def _registered(path: Path) -> CardRecord:
    from civid.cards.models import CardModel

    return CardModel.from_json(_bytes(path))


def _joined(words: list[str]) -> list[str]:
    # The lines of one zone may come as one word or as three.
    lines = [word for word in words if _MRZ_LINE.fullmatch(word.strip())]
    if len(lines) < 2:
        return words
    return [*(word for word in words if word not in lines), "\n".join(lines)]


def _add(reading: Reading, word: str) -> None:
    is_text = "|" in word or "<" in word or "\n" in word
    try:
        if is_text:
            reading.add_text(word)
        else:
            reading.add_bytes(_bytes(Path(word)))
    except ImageError as error:
        advice = "photograph the QR code from nearer, in good light"
        raise Problem("unreadable-image", f"{word}: {error}", advice) from error
    except FormatError as error:
        if is_text and "|" not in word and (advice := _advice(word)):
            problem = Problem("unreadable-record", str(error), advice)
            raise problem from error
        raise (error if is_text else explain(error, word) or error) from error
    except CividError as error:
        raise (explain(error) or error) from error


def _advice(text: str) -> str:
    from civid.cards.mrz import suggest

    found = suggest(text)
    if not found:
        return ""
    return "perhaps it says: " + " ".join(found[0].lines)


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > _MAX_FILE:
            message = f"{path}: more than {_MAX_FILE >> 20} MiB"
            raise Problem("unreadable-file", message)
        return path.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        shown = str(path) if len(str(path)) < 80 else "what was given"
        problem = explain(error, shown) if isinstance(error, OSError) else None
        if problem is None or len(str(path)) >= 80:
            raise usage(
                f"{shown}: neither a file nor the text of a card",
                "put the text of the QR code in quotes",
            ) from error
        raise problem from error


def _day(day: date) -> str:
    return day.isoformat() if spoken() is Language.EN else f"{day:%d/%m/%Y}"
