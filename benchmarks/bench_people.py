"""Speed and accuracy of `civid.people`: the tables of docs/people.

    python benchmarks/bench_people.py speed            # bulk functions, CPU time of one core
    python benchmarks/bench_people.py million [ROWS]   # findings over a register, and memory
    python benchmarks/bench_people.py rules [ROWS]     # precision and recall of every rule
    python benchmarks/bench_people.py linkage [PAIRS]  # names beside rapidfuzz, if installed
    pytest benchmarks/bench_people.py --benchmark-enable

Times are CPU seconds (`time.process_time`), so that a busy machine does not spoil them.
"""

from __future__ import annotations

import argparse
import gc
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import cache
from itertools import count, pairwise
from typing import Any, TypeVar

from civid.people import dates, names, personal_number
from civid.people.findings import examine, profile
from civid.people.findings.table import Table
from civid.people.numbers import Allocator, MemoryLedger, NumberRequest
from civid.people.sex import Sex
from civid.people.synthetic import Population, score
from civid.people.synthetic.linkage import pairs
from civid.people.synthetic.linkage import score as link

T = TypeVar("T")


@cache
def people() -> Table:
    """50,000 synthetic people."""
    return next(iter(Population(50_000, seed=1, error_rate=0).tables(chunk=50_000)))


def numbers_parsed() -> int:
    """Parse, and read every part of the number."""
    made = personal_number.parse_many(people().texts("number"))
    for number in made:
        if isinstance(number, personal_number.PersonalNumber):
            _ = number.place_code, number.sex, number.birth_year, number.warnings
    return len(made)


def numbers_validated() -> int:
    return len(personal_number.validate_many(people().texts("number")))


def names_canonical() -> int:
    return len(names.canonical_many(people().texts("name")))


def names_unseen() -> int:
    """Canonical forms of names of which no word was ever seen."""
    return len(
        names.canonical_many([f"NGUYỄn{next(_FRESH)} Thị{next(_FRESH)}" for _ in range(5000)])
    )


_FRESH = count()


def names_keyed() -> int:
    return len(names.keys_many(people().texts("name")))


def names_compared() -> int:
    texts = people().texts("name")[:10_001]
    for one, two in pairwise(texts):
        names.compare(one, two)
    return len(texts) - 1


def dates_read() -> int:
    return len(dates.read_many(people().texts("birth")))


def numbers_allocated() -> int:
    allocator = Allocator(MemoryLedger(), b"for benchmarks only")
    for i in range(20_000):
        allocator.reserve(NumberRequest(f"r{i}", "001", Sex.MALE, 2020))
    return 20_000


SPEED: dict[str, tuple[Callable[[], int], int | None]] = {
    "numbers parsed and every part read": (numbers_parsed, 200_000),
    "numbers validated": (numbers_validated, 200_000),
    "canonical names": (names_canonical, 300_000),
    "canonical names of two words never seen": (names_unseen, None),
    "accent-less keys": (names_keyed, None),
    "names compared": (names_compared, None),
    "dates read": (dates_read, None),
    "numbers allocated (in memory)": (numbers_allocated, None),
}


def speed() -> None:
    """Print items a second, the best of five."""
    print("| what | a second | goal |")
    print("|---|---:|---:|")
    for what, (run, goal) in SPEED.items():
        best = float("inf")
        items = run()
        for _ in range(5):
            gc.collect()
            start = time.process_time()
            run()
            best = min(best, time.process_time() - start)
        print(f"| {what} | {items / best:,.0f} | {f'{goal:,}' if goal else ''} |")
    code = (
        "import time; s = time.process_time(); import civid.people; print(time.process_time() - s)"
    )
    seconds = min(
        float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True,
                             check=True).stdout)
        for _ in range(5)
    )  # fmt: skip
    print(f"| `import civid.people` | {seconds * 1000:.1f} ms | 300 ms |")


class Timed(Iterator[T]):
    """An iterator that knows how long its making took."""

    def __init__(self, inner: Iterator[T]):
        self._inner, self.seconds = inner, 0.0

    def __next__(self) -> T:
        start = time.process_time()
        try:
            return next(self._inner)
        finally:
            self.seconds += time.process_time() - start


