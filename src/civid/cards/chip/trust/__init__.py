"""Whom to believe: certificates of authorities in files, the chain to one, one signature."""
