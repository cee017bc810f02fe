"""Disks without room, and folders that nobody may write to."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


def _mount(*arguments: str) -> None:
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root can mount; the other tests here need no root")
    if subprocess.run(["mount", *arguments], capture_output=True).returncode:
        pytest.skip("not allowed to mount")


@contextmanager
def small_disk(where: Path, kilobytes: int) -> Iterator[Path]:
    """A file system of so many kilobytes."""
    where.mkdir()
    _mount("-t", "tmpfs", "-o", f"size={kilobytes}k", "civid-test", str(where))
    try:
        yield where
    finally:
        subprocess.run(["umount", "-l", str(where)], check=True)


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Nobody, not even root, writes there."""
    if os.geteuid() == 0:
        _mount("--bind", str(folder), str(folder))
        try:
            subprocess.run(["mount", "-o", "remount,bind,ro", str(folder)], check=True)
            yield
        finally:
            subprocess.run(["umount", "-l", str(folder)], check=True)
        return
    files = [folder, *folder.iterdir()]
    modes = [one.stat().st_mode for one in files]
    for one in files:
        one.chmod(0o500 if one.is_dir() else 0o400)
    try:
        yield
    finally:
        for one, mode in zip(files, modes, strict=True):
            one.chmod(mode)
