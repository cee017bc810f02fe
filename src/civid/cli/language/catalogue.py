"""The Vietnamese catalogue: message in English -> message in Vietnamese, as gettext keeps it.

It is read at the first word that is said in Vietnamese and never in English.
``docs/cli_messages.py`` writes it; what stands in it is tested against the source.
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import ModuleType

DOMAIN = "civid"
FOLDER = Path(__file__).parents[1] / "locale"


@cache
def vietnamese() -> dict[str, str]:
    """Every message that has a translation."""
    path = FOLDER / "vi" / "LC_MESSAGES" / f"{DOMAIN}.mo"
    with path.open("rb") as file:
        found = gettext.GNUTranslations(file)
    # The whole table is wanted, to look for templates in it; gettext gives single messages.
    messages: dict[str, str] = found._catalog  # type: ignore[attr-defined]
    return {text: said for text, said in messages.items() if text}


@contextmanager
def parser_words() -> Iterator[None]:
    """Let the parser say its own words in Vietnamese (``Usage:``, ``[required]``) in the block.

    It asks gettext for them; some it has asked for when it was imported.
    """
    import typer.rich_utils as page  # in English: it asks for its words once, when it is imported

    before = os.environ.get("LANGUAGE"), gettext.textdomain()
    gettext.bindtextdomain(DOMAIN, str(FOLDER))
    gettext.textdomain(DOMAIN)
    os.environ["LANGUAGE"] = "vi"
    shown = _fixed_words(page)
    try:
        yield
    finally:
        gettext.textdomain(before[1])
        if before[0] is None:
            del os.environ["LANGUAGE"]
        else:
            os.environ["LANGUAGE"] = before[0]
        _restore(page, shown)


def _fixed_words(page: ModuleType) -> dict[str, str]:
    """Translate the constants of the help page; gives what they were."""
    kept = {
        name: value
        for name, value in vars(page).items()
        if name.isupper() and isinstance(value, str) and value in vietnamese()
    }
    for name, value in kept.items():
        setattr(page, name, vietnamese()[value])
    return kept


def _restore(page: ModuleType, kept: dict[str, str]) -> None:
    for name, value in kept.items():
        setattr(page, name, value)
