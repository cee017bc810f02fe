"""What setup.py builds: wheels with a bill of materials, sdists of fixed bytes."""

from __future__ import annotations

import gzip
import os
import tarfile
import time
from pathlib import Path
from typing import Any

from build_sbom import FILE, written
from setuptools.command.bdist_wheel import bdist_wheel
from setuptools.command.sdist import sdist

ROOT = Path(__file__).resolve().parent.parent


class WheelWithSbom(bdist_wheel):
    """A wheel that says what it is made of, where PEP 770 wants it."""

    def egg2dist(self, egginfo_path: str, distinfo_path: str) -> None:
        super().egg2dist(egginfo_path, distinfo_path)
        sboms = Path(distinfo_path) / "sboms"
        sboms.mkdir()
        text = written(ROOT, self.distribution.get_version())
        (sboms / FILE).write_text(text, encoding="utf-8")


class SameSdist(sdist):
    """The same files give the same archive, whoever packs them: setuptools keeps clocks and owners.

    The time of every file is ``SOURCE_DATE_EPOCH`` (seconds since 1970), as in wheels; without it,
    the time of packing.
    """

    def make_archive(self, base_name: str, format: str, *rest: Any, **named: Any) -> str:  # noqa: A002
        if format != "gztar":
            return super().make_archive(base_name, format, *rest, **named)
        folder = Path(named.get("base_dir") or rest[1])
        at = int(os.environ.get("SOURCE_DATE_EPOCH", time.time()))

        def plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
            runs = member.isdir() or member.mode & 0o100
            member.mode = 0o755 if runs else 0o644
            member.mtime, member.uid, member.gid, member.uname, member.gname = at, 0, 0, "", ""
            return member

        target = Path(f"{base_name}.tar.gz")
        target.parent.mkdir(parents=True, exist_ok=True)
        with (
            target.open("wb") as file,
            gzip.GzipFile("", "wb", 9, file, mtime=at) as packed,
            tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
        ):
            for path in sorted((folder, *folder.rglob("*"))):
                archive.add(path, arcname=path.as_posix(), recursive=False, filter=plain)
        return str(target)
