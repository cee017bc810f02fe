"""Plug-ins are found by name, and say what they need."""

from __future__ import annotations

import sys
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.lab.synthetic.learning.made import plain

from civid.errors import UnavailableError
from civid.fingerprint.compare import compare
from civid.fingerprint.extract import extract
from civid.fingerprint.parameters import ExtractionParameters
from civid.fingerprint.template import Template
from civid.lab.errors import EvaluationError
from civid.lab.evaluation import Lab, read_set
from civid.lab.peers import Extractor, Matcher, System, load_system, names
from civid.lab.peers.nbis_programs import ihead, xyt
from civid.lab.synthetic import impression, master
from civid.search.fusion import fuse
from civid.search.parameters import ParameterFile, SearchParameters

_PLUGIN = """
import numpy as np
from civid.fingerprint.template import MINUTIA_DTYPE, Template

def extract(image):
    minutiae = np.zeros(5, MINUTIA_DTYPE)
    minutiae["x"] = int(image.pixels[9, 9]) % 50
    return Template(minutiae, quality=50, width=60, height=64)

def compare(probe, reference):
    return float((probe.minutiae["x"] == reference.minutiae["x"]).sum())

class Both:
    version = "7"
    def __call__(self, *given):
        return extract(*given) if len(given) == 1 else compare(*given)

NUMBER = 3
"""


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A module of the user's, on the path."""
    name = f"own_{abs(hash(str(tmp_path)))}"
    (tmp_path / f"{name}.py").write_text(_PLUGIN)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    return name


@pytest.mark.parametrize("method", ["classical", "neural"])
def test_each_method_of_extraction_is_a_system_of_its_own(method: str) -> None:
    image = impression(master(1), 1, difficulty=0.1).image
    system = load_system(f"civid-{method}+civid")
    assert system.extractor is not None
    made = system.extractor(image)
    assert made.extractor == f"civid-{method}/1"
    assert np.array_equal(made.minutiae, extract(image, method=method).minutiae)
    changed = ParameterFile(ExtractionParameters(crowd_most=4), SearchParameters())
    other = load_system(f"civid-{method}+civid", changed)
    assert other.extractor is not None
    assert other.extractor(image).extractor == f"civid-{method}/1;crowd_most=4"
    assert other.extractor_version != system.extractor_version
    assert f"civid-{method}" in names("extractor")


def test_civids_own_system_gives_civids_scores() -> None:
    system = load_system("civid")
    rows = np.random.default_rng(0).uniform(20, 280, (30, 2))
    a = Template(
        [(x, y, 1.0, 1, 50) for x, y in rows],  # type: ignore[arg-type]
        quality=50,
        width=300,
        height=300,
    )
    assert system.matcher(a, a) == compare(a, a).score
    assert system.matcher.many(a, [a, a]).tolist() == [compare(a, a).score] * 2  # type: ignore[attr-defined]
    assert system.fuse([30.0, 30.0]) == fuse([30.0, 30.0])
    assert system.minutiae(a) is a
    assert isinstance(system.extractor, Extractor)
    assert isinstance(system.matcher, Matcher)
    assert "civid-0" in system.matcher_version


def test_functions_and_classes_of_any_module_are_plugins(plugin: str, tmp_path: Path) -> None:
    from .helpers import write_set

    system = load_system(f"{plugin}:extract+{plugin}:compare")
    found = Lab(tmp_path / "out").verify(read_set(write_set(tmp_path / "s")), system)
    assert found.eer.value == 0
    assert system.fuse([1.0, 2.0]) == 3.0
    other = load_system(f"{plugin}:Both+{plugin}:Both")
    assert "-7-" in other.extractor_version
    assert load_system(f"{plugin}:compare").extractor_version.startswith("civid-")


def test_a_plugin_that_changes_has_another_version(plugin: str, tmp_path: Path) -> None:
    before = load_system(f"{plugin}:compare").matcher_version
    path = tmp_path / f"{plugin}.py"
    path.write_text(path.read_text() + "\n# faster\n")
    assert load_system(f"{plugin}:compare").matcher_version != before


