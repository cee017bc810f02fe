"""People of a register as tables."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from civid.cli.console.output import add_row, table
from civid.cli.language.sentences import say
from civid.people.citizen import FIELDS

if TYPE_CHECKING:
    from rich.table import Table

    from civid.register import Act, Person
    from civid.register.audit import Entry

#: Times are shown as the country's clocks show them.
_HERE = timezone(timedelta(hours=7))


def when(at: int) -> str:
    """A moment for people: day and time of the country."""
    return datetime.fromtimestamp(at / 1e6, UTC).astimezone(_HERE).strftime("%d/%m/%Y %H:%M:%S")


def people_table(people: tuple[Person, ...]) -> Table:
    """One row a person."""
    made = table("", "name", "born", "number", "unit", "reference")
    for one in people:
        number = one.number or "-"
        birth = one.citizen.text("birth") or "-"
        add_row(made, one.name or "-", birth, number, one.unit, one.reference)
    return made


def person_table(person: Person) -> Table:
    """Every field that holds, with the source and the day of its claim."""
    made = table(f"{person.name or person.reference}", "field", "thông tin", "value", "source",
                 "since")  # fmt: skip
    for name, field in FIELDS.items():
        held = person.citizen.current(name)
        if held is not None:
            value = held.recorded_as if held.is_read else f"{held.recorded_as} (cannot be read)"
            source = say(held.source.name.lower().replace("_", " "))
            add_row(made, name, field.vietnamese, value, source, held.effective.isoformat())
    return made


def acts_table(acts: tuple[Act, ...]) -> Table:
    """What was recorded, oldest first."""
    made = table("what was recorded", "version", "when", "what", "by", "unit", "fields",
                 right=("version",))  # fmt: skip
    for one in acts:
        fields = ", ".join(one.fields)
        add_row(made, str(one.version), when(one.at), one.kind, one.actor, one.unit, fields)
    return made


def entries_table(entries: tuple[Entry, ...]) -> Table:
    """Who read or changed it, oldest first."""
    made = table("who read or changed it", "when", "who", "unit", "what", "outcome", "purpose")
    for one in entries:
        add_row(made, when(one.at), one.actor, one.unit, one.operation, one.outcome, one.purpose)
    return made
