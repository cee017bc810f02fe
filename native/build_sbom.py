"""What a wheel is made of, as CycloneDX 1.6; setup.py puts it into ``.dist-info/sboms`` (PEP 770).

The wheel holds no file of anybody else: its parts are civid's Python and civid's C, each with a
digest over its sources. What it needs to run is named as pyproject.toml names it, without versions;
a release publishes beside the wheels what was installed when they were tested. The same sources
give the same bytes: no time, no random number.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Any

#: Names of the document in a wheel and in a release.
FILE = "civid.cdx.json"
_C = ("*.c", "*.h")


def sbom(root: Path, version: str) -> dict[str, Any]:
    """The bill of materials of the sources under `root`."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    native = root / "native"
    sources = [path for room in ("src", "include") for path in _files(native / room, _C)]
    parts = [
        _part("civid-python", version, root, _files(root / "src" / "civid", ("*.py", "*.pyi"))),
        _part("civid-native", version, root, sources),
    ]
    runs = [_package(one, "required") for one in project["project"]["dependencies"]]
    builds = [_package(one, "excluded") for one in project["build-system"]["requires"]]
    runs = list({one["bom-ref"]: one for one in runs}.values())
    builds = [one for one in builds if one["bom-ref"] not in {run["bom-ref"] for run in runs}]
    itself = f"pkg:pypi/civid@{version}"
    document: dict[str, Any] = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "lifecycles": [{"phase": "build"}],
            "component": {
                "type": "library",
                "bom-ref": itself,
                "name": "civid",
                "version": version,
                "purl": itself,
                "description": project["project"]["description"],
                "licenses": [{"license": {"id": project["project"]["license"]}}],
                "components": parts,
            },
        },
        "components": [*runs, *builds],
        "dependencies": [
            {"ref": itself, "dependsOn": [one["bom-ref"] for one in [*parts, *runs]]},
            *({"ref": one["bom-ref"]} for one in [*parts, *runs, *builds]),
        ],
    }
    digest = hashlib.sha256(json.dumps(document, sort_keys=True).encode()).digest()
    return {**document, "serialNumber": f"urn:uuid:{uuid.UUID(bytes=digest[:16], version=4)}"}


def written(root: Path, version: str) -> str:
    """The document as it is stored."""
    return json.dumps(sbom(root, version), indent=2, sort_keys=True) + "\n"


def _files(folder: Path, patterns: Iterable[str]) -> list[Path]:
    return sorted(path for pattern in patterns for path in folder.rglob(pattern))


def _part(name: str, version: str, root: Path, files: Iterable[Path]) -> dict[str, Any]:
    digest = hashlib.sha256()
    for path in sorted(files):
        text = path.read_bytes()
        digest.update(f"{path.relative_to(root).as_posix()} {len(text)}\n".encode() + text)
    return {
        "type": "library",
        "bom-ref": f"{name}@{version}",
        "name": name,
        "version": version,
        "licenses": [{"license": {"id": "Apache-2.0"}}],
        "hashes": [{"alg": "SHA-256", "content": digest.hexdigest()}],
    }


def _package(requirement: str, scope: str) -> dict[str, Any]:
    name = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert name is not None, requirement
    plain = re.sub(r"[-_.]+", "-", name[0]).lower()
    wanted = requirement[len(name[0]) :].strip()
    return {
        "type": "library",
        "bom-ref": f"pkg:pypi/{plain}",
        "name": plain,
        "purl": f"pkg:pypi/{plain}",
        "scope": scope,
        "properties": [{"name": "civid:wanted", "value": wanted}],
    }
