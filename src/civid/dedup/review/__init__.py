"""Duplicates of galleries for a clerk: groups of subjects with their files, a table, one page."""
