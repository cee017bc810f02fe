"""Trees and boards that several tests share, and strategies that make them."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from civid.campaign.organisation import CampaignUnit, Level, UnitTree

FIRST = date(2021, 3, 1)


def tree_of(*lines: tuple[str, str | None], first: Level = Level.PROVINCE) -> UnitTree:
    """Units by code and the one above; levels by how deep they are."""
    depth = dict[str, int]()
    units = []
    for code, above in lines:
        depth[code] = 0 if above is None else depth[above] + 1
        units.append(CampaignUnit(code, f"Đơn vị {code}", Level(first + depth[code]), above))
    return UnitTree(units)


def small() -> UnitTree:
    """A province with two districts and three communes."""
    return tree_of(("P", None), ("D1", "P"), ("C1", "D1"), ("C2", "D1"), ("D2", "P"), ("C3", "D2"))


@st.composite
def trees(draw: st.DrawFn) -> UnitTree:
    """Any tree of up to thirty units, given in any order."""
    levels = [Level.MINISTRY]
    units = [CampaignUnit("0", "0", Level.MINISTRY)]
    for number in range(1, draw(st.integers(1, 30))):
        above = draw(st.integers(0, number - 1).filter(lambda at: levels[at] < Level.GROUP))
        levels.append(Level(levels[above] + 1))
        units.append(CampaignUnit(str(number), str(number), levels[-1], str(above)))
    return UnitTree(draw(st.permutations(units)))
