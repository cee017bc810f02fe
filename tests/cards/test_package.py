"""The package as a whole: nothing heavy loads, tables are whole."""

from __future__ import annotations

import pkgutil
import subprocess
import sys
from pathlib import Path

import civid.cards
from civid.cards.lifecycle import card_machine, diagram, dossier_machine

MODULES = sorted(
    one.name for one in pkgutil.walk_packages(civid.cards.__path__, prefix="civid.cards.")
)
HEAVY = (
    "numpy", "numba", "skimage", "pydantic", "PIL", "cryptography", "asn1crypto", "holidays",
    "segno", "zxingcpp", "civid.formats", "civid.fingerprint", "civid.search", "civid._native",
)  # fmt: skip


def test_nothing_heavy_loads_until_it_is_used() -> None:
    names = [name for name in MODULES if name != "civid.cards.models"]
    code = f"import sys; [__import__(one) for one in {names!r}]; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    loaded = done.stdout.split()
    assert not [name for name in HEAVY if name in loaded]


def test_the_page_of_life_cycles_has_the_diagrams_of_the_tables(root: Path) -> None:
    page = (root / "docs" / "cards" / "lifecycle.md").read_text(encoding="utf-8")
    assert diagram(dossier_machine()) in page
    assert diagram(card_machine()) in page
