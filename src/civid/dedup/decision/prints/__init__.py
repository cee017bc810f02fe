"""Prints of a decision: scores in decibans, fingers compared, and the register that holds them."""
