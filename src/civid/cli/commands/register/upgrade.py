"""``civid register upgrade``: from an earlier version of the tables to this one."""

from __future__ import annotations

import os

from civid.cli.commands.register.opening import (
    ACTOR_VARIABLE,
    As,
    RegisterKeysFile,
    Where,
    read_keys,
)
from civid.cli.console.options import AsJson
from civid.cli.console.output import Output
from civid.cli.console.problems import Exit


def upgrade(
    register: Where, keys: RegisterKeysFile = None, who: As = None, as_json: AsJson = False
) -> int:
    """Bring a register of an earlier civid to this version: as a whole, or not at all.

    Stop the programs that use it and make a backup before. Again, it changes nothing.
    """
    from civid.register import upgrade as bring

    out = Output(as_json=as_json)
    done = bring(register, keys=read_keys(keys), actor=who or os.environ.get(ACTOR_VARIABLE))
    if as_json:
        out.json(done.to_dict())
    elif done.changed:
        out.print(f"{register}: from version {done.before} to {done.after}")
        again = f"{register} --keys FILE" if keys else register
        out.note(f"look whether all is well with: civid check {again}")
    else:
        out.print(f"{register}: of this version already, {done.after}")
    return Exit.DONE
