"""Which language is spoken: the option, the variable, the desktop."""

from __future__ import annotations

import pytest

from civid.cli.language.choice import Language, chosen, speaking, spoken, without_option
from civid.problems import Problem


@pytest.mark.parametrize(
    ("words", "left", "asked"),
    [
        ("number 1 --lang vi", "number 1", "vi"),
        ("--lang=vi number 1", "number 1", "vi"),
        ("--lang en number --lang vi 1", "number 1", "vi"),
        ("search -- --lang vi", "search -- --lang vi", None),
        ("number 1 --lang", "number 1", ""),
    ],
)
def test_the_option_stands_anywhere(words: str, left: str, asked: str | None) -> None:
    assert without_option(words.split()) == (left.split(), asked)


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, None),
        ({"CIVID_LANG": "vi"}, Language.VI),
        ({"CIVID_LANG": "en", "LANG": "vi_VN.UTF-8"}, Language.EN),
        ({"CIVID_LANG": "fr", "LANG": "en_GB.UTF-8"}, None),
        ({"LANG": "vi_VN.UTF-8"}, Language.VI),
        ({"LANG": "vi_VN.UTF-8", "LC_ALL": "C.UTF-8"}, None),
        ({"LANG": "fr_FR.UTF-8", "LANGUAGE": "fr:vi:en"}, Language.VI),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "en:vi"}, None),
        ({"LANGUAGE": "vi"}, None),  # as gettext: no language without a locale
    ],
)
def test_the_environment(environment: dict[str, str], language: Language | None) -> None:
    assert chosen(None, environment) is language


def test_the_option_goes_before_the_environment() -> None:
    assert chosen("en", {"CIVID_LANG": "vi"}) is Language.EN
    for other in ("fr", "", "VI"):
        with pytest.raises(Problem, match="--lang: expected vi or en"):
            chosen(other, {})


def test_a_language_is_spoken_as_long_as_the_block_runs() -> None:
    with speaking(None):
        assert spoken() is Language.EN
        with speaking(Language.VI):
            assert spoken() is Language.VI
        assert spoken(Language.VI) is Language.VI
        with speaking(Language.EN):
            assert spoken(Language.VI) is Language.EN
