"""Found, missed, false: counted against a slow and obvious reference."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from civid.dedup.truth import judge

enrolments = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 3), max_size=8)
claims = st.lists(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("abcdefgh")), max_size=20)


@given(enrolments, claims)
def test_every_pair_is_counted_once(identities: dict[str, int], reported: list) -> None:
    reported = [(a, b) for a, b in reported if a != b]
    report = judge(identities, reported)
    sets = {frozenset(pair) for pair in reported}
    found = missed = false = different = 0
    for pair in combinations(sorted(identities), 2):
        same = identities[pair[0]] == identities[pair[1]]
        claimed = frozenset(pair) in sets
        found += same and claimed
        missed += same and not claimed
        false += claimed and not same
        different += not same
    assert (len(report.found), len(report.missed), len(report.false)) == (found, missed, false)
    assert (report.same, report.different) == (found + missed, different)
    assert report.enrolments == len(identities)
    assert report.identities == len(set(identities.values()))
    assert report.whole + report.partly <= report.repeated


def test_a_chain_of_found_pairs_makes_an_identity_whole() -> None:
    identities = dict.fromkeys("abcd", 1) | dict.fromkeys("xyz", 2) | dict.fromkeys("pq", 3)
    report = judge(identities, [("b", "a"), ("b", "c"), ("d", "c"), ("x", "y"), ("z", "a")])
    assert (report.repeated, report.whole, report.partly) == (3, 1, 1)
    assert report.false == (("a", "z"),)
    assert report.as_dict()["identities_not_found"] == 1


def test_enrolments_without_a_known_identity_count_nowhere() -> None:
    report = judge({"a": 1, "b": 1}, [("a", "unknown"), ("a", "b")])
    assert (len(report.found), len(report.false), report.same) == (1, 0, 1)
