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
import ast
import hashlib
import os
import re
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

import wheels

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
#: Made by setuptools, not kept in git.
MADE = re.compile(r"PKG-INFO|setup\.cfg|src/civid\.egg-info/.*")
#: Of the workplace, not of the product.
LEFT_OUT = re.compile(r"\.github/.*|\.git[a-z]+|\.clang-format|\.editorconfig|\.pre-commit-.*")


def version_of(root: Path) -> str:
    """What ``civid.__version__`` says, read without an import."""
    for node in ast.parse((root / "src/civid/__init__.py").read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__version__":
            return str(ast.literal_eval(node.value))
    raise SystemExit("src/civid/__init__.py names no version")


def ready(root: Path) -> str:
    """The version to release, or the end of it: what has to be mended first is said."""
    version = version_of(root)
    if _git(root, "status", "--porcelain"):
        raise SystemExit("the tree has changes; commit them, or work in a fresh clone")
    if not re.fullmatch(r"\d+\.\d+\.\d+((a|b|rc)\d+)?", version):
        raise SystemExit(f"{version} is no version to release")
    text = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    if not re.search(rf"^## {re.escape(version)} \(\d{{4}}-\d\d-\d\d\)$", text, re.M):
        raise SystemExit(f"CHANGELOG.md has no section '## {version} (YYYY-MM-DD)'")
    tag = f"v{version}"
    tagged = _git(root, "tag", "--list", tag)
    if tagged and _git(root, "rev-parse", f"{tag}^{{commit}}") != _git(root, "rev-parse", "HEAD"):
        raise SystemExit(f"{tag} is another commit; a version is released once")
    return version


def difference(archive: Path, kept: set[str]) -> set[str]:
    """Files of an sdist that git does not hold, and files of git that the sdist lacks."""
    with tarfile.open(archive) as opened:
        inside = {one.name.split("/", 1)[1] for one in opened.getmembers() if one.isfile()}
    inside = {name for name in inside if not MADE.fullmatch(name)}
    return inside ^ {name for name in kept if not LEFT_OUT.fullmatch(name)}


def sdist(root: Path, into: Path) -> Path:
    """Built twice, from two exports of what is committed."""
    epoch = _git(root, "log", "-1", "--format=%ct")
    made: list[Path] = []
    for number in (1, 2):
        export = into / f"export-{number}"
        export.mkdir(parents=True)
        whole = into / "whole.tar"
        _git(root, "archive", "--output", str(whole), "HEAD")
        _run(["tar", "-xf", str(whole), "-C", str(export)])
        out = into / f"sdist-{number}"
        environment = os.environ | {"SOURCE_DATE_EPOCH": epoch}
        _run([sys.executable, "-m", "build", "--sdist", "-o", str(out), str(export)], environment)
        made += out.glob("*.tar.gz")
    if made[0].read_bytes() != made[1].read_bytes():
        raise SystemExit("the sdist is not the same when it is built again")
    odd = difference(made[0], set(_git(root, "ls-files").splitlines()))
    if odd:
        raise SystemExit("the sdist and git differ in: " + ", ".join(sorted(odd)))
    os.environ["SOURCE_DATE_EPOCH"] = epoch  # of the wheels, too
    return made[0]


def tried(wheel: Path, work: Path, tested_with: Path) -> None:
    """The wheel at work in a bare environment, and what was installed there."""
    environment = work / "bare"
    _run([sys.executable, "-m", "venv", str(environment)])
    python = str(environment / "bin" / "python")
    _run([python, "-m", "pip", "install", "--quiet", str(wheel)])
    print(_run([python, "-I", str(HERE / "smoke.py")]).strip(), flush=True)
    command = [sys.executable, "-m", "cyclonedx_py", "environment", "--output-reproducible"]
    _run([*command, "--output-file", str(tested_with), python])


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
    _run([sys.executable, "-m", "twine", "check", "--strict", *map(str, packages)])
    files = sorted(into.iterdir())
    sums = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files]
    (into / "SHA256SUMS").write_text("".join(sums))
    print("".join(sums), end="")
    print(
        f"\nLeft to you (.ci/release/README.md):\n"
        f"  git tag --sign v{version} -m 'civid {version}' && git push origin v{version}\n"
        f"The workflow of the tag builds all of it again, wants the same sdist, and publishes."
    )
    return 0


def _git(root: Path, *words: str) -> str:
    return _run(["git", "-C", str(root), *words]).strip()


def _run(command: list[str], environment: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        command, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}\n{done.stdout}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
