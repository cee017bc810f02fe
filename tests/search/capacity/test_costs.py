"""Records of costs: kept, read, refused; and measured on this machine."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from civid.errors import SearchError
from civid.lab.synthetic import SyntheticGallery
from civid.search.capacity import measure
from civid.search.capacity.costs import Costs, carried, known, read


def test_what_civid_carries_can_be_planned_with() -> None:
    assert {one.machine.isa for one in known()} >= {"avx2", "avx512"}
    for one in known():
        assert Costs.from_dict(json.loads(json.dumps(one.to_dict()))) == one
        assert all(cost.cpu_s > 0 for cost in one.searches)
        for fingers in {cost.fingers for cost in one.searches}:
            seconds = [cost.cpu_s for cost in one.searches if cost.fingers == fingers]
            assert seconds == sorted(seconds)
        for grid in (one.spread.probes, one.spread.repeats):
            assert list(grid) == sorted(grid)
            assert grid[3] == pytest.approx(1.0, abs=0.05)


def test_the_newest_of_several(monkeypatch: pytest.MonkeyPatch) -> None:
    old = carried("avx2")
    new = replace(old, machine=replace(old.machine, date="2099-01-01"))
    monkeypatch.setattr("civid.search.capacity.costs.records.known", lambda: (new, old))
    assert carried("avx2") is new


def test_an_unknown_instruction_set_lists_the_known() -> None:
    with pytest.raises(SearchError, match=r"no costs of mmx .* avx2, avx512"):
        carried("mmx")


@pytest.mark.parametrize("text", ["", "{}", "[1]", "[{}]", '[{"machine": 1}]'])
def test_other_files_are_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "costs.json"
    path.write_text(text, "utf-8")
    with pytest.raises(SearchError, match="costs"):
        read(path)


@pytest.mark.parametrize("field", ["spread", "machine", "searches", "sweeps", "sizes", "crowded"])
def test_a_record_without_a_field_is_refused(field: str) -> None:
    row = carried("avx2").to_dict()
    del row[field]
    with pytest.raises(SearchError, match=field):
        Costs.from_dict(row)


def test_a_record_with_nothing_in_it_is_refused() -> None:
    row = carried("avx2").to_dict()
    with pytest.raises(SearchError, match="at least one"):
        Costs.from_dict(row | {"sweeps": []})
    with pytest.raises(SearchError, match="factors"):
        Costs.from_dict(row | {"spread": {"probes": [1.0], "repeats": [1.0]}})


def test_this_machine_is_measured() -> None:
    steps: list[tuple[int, int]] = []
    found = measure(
        {2: SyntheticGallery(4)}, sizes={2: (40, (600, 1200))},
        on_progress=lambda done, total: steps.append((done, total)),
    )  # fmt: skip
    assert [(one.fingers, one.subjects, one.distinct) for one in found.searches] == [
        (2, 600, 40),
        (2, 1200, 40),
    ]
    assert all(one.cpu_s > 0 for one in found.searches)
    assert all(one.cpu_s_a_probe > 0 for one in found.sweeps)
    # By inverted lists, as a node searches: they are mapped beside templates, codes are not.
    assert 2_300 < found.sizes[0].resident < 3_000 < found.sizes[0].disk
    assert 700 < found.sizes[0].scanned < 1_100
    assert found.templates_a_cpu_s > 100
    assert found.crowded >= 1
    assert found.scatter.source.startswith("placeholder")
    assert steps == [(k + 1, 4) for k in range(4)]
    assert Costs.from_dict(found.to_dict()) == found


@pytest.mark.parametrize(
    "sizes", [{2: (40, ())}, {2: (40, (30,))}, {2: (40, (80, 60))}, {3: (1, (1,))}]
)
def test_sizes_that_make_no_sense(sizes: dict) -> None:
    with pytest.raises(SearchError):
        measure({2: SyntheticGallery(4)}, sizes=sizes)
