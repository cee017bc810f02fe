"""``civid serve``: duplicate checks over HTTP; its tokens, and its log."""

from __future__ import annotations

import logging
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from civid.cli.commands.exchange.serve_backups import backup, restore
from civid.cli.commands.exchange.serve_osia import (
    CALL_BACK,
    FETCH_FROM,
    INSIDE,
    Origins,
    Outside,
    osia_of,
)
from civid.cli.commands.exchange.serve_tokens import (
    EXTRA,
    PURPOSE,
    ROOM,
    File,
    token,
    tokens_of,
    told,
    verify_log,
)
from civid.cli.console.galleries import read_keys, seen_extractors
from civid.cli.console.options import (
    AUTO,
    Keys,
    Method,
    MinMinutiae,
    MinQuality,
    Quiet,
    extraction_of,
    gate_of,
)
from civid.cli.console.output import Output, counted
from civid.cli.console.problems import Exit, Problem, explain, usage
from civid.cli.language.sentences import say
from civid.errors import CividError
from civid.extras import need

if TYPE_CHECKING:
    from civid.exchange.abis import Abis
    from civid.exchange.service.access import Door
    from civid.exchange.service.access.office_tokens import OfficeTokens
    from civid.exchange.service.log import Journal

Folder = Annotated[
    Path, typer.Argument(metavar="FOLDER", help="Folder of the people; see --create.")
]


class _Serving(TyperGroup):
    """``civid serve FOLDER`` is ``civid serve run FOLDER``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the word in where it was left out."""
        if args and args[0] not in self.commands and args[0] not in ("-h", "--help"):
            args = ["run", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=_Serving,
    help="Duplicate checks over HTTP. civid serve FOLDER is short for civid serve run FOLDER.",
)


@app.callback()
def _group() -> None:
    """Duplicate checks over HTTP. civid serve FOLDER is short for civid serve run FOLDER."""


