"""``civid case serve``: the pages on which officers decide."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from civid.cli.commands.case.officer import File, officers_file
from civid.cli.commands.register.opening import As, GalleryPath, RegisterKeysFile, Where, opened
from civid.cli.console.options import Quiet
from civid.cli.console.output import Output
from civid.cli.console.problems import Exit


def serve(
    register: Where,
    host: Annotated[
        str,
        typer.Option(help="Address to listen on. Any but this machine's own needs --certificate."),
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port; 0 takes a free one.", min=0, max=65535)] = 8460,
    certificate: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Certificate for TLS, PEM.")
    ] = None,
    private_key: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Its private key, PEM.")
    ] = None,
    name: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Name under which browsers ask for it; repeat it."),
    ] = None,
    officers: File = None,
    keys: RegisterKeysFile = None,
    gallery: GalleryPath = None,
    who: As = None,
    quiet: Quiet = False,
) -> int:
    """Serve the pages for deciding cases, until Ctrl-C. Accounts: civid case officer add.

    Needs the extra civid\\[pages]. Nothing is loaded from the internet. Officers act with their own
    rights, and everything they look at is in the log of the register.
    """
    from civid.dedup.pages.server import listen

    out = Output(as_json=False, quiet=quiet)
    accounts = officers_file(register, officers)
    with opened(register, keys=keys, who=who, gallery=gallery) as one:
        served = listen(
            one, accounts, host=host, port=port, certificate=certificate,
            private_key=private_key, names=tuple(name or ()),
        )  # fmt: skip
        out.print(served.address)
        out.note("open this address in a browser; stop with Ctrl-C")
        if not accounts.exists():
            out.note("nobody has an account yet: civid case officer add REGISTER NAME")
        served.run()
    return Exit.DONE
