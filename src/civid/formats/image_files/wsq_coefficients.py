"""How many coefficients are coded in a WSQ file, against how many its size asks for.

The decoder fills up with zeros what is missing, so a file with another size in its head, or with a
part of its data lost, would be a picture like any other. Counting needs the Huffman codes alone.
"""

from __future__ import annotations

from civid.errors import FormatError

#: More coded data than one finger has; counting it takes longer than decoding.
MAX_COUNTED = 1 << 20
#: Rows of sub-bands are rounded up or down, and the last block may be off by its padding.
_TOLERANCE = 0.02
_ROUNDING = 64
#: Share of the image that a sub-band has: IAFIS-IC-0110 figure 5, from the coarsest to the finest.
_SHARES = (1 / 1024,) * 4 + (1 / 256,) * 47 + (1 / 16,) * 13
#: Symbols: runs of 1..100 zeros, escapes with 8 or 16 bits behind them, then single coefficients.
_RUNS, _ESCAPES = 100, {101: 8, 102: 8, 103: 16, 104: 16, 105: 8, 106: 16}
_RUN_ESCAPES = (105, 106)

Table = list[int]


def expected(quantisation: bytes, width: int, height: int) -> float:
    """Coefficients that an image of this size has in the sub-bands that are coded at all."""
    if len(quantisation) < 3 + 6 * 64:
        raise FormatError("its length is damaged", field="DQT")
    entries = [quantisation[3 + 6 * band : 9 + 6 * band] for band in range(64)]
    coded = sum(share for share, entry in zip(_SHARES, entries, strict=True) if any(entry[1:3]))
    return coded * width * height


def check(counted: int, wanted: float) -> None:
    """Raise `FormatError` where these are not the coefficients of one image."""
    if abs(counted - wanted) > _TOLERANCE * wanted + _ROUNDING:
        raise FormatError(
            f"{counted} coefficients are coded, its size asks for {wanted:.0f}", field="block"
        )


def tables(body: bytes) -> dict[int, Table]:
    """The Huffman tables of one segment, each by all that 16 bits may begin with."""
    made, at = {}, 0
    while at + 17 <= len(body):
        counts = body[at + 1 : at + 17]
        values = body[at + 17 : at + 17 + sum(counts)]
        if len(values) < sum(counts):
            raise FormatError("its length is damaged", field="DHT")
        made[body[at]] = _table(counts, values)
        at += 17 + len(values)
    return made


def _table(counts: bytes, values: bytes) -> Table:
    table: Table = []
    taken = 0
    for size, count in enumerate(counts, 1):
        for symbol in values[taken : taken + count]:
            table += [size << 8 | symbol] * (1 << (16 - size))
        taken += count
        if len(table) > 1 << 16:
            raise FormatError("its codes overlap", field="DHT")
    return table + [0] * ((1 << 16) - len(table))


def count(coded: bytes, table: Table, most: float) -> int:
    """Coefficients in the data of one block; counting stops beyond ``most``."""
    data = coded.replace(b"\xff\0", b"\xff")
    left = 8 * len(data)  # bits that were not used yet
    bits = held = at = found = 0
    while found <= most:
        if held < 32:
            bits = (bits & ((1 << held) - 1)) << 64 | int.from_bytes(
                data[at : at + 8].ljust(8, b"\xff"), "big"
            )
            at += 8
            held += 64
        entry = table[bits >> (held - 16) & 0xFFFF]
        size, symbol = entry >> 8, entry & 0xFF
        held -= size
        left -= size
        if not size or left < 0:
            return found
        if symbol <= _RUNS:
            found += symbol
        elif symbol in _ESCAPES:
            size = _ESCAPES[symbol]
            held -= size
            left -= size
            value = bits >> held & ((1 << size) - 1)
            found += value if symbol in _RUN_ESCAPES else 1
        else:
            found += 1
    return found
