"""The chip of a card (ICAO Doc 9303-10, LDS 1): data groups as bytes <-> plain records.

Every module reads and writes one file: `ef_com`, `dg1`, `dg2`, `dg3`, `dg13`, `sod`; `passive`
checks the signed hashes. Reading a card through an NFC reader is not part of civid.
"""
