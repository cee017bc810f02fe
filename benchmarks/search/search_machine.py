"""What this machine could do at most: popcounts (64 bits) and bytes read a second of CPU."""

from __future__ import annotations

import argparse
import ctypes
import os
import platform
import subprocess
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

import civid
from civid import cpu
from civid.search.arrays.packing import INDEX_VERSION

SOURCE = r"""
#include <stdint.h>
#include <stddef.h>
#if defined(__x86_64__)
#include <immintrin.h>
__attribute__((target("avx512f,avx512vpopcntdq")))
uint64_t popcounts_wide(const uint64_t *words, int64_t times) { /* 64 words, in registers */
    __m512i word[8], sum = _mm512_setzero_si512();
    for (int k = 0; k < 8; k++) word[k] = _mm512_loadu_si512(words + 8 * k);
    for (int64_t t = 0; t < times; t++) {
        const __m512i key = _mm512_set1_epi64((long long)t);
        for (int k = 0; k < 8; k++)
            sum = _mm512_add_epi64(sum, _mm512_popcnt_epi64(_mm512_xor_si512(word[k], key)));
    }
    return (uint64_t)_mm512_reduce_add_epi64(sum);
}
__attribute__((target("popcnt")))
#endif
uint64_t popcounts(const uint64_t *words, int64_t times) {
    uint64_t sum = 0;
    for (int64_t t = 0; t < times; t++)
        for (int k = 0; k < 64; k++) sum += (uint64_t)__builtin_popcountll(words[k] ^ (uint64_t)t);
    return sum;
}
uint64_t read_all(const uint64_t *words, int64_t count) {
    uint64_t lane[32] = {0}, all = 0;
    for (int64_t i = 0; i + 32 <= count; i += 32)
        for (int k = 0; k < 32; k++) lane[k] ^= words[i + k];
    for (int k = 0; k < 32; k++) all ^= lane[k];
    return all;
}
"""


def _library() -> Any:
    with tempfile.TemporaryDirectory() as folder:
        source, made = Path(folder) / "rates.c", Path(folder) / "rates.so"
        source.write_text(SOURCE, "ascii")
        options = ["-O3", "-shared", "-fPIC"]
        subprocess.run(["cc", *options, "-o", str(made), str(source)], check=True)
        return ctypes.CDLL(str(made))


def _best(call: Any, *arguments: Any) -> float:
    """CPU seconds of the fastest of five."""
    times = []
    for _ in range(5):
        begun = time.thread_time()
        call(*arguments)
        times.append(time.thread_time() - begun)
    return min(times)


def rates(megabytes: int = 1024) -> dict[str, float]:
    """Popcounts a second (as civid's kernel of this machine does them) and bytes a second."""
    library = _library()
    wide = cpu.active() == "avx512"
    count = library.popcounts_wide if wide else library.popcounts
    words = np.arange(64, dtype=np.uint64)
    times = 1_000_000 if wide else 200_000
    seconds = _best(count, words.ctypes.data_as(ctypes.c_void_p), ctypes.c_int64(times))
    much = np.ones(megabytes << 17, np.uint64)
    read = _best(library.read_all, much.ctypes.data_as(ctypes.c_void_p), ctypes.c_int64(len(much)))
    return {"popcounts_a_second": 64 * times / seconds, "bytes_a_second": much.nbytes / read}


def model() -> str:
    """Name of the CPU, as the system tells it."""
    path = Path("/proc/cpuinfo")
    if path.exists():
        for line in path.read_text("utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def conditions() -> dict[str, Any]:
    """Where and when, and how busy the machine was."""
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "cpu": model(),
        "cores": os.cpu_count(),
        "isa": cpu.active(),
        "engine": f"{civid.__version__}/{INDEX_VERSION}",
        "load": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
    }


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__).parse_args()
    print(conditions(), rates())
