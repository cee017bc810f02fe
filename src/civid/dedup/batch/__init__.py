"""Many at once: a day's dossiers, and the whole register against itself (rà soát trùng)."""

from civid.dedup.batch.day import Day, SameDay, check_day
from civid.dedup.batch.sweep import Found, Settled, Sweep

__all__ = ["Day", "Found", "SameDay", "Settled", "Sweep", "check_day"]
