"""``civid register history``: what was recorded about one person, and who has read it."""

from __future__ import annotations

from civid.cli.commands.register.opening import As, For, RegisterKeysFile, Unit, Where, opened
from civid.cli.commands.register.show import Number
from civid.cli.commands.register.tables import acts_table, entries_table
from civid.cli.console.options import AsJson
from civid.cli.console.output import Output
from civid.cli.console.problems import Exit


def history(
    register: Where,
    number: Number,
    keys: RegisterKeysFile = None,
    who: As = None,
    unit: Unit = "",
    purpose: For = "",
    as_json: AsJson = False,
) -> int:
    """What was recorded about somebody, by whom; and who has read it, when and why."""
    out = Output(as_json=as_json)
    with opened(register, keys=keys, who=who, unit=unit, purpose=purpose) as one:
        person = one.person(number)
        acts = one.people.history(person.reference)
        entries = one.audit.about(person.reference)
    if as_json:
        out.json(
            {
                "reference": person.reference,
                "acts": [act.to_dict() for act in acts],
                "log": [entry.to_dict() for entry in entries],
            }
        )
    else:
        out.print(acts_table(acts), entries_table(entries))
    return Exit.DONE
