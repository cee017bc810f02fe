"""Prefill (điền sẵn, hỏi một lần): forms filled from the register; what it saves is counted."""

from civid.exchange.prefill.desk import PrefillDesk
from civid.exchange.prefill.filling import (
    Filled,
    FilledBox,
    FilledForm,
    Why,
    fill,
    fill_from_answer,
    wanted,
)
from civid.exchange.prefill.forms import CARD, CT01, DC01, DC02, SHEETS, Box, FormSheet, sheet_of
from civid.register.asking.prefilled import PrefillCount

__all__ = [
    "CARD", "CT01", "DC01", "DC02", "SHEETS", "Box", "Filled", "FilledBox", "FilledForm",
    "FormSheet", "PrefillCount", "PrefillDesk", "Why", "fill", "fill_from_answer", "sheet_of",
    "wanted",
]  # fmt: skip
