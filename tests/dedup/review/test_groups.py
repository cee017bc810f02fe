"""Groups do not depend on the order of pairs, and two subjects of one name stay two."""

from __future__ import annotations

from pathlib import Path
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from civid.dedup.review.groups import TITLES, Sources, groups_of, table_rows
from civid.dedup.review.page import Facts, review_page
from civid.position import Position
from civid.search import Duplicate, FingerEvidence

NAMES = st.sampled_from("abcdefgh")
PAIRS = st.lists(
    st.tuples(NAMES, NAMES, st.integers(30, 90)).filter(lambda pair: pair[0] < pair[1]),
    unique_by=lambda pair: pair[:2],
)


@given(PAIRS, st.randoms(use_true_random=False), st.booleans())
def test_groups_do_not_depend_on_the_order(
    pairs: list[tuple[str, str, int]], random: Random, two: bool
) -> None:
    found = [Duplicate(a, b, float(score), ()) for a, b, score in pairs]
    galleries = ["unit", "centre"][1 - two :]
    sources: list[Sources] = [{} for _ in galleries]
    mixed = list(found)
    random.shuffle(mixed)
    groups = groups_of(found, galleries, sources)
    assert groups == groups_of(mixed, galleries, sources)
    # Every pair is in exactly one group, and no member is in two.
    assert sorted(m.found for one in groups for m in one.matches) == sorted(found)
    members = [(m.side, m.subject) for one in groups for m in one.members]
    assert len(members) == len(set(members))
    # What is linked is together: an oracle that joins sets until nothing changes.
    sets = [{(0, a), (int(two), b)} for a, b, _ in pairs]
    while touching := next(
        ((x, y) for i, x in enumerate(sets) for y in sets[i + 1 :] if x & y), None
    ):
        sets = [one for one in sets if not any(one is each for each in touching)]
        sets.append(touching[0] | touching[1])
    made = [frozenset((m.side, m.subject) for m in one.members) for one in groups]
    assert set(made) == set(map(frozenset, sets))


def test_a_row_a_finger_with_its_files() -> None:
    right, left = Position.RIGHT_INDEX, Position.LEFT_INDEX
    evidence = (
        FingerEvidence(right, right, 25.0, 20, 1, None),
        FingerEvidence(left, left, 35.0, 20, 1, None),
    )
    hand = {Position.UNKNOWN: Path("hand.an2")}
    groups = groups_of(
        [Duplicate("a", "a", 60.0, evidence)], ["unit", "centre"],
        [{"a": {right: Path("r.png")}}, {"a": hand}],
    )  # fmt: skip
    rows = [dict(zip(TITLES, map(str, row), strict=True)) for row in table_rows(groups)]
    assert [row["file"] for row in rows] == ["r.png", ""]
    assert [row["other_file"] for row in rows] == ["hand.an2", "hand.an2"]
    assert [(row["gallery"], row["other_gallery"]) for row in rows] == [("unit", "centre")] * 2
    assert (rows[0]["score"], rows[0]["measured"]) == ("60.000", "no")


def test_what_is_not_calibrated_has_no_rate() -> None:
    """As of an extractor that was never measured: the number stands, and no words about it."""
    right = Position.RIGHT_INDEX
    term = FingerEvidence(right, right, 35.0, 12, 1, calibrated=False)
    for found in ((term,), (FingerEvidence(right, right, 35.0, 12, 1), term)):
        groups = groups_of([Duplicate("a", "b", 35.0, found)], ["centre"], [{}])
        row = dict(zip(TITLES, map(str, table_rows(groups)[0]), strict=True))
        assert (row["score"], row["measured"]) == ("35.000", "no")
        assert any("not calibrated" in cell for cell in row.values())
        assert any("chưa hiệu chuẩn" in cell for cell in row.values())
        page = review_page(groups, Facts(("centre",), (3,), "x"), lambda _: {}, language="en")
        assert "not calibrated" in page
