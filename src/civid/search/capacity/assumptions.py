"""What nobody measured and a plan needs all the same: each with a name, a default and a reason.

The reasons stand in ``data/words.csv`` as ``assume-<name>``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from civid.errors import SearchError
from civid.search.capacity.words import say


def _assumed(value: float, unit: str, low: float, high: float) -> Any:
    return field(default=value, metadata={"unit": unit, "low": low, "high": high})


@dataclass(frozen=True, slots=True)
class Assumptions:
    """Named assumptions. `assumed` changes some; `Assumptions.table` tells why each is what it is.

    Times are hours (h) or seconds (s), sizes bytes (B); shares and factors have no unit.

    Raises
    ------
    SearchError
        One is out of its bounds; the message says which, and what they are.

    >>> Assumptions().replicas, assumed({"replicas": 3}).replicas
    (2, 3)
    """

    hours_a_day: float = _assumed(10.0, "h", 0.1, 24)
    peak_factor: float = _assumed(2.5, "", 1, 100)
    burst: int = _assumed(1, "", 1, 100_000)
    replicas: int = _assumed(2, "", 1, 5)
    shards_a_node: int = _assumed(4, "", 1, 64)
    idle_copy_first: int = _assumed(0, "", 0, 1)
    node_cores: int = _assumed(64, "", 1, 1024)
    core_speed: float = _assumed(1.0, "", 0.01, 100)
    node_memory: float = _assumed(5.12e11, "B", 1e9, 1e14)
    memory_headroom: float = _assumed(0.3, "", 0, 0.95)
    memory_bandwidth: float = _assumed(2e11, "B/s", 1e9, 1e13)
    many_cores: float = _assumed(1.25, "", 1, 10)
    most_busy: float = _assumed(0.7, "", 0.01, 0.95)
    most_seconds: float = _assumed(10.0, "s", 0.001, 86400)
    disk_read: float = _assumed(2e9, "B/s", 1e6, 1e12)
    disk_write: float = _assumed(1e9, "B/s", 1e6, 1e12)
    disk_headroom: float = _assumed(1.0, "", 0, 10)
    network: float = _assumed(1.1e9, "B/s", 1e6, 1e12)
    network_s: float = _assumed(0.0005, "s", 0, 10)
    cluster_shard_s: float = _assumed(0.0033, "s", 0, 10)
    detection_s: float = _assumed(10.0, "s", 0, 86400)
    failure_years: float = _assumed(3.0, "", 0.01, 1000)
    replacement_hours: float = _assumed(24.0, "h", 0, 10000)
    sweep_share: float = _assumed(0.9, "", 0.01, 1)
    sweep_share_beside: float = _assumed(0.2, "", 0, 1)

    def __post_init__(self) -> None:
        for one in fields(self):
            value = getattr(self, one.name)
            low, high = one.metadata["low"], one.metadata["high"]
            whole = one.type == "int"
            if (
                isinstance(value, bool)
                or not isinstance(value, int | float)
                or not math.isfinite(value)
                or (whole and value != int(value))
                or not low <= value <= high
            ):
                kind = "a whole number" if whole else "a number"
                raise SearchError(f"{one.name}: {kind} from {low:g} to {high:g} is needed")

    @staticmethod
    def table(language: str = "en") -> tuple[tuple[str, float, str, str], ...]:
        """Name, default, unit and reason of each; the reason in ``"en"`` or ``"vi"``."""
        usual = Assumptions()
        return tuple(
            (
                one.name,
                float(getattr(usual, one.name)),
                one.metadata["unit"],
                say(f"assume-{one.name}", language),
            )
            for one in fields(Assumptions)
        )


def assumed(changes: Mapping[str, float]) -> Assumptions:
    """The defaults, with some of them changed by name.

    Raises
    ------
    SearchError
        There is none of that name, or it is out of its bounds.
    """
    kinds = {one.name: one.type for one in fields(Assumptions)}
    values: dict[str, Any] = {}
    for name, value in changes.items():
        if name not in kinds:
            raise SearchError(f"no assumption is called {name}; there are {', '.join(kinds)}")
        whole = kinds[name] == "int" and float(value).is_integer()
        values[name] = int(value) if whole else value
    return Assumptions(**values)
