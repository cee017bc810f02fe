"""The command ``civid``: parse, call, print."""

import sys

from civid import __version__
from civid.errors import UnavailableError


def main() -> None:
    """Run the command; the entry point that is installed as ``civid``."""
    if sys.argv[1:] == ["--version"]:  # asked by installers and scripts: without all commands
        print(f"civid {__version__}")
        return
    try:
        from civid.cli.app import called, command_line

        run = command_line(called(sys.argv[1:]))
    except UnavailableError as error:  # CIVID_ISA names what is not here: no command can run
        from civid.cli.console.guard import report

        sys.exit(report(error, sys.argv[1:]))
    except KeyboardInterrupt:  # while the command was still being loaded
        sys.exit(130)
    run(prog_name="civid")


__all__ = ["main"]