def million(rows: int) -> None:
    """Print time and memory of all findings over a register that is made on the way."""
    tables = Timed(Population(rows, seed=3).tables())
    start = time.process_time()
    made = examine(tables)
    whole = profile(made)[0]
    seconds = time.process_time() - start - tables.seconds
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{made.size:,} people: {seconds:.1f} CPU s for all rules and the profile")
    print(f"({made.size / seconds:,.0f} people/s), peak memory {memory:,.0f} MB")
    print(f"{sum(made.counts().values()):,} findings; making them took {tables.seconds:.1f} s")
    print(", ".join(f"{name} {value:.4f}" for name, value in whole.indicators.items()))


def rules(rows: int) -> None:
    """Print precision and recall of every rule on planted errors."""
    print("| rule | planted | recall | reported | precision |")
    print("|---|---:|---:|---:|---:|")
    for r in score(Population(rows, seed=2, error_rate=0.25)):
        if r.planted or r.reported:
            recall = "" if r.recall is None else f"{r.recall:.3f}"
            precision = "" if r.precision is None or not r.planted else f"{r.precision:.3f}"
            print(f"| {r.rule} | {r.planted or ''} | {recall} | {r.reported} | {precision} |")


def comparators() -> dict[str, Callable[[str, str], float]]:
    """Ours, and the stock ones where they are installed."""
    ours: dict[str, Callable[[str, str], float]] = {
        "civid score": lambda a, b: names.compare(a, b).score,
        "civid weight (bits)": lambda a, b: names.compare(a, b).weight,
        "equal canonical form": lambda a, b: float(names.canonical(a) == names.canonical(b)),
        "equal accent-less key": lambda a, b: float(names.key(a) == names.key(b)),
    }
    try:
        from rapidfuzz import fuzz
        from rapidfuzz.distance import JaroWinkler
    except ImportError:
        print("(rapidfuzz is not installed: pip install rapidfuzz)")
        return ours
    stock: dict[str, Any] = {
        "ratio": fuzz.ratio, "token_sort_ratio": fuzz.token_sort_ratio,
        "token_set_ratio": fuzz.token_set_ratio, "WRatio": fuzz.WRatio,
        "Jaro-Winkler": JaroWinkler.similarity,
    }  # fmt: skip
    for name, function in stock.items():
        ours[f"rapidfuzz {name}, lower case"] = lambda a, b, f=function: f(a.lower(), b.lower())
    for name in ("ratio", "Jaro-Winkler"):
        ours[f"rapidfuzz {name} on canonical forms"] = lambda a, b, f=stock[name]: f(
            names.canonical(a), names.canonical(b)
        )
        ours[f"rapidfuzz {name} on accent-less keys"] = lambda a, b, f=stock[name]: f(
            names.key(a), names.key(b)
        )
    return ours


def linkage(size: int) -> None:
    """Print how well each comparator tells one name from two."""
    drawn = pairs(size, seed=7)
    print("| comparator | AUC | best F1 | recall at precision 0.99 | … Hòa/Hoà | … Hoa/Hòa |")
    print("|---|---:|---:|---:|---:|---:|")
    for name, compare in comparators().items():
        s = link(name, compare, drawn)
        one = compare("Nguyễn Thị Hòa", "Nguyễn Thị Hoà")
        two = compare("Nguyễn Thị Hoa", "Nguyễn Thị Hòa")
        print(f"| {name} | {s.auc:.3f} | {s.best_f1:.3f} | {s.recall_at_99:.3f} "
              f"| {one:.3f} | {two:.3f} |")  # fmt: skip


def test_numbers(benchmark: Any) -> None:
    people()
    assert benchmark(numbers_parsed) == 50_000


def test_canonical(benchmark: Any) -> None:
    people()
    assert benchmark(names_canonical) == 50_000


def test_compare(benchmark: Any) -> None:
    people()
    assert benchmark(names_compared) == 10_000


def test_findings(benchmark: Any) -> None:
    texts = people()
    columns = {name: texts.texts(name) for name in ("number", "name", "sex", "birth", "relation")}

    def run() -> int:
        return examine([Table(columns, texts.as_of)]).size

    assert benchmark(run) == 50_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("what", choices=["speed", "million", "rules", "linkage"])
    parser.add_argument("count", nargs="?", type=int)
    asked = parser.parse_args()
    if asked.what == "speed":
        speed()
    elif asked.what == "million":
        million(asked.count or 1_000_000)
    elif asked.what == "rules":
        rules(asked.count or 200_000)
    else:
        linkage(asked.count or 12_000)


if __name__ == "__main__":
    main()
