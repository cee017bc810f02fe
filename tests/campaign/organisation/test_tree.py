"""The tree of units."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.campaign.trees import small, trees

from civid.campaign.organisation import CampaignUnit, Level, UnitTree
from civid.errors import CampaignError

P, D, C, G = Level.PROVINCE, Level.DISTRICT, Level.COMMUNE, Level.GROUP


@given(trees(), st.integers(0, 1000))
def test_sums_are_those_of_paths(tree: UnitTree, seed: int) -> None:
    own = np.random.default_rng(seed).integers(0, 100, (3, len(tree)))
    slow = np.zeros_like(own)
    for place, unit in enumerate(tree.units):
        for above in tree.path(unit.code):
            slow[:, tree.index(above.code)] += own[:, place]
    assert (tree.rolled(own) == slow).all()


@given(trees())
def test_subtrees_are_ranges(tree: UnitTree) -> None:
    for unit in tree:
        inside = {tree.units[place].code for place in tree.subtree(unit.code)}
        assert inside == {one.code for one in tree if unit in tree.path(one.code)}


@pytest.mark.parametrize(
    ("units", "code", "row"),
    [
        ([("P", P, None), ("D", D, "P"), ("D", D, "P")], "unit-twice", 4),
        ([("P", P, None), ("D", D, "X")], "no-parent", 3),
        ([("D", D, None), ("P", P, "D")], "unit-levels", 3),
        ([("P", P, None), ("A", G, "B"), ("B", G, "A")], "unit-circle", 3),
        ([("P", P, None), ("Q", P, None)], "no-top", None),
        ([], "no-top", None),
    ],
)
def test_what_is_no_tree_is_refused(units: list, code: str, row: int | None) -> None:
    with pytest.raises(CampaignError) as caught:
        UnitTree(CampaignUnit(name, name, level, above) for name, level, above in units)
    assert (caught.value.code, caught.value.row) == (code, row)


def test_both_eras() -> None:
    before, after = UnitTree.of_provinces(date(2021, 3, 1)), UnitTree.of_provinces(date(2025, 7, 1))
    assert len(before.at(P)) == 63
    assert len(after.at(P)) == 34
    assert before["067"].name == "Đắk Nông"
    # No districts since: a commune stands right below its province.
    commune = CampaignUnit("00004", "Ba Đình", C, "01")
    assert UnitTree.of_provinces(date(2025, 7, 1), [commune]).path("00004")[1].code == "01"


@pytest.mark.parametrize(("code", "name"), [("", "x"), ("x", " "), ("a\nb", "x"), ("x" * 300, "x")])
def test_a_unit_needs_a_code_and_a_name(code: str, name: str) -> None:
    with pytest.raises(CampaignError):
        CampaignUnit(code, name, P)


def test_an_unknown_unit_is_named() -> None:
    with pytest.raises(CampaignError, match="unit Z: no such unit"):
        small().index("Z")
