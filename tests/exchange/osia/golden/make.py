"""Make the tables of names that tests compare with: ``python make.py OSIA_CHECKOUT``.

Names, places and codes of the OSIA interfaces (https://github.com/SecureIdentityAlliance/osia,
commit 92d9859), Copyright (c) Secure Identity Alliance (2022), under
https://raw.githubusercontent.com/SecureIdentityAlliance/osia/master/LICENSE. Changed: texts,
examples and everything else but these names is left out. The tables serve to test an
implementation; they are no technical specification.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

METHODS = ("get", "post", "put", "delete")


def table(document: dict[str, Any]) -> dict[str, Any]:
    """Operations and structures of an OpenAPI document, names only."""
    operations = {
        operation["operationId"]: {
            "method": method,
            "path": path,
            "scopes": operation["security"][0]["BearerAuth"],
            "parameters": {
                one["name"]: [one["in"], one["required"], one["schema"].get("type", "string")]
                for one in operation.get("parameters", ())
            },
            "body": name_of(operation.get("requestBody", {}).get("content", {})),
            "answers": {
                str(code): sorted(answer.get("content", ()))
                for code, answer in operation["responses"].items()
            },
        }
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if method in METHODS
    }
    structures = {
        name: {
            "properties": sorted(schema.get("properties", ())),
            "required": sorted(schema.get("required", ())),
            "words": schema.get("enum", []),
        }
        for name, schema in document["components"]["schemas"].items()
    }
    return {"version": document["info"]["version"], "operations": operations,
            "structures": structures}  # fmt: skip


def name_of(content: dict[str, Any]) -> str | None:
    """The structure of a body; an array of texts has no name."""
    if not content:
        return None
    return str(content["application/json"]["schema"].get("$ref", "array")).rpartition("/")[2]


if __name__ == "__main__":
    import yaml

    here = Path(__file__).parent
    for name in ("abis", "dataaccess"):
        source = Path(sys.argv[1]) / "src" / "doc" / "yaml" / f"{name}.yaml"
        made = table(yaml.safe_load(source.read_text(encoding="utf-8")))
        text = json.dumps(made, indent=1, sort_keys=True)
        (here / f"{name}.json").write_text(text + "\n", encoding="utf-8")
