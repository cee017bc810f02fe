"""Speed of cards; run ``pytest benchmarks/bench_cards.py --benchmark-enable``.

``python benchmarks/bench_cards.py`` prints how often `civid.cards.mrz.suggest` finds the zone that
a camera has misread, for errors drawn from its own table of confusions.

Every benchmark says in its name how many items one round handles.
"""

from __future__ import annotations

import argparse
import random
import unicodedata
from datetime import date, timedelta

import pytest

from civid.cards import mrz, qr
from civid.cards.card import CardRecord
from civid.cards.chip import dg13
from civid.cards.crosscheck import crosscheck
from civid.cards.parts import to_dg13, to_mrz, to_qr
from civid.cards.validity import expires_on
from civid.people.sex import Sex

NAMES = ("Nguyễn Thị An", "Trần Văn Bình", "Đặng Thị Thu Hà", "Lê Hoàng Nam", "H'Hen Niê")


def cards(count: int) -> list[CardRecord]:
    """Cards of nobody, all different."""
    return [
        CardRecord(
            personal_number=f"0463{number % 100:02d}{number:06d}",
            full_name=NAMES[number % len(NAMES)],
            birth=date(1950, 1, 1) + timedelta(days=number % 20_000),
            sex=(Sex.MALE, Sex.FEMALE)[number % 2],
            issued=date(2021, 3, 1) + timedelta(days=number % 1_000),
            old_number=f"{number:09d}" if number % 3 else "",
            residence=f"Tổ {number % 90}, Vĩnh Ninh, Thành phố Huế, Thừa Thiên Huế",
        )
        for number in range(count)
    ]


@pytest.fixture(scope="module")
def texts() -> list[str]:
    """QR texts of 100,000 cards."""
    return [qr.build(to_qr(one)) for one in cards(100_000)]


def test_parse_100_000_qr_codes(benchmark, texts) -> None:
    found = benchmark(qr.parse_many, texts)
    assert all(isinstance(one, qr.QrRecord) for one in found)


def test_parse_100_000_decomposed_qr_codes(benchmark, texts) -> None:
    dirty = [unicodedata.normalize("NFD", text) + "\r\n" for text in texts]
    found = benchmark(qr.parse_many, dirty)
    assert all(isinstance(one, qr.QrRecord) for one in found)


def test_read_everything_of_100_000_qr_codes(benchmark, texts) -> None:
    def run() -> int:
        return sum(
            one.birth is not None and one.issued is not None and not one.warnings
            for one in qr.parse_many(texts)
            if isinstance(one, qr.QrRecord)
        )

    assert benchmark(run) == len(texts)


def test_build_10_000_qr_codes(benchmark, texts) -> None:
    records = [qr.parse(text) for text in texts[:10_000]]
    assert benchmark(lambda: [qr.build(one) for one in records]) == texts[:10_000]


def test_parse_10_000_zones(benchmark) -> None:
    zones = [mrz.build(to_mrz(one)) for one in cards(10_000)]
    assert len(benchmark(lambda: [mrz.parse(one) for one in zones])) == 10_000


def test_parse_10_000_dg13(benchmark) -> None:
    files = [dg13.build(to_dg13(one)) for one in cards(10_000)]
    assert len(benchmark(lambda: [dg13.parse(one) for one in files])) == 10_000


def test_expiry_of_100_000(benchmark) -> None:
    days = [
        (date(1950, 1, 1) + timedelta(days=n % 20_000), date(2021, 3, 1)) for n in range(100_000)
    ]
    assert len(benchmark(lambda: [expires_on(birth, issued) for birth, issued in days])) == 100_000


def test_crosscheck_1_000(benchmark) -> None:
    sources = [(to_qr(one), to_mrz(one), to_dg13(one)) for one in cards(1_000)]
    found = benchmark(lambda: [crosscheck(qr=a, mrz=b, dg13=c) for a, b, c in sources])
    assert not any(one.severity == "conflict" for many in found for one in many)


def misread(zone: tuple[str, ...], errors: int, rnd: random.Random) -> list[str]:
    """The zone with so many digits read as one that OCR takes for them."""
    from civid.cards.mrz.repair import _CONFUSED

    grid = [list(line) for line in zone]
    places = [(0, column) for column in range(5, 27)] + [(1, column) for column in range(15)]
    while errors:
        line, column = rnd.choice(places)
        heard = [one for one, truths in _CONFUSED.items() if zone[line][column] in truths]
        if heard and zone[line][column].isdigit() and grid[line][column] == zone[line][column]:
            grid[line][column] = rnd.choice(heard)
            errors -= 1
    return ["".join(row) for row in grid]


def main() -> None:
    """Print the share of zones that come first, or are listed at all."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--count", type=int, default=200, help="zones")
    count = parser.parse_args().count
    rnd = random.Random(5)
    zones = [mrz.build(to_mrz(one)) for one in cards(20_000)]
    for errors in (1, 2):
        some = rnd.sample(zones, count)
        found = [(zone, mrz.suggest(misread(zone, errors, rnd))) for zone in some]
        first = sum(bool(many) and many[0].lines == zone for zone, many in found) / count
        listed = sum(zone in [one.lines for one in many] for zone, many in found) / count
        print(f"{errors} misread: first {first:.1%}, listed {listed:.1%} of {count}")


if __name__ == "__main__":
    main()
