"""Re-verification (phúc tra): a sample drawn by unit, work sheets, error rates, and a decision."""

from civid.campaign.sample.compare import Checked, FieldCheck, Outcome, compare_field
from civid.campaign.sample.decide import Decision, Verdict, decide
from civid.campaign.sample.draw import Drawn, allocate, draw
from civid.campaign.sample.estimate import ErrorRate, error_rates, exact_interval, stratified
from civid.campaign.sample.size import sample_size
from civid.campaign.sample.worksheet import read_worksheet, send_back, worksheet

__all__ = [
    "Checked", "Decision", "Drawn", "ErrorRate", "FieldCheck", "Outcome", "Verdict", "allocate",
    "compare_field", "decide", "draw", "error_rates", "exact_interval", "read_worksheet",
    "sample_size", "send_back", "stratified", "worksheet",
]  # fmt: skip
