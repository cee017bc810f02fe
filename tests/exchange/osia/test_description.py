"""Our description against the published one: every path, parameter, answer, structure and word.

What differs is listed here, and ``docs/explain/osia.md`` says why.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from civid.exchange.abis import Abis
from civid.exchange.osia import osia_parts
from civid.exchange.osia.data_access import data_access_part
from civid.exchange.service import House, make_app
from civid.register import Register

GOLDEN = Path(__file__).parent / "golden"
#: Answers of transport and security, which OSIA leaves out.
OF_THE_SERVICE = {"401", "408", "413", "415", "429", "503"}
#: Answers that OSIA does not have there: to whom, and why, is in the docs.
MORE_ANSWERS = {
    **{name: {"409"} for name in (
        "createEncounterNoIds", "createEncounterNoId", "updateEncounter", "deleteEncounter",
        "deleteAll",
    )},
    "updateEncounterStatus": {"404", "409"},
    "updateEncounterGalleries": {"404", "409"},
}  # fmt: skip
#: Structures without properties, which ours has as plain objects and texts.
WITHOUT_A_NAME = {"ContextualData", "BiographicData", "TemplateFormat", "QualityFormat"}


def load(name: str) -> Any:
    """A table of names."""
    return json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What the service says of itself."""
    with Abis.open(tmp_path_factory.mktemp("engine"), create=True) as engine:
        house = House(engine)
        return make_app(house, parts=osia_parts(house)).openapi()


def operations(document: Any) -> dict[str, tuple[str, str, Any]]:
    """By operationId: method, path, and the rest."""
    return {
        operation["operationId"]: (method, path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


def kind(schema: Any) -> str:
    """The type of a parameter that may be absent."""
    for one in (schema, *schema.get("anyOf", ())):
        if "$ref" in one:
            return "string"
        if one.get("type", "null") != "null":
            return str(one["type"])
    raise AssertionError(schema)


def test_operations(ours: Any) -> None:
    found = operations(ours)
    for name, published in load("abis")["operations"].items():
        method, path, operation = found[name]
        assert (method, path) == (published["method"], published["path"]), name
        parameters = {
            one["name"]: [one["in"], one["required"], kind(one["schema"])]
            for one in operation["parameters"]
        }
        assert parameters == published["parameters"], name
        more = OF_THE_SERVICE | MORE_ANSWERS.get(name, set())
        assert set(operation["responses"]) == set(published["answers"]) | more, name
        for code, media in published["answers"].items():
            assert set(media) <= set(operation["responses"][code].get("content", ())), (name, code)
        scopes = {one for way in operation["security"] for one in way["bearer"]}
        assert set(published["scopes"]) <= scopes, name
        body = operation.get("requestBody", {}).get("content", {}).get("application/json")
        assert (body is None) == (published["body"] is None), name
        if published["body"] not in (None, "array"):
            assert f"/{published['body']}'" in str(body), name


def test_data_access(register: Register, house: House) -> None:
    """The two operations that are offered: more is said in the docs."""
    app = make_app(house, parts=[data_access_part(register, {})])
    document = app.openapi()
    found, published = operations(document), load("dataaccess")
    for name in ("matchPersonAttributes", "verifyPersonAttributes"):
        method, path, operation = found[name]
        wanted = published["operations"][name]
        assert (method, path) == (wanted["method"], wanted["path"])
        (uin,) = (one for one in operation["parameters"] if one["in"] != "header")
        assert [uin["in"], uin["required"], kind(uin["schema"])] == wanted["parameters"]["uin"]
        more = {"409", *OF_THE_SERVICE}
        assert set(operation["responses"]) == set(wanted["answers"]) | more
        scopes = {one for way in operation["security"] for one in way["bearer"]}
        assert set(wanted["scopes"]) <= scopes
        body = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
        assert body.rpartition("/")[2] == wanted["body"]
    ours = document["components"]["schemas"]
    expression = published["structures"]["Expression"]
    assert sorted(ours["Expression"]["properties"]) == expression["properties"]
    assert sorted(ours["Expression"]["required"]) == expression["required"]


def test_structures(ours: Any) -> None:
    # Two parts may have structures of one name; FastAPI then writes the module in front of both.
    found = {
        name.rpartition("osia__answers__")[2]: schema
        for name, schema in ours["components"]["schemas"].items()
    }
    for name, published in load("abis")["structures"].items():
        if name in WITHOUT_A_NAME:
            assert not published["properties"]
            continue
        assert sorted(found[name].get("properties", ())) == published["properties"], name
        assert sorted(found[name].get("required", ())) == published["required"], name
        assert found[name].get("enum", []) == published["words"], name
        if published["properties"]:
            assert found[name]["additionalProperties"] is False, name
    assert found["Encounter"]["properties"]["encounterId"]["readOnly"] is True
    assert found["Decision"]["required"] == ["decision"]


def test_nothing_else_is_under_these_addresses(ours: Any) -> None:
    published = {one["path"] for one in load("abis")["operations"].values()}
    published |= {one["path"] for one in load("dataaccess")["operations"].values()}
    groups = ("/v1/persons", "/v1/identify", "/v1/verify", "/v1/galleries", "/v1/tasks")
    assert {path for path in ours["paths"] if path.startswith(groups)} <= published
