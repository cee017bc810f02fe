"""A commit that failed may be found in the log after a power cut, and must find its files then."""

from __future__ import annotations

import errno
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from civid import Gallery

from ..prints import person
from . import power

COMPACTS = """
import logging, sys
from civid import Gallery
from tests.search.prints import person
logging.disable()
gallery = Gallery.open(sys.argv[1], background=False)
gallery.enroll("new", person(8, 2, 7, count=12))  # stays in the log, which therefore stays, too
print("done", flush=True)
gallery.compact(purge=True)
"""
HELD = ["1", "2", "3", "one more"]


@pytest.mark.slow
def test_a_gallery_survives_each_call_of_a_compaction_that_fails(tmp_path: Path) -> None:
    if power.library() is None:
        pytest.skip("needs Linux and a C compiler")
    whole, path = tmp_path / "whole", tmp_path / "torn"
    with Gallery.open(whole, background=False) as gallery:
        for i in range(4):
            gallery.enroll(f"{i}", person(i, 2, 7, count=12))
        gallery.compact()
        gallery.enroll("one more", person(9, 2, 7, count=12))
        gallery.remove("0")
    failed = 0
    for call in range(400):
        shutil.copytree(whole, path)
        # This call fails, and all after it: what was written before stays as it is.
        fail = f"{call} {errno.ENOSPC} 1"
        run = subprocess.run(
            [sys.executable, "-c", COMPACTS, str(path)],
            capture_output=True, text=True, env=power.environment(path, fail=fail),
        )  # fmt: skip
        with Gallery.open(path) as gallery:
            gallery.check_integrity()
            held = [name for name in gallery if name != "new"]
            assert held == HELD, f"call {call}"
            assert "new" in gallery or not run.stdout, f"call {call}"
        with Gallery.open(path, read_only=True) as gallery:
            gallery.check_integrity()
        shutil.rmtree(path)
        if run.returncode == 0:
            break
        failed += 1
    assert failed > 40
