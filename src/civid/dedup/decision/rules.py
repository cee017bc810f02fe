"""Rules by name: what leads to somebody, what speaks for them, what a situation is called.

Each can be switched off in the policy, with a reason: a rule that misleads costs people's time
("the same mother" is no duplicate). `civid.dedup.rule_report` says which do.
"""

from __future__ import annotations

from civid.dedup.decision.levels import LEVELS

NUMBER, NAME, HOUSEHOLD = "number", "name", "household"
PRINTS, SWAPPED, FINGER = "prints", "swapped", "one finger"
#: Somebody whom a case of the register names; no way to look for anybody.
CASE = "case"

#: Ways to candidates, the cheap ones first. Off: nobody is looked for in this way.
FIND = {way: f"find:{way}" for way in (NUMBER, NAME, HOUSEHOLD, PRINTS, SWAPPED, FINGER)}
#: Agreement of a field. Off: it does not speak for one person any more; against it still does.
AGREE = {field: f"agree:{field}" for field in LEVELS}
#: Situations. Off: the limits decide alone.
TWINS, MIXED, SHARED = "situation:twins", "situation:mixed", "situation:shared-number"
POOR_BUT_ALIKE = "situation:poor-but-alike"

RULES = (*FIND.values(), *AGREE.values(), TWINS, MIXED, SHARED, POOR_BUT_ALIKE)
