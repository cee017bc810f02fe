"""``civid enrol``: one citizen at a counter, step by step, to be gone on with at any time."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from civid.cli.commands.register.opening import (
    As,
    For,
    GalleryPath,
    RegisterKeysFile,
    Where,
    opened,
)
from civid.cli.console.options import AUTO, AsJson, Dpi, Method, extraction_of
from civid.cli.console.output import Output
from civid.cli.console.problems import Exit, Problem, usage
from civid.cli.language.choice import Language, spoken
from civid.cli.language.sentences import say
from civid.position import Position

if TYPE_CHECKING:
    from civid.fingerprint.parameters import ExtractionParameters
    from civid.register import Register
    from civid.register.enrolment.enrolment import Enrolment
    from civid.register.enrolment.frames import Frame

_CONFIRM = "Are these data right, and has the citizen confirmed them?"
#: The option by which the command is given what a step needs.
_NEEDS = {
    "confirm": "--confirm",
    "prints": "--prints FOLDER, --missing FINGER=REASON",
    "portrait": "--portrait FILE",
    "sign": "--signed",
    "hand_over": "--hand-over",
}
_SUFFIXES = (".png", ".bmp", ".jpg", ".jpeg", ".tif", ".tiff", ".jp2", ".wsq", ".pgm")


def enrol(
    register: Where,
    number: Annotated[
        str | None, typer.Argument(metavar="NUMBER", help="Personal number or CMND, old or new.")
    ] = None,
    dossier: Annotated[
        str | None, typer.Option("--dossier", metavar="ID", help="Go on with this dossier.")
    ] = None,
    unit: Annotated[str, typer.Option(metavar="UNIT", help="Unit of the counter.")] = "",
    procedure: Annotated[
        str, typer.Option("--procedure", help="first, renewal or reissue.")
    ] = "first",
    confirm: Annotated[
        bool, typer.Option("--confirm", help="The citizen has confirmed the data.")
    ] = False,
    prints: Annotated[
        Path | None,
        typer.Option(
            "--prints",
            metavar="FOLDER",
            help="Scans: rolled_right_thumb.png ... for rolled fingers, flat_right_index.png ..."
            " for those of the flat frames.",
        ),
    ] = None,
    missing: Annotated[
        list[str] | None,
        typer.Option(
            "--missing",
            metavar="FINGER=REASON",
            help="A finger that gives no print: left-ring=amputated; bandaged, injured, worn ...",
        ),
    ] = None,
    portrait: Annotated[
        Path | None, typer.Option("--portrait", metavar="FILE", help="Picture of the face.")
    ] = None,
    signed: Annotated[
        bool, typer.Option("--signed", help="The citizen has read and signed the form.")
    ] = False,
    hand_over: Annotated[
        bool, typer.Option("--hand-over", help="Give the appointment slip out; the end.")
    ] = False,
    keys: RegisterKeysFile = None,
    gallery: GalleryPath = None,
    who: As = None,
    purpose: For = "",
    method: Method = AUTO,
    dpi: Dpi = None,
    as_json: AsJson = False,
) -> int:
    """Enrol a citizen of a register for a card: as many of the six steps as what is given allows.

    Everything is kept at once; go on later, or at another station, with --dossier. At a terminal
    the scans of the prints are asked for one by one. (A gallery without a register is filled with
    civid enroll.) Exit code 0: nothing is left, or the step that was asked for is done; 1: the
    dossier waits for a correction.
    """
    if (number is None) == (dossier is None):
        raise usage("give the number of a person, or --dossier to go on")
    out, language = Output(as_json=as_json), spoken().value
    lost = [_missing(text) for text in missing or ()]
    with opened(register, keys=keys, who=who, unit=unit, purpose=purpose, gallery=gallery) as one:
        made = (
            one.enrolment(dossier=dossier)
            if dossier is not None
            else _begun(one, str(number), procedure, unit)
        )
        out.note(f"{say('dossier')}: {made.reference}")
        if made.step == "check":
            _check(made, out)
        if made.step == "confirm" and (confirm or _asked(out, say(_CONFIRM))):
            made.confirm()
        if made.step == "prints":
            for position, reason in lost:
                made.missing(position, reason)
            _prints(made, out, prints, dpi, extraction_of(method))
        if made.step == "portrait" and portrait is not None:
            made.portrait(_bytes(portrait))
        if made.step == "sign":
            form = made.receipt(language=language)
            if signed:
                made.sign(form)
            else:
                _lines(out, form.text)
        slip = ""
        if made.step == "hand_over" and hand_over:
            slip = made.hand_over(language=language)
            _lines(out, slip)
        if as_json:
            out.json(made.standing.to_dict() | {"slip": slip})
        else:
            out.note(_where(made))
            if not made.blocked and made.step in _NEEDS:
                out.note(f"  {say('give')}: {_NEEDS[made.step]}")
        return Exit.NOTHING if made.blocked else Exit.DONE


def _where(made: Enrolment) -> str:
    """Where an enrolment stands, in a sentence."""
    if made.blocked:
        return say("the dossier waits for a correction")
    if made.step is None:
        done = say("nothing is left at the counter")
        return done + "; " + say("the dossier waits for a decision") if made.waits else done
    vi = spoken() is Language.VI
    step = made.step.vietnamese if vi else made.step.replace("_", " ")
    frame = made.next_frame
    more = f" ({frame.name})" if frame is not None and made.step == "prints" else ""
    return f"{say('next')}: {step}{more}"


def _about(rule: str) -> str:
    """What a rule of `civid.people.findings` objects to, in a sentence."""
    from civid.people.findings.rules import rules

    found = rules()[rule]
    return found.title if spoken() is Language.VI else found.doc.rstrip(".")


def _lines(out: Output, text: str) -> None:
    if not out.as_json:
        out.print(*text.splitlines())


def _check(made: Enrolment, out: Output) -> None:
    found = made.check()
    if not out.as_json:
        out.print(f"{found.person.name}, {found.person.citizen.text('birth')}")
    for finding in found.lacking:
        out.note(f"{say('lacking, no card without it')}: {_about(finding.rule)}")
    for finding in found.doubts:
        out.note(f"{say('ask about')}: {_about(finding.rule)}")


def _asked(out: Output, question: str) -> bool:
    if out.as_json or not sys.stdin.isatty():
        return False
    return typer.confirm(question)


def _begun(register: Register, number: str, procedure: str, unit: str) -> Enrolment:
    """A dossier opened for somebody; one that is open already is named, to be gone on with."""
    from civid.errors import AlreadyInRegisterError
    from civid.register.identity.dossier import ENDED

    person = register.person(number)
    try:
        return register.enrolment(person, procedure=procedure, unit=unit or None)
    except AlreadyInRegisterError as error:
        there = [one for one in register.dossiers.of(person.reference) if one.state not in ENDED]
        if not there:
            raise
        raise Problem(
            "already-in-register", str(error), f"go on with: --dossier {there[-1].reference}"
        ) from error


def _missing(text: str) -> tuple[Position, str]:
    from civid.register.enrolment.frames import MissingReason

    finger, _, reason = text.partition("=")
    if reason not in set(MissingReason):
        raise usage(f"--missing {text}: expected FINGER=REASON, one of {', '.join(MissingReason)}")
    return _position(finger), reason


def _position(name: str) -> Position:
    try:
        return Position[name.strip().replace("-", "_").upper()]
    except KeyError:
        raise usage(f"{name}: no such finger; expected right-thumb to left-little") from None


def _prints(
    made: Enrolment,
    out: Output,
    folder: Path | None,
    dpi: float | None,
    by: ExtractionParameters | None,
) -> None:
    """Capture what the folder has, then ask; finish when no frame is left."""
    import civid

    tried: set[str] = set()
    while (frame := made.next_frame) is not None:
        wanted = frame.wanted(tuple(made.dossier.missing))
        files = {} if folder is None else _files(folder, frame, wanted)
        if len(files) < len(wanted) or frame.name in tried:
            if not (sys.stdin.isatty() and not out.as_json):
                return
            files = _ask(frame, wanted)
            if not files:
                return
        tried.add(frame.name)
        images = {position: civid.read_image(file, dpi=dpi) for position, file in files.items()}
        told = made.capture(frame, images, parameters=by)
        again = "" if told.done else ", " + say("capture it again")
        out.note(f"{frame.name}: {say('quality')} {told.quality}{again}")
        for advice in told.advice(spoken().value):
            out.note(f"  {advice}")
    made.finish_prints()


def _files(folder: Path, frame: Frame, wanted: tuple[Position, ...]) -> dict[Position, Path]:
    kind = "rolled" if frame.rolled else "flat"
    found = {}
    for position in wanted:
        for suffix in _SUFFIXES:
            path = folder / f"{kind}_{position.name.lower()}{suffix}"
            if path.exists():
                found[position] = path
                break
    return found


def _ask(frame: Frame, wanted: tuple[Position, ...]) -> dict[Position, Path]:
    found = {}
    typer.echo(f"{frame.name} ({frame.vietnamese})", err=True)
    for position in wanted:
        text = typer.prompt(f"  {position.name.lower()}", default="", show_default=False, err=True)
        if not text.strip():
            return {}
        found[position] = Path(text.strip())
    return found


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        reason = (error.strerror or "cannot be read").lower()
        raise Problem("unreadable-file", f"{path}: {reason}", "check the path") from error
