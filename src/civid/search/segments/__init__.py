"""Immutable files of subjects, their format, and the keys that seal them."""
