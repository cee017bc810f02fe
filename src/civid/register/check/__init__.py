"""Checks: does everything in a register, and its gallery, agree? What cannot be guessed stays."""

from civid.register.check.report import CheckReport, Disagreement, What

__all__ = ["CheckReport", "Disagreement", "What"]
