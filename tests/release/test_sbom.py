"""The bill of materials of a wheel names what pyproject.toml names; same sources, same text."""

from __future__ import annotations

import re
import runpy
import shutil
import tomllib
import uuid
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
MADE = runpy.run_path(str(ROOT / "native" / "build_sbom.py"))


def sbom(root: Path = ROOT) -> dict[str, Any]:
    document: dict[str, Any] = MADE["sbom"](root, "1.2.3")
    return document


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A tree with little in it."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for name in ("native/src/a.c", "native/include/a.h", "src/civid/a.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("1\n")
    return tmp_path


def test_every_requirement_is_a_component() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    found = {one["name"]: one for one in sbom()["components"]}
    for scope, wanted in (
        ("required", project["project"]["dependencies"]),
        ("excluded", project["build-system"]["requires"]),
    ):
        for requirement in wanted:
            name = re.split(r"[<>=!~ ;\[]", requirement)[0].lower()
            assert found[name]["purl"] == f"pkg:pypi/{name}"
            assert found[name]["scope"] in (scope, "required")
            assert requirement == name + found[name]["properties"][0]["value"] or name == "cffi"


def test_references_are_unique_and_all_of_them_lead_somewhere() -> None:
    document = sbom()
    itself = document["metadata"]["component"]
    refs = [one["bom-ref"] for one in (itself, *itself["components"], *document["components"])]
    assert len(refs) == len(set(refs))
    named = {one["ref"]: one.get("dependsOn", []) for one in document["dependencies"]}
    assert set(named) == set(refs)
    assert {ref for some in named.values() for ref in some} <= set(refs)
    assert uuid.UUID(document["serialNumber"].removeprefix("urn:uuid:")).version == 4


def test_the_same_sources_give_the_same_text(small: Path) -> None:
    again = small.parent / "again"
    shutil.copytree(small, again)
    assert MADE["written"](small, "1.2.3") == MADE["written"](again, "1.2.3")
    assert str(small) not in MADE["written"](small, "1.2.3")


@pytest.mark.parametrize(
    ("name", "part"),
    [("native/src/a.c", 1), ("native/include/a.h", 1), ("src/civid/a.py", 0)],
)
def test_a_changed_source_changes_the_digest_of_its_part(small: Path, name: str, part: int) -> None:
    def digests() -> list[str]:
        parts = sbom(small)["metadata"]["component"]["components"]
        return [one["hashes"][0]["content"] for one in parts]

    before = digests()
    (small / name).write_text("2\n")
    after = digests()
    assert before[part] != after[part]
    assert before[1 - part] == after[1 - part]


def test_it_is_cyclonedx() -> None:
    """By the schema that the standard's own library carries, where that is installed."""
    pytest.importorskip("jsonschema")
    schema = pytest.importorskip("cyclonedx.validation.json")
    from cyclonedx.schema import SchemaVersion

    wrong = schema.JsonStrictValidator(SchemaVersion.V1_6).validate_str(
        MADE["written"](ROOT, "1.2.3")
    )
    assert wrong is None
