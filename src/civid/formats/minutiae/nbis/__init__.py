"""Minutiae as the programs of NIST's NBIS write them: text, one minutia a line."""
