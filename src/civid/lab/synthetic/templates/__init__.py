"""Synthetic templates by the thousand, to fill large galleries."""
