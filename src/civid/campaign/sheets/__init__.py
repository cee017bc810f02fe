"""Sheets (bảng tính): CSV in and out, XLSX out; no cell of ours is ever a formula."""

from civid.campaign.sheets.counts import Column, decide_numerals
from civid.campaign.sheets.read import Row, Sheet, read_sheet
from civid.campaign.sheets.write import Written, write_csv, write_xlsx

__all__ = ["Column", "Row", "Sheet", "Written", "decide_numerals", "read_sheet", "write_csv",
           "write_xlsx"]  # fmt: skip
