"""Synthetic prints as images, with the truth of every minutia."""
