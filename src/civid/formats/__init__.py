"""Records of the standards: bytes <-> plain typed records. No engine here."""
