"""Bodies of rows: plain JSON, sealed under the key of their owner."""

from __future__ import annotations

import json
from typing import Any

from civid.errors import RegisterDamagedError
from civid.register.session import Work
from civid.register.vault import Vault


def sealed(work: Work, table: str, owner: bytes, body: dict[str, Any]) -> dict[str, Any]:
    """The columns ``key`` and ``sealed`` of a row."""
    return sealed_at(work, table, owner, 0, body)


def sealed_at(
    work: Work, table: str, owner: bytes, place: int, body: dict[str, Any]
) -> dict[str, Any]:
    """The same of a row that is one of several of its owner."""
    data = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    key, found = work.vault.seal(data.encode("utf-8", "surrogatepass"), table, owner, place)
    return {"key": key, "sealed": found}


def unsealed(vault: Vault, table: str, owner: bytes, row: Any) -> dict[str, Any]:
    """The body again; `RegisterDamagedError` when it is not what was sealed there."""
    return unsealed_at(vault, table, owner, 0, row)


def unsealed_at(vault: Vault, table: str, owner: bytes, place: int, row: Any) -> dict[str, Any]:
    """The body of a row that is one of several of its owner."""
    try:
        found = json.loads(vault.open(row.key, row.sealed, table, owner, place))
    except ValueError as error:
        if isinstance(error, RegisterDamagedError):
            raise
        found = None
    if not isinstance(found, dict):
        raise RegisterDamagedError(f"a record of {table} cannot be read")
    return found
