"""Text -> record: shape, alphabet, check digits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from civid.cards.mrz.check_digit import ALPHABET, check_digit
from civid.cards.mrz.layout import LAYOUTS, TD1, TD2, Check, Layout, Place
from civid.cards.mrz.record import MrzRecord, is_vietnamese
from civid.errors import FormatError

_LONGEST = 400  # characters; the largest zone has 90, the rest may be line ends and spaces
_ALLOWED = frozenset(ALPHABET)
#: Letters that weigh like a filler, modulo 10: no check digit sees one in a filler's place.
_WEIGHTLESS = frozenset("AKU")
#: Checks of a Vietnamese card that are no check digits, and what is wrong where they fail.
_FORMS = {
    "number_form": "line 1 should end with 12 digits, two fillers and a check digit",
    "optional_2": "line 2 has letters where a card has fillers",
}


def split_lines(text: str | Sequence[str]) -> list[str]:
    """The lines without blanks around them; one string may hold all lines, or 90 characters."""
    if isinstance(text, str):
        if len(text) > _LONGEST:
            raise FormatError(f"more than {_LONGEST} characters are no MRZ", field="MRZ")
        lines = text.split()
    else:
        if not isinstance(text, Sequence) or not all(isinstance(line, str) for line in text):
            raise FormatError("should be text, or a sequence of lines of text", field="MRZ")
        if len(text) > 3 or sum(map(len, text)) > _LONGEST:
            raise FormatError("has at most three lines of 30 to 44 characters", field="MRZ")
        lines = [line.strip() for line in text if line.strip()]
    if len(lines) == 1:
        for layout in LAYOUTS:
            if len(lines[0]) == layout.lines * layout.columns:
                size = layout.columns
                return [lines[0][i * size : (i + 1) * size] for i in range(layout.lines)]
    return lines


def layout_of(lines: list[str]) -> Layout:
    """The layout that these lines have the shape of."""
    for layout in LAYOUTS:
        if len(lines) == layout.lines and all(len(line) == layout.columns for line in lines):
            return layout
    shape = ", ".join(str(len(line)) for line in lines[:4]) or "none"
    raise FormatError(
        f"should have 3 lines of 30 characters (or 2 of 36 or 44); these have {shape}", field="MRZ"
    )


def cut(lines: list[str], place: Place) -> str:
    """The characters at one place."""
    line, start, end = place
    return lines[line][start:end]


def read(text: str | Sequence[str], *, strict: bool) -> MrzRecord:
    """See `civid.cards.mrz.parse`."""
    lines = split_lines(text)
    layout = layout_of(lines)
    for number, line in enumerate(lines):
        for column, letter in enumerate(line):
            if letter not in _ALLOWED:
                raise FormatError(
                    f"line {number + 1} has a character other than A-Z, 0-9 and <",
                    offset=number * layout.columns + column,
                    field="MRZ",
                )
    fields = {name: cut(lines, place).rstrip("<") for name, place in layout.fields.items()}
    for name in ("birth_text", "expiry_text"):
        fields[name] = cut(lines, layout.fields[name])
        _must_be_date(fields[name], name, layout)
    fields["sex_text"] = cut(lines, layout.fields["sex_text"])
    fields["document_number"], fields["optional"], failed = _number(lines, layout, fields)
    record = MrzRecord(layout=layout.name, **fields)  # type: ignore[arg-type]
    failed += failed_checks(lines, layout.checks[1:])
    if is_vietnamese(record):
        if check_digit(record.optional[:12]) != record.optional[14]:
            failed.append("personal_number")
        if record.optional[3:12] != record.document_number:
            failed.append("last_nine")
    elif record.issuing_state == "VNM" and layout is TD1:
        failed.append("number_form")
    if (
        record.optional_2
        and is_vietnamese(record)
        and not _WEIGHTLESS.isdisjoint(record.optional_2)
    ):
        failed.append("optional_2")
    if failed and strict:
        raise FormatError(_refusal(failed), field=failed[0])
    if failed:
        return replace(record, failed_checks=tuple(failed))
    return record


def _refusal(failed: list[str]) -> str:
    if failed[0] in _FORMS:
        return f"{_FORMS[failed[0]]}: misread, or not genuine"
    digits = ", ".join(name for name in failed if name not in _FORMS)
    return f"wrong check digit of {digits}: misread, or not genuine"


def failed_checks(lines: list[str], checks: tuple[Check, ...]) -> list[str]:
    """The names of the check digits that are wrong."""
    failed = list[str]()
    for check in checks:
        wanted = check_digit("".join(cut(lines, place) for place in check.over))
        found = lines[check.line][check.column]
        if found != wanted and not (check.may_be_filler and found == "<" and wanted == "0"):
            failed.append(check.name)
    return failed


def _must_be_date(text: str, name: str, layout: Layout) -> None:
    # Unknown parts of a date are fillers (Doc 9303-3 section 4.8).
    pairs = (text[:2], text[2:4], text[4:])
    if not all(pair == "<<" or pair.isdecimal() for pair in pairs):
        line, start, _ = layout.fields[name]
        raise FormatError(
            "is no date YYMMDD", offset=line * layout.columns + start, field=name[:-5]
        )


def _number(lines: list[str], layout: Layout, fields: dict[str, str]) -> tuple[str, str, list[str]]:
    # A number of more than nine characters has a filler in the place of its check digit and runs
    # on at the start of the optional field, followed by the check digit and a filler.
    number, optional = fields["document_number"], fields["optional"]
    check = layout.checks[0]
    found = lines[check.line][check.column]
    if layout in (TD1, TD2) and found == "<" and optional:
        head, _, tail = optional.partition("<")
        rest, digit = head[:-1], head[-1:]
        wanted = check_digit(cut(lines, layout.fields["document_number"]) + rest)
        return number + rest, tail, [] if digit == wanted else ["document_number"]
    return number, optional, failed_checks(lines, layout.checks[:1])
