"""The same pairs scored by splink, as its tutorial has it: jaro-winkler names, EM without labels.

Used by ``comparators.py --splink``; not installed with civid: ``pip install splink``.
"""

from __future__ import annotations

import logging
from typing import Any

from civid.dedup.decision import Record
from civid.people.names.canonical import key
from civid.register.population.lookup import sounds

Pair = tuple[int, int]


def table(records: list[Record]) -> list[dict[str, Any]]:
    """One row a record, with the fields that civid compares, and the keys of its blocks."""
    return [
        {
            "unique_id": at, "name": key(one.names[0]) if one.names else None,
            "sound": sounds(one.names[0]) if one.names else None,
            "year": one.birth.year if one.birth is not None else None,
            "birth": one.birth.iso() if one.birth is not None else None,
            "sex": one.sex.name if one.sex is not None else None, "place": one.place or None,
            "father": one.father or None, "mother": one.mother or None,
            "household": one.household or None, "number": one.number or None,
            "cmnd9": next(iter(sorted(one.cmnd9)), None),
        }
        for at, one in enumerate(records)
    ]  # fmt: skip


def by_splink(records: list[Record], seed: int, *, family: bool) -> dict[Pair, float]:
    """Match weights of all pairs in the blocks; with or without what a family shares."""
    import pandas
    import splink.comparison_library as compare
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    logging.getLogger("splink").setLevel(logging.ERROR)
    blocks = [block_on(*one) for one in (["number"], ["cmnd9"], ["household"], ["sound", "year"])]
    comparisons: list[Any] = [
        compare.JaroWinklerAtThresholds("name", [0.95, 0.88]).configure(
            term_frequency_adjustments=True
        ),
        compare.DamerauLevenshteinAtThresholds("birth", [1, 2]),
        compare.ExactMatch("sex"), compare.ExactMatch("cmnd9"),
        compare.DamerauLevenshteinAtThresholds("number", [1]),
    ]  # fmt: skip
    if family:
        shared = ("place", "father", "mother", "household")
        comparisons += [compare.ExactMatch(name) for name in shared]
    settings = SettingsCreator(
        link_type="dedupe_only", comparisons=comparisons,
        blocking_rules_to_generate_predictions=blocks,
    )  # fmt: skip
    database = DuckDBAPI()
    linker = Linker(database.register(pandas.DataFrame(table(records))), settings)
    linker.training.estimate_probability_two_random_records_match(
        [block_on("number"), block_on("name", "birth")], recall=0.9
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=seed)
    for rule in (block_on("name", "birth"), block_on("number"), block_on("birth", "sex")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    found = linker.inference.predict(threshold_match_weight=-100).as_pandas_dataframe()
    columns = ("unique_id_l", "unique_id_r", "match_weight")
    return {
        (min(a, b), max(a, b)): weight
        for a, b, weight in zip(*(found[name] for name in columns), strict=True)
    }
