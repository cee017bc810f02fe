"""Findings (làm sạch dữ liệu): rules by id on the axes đủ, đúng, sạch, sống.

Loads numpy when rules run over a table; nothing else of civid needs it.
"""

from civid.people.findings.columns import COLUMNS
from civid.people.findings.examine import Examination, check_record, examine
from civid.people.findings.flatten import row_of
from civid.people.findings.model import Axis, Decider, Finding, FindingState, Severity
from civid.people.findings.profile import UnitProfile, profile
from civid.people.findings.read_csv import read_csv
from civid.people.findings.rules import Rule, rules
from civid.people.findings.table import Table

__all__ = [
    "COLUMNS", "Axis", "Decider", "Examination", "Finding", "FindingState", "Rule", "Severity",
    "Table", "UnitProfile", "check_record", "examine", "profile", "read_csv", "row_of", "rules",
]  # fmt: skip