@app.command(name="run")
def run(
    folder: Folder,
    host: Annotated[
        str, typer.Option(help="Address to listen on. Any but this machine's own needs TLS.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port; 0 takes a free one.", min=0, max=65535)] = 8470,
    create: Annotated[
        bool, typer.Option("--create", help="Make the folder, if there is none.")
    ] = False,
    read_only: Annotated[
        bool,
        typer.Option("--read-only", help="Only look and search, beside the process that writes."),
    ] = False,
    writer: Annotated[
        str, typer.Option(metavar="URL", help="With --read-only: who takes changes.")
    ] = "",
    name: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Host name by which clients call it; repeat it."),
    ] = None,
    certificate: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Certificate for TLS, PEM.")
    ] = None,
    private_key: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Its private key, PEM.")
    ] = None,
    clients: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Authorities of clients, PEM: only theirs are let in."),
    ] = None,
    insecure_behind_proxy: Annotated[
        bool,
        typer.Option(
            "--insecure-behind-proxy",
            help="Plain HTTP beyond this machine: a proxy in front has TLS, and nobody else is on"
            " that network.",
        ),
    ] = False,
    jwks: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Take JWTs, too: public keys of who issues them, a JWK Set or PEM. Needs --issuer"
            " and --audience.",
        ),
    ] = None,
    issuer: Annotated[str, typer.Option(metavar="TEXT", help="What iss of a JWT must be.")] = "",
    audience: Annotated[
        str, typer.Option(metavar="TEXT", help="What aud of a JWT must hold.")
    ] = "",
    tokens: File = None,
    log: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="The log; FOLDER/service/log.jsonl, unless given, of a reader log-PORT.jsonl.",
        ),
    ] = None,
    min_quality: MinQuality = None,
    min_minutiae: MinMinutiae = None,
    method: Method = AUTO,
    per_second: Annotated[
        float, typer.Option(metavar="N", help="Requests a second and token.", min=0.01)
    ] = 50.0,
    body_megabytes: Annotated[
        int, typer.Option(metavar="N", help="Largest body.", min=1, max=64)
    ] = 16,
    osia: Annotated[
        bool, typer.Option("--osia", help="Serve OSIA ABIS 1.6.0 under /v1, too.")
    ] = False,
    call_back: Annotated[Origins, typer.Option(metavar="ORIGIN", help=CALL_BACK)] = None,
    call_back_inside: Annotated[Origins, typer.Option(metavar="ORIGIN", help=INSIDE)] = None,
    fetch_from: Annotated[Origins, typer.Option(metavar="ORIGIN", help=FETCH_FROM)] = None,
    fetch_inside: Annotated[Origins, typer.Option(metavar="ORIGIN", help=INSIDE)] = None,
    docs: Annotated[
        bool,
        typer.Option(
            "--docs", help="Pages to try it out at /docs; they load scripts from elsewhere."
        ),
    ] = False,
    keys: Keys = None,
    quiet: Quiet = False,
) -> int:
    """Serve duplicate checks over HTTP until Ctrl-C: enrol, search, verify, delete.

    Needs the extra named service. Nobody comes in without a token: civid serve token add. One
    process writes; others serve the same folder with --read-only. Every request leaves a line in a
    log that cannot be changed unseen: civid serve verify-log. How to use it:
    docs/howto/duplicate-check-over-http.md.
    """
    need("fastapi", PURPOSE, EXTRA)
    from civid.exchange.service import House
    from civid.exchange.service.bounds import Limits
    from civid.exchange.service.log import Journal
    from civid.exchange.service.server import Tls, listen
    from civid.fingerprint.parameters import extractor_name

    out = Output(as_json=False, quiet=quiet)
    if read_only and create:
        raise usage("a reader makes nothing", "leave out --create or --read-only")
    if private_key is not None and certificate is None:
        raise usage("a private key without a certificate", "give --certificate, too")
    tls = None if certificate is None else Tls(certificate, private_key, None, clients)
    with _engine(folder, keys=keys, create=create, read_only=read_only) as engine:
        kept = tokens_of(folder, tokens)
        doors: tuple[Door, ...] = (kept,)
        if jwks is not None:
            doors += (_jwt(jwks, issuer, audience),)
        standard = f"log-{port}.jsonl" if read_only else "log.jsonl"
        written = log or folder / ROOM / standard
        with _journal(Journal, written) as journal:
            house = House(
                engine, doors, log=journal, read_only=read_only, writer=writer,
                gate=gate_of(min_quality, min_minutiae), extraction=extraction_of(method),
                limits=Limits(
                    body=body_megabytes << 20, per_second=per_second, burst=2 * per_second
                ),
            )  # fmt: skip
            outside = Outside(call_back, call_back_inside, fetch_from, fetch_inside)
            with osia_of(house, folder, keys, outside, wanted=osia) as parts:
                with told(Path(f"{host}:{port}"), "check address, port and certificate"):
                    served = listen(
                        house, host=host, port=port, tls=tls, behind_proxy=insecure_behind_proxy,
                        names=tuple(name or ()), parts=parts, docs=docs,
                    )  # fmt: skip
                out.print(served.address)
                with told(folder):
                    by = extractor_name(house.extraction)
                    _said(out, engine, kept, jwks is not None, read_only, written, by)
                if osia:
                    out.note("OSIA ABIS 1.6.0: /v1/persons, identify, verify, galleries, tasks")
                logging.basicConfig(stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")
                for noisy in ("uvicorn.error", "python_multipart"):  # a line for a stranger's byte
                    logging.getLogger(noisy).setLevel(logging.ERROR)
                served.run()
    return Exit.DONE


def _said(
    out: Output,
    engine: Abis,
    kept: OfficeTokens,
    jwts: bool,
    read_only: bool,
    log: Path,
    by: str,
) -> None:
    usable = sum(not one.revoked and one.until > time.time() for one in kept.all())
    out.note(
        f"{counted(engine.count(), 'person').replace('persons', 'people')} enrolled; "
        + ("looks and searches only" if read_only else "takes changes")
    )
    out.note(f"comes in: who has one of {counted(usable, 'token')}" + (", or a JWT" * jwts))
    if not usable and not jwts:
        out.note("nobody has one yet: civid serve token add FOLDER NAME --scope identify")
    out.note(f"finds minutiae in images by {by}")
    others = [one for one in seen_extractors(engine) if one != by]
    if others:
        told = ", ".join(one or say("an unknown extractor") for one in others)
        out.note(f"has templates by {told}; they are compared with those; --method keeps to one")
    out.note("open to everybody: /health/live, /health/ready, /openapi.json")
    out.note(f"log: {log}")
    out.note("stop with Ctrl-C")


def _engine(folder: Path, *, keys: Path | None, create: bool, read_only: bool) -> Abis:
    from civid.exchange.abis import Abis

    if not create and not folder.exists():
        raise Problem(
            "no-such-gallery",
            f"{folder}: no such folder",
            "check the path, or make one with: civid serve FOLDER --create",
        )
    try:
        return Abis.open(folder, keys=read_keys(keys), create=create, read_only=read_only)
    except CividError as error:
        raise explain(error, folder) or error from error


def _journal(kind: type[Journal], path: Path) -> Journal:
    with told(path, "find out with: civid serve verify-log"):
        return kind.open(path)


def _jwt(path: Path, issuer: str, audience: str) -> Door:
    need("jwt", PURPOSE, EXTRA)
    from civid.exchange.service.access.jwt_tokens import JwtTokens

    if not issuer or not audience:
        raise usage("--jwks needs --issuer and --audience", "tokens of others must not be taken")
    with told(path, "give public keys: a JWK Set, or PEM"):
        return JwtTokens(path, issuer=issuer, audience=audience)


app.command()(backup)
app.command()(restore)
app.command(name="verify-log")(verify_log)
app.add_typer(token, name="token")