def test_entry_points_are_plugins(plugin: str, monkeypatch: pytest.MonkeyPatch) -> None:
    points = EntryPoints(
        [
            EntryPoint("mine", f"{plugin}:extract", "civid.extractors"),
            EntryPoint("mine", f"{plugin}:compare", "civid.matchers"),
        ]
    )
    monkeypatch.setattr(
        "civid.lab.peers.systems.entry_points", lambda **wanted: points.select(**wanted)
    )
    assert "mine" in names("matcher")
    system = load_system("mine")
    assert (system.extractor.__name__, system.matcher.__name__) == ("extract", "compare")  # type: ignore[union-attr,attr-defined]


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("nobody", "no matcher is called nobody"),
        ("nobody+civid", "no extractor is called nobody"),
        ("json:nothing", "no nothing in json"),
        ("no_such_module_at_all:x", "cannot be imported.*PYTHONPATH=. for this folder"),
        ("{plugin}:NUMBER", "cannot be called"),
    ],
)
def test_what_is_no_plugin_is_refused(plugin: str, name: str, complaint: str) -> None:
    with pytest.raises(EvaluationError, match=complaint):
        load_system(name.format(plugin=plugin))


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("sourceafis", "SourceAFIS is not here: run python -m civid.lab.peers.java|PATH"),
        ("bozorth3", "not on the PATH: build NBIS"),
        ("nbis", "pip install nbis-python"),
        ("leader+civid", "pip install pyfing"),
    ],
)
def test_peers_that_are_not_installed_say_what_to_install(
    name: str, advice: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("CIVID_SOURCEAFIS", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(sys.modules, "pyfing", None)
    monkeypatch.setitem(sys.modules, "nbis", None)
    from civid.lab.peers import nbis_package, nbis_programs

    nbis_programs._version.cache_clear()
    nbis_package._nbis.cache_clear()
    with pytest.raises(UnavailableError, match=advice):
        load_system(name)


def test_minutiae_go_to_nbis_in_its_own_frame() -> None:
    template = Template([(10.4, 20, np.pi / 2, 1, 0)], quality=9, width=100, height=120)  # type: ignore[arg-type]
    assert xyt(template) == "10 100 270 1\n"


def test_images_go_to_nbis_with_the_header_of_nist() -> None:
    data = ihead(np.arange(12, dtype=np.uint8).reshape(3, 4))
    assert data[:8].rstrip(b"\0") == b"288"
    head, pixels = data[8 : 8 + 288], data[8 + 288 :]
    fields = [head[106 + 8 * k : 114 + 8 * k].rstrip(b"\0") for k in range(4)]
    assert fields == [b"4", b"3", b"8", b"500"]
    assert pixels == bytes(range(12))


def test_a_module_that_a_plugin_imports_belongs_to_its_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    helper = tmp_path / "helper_of_a_plugin.py"
    helper.write_text("def closeness(a, b):\n    return 1.0\n")
    (tmp_path / "plugin_with_a_helper.py").write_text(
        "import helper_of_a_plugin as helper\n"
        "def compare(probe, reference):\n    return helper.closeness(probe, reference)\n"
    )
    before = load_system("plugin_with_a_helper:compare").matcher_version
    assert load_system("plugin_with_a_helper:compare").matcher_version == before
    helper.write_text("def closeness(a, b):\n    return 2.0\n")
    assert load_system("plugin_with_a_helper:compare").matcher_version != before


def test_a_system_made_by_hand_is_known_by_its_source() -> None:
    def alike(probe: object, reference: object) -> float:
        return 1.0

    one, two = System("x", None, alike), System("y", None, alike)
    assert one.matcher_version == two.matcher_version != ""
    space: dict[str, Any] = {}
    exec("def alike(probe, reference):\n    return 1.0\n", space)
    versions = {System("x", None, space["alike"]).matcher_version for _ in range(2)}
    assert len(versions) == 2  # nothing tells whether it is the same: it is never reused
    assert System("x", None, alike, "", "mine-1").matcher_version == "mine-1"


def test_what_a_plugin_carries_along_belongs_to_its_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "plugin_with_state.py").write_text(
        "class Counting:\n"
        "    def __init__(self, weight):\n"
        "        self.weight = weight\n"
        "    def __call__(self, probe, reference):\n"
        "        return self.weight\n"
        "def weighted(probe, reference, weight=1):\n"
        "    return weight\n"
        "def made(weight):\n"
        "    return lambda probe, reference: weight\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    import importlib
    from functools import partial

    mine = importlib.import_module("plugin_with_state")

    def version(matcher: object) -> str:
        return System("x", None, matcher).matcher_version

    for make in (mine.Counting, mine.made, lambda w: partial(mine.weighted, weight=w)):
        assert version(make(1)) == version(make(1))
        assert version(make(1)) != version(make(2))
        assert "unknown" not in version(make(1))
    locked = mine.Counting(1)
    with (tmp_path / "f").open("wb") as locked.weight:  # nothing that pickle knows
        assert version(locked) != version(locked)


def test_packages_that_a_plugin_uses_belong_to_its_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "plugin_with_numpy.py").write_text(
        "import numpy as np\nfrom civid import compare\ndef match(a, b):\n    return 0.0\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    before = load_system("plugin_with_numpy:match").matcher_version
    assert load_system("plugin_with_numpy:match").matcher_version == before
    monkeypatch.setattr("numpy.__version__", "99")
    other = load_system("plugin_with_numpy:match").matcher_version
    assert other != before
    monkeypatch.setattr("civid.lab.peers.own.engine_version", lambda: "another")
    assert load_system("plugin_with_numpy:match").matcher_version != other


def test_civids_methods_are_extractors_of_their_own() -> None:
    image = plain(5).image
    made = {}
    for name, method in (("civid-classical", "classical"), ("civid-neural", "neural")):
        system = load_system(f"{name}+civid")
        assert system.extractor is not None
        made[name] = system.extractor(image)
        assert made[name].extractor == f"{name}/1"
        assert np.array_equal(made[name].minutiae, extract(image, method=method).minutiae)
        changed = ParameterFile(ExtractionParameters(crowd_most=4), SearchParameters())
        other = load_system(f"{name}+civid", changed)
        assert other.name == f"{name}+civid ({name}/1;crowd_most=4)"
        assert other.extractor_version != system.extractor_version
        same = ParameterFile(ExtractionParameters(method=method), SearchParameters())
        assert load_system(f"{name}+civid", same).extractor_version == system.extractor_version
    against = ParameterFile(ExtractionParameters(method="neural"), SearchParameters())
    with pytest.raises(
        EvaluationError, match="is the classical one, and the parameters say neural"
    ):
        load_system("civid-classical+civid", against)
    by_file = load_system("civid", against)
    assert by_file.name == "civid (civid-neural/1)"
