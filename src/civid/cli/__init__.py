"""The command ``civid``: parse, call, print."""


def main() -> None:
    """Run the command; the entry point that is installed as ``civid``."""
    from civid.cli.app import app

    app(prog_name="civid")


__all__ = ["main"]
