"""The command ``civid``: parse, call, print. Everything it can do is in the library too."""


def main() -> None:
    """Run the command; the entry point that is installed as ``civid``."""
    from civid.cli.app import app

    app(prog_name="civid")


__all__ = ["main"]
