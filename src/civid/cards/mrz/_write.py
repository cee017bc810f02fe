"""Record -> lines, with every check digit."""

from __future__ import annotations

from civid.cards.mrz._read import cut
from civid.cards.mrz.check_digit import ALPHABET, check_digit
from civid.cards.mrz.layout import LAYOUTS, TD3, Layout
from civid.cards.mrz.record import MrzRecord
from civid.errors import FormatError

_ALLOWED = frozenset(ALPHABET)


def write(record: MrzRecord) -> tuple[str, ...]:
    """See `civid.cards.mrz.build`."""
    layout = next((one for one in LAYOUTS if one.name == record.layout), None)
    if layout is None:
        raise FormatError("should be TD1, TD2 or TD3", field="layout")
    values = {name: getattr(record, name) for name in layout.fields}
    if record.optional_2 and "optional_2" not in values:
        raise FormatError(f"{layout.name} has no second optional field", field="optional_2")
    if len(record.document_number) > layout.width("document_number"):
        _run_on(record, layout, values)
    grid = [["<"] * layout.columns for _ in range(layout.lines)]
    for name, value in values.items():
        line, start, end = layout.fields[name]
        if len(value) > end - start:
            raise FormatError(f"has at most {end - start} characters", field=name)
        if not _ALLOWED.issuperset(value):
            raise FormatError("only A-Z, 0-9 and < may stand here", field=name)
        grid[line][start : start + len(value)] = value
    for name in ("birth_text", "expiry_text"):
        pairs = (values[name][:2], values[name][2:4], values[name][4:])
        if len(values[name]) != 6 or not all(p == "<<" or p.isdecimal() for p in pairs):
            raise FormatError("is no date YYMMDD", field=name.removesuffix("_text"))
    long = len(record.document_number) > layout.width("document_number")
    for check in layout.checks:
        if check.name == "document_number" and long:
            continue
        lines = ["".join(row) for row in grid]
        digit = check_digit("".join(cut(lines, place) for place in check.over))
        empty = check.may_be_filler and not values["optional"]
        grid[check.line][check.column] = "<" if empty else digit
    return tuple("".join(row) for row in grid)


def _run_on(record: MrzRecord, layout: Layout, values: dict[str, str]) -> None:
    if layout is TD3:
        raise FormatError("a TD3 number has at most 9 characters", field="document_number")
    number = record.document_number
    if "<" in number:
        raise FormatError("a long number has no filler inside", field="document_number")
    size = layout.width("document_number")
    values["document_number"] = number[:size]
    values["optional"] = f"{number[size:]}{check_digit(number)}<{record.optional}".rstrip("<")
