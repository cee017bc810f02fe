"""The command ``civid``: parse, call, print."""

import sys

from civid.errors import UnavailableError


def main() -> None:
    """Run the command; the entry point that is installed as ``civid``."""
    try:
        from civid.cli.app import app
    except UnavailableError as error:  # CIVID_ISA names what is not here: no command can run
        from civid.cli.console.guard import report

        sys.exit(report(error, sys.argv[1:]))
    app(prog_name="civid")


__all__ = ["main"]
