"""Who lacks an optional package is told which extra brings it, at every door that needs one."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

import civid

ROOT = Path(__file__).resolve().parent.parent
SOURCES = Path(civid.__file__).parent
#: Where the name of the distribution is another than that of the module.
DISTRIBUTION = {
    "jwt": "pyjwt",
    "prometheus_client": "prometheus-client",
    "skimage": "scikit-image",
    "stomp": "stomp.py",
    "zxingcpp": "zxing-cpp",
    "anyio": "httpx",  # brings it
    "starlette": "fastapi",  # brings it
}
#: Code that is run without the modules in front of it; what it says must name the extra.
SLAPS = "import numpy; from civid.fingerprint.slaps import patches, ridges; "
DOORS: list[tuple[str, str, str]] = [
    ("numba", "lab", "from civid.lab.synthetic import SyntheticGallery"),
    ("numba", "lab", "import civid.lab.demo"),
    ("numba", "lab", "from civid.campaign.line import run_kernels"),
    ("scipy", "slaps", SLAPS + "ridges.ridge_map(numpy.zeros((99, 99), numpy.uint8), 500)"),
    ("skimage", "slaps", SLAPS + "ridges.borrowed('skimage.segmentation')"),
    ("matplotlib", "lab", "from civid.lab.figures import axes; axes.in_percent(None)"),
    ("ray", "cluster", "from civid.search.cluster import on_ray; on_ray.ray()"),
    ("sqlalchemy", "register", "from civid.register import Register"),
    ("fastapi", "service", "from civid.exchange.service import make_app"),
    ("cryptography", "encryption", "from civid.search.segments import keys; keys._aesgcm()"),
    ("cryptography", "cards", "from civid.cards.chip.trust import signatures as s; s._hazmat('x')"),
    ("holidays", "cards", "from civid.people.working_days import _national; _national(2025)"),
    ("openpyxl", "campaign", "from civid.campaign.sheets.write import write_xlsx; write_xlsx([])"),
]


def extras() -> dict[str, set[str]]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = {"": project["dependencies"], **project["optional-dependencies"]}
    return {
        extra: {re.split(r"[<>=!~ ;\[]", one)[0].lower() for one in wanted}
        for extra, wanted in named.items()
    }


def asked() -> list[tuple[str, str, str]]:
    """File, module and extra of every call of `need` that can be read off the source."""
    found = []
    for path in sorted(SOURCES.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        constants = {
            target.id: node.value.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Constant)
            for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "need":
                module = node.args[0]
                if isinstance(module, ast.JoinedStr):
                    module = module.values[0]
                if not isinstance(module, ast.Constant):
                    continue
                extra: Any = "cards"
                if len(node.args) > 2:
                    last = node.args[2]
                    extra = last.value if isinstance(last, ast.Constant) else None
                    if isinstance(last, ast.Name):
                        extra = constants.get(last.id)
                if extra is not None:
                    top = str(module.value).split(".")[0]
                    found.append((str(path.relative_to(SOURCES)), top, str(extra)))
    return found


def test_the_extra_that_is_named_brings_the_module() -> None:
    known, calls = extras(), asked()
    assert len(calls) > 50
    wrong = [
        f"{file}: civid[{extra}] does not bring {module}"
        for file, module, extra in calls
        if not {module, DISTRIBUTION.get(module, module)} & known.get(extra, set())
    ]
    assert not wrong, "\n".join(wrong)


def test_nothing_heavy_is_in_the_default() -> None:
    assert not extras()[""] & {"numba", "scikit-image", "scipy", "pandas", "matplotlib", "pyarrow"}


@pytest.fixture(scope="module")
def said() -> list[str]:
    """What each door says, in one interpreter without any optional package."""
    code = f"""
import importlib.abc, json, sys
blocked = {sorted({door[0] for door in DOORS})!r}

class Absent(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in blocked:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Absent())
import civid
told = []
for _, _, code in {DOORS!r}:
    try:
        exec(code, {{}})
        told.append("it ran")
    except BaseException as error:
        told.append(f"{{type(error).__name__}}: {{error}}")
print(json.dumps(told))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    found: list[str] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize(("number", "door"), list(enumerate(DOORS)))
def test_a_door_names_the_extra(said: list[str], number: int, door: tuple[str, str, str]) -> None:
    _, extra, _ = door
    assert said[number].startswith("UnavailableError: ")
    assert f"pip install 'civid[{extra}]'" in said[number]
