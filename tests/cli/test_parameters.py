"""``--parameters FILE`` of compare, search and evaluate, and ``civid search --why``."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from civid import ComparisonParameters, ExtractionParameters
from civid.fingerprint import quality
from civid.fingerprint.compare import compare
from civid.fingerprint.extract import extract, run
from civid.fingerprint.image import read_image


@pytest.fixture
def narrow(tmp_path: Path) -> Path:
    file = tmp_path / "narrow.json"
    file.write_text('{"comparison": {"pair_distance": 9}}')
    return file


def test_compare(civid: Callable[..., Any], prints: Path, narrow: Path, tmp_path: Path) -> None:
    a, b = prints / "1_left-index_1.png", prints / "1_left-index_2.png"
    one, other = extract(read_image(a)), extract(read_image(b))
    run = civid("compare", a, b, "--parameters", narrow, "--json")
    wanted = compare(one, other, ComparisonParameters(pair_distance=9))
    assert run.json["score"] == pytest.approx(wanted.score, abs=1e-3)
    assert run.json["score"] != pytest.approx(compare(one, other).score, abs=1e-3)
    assert run.json["parameters"] == "civid-comparison/2;pair_distance=9"
    assert (run.json["calibrated"], run.json["measured"]) == (False, False)
    text = civid("compare", a, b, "--parameters", narrow)
    assert "not calibrated" in text.out
    assert "the same finger" not in text.out
    assert "pair_distance=9" in text.err
    both = tmp_path / "both.json"
    both.write_text('{"extraction": {"least_quality": 40}}')
    few = ExtractionParameters(least_quality=40)
    wanted = compare(extract(read_image(a), few), extract(read_image(b), few))
    run = civid("compare", a, b, "--parameters", both, "--json")
    assert run.json["score"] == pytest.approx(wanted.score, abs=1e-3)
    assert run.json["a"]["minutiae"] == len(extract(read_image(a), few))
    assert run.json["calibrated"] is False


def test_every_picture_is_extracted_once(
    civid: Callable[..., Any], prints: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b = (prints / f"1_left-index_{number}.png" for number in (1, 2))
    assert civid("enroll", tmp_path / "gallery", "one", f"left-index={a}").code == 0
    given = tmp_path / "few.json"
    given.write_text('{"extraction": {"least_quality": 40}}')
    extracted: list[ExtractionParameters | None] = []

    def counted(*arguments: Any, **options: Any) -> Any:
        extracted.append(options.get("parameters"))
        return run(*arguments, **options)

    monkeypatch.setattr(quality, "run", counted)
    monkeypatch.setattr("civid.fingerprint.extract.run", counted)
    assert civid("compare", a, b, "--parameters", given).code == 0
    assert extracted == [ExtractionParameters(least_quality=40)] * 2
    words = (f"left-index={b}", "--parameters", given, "--min-score", 20)
    assert civid("search", tmp_path / "gallery", *words).code == 0
    assert extracted == [ExtractionParameters(least_quality=40)] * 3


def test_files_that_are_none(civid: Callable[..., Any], prints: Path, tmp_path: Path) -> None:
    a, file = prints / "1_left-index_1.png", tmp_path / "wrong.json"
    for text, why in (
        ('{"comparison": {"pair_distance": 900}}', "pair_distance: must lie in 1..64"),
        ('{"comparison": {"pears": 9}}', "pears: is no parameter"),
        ("nonsense", "no JSON"),
    ):
        file.write_text(text)
        run = civid("compare", a, a, "--parameters", file)
        assert run.code == 2
        assert why in run.err
    assert "no such file" in civid("compare", a, a, "--parameters", tmp_path / "none").err


@pytest.mark.parametrize(
    ("text", "why", "advice"),
    [
        ('{"extraction": {"sigma_along": 9}}', "extraction.sigma_along: must lie", "extraction.md"),
        ('{"comparison": {"pears": 9}}', "comparison.pears: is no parameter", "comparison.md"),
        ('{"search": {"fusion": {"pears": 9}}}', "fusion.pears: is no parameter", "fusion.md"),
        ('{"search": {"cells": 0}}', "search.cells: must lie", "search.md"),
        ('{"extraction": 3}', "extraction: must be names with values", "extraction.md"),
        ('{"method": "classical"}', 'one level down, into "extraction"\n', '{"extraction": {'),
        ('{"method": "exact"}', 'one level down, into "search"\n', '{"extraction": {'),
        ('{"method": "auto"}', 'into "extraction" or "search"\n', '{"extraction": {'),
        ('{"pair_distance": 900}', 'one level down, into "comparison"\n', '{"extraction": {'),
        ('{"compare": {}}', "compare: is no part of such a file", '{"extraction": {'),
    ],
)
def test_advice_is_about_the_part_that_is_at_fault(
    civid: Callable[..., Any], prints: Path, tmp_path: Path, text: str, why: str, advice: str
) -> None:
    file = tmp_path / "wrong.json"
    file.write_text(text)
    run = civid("extract", prints / "1_left-index_1.png", "--parameters", file)
    assert run.code == 2
    assert why in run.err
    assert advice in run.err.partition("what to do: ")[2]


def test_search(civid: Callable[..., Any], prints: Path, narrow: Path, tmp_path: Path) -> None:
    gallery = tmp_path / "gallery"
    for person in (1, 2):
        word = f"left-index={prints}/{person}_left-index_1.png"
        assert civid("enroll", gallery, f"person {person}", word).code == 0
    probe = f"left-index={prints}/2_left-index_2.png"
    words = ("search", gallery, probe, "--parameters", narrow)
    assert "--min-score" in civid(*words).err  # a rate means nothing here
    run = civid(*words, "--min-score", 20, "--json")
    assert (run.code, run.json["candidates"][0]["subject"]) == (0, "person 2")
    assert run.json["parameters"] == "civid-search/1;comparison.pair_distance=9"
    assert run.json["candidates"][0]["calibrated"] is False
    assert run.json["candidates"][0]["fpir"] is None
    text = civid(*words, "--min-score", 20)
    assert "not calibrated" in text.out
    assert "not calibrated" in text.err
    assert civid(*words, "--min-score", 20, "--exact").code == 2
    plain = civid("search", gallery, probe, "--json")
    assert (plain.json["parameters"], plain.json["candidates"][0]["calibrated"]) == (
        "civid-search/1", True,
    )  # fmt: skip
    assert "explanation" not in plain.json
    why = civid("search", gallery, probe, "--why", "--json").json["explanation"]
    assert (why["method"], why["compared"], why["subjects"]) == ("exact", 2, 2)
    told = civid("search", gallery, probe, "--why")
    assert all(line in told.out for line in ("exact: 2 subjects", "loss: none"))


def test_evaluate(civid: Callable[..., Any], prints: Path, narrow: Path, tmp_path: Path) -> None:
    words = ("evaluate", prints, "--filename-pattern", "{person}_{position}_{impression}",
             "--rounds", 20, "--pictures", 0)  # fmt: skip
    run = civid(*words, "-o", tmp_path / "run", "--parameters", narrow, "--json")
    assert run.code == 0, run.err
    assert "civid (civid-search/1;comparison.pair_distance=9)" in json.dumps(run.json)
    rows = [
        row
        for path in (tmp_path / "run").rglob("*.csv")
        for row in csv.reader(path.read_text("utf-8").splitlines())
    ]
    assert any("pair_distance=9" in cell for row in rows for cell in row)
    other = civid(*words, "-o", tmp_path / "other", "-m", "bozorth3", "--parameters", narrow)
    assert other.code != 0
