"""The sdist of what is committed: built twice, the same bytes, and nothing but what git holds.

python .ci/release/sdist.py dist
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tarfile
import tempfile
from pathlib import Path

from commands import git, run

ROOT = Path(__file__).resolve().parents[2]
#: Made by setuptools, not kept in git.
MADE = re.compile(r"PKG-INFO|setup\.cfg|src/civid\.egg-info/.*")
#: Of the workplace, not of the product.
LEFT_OUT = re.compile(r"\.github/.*|\.git[a-z]+|\.clang-format|\.editorconfig|\.pre-commit-.*")


def difference(archive: Path, kept: set[str]) -> set[str]:
    """Files of an sdist that git does not hold, and files of git that the sdist lacks."""
    with tarfile.open(archive) as opened:
        inside = {one.name.split("/", 1)[1] for one in opened.getmembers() if one.isfile()}
    inside = {name for name in inside if not MADE.fullmatch(name)}
    return inside ^ {name for name in kept if not LEFT_OUT.fullmatch(name)}


def sdist(root: Path, into: Path) -> Path:
    """Built twice, from two exports of what is committed."""
    epoch = git(root, "log", "-1", "--format=%ct")
    made: list[Path] = []
    for number in (1, 2):
        export = into / f"export-{number}"
        export.mkdir(parents=True)
        whole = into / "whole.tar"
        git(root, "archive", "--output", str(whole), "HEAD")
        run(["tar", "-xf", str(whole), "-C", str(export)])
        out = into / f"sdist-{number}"
        environment = os.environ | {"SOURCE_DATE_EPOCH": epoch}
        run([sys.executable, "-m", "build", "--sdist", "-o", str(out), str(export)], environment)
        made += out.glob("*.tar.gz")
    if made[0].read_bytes() != made[1].read_bytes():
        raise SystemExit("the sdist is not the same when it is built again")
    odd = difference(made[0], set(git(root, "ls-files").splitlines()))
    if odd:
        raise SystemExit("the sdist and git differ in: " + ", ".join(sorted(odd)))
    os.environ["SOURCE_DATE_EPOCH"] = epoch  # of the wheels, too
    return made[0]


def main() -> int:
    into = Path(sys.argv[1])
    into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        made = sdist(ROOT, Path(folder))
        shutil.move(made, into / made.name)
    print(into / made.name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
