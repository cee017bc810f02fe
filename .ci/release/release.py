"""Everything of a release but the signature and the upload.

    python -m pip install --group release
    python .ci/release/release.py [--into dist] [--only x86_64-manylinux]

Refuses a tree with changes, a version without a section in CHANGELOG.md or with a tag elsewhere.
Then, from what is committed alone: the sdist, twice, which must be the same bytes and hold what git
holds; wheels for Linux, audited; the one for this machine at work in a bare environment; bills of
materials; checksums. At the end it prints what is left to a person. Nothing is uploaded.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import sys
import tempfile
import zipfile
from pathlib import Path

import wheels
from commands import git, run
from sdist import sdist
from version import version_of

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent


def ready(root: Path) -> str:
    """The version to release, or the end of it: what has to be mended first is said."""
    version = version_of(root)
    if git(root, "status", "--porcelain"):
        raise SystemExit("the tree has changes; commit them, or work in a fresh clone")
    if not re.fullmatch(r"\d+\.\d+\.\d+((a|b|rc)\d+)?", version):
        raise SystemExit(f"{version} is no version to release")
    text = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    if not re.search(rf"^## \[{re.escape(version)}\] - \d{{4}}-\d\d-\d\d$", text, re.M):
        raise SystemExit(f"CHANGELOG.md has no section '## [{version}] - YYYY-MM-DD'")
    tag = f"v{version}"
    tagged = git(root, "tag", "--list", tag)
    if tagged and git(root, "rev-parse", f"{tag}^{{commit}}") != git(root, "rev-parse", "HEAD"):
        raise SystemExit(f"{tag} is another commit; a version is released once")
    return version


def tried(wheel: Path, work: Path, tested_with: Path) -> None:
    """The wheel at work in a bare environment, and what was installed there."""
    environment = work / "bare"
    run([sys.executable, "-m", "venv", str(environment)])
    python = str(environment / "bin" / "python")
    run([python, "-m", "pip", "install", "--quiet", str(wheel)])
    print(run([python, "-I", str(HERE / "smoke.py")]).strip(), flush=True)
    command = [sys.executable, "-m", "cyclonedx_py", "environment", "--output-reproducible"]
    run([*command, "--output-file", str(tested_with), python])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--into", type=Path, default=ROOT / "dist")
    parser.add_argument("--only", choices=sorted(wheels.TARGETS), action="append")
    options = parser.parse_args()
    version = ready(ROOT)
    into: Path = options.into
    into.mkdir(parents=True, exist_ok=True)
    if any(into.iterdir()):
        raise SystemExit(f"{into} is not empty")
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        source = sdist(ROOT, work)
        source = source.rename(work / source.name)
        names = options.only or list(wheels.TARGETS)
        made = {name: wheels.build(source, wheels.TARGETS[name], into) for name in names}
        (into / source.name).write_bytes(source.read_bytes())
        for name, wheel in made.items():
            if name == f"{os.uname().machine}-manylinux":
                tried(wheel, work, into / f"civid-{version}-tested-with.cdx.json")
        with zipfile.ZipFile(next(iter(made.values()))) as opened:
            bill = opened.read(f"civid-{version}.dist-info/sboms/civid.cdx.json")
        (into / f"civid-{version}.cdx.json").write_bytes(bill)
    packages = sorted(path for path in into.iterdir() if path.suffix in {".whl", ".gz"})
    run([sys.executable, "-m", "twine", "check", "--strict", *map(str, packages)])
    files = sorted(into.iterdir())
    sums = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files]
    (into / "SHA256SUMS").write_text("".join(sums))
    print("".join(sums), end="")
    print(
        f"\nLeft to you (.ci/release/README.md):\n"
        f"  git tag --sign v{version} -m 'civid {version}' && git push origin v{version}\n"
        f"The workflow of the tag builds all again and publishes; the sum of its sdist is this one."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
