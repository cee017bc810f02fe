"""A plan out of files: right, or refused with file, row and unit."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civid.campaign.organisation.reading import FILES, read_plan
from civid.errors import CampaignError

HEAD = {"name": "x", "first": "2021-03-01", "deadline": "30/06/2021"}
UNITS = "code,name,level,parent,quota\nP,Tỉnh,province,,\nA,Huyện A,district,P,1.500\n"


def files(head: object = None, units: str = UNITS, **more: str) -> dict[str, bytes]:
    made = {"campaign.json": json.dumps(HEAD if head is None else head), "units.csv": units}
    made |= {f"{name}.csv": text for name, text in more.items()}
    return {name: text.encode() for name, text in made.items()}


def code(given: dict[str, bytes]) -> tuple[str, int | None, str]:
    with pytest.raises(CampaignError) as caught:
        read_plan(given)
    return caught.value.code, caught.value.row, caught.value.unit


def test_everything_that_a_plan_can_hold() -> None:
    head = HEAD | {
        "weekends": False, "suspensions": [{"first": "2021-05-05", "last": "2021-05-15"}],
        "shifts": [{"name": "tối", "begins": "18:00", "ends": "22:00", "weekdays": [0, 1]}],
    }  # fmt: skip
    plan, findings = read_plan(files(
        head,
        kits="mã;đơn vị;từ ngày\nK1;A;01/04/2021\n",
        breakdowns="kit,first,last\nK1,2021-04-05,\n",
        teams="code,unit,staff,kits,shifts,site\nT1,A,7,K1,tối,S1\n",
        sites="code,unit,kind,name\nS1,A,school,THPT Đức Trọng\n",
        visits="team,site,day,shift,expected\nT1,S1,2021-04-02,tối,120\n",
    ))  # fmt: skip
    assert plan.quotas.of("P") == 1500
    assert plan.days.deadline == date(2021, 6, 30)
    assert plan.kits[0].since == date(2021, 4, 1)
    assert plan.breakdowns[0].last is None
    assert plan.teams[0].shifts == ("tối",)
    assert plan.visits[0].expected == 120
    assert {one.code for one in findings} == {"unsure-number"}


def test_the_country_of_a_day_and_quotas_for_it() -> None:
    head = HEAD | {"provinces_of": "2021-03-01"}
    plan, _ = read_plan(files(head, "code,quota\n068,951633\nVN,50000000\n"), numerals="en")
    assert len(plan.tree) == 64
    assert (plan.quotas.of("068"), plan.quotas.of("VN")) == (951_633, 50_000_000)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (files(units=UNITS + "A,x,district,P,5\n"), ("unit-twice", 4, "A")),
        (files(units="code,name,level,parent,quota\nP,T,province,,1\nP,T,province,,1\n"),
         ("unit-twice", 3, "P")),
        (files(units=UNITS + "B,x,district,P,x\n"), ("not-a-count", 4, "B")),
        (files(units=UNITS + "B,x,district\n"), ("row-width", 4, "")),
        (files(kits="code,unit,since\nK,A,31/02/2021\n"), ("not-a-day", 2, "A")),
        (files(kits="code\nK\n"), ("no-column", None, "")),
        (files(teams="code,unit,staff\nT,A,0\n"), ("staff", 2, "A")),
        (files(teams="code,unit,staff\nT,A,x\n"), ("not-a-count", 2, "A")),
        (files(sites="code,unit,kind\nS,A,moon\n"), ("value", 2, "A")),
        (files(HEAD | {"deadline": "2020-01-01"}), ("days", None, "")),
        (files(HEAD | {"weekends": "no"}), ("value", None, "")),
        (files(HEAD | {"shifts": [{"name": "x", "begins": "25:00", "ends": "1"}]}),
         ("value", None, "")),
        (files(HEAD | {"suspensions": 5}), ("value", None, "")),
        (files([]), ("not-json", None, "")),
        ({"units.csv": b""}, ("no-file", None, "")),
        ({"campaign.json": b"{}"}, ("no-file", None, "")),
        ({"campaign.json": b"[" * 100_000, "units.csv": b"x"}, ("not-json", None, "")),
    ],
)  # fmt: skip
def test_what_cannot_be(given: dict[str, bytes], told: tuple[str, int | None, str]) -> None:
    assert code(given) == told


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10)
    | st.sampled_from(["2021-03-01", "07:00"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["name", "first", "last", "deadline", "shifts", "suspensions", "weekends",
                         "begins", "ends", "weekdays", "break_minutes", "provinces_of"]),
        inner, max_size=5),
    max_leaves=12,
)  # fmt: skip
CELLS = st.lists(
    st.lists(st.sampled_from(["P", "A", "province", "xã", "", "5", "1.234", "=1", "2021-03-01",
                              "x|y"]), min_size=1, max_size=6).map(",".join), max_size=5,
).map("\n".join)  # fmt: skip


@given(JSON, st.dictionaries(st.sampled_from(FILES[1:]), CELLS | st.text(max_size=50)))
def test_anything_is_a_plan_or_refused(head: object, texts: dict[str, str]) -> None:
    head = HEAD | head if isinstance(head, dict) else head
    titles = {"units.csv": "code,name,level,parent,quota", "kits.csv": "code,unit,since,until"}
    given = {
        name: f"{titles.get(name, '')}\n{text}".encode("utf-8", "replace")
        for name, text in texts.items()
    }
    try:
        read_plan(given | {"campaign.json": json.dumps(head).encode()})
    except CampaignError:
        return


@given(st.binary(max_size=100), st.binary(max_size=100))
def test_any_bytes_are_refused_or_read(head: bytes, units: bytes) -> None:
    try:
        read_plan({"campaign.json": head, "units.csv": units})
    except CampaignError:
        return


def test_a_row_is_that_of_the_file_beside_the_provinces_of_a_list() -> None:
    head = HEAD | {"provinces_of": "2021-03-01"}
    units = "code,name,level,parent,quota\n\nX,Xã,commune,nowhere,\n"
    assert code(files(head, units)) == ("no-parent", 3, "X")
    assert code(files(units=UNITS + "\nB,B,district,P,9999999999\n")) == ("count-range", 5, "B")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (files(units=UNITS + "B,B,district,P,-5\n"), "units.csv: not a count: -5"),
        (files(units=UNITS + "1,2,3\n"), "units.csv: 3 cells for 5 titles; the row was not read"),
        (files(units="code\n"), "units.csv: 0 units at the top; one is needed"),
        (files(HEAD | {"first": 5}), "campaign.json: first is missing, or is no text"),
        (files(HEAD | {"first": "2022-03-01"}), "campaign.json: it ends before it starts"),
    ],
)
def test_what_is_wrong_is_said_in_words_and_of_which_file(
    given: dict[str, bytes], said: str
) -> None:
    with pytest.raises(CampaignError, match=f"(^|: ){re.escape(said)}"):
        read_plan(given)


def test_what_turns_a_page_round_is_no_name() -> None:
    assert code(files(HEAD | {"name": "Huế \u202e2021"}))[0] == "value"
