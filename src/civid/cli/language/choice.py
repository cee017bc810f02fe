"""Which language the command speaks: ``--lang`` anywhere, CIVID_LANG, or that of the desktop."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum

from civid.cli.console.problems import usage

OPTION = "--lang"
VARIABLE = "CIVID_LANG"


class Language(StrEnum):
    """Language of what is printed for people. JSON is English in every language."""

    EN = "en"
    VI = "vi"


_chosen: Language | None = None


def spoken(default: Language = Language.EN) -> Language:
    """The language that was asked for, by whichever way; else the default."""
    return default if _chosen is None else _chosen


@contextmanager
def speaking(language: Language | None) -> Iterator[None]:
    """Speak a language as long as the block runs; None = nobody asked for one."""
    global _chosen
    before, _chosen = _chosen, language
    try:
        yield
    finally:
        _chosen = before


def without_option(words: Sequence[str]) -> tuple[list[str], str | None]:
    """The words of a command line without ``--lang``, and what it said last.

    >>> without_option(["--lang", "vi", "number", "1"])
    (['number', '1'], 'vi')
    """
    left, asked = list[str](), None
    rest = iter(words)
    for word in rest:
        if word == "--":
            return [*left, word, *rest], asked
        option, equals, value = word.partition("=")
        if option != OPTION:
            left.append(word)
        else:
            asked = value if equals else next(rest, "")
    return left, asked


def chosen(asked: str | None, environment: Mapping[str, str]) -> Language | None:
    """The language out of ``--lang`` and the environment; None = neither names one of ours.

    Without ``--lang`` and CIVID_LANG the variables count that other programs follow (LANGUAGE,
    LC_ALL, LC_MESSAGES, LANG): a Vietnamese desktop speaks Vietnamese. English is nobody's wish,
    so that it leaves the pages for clerks in Vietnamese.

    Raises
    ------
    Problem
        ``--lang`` names another language.

    >>> chosen(None, {"CIVID_LANG": "vi"})
    <Language.VI: 'vi'>
    >>> chosen(None, {"LANG": "vi_VN.UTF-8"})
    <Language.VI: 'vi'>
    >>> chosen("en", {"LANG": "vi_VN.UTF-8"})
    <Language.EN: 'en'>
    """
    if asked is not None:
        if asked not in list(Language):
            raise usage(f"{OPTION}: expected vi or en")
        return Language(asked)
    named = environment.get(VARIABLE, "").lower()
    if named[:2] in list(Language):
        return Language(named[:2])
    return Language.VI if _of_the_desktop(environment) == "vi" else None


def _of_the_desktop(environment: Mapping[str, str]) -> str:
    """The first language that the locale names and we have, as gettext reads the variables."""
    names = (environment.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    locale = next((name for name in names if name), "C")
    if locale.partition(".")[0] in ("C", "POSIX"):
        return ""
    wished = [*environment.get("LANGUAGE", "").split(":"), locale]
    return next((one[:2] for one in wished if one[:2] in list(Language)), "")
