"""What departs from a call as it should be: missing parts, forms of numbers and days."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from civid.exchange.envelopes.call import MAX_TEXT, TEXTS, Call
from civid.exchange.envelopes.names import Profile
from civid.formats import Finding

_NUMBER, _OLD = re.compile(r"[0-9]{12}"), re.compile(r"[0-9]{9}|[0-9]{12}")
_DAY, _YEAR = re.compile(r"[0-9]{8}"), re.compile(r"[12][0-9]{3}")


def check_call(call: Call, profile: Profile, *, as_built: bool = False) -> Iterator[Finding]:
    """Every departure of a call.

    Parameters
    ----------
    as_built : bool
        What is about to be written: a missing part is left to who answers the call, so that a call
        that was read can be passed on as it came.
    """
    for part in (*TEXTS, "birth_day", "birth_year"):
        text = getattr(call, part)
        if len(text) > MAX_TEXT or text != text.strip():
            yield _of(part, profile, f"has spaces around it, or more than {MAX_TEXT} characters")
    if as_built:
        return
    for part in call.missing():
        yield _of(part, profile, "is missing")
    if not call.asked():
        yield Finding("call", "says of nobody who it is")
    for part, form, what in (
        ("number", _NUMBER, "twelve digits"),
        ("old_number", _OLD, "nine or twelve digits"),
        ("birth_year", _YEAR, "a year of four digits"),
    ):
        text = getattr(call, part)
        if text and not form.fullmatch(text):
            yield _of(part, profile, f"should be {what}")
    if call.birth_day and not _is_day(call.birth_day):
        yield _of("birth_day", profile, "should be a day written YYYYMMDD")
    if call.birth_day and call.birth_year:
        yield _of("birth_year", profile, "stands beside a whole day")


def _of(part: str, profile: Profile, what: str) -> Finding:
    inner = f"{profile.xml('birth')}/" if part.startswith("birth_") else ""
    return Finding(f"call/{inner}{profile.xml(part)}", what)


def _is_day(text: str) -> bool:
    if not _DAY.fullmatch(text):
        return False
    try:
        date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return False
    return True
