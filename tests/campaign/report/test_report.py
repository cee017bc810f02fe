"""The report: one page that loads nothing, and the same figures in every format."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from html.parser import HTMLParser

import pytest
from tests.campaign.hue import board as hue_board
from tests.campaign.hue import plan as hue_plan

from civid.campaign.finding import Finding
from civid.campaign.organisation import CampaignDays, CampaignUnit, Level, Plan, Quotas, UnitTree
from civid.campaign.progress.ageing import DossierLine, ageing, overdue
from civid.campaign.progress.board import Board
from civid.campaign.progress.missing import Missing, Why
from civid.campaign.progress.reports import Report as Told
from civid.campaign.progress.stage import Stage
from civid.campaign.report import Fan, Report, build, page, tables
from civid.campaign.report.tiles import tiles
from civid.campaign.sheets import write_xlsx
from civid.errors import CampaignError
from civid.people.findings.model import Severity
from civid.people.working_days import Calendar

VOID = {"meta", "br", "img", "rect", "line", "circle", "polyline", "polygon"}
FORECAST = {
    "completion": {"early": "2021-06-01", "middle": "2021-06-09", "late": None},
    "chance": 0.87,
    "fan": [{"day": "2021-05-01", "low": 400_000, "middle": 420_000, "high": 440_000},
            {"day": "2021-06-09", "low": 600_000, "middle": 740_000, "high": 800_000}],
}  # fmt: skip
LINE = {
    "bottleneck": "prints",
    "steps": [{"key": key, "vietnamese": name, "utilisation": {"mean": used}, "wait": {"mean": 90}}
              for key, name, used in (("prints", "Lấy vân tay", 0.97), ("photo", "Chụp ảnh", 0.5))],
}  # fmt: skip


class Balanced(HTMLParser):
    """Every tag is closed, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open = list[str]()
        self.seen = list[tuple[str, dict[str, str | None]]]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def hue(**more: object) -> Report:
    lines = [
        DossierLine("r", "474", "approved", date(2021, 3, 5), date(2021, 3, 5), cause="material")
    ]
    day = date(2021, 4, 20)
    given: dict[str, object] = {
        "fan": Fan.of(FORECAST), "line": LINE, "ages": ageing(lines, day),
        "overdue": overdue(lines, day, calendar=Calendar(national=False)),
        "findings": [Finding("silent", Severity.INFO, unit="474")],
    }  # fmt: skip
    return build(hue_plan(), hue_board(), Stage.COLLECTED, day, **{**given, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_page_is_whole_and_loads_nothing(language: str) -> None:
    text = page(hue(), language)
    parser = Balanced()
    parser.feed(text)
    assert not parser.open
    tags = {tag for tag, _ in parser.seen}
    assert not tags & {"script", "link", "img", "iframe", "object", "embed", "form", "a"}
    assert not re.search(r"url\(|@import|https?:|javascript:|\bon\w+=", text)
    assert "default-src 'none'" in text
    assert f'lang="{language}"' in text
    for _, attributes in parser.seen:
        assert not {"src", "href", "action"} & attributes.keys()


def test_what_it_says() -> None:
    text = re.sub(r"<[^>]+>", " ", page(hue(), "vi").partition("</style>")[2])
    for told in ("42,4", "09/06/2021", "muộn hơn", "87%", "điểm nghẽn", "Lấy vân tay",
                 "thiếu phôi thẻ", "Cấp CCCD Thừa Thiên Huế 2021"):  # fmt: skip
        assert told in text, told


def test_the_figures_are_the_same_everywhere() -> None:
    report = hue()
    document = report.to_dict()
    assert document["done"] + document["remaining"] == 732_000
    assert document["course"][-1]["total"] == document["done"]
    assert sum(one["done"] for one in document["units"]) == document["done"]
    assert report.planned[-1] == 732_000
    assert report.planned[0] == 732_000 // 111
    units, days, *_ = tables(report, "en")
    assert units.rows[0][3] == document["done"]
    assert days.rows[-1][0] == date(2021, 6, 30)
    assert report.pace == pytest.approx(sum(done for _, done, _ in report.course[-7:]) / 7)


def test_the_workbook_has_every_table() -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.load_workbook(io.BytesIO(write_xlsx(tables(hue(), "vi"))))
    assert [sheet.title[2:] for sheet in book] == [
        "Bảng xếp hạng", "Theo ngày", "Các bước", "Thẻ trả chậm", "Cần xem lại"
    ]  # fmt: skip


def country(day: date) -> tuple[Plan, Board]:
    tree = UnitTree.of_provinces(day)
    provinces = [one.code for one in tree.at(Level.PROVINCE)]
    days = CampaignDays(day, day + timedelta(days=9))
    plan = Plan("x", tree, Quotas(tree, dict.fromkeys(provinces, 100)), days)
    board = Board(tree, day, 10)
    board.add([Told(code, day, Stage.COLLECTED, 7 * place) for place, code in enumerate(provinces)])
    return plan, board


@pytest.mark.parametrize(("day", "count"), [(date(2021, 3, 1), 63), (date(2025, 8, 1), 34)])
def test_every_province_of_its_era_is_on_the_map(day: date, count: int) -> None:
    plan, board = country(day)
    report = build(plan, board, Stage.COLLECTED, day)
    assert len(report.map) == count
    assert len({(tile.row, tile.column) for tile in report.map}) == count
    assert page(report).count('class="tile b5"') == sum(7 * place >= 100 for place in range(count))


def test_districts_are_tiles_in_a_row_and_no_map() -> None:
    report = hue()
    assert tiles(report.standings, report.day) == ()
    assert page(report).count('class="tile') == 9


def test_north_is_above_south() -> None:
    plan, board = country(date(2021, 3, 1))
    rows = {
        tile.standing.name: tile.row
        for tile in build(plan, board, Stage.COLLECTED, board.first).map
    }
    assert (
        rows["Hà Giang"]
        < rows["Hà Nội"]
        < rows["Thừa Thiên Huế"]
        < rows["Lâm Đồng"]
        < rows["Cà Mau"]
    )


def test_names_are_text_and_nothing_else() -> None:
    evil = "<script>alert(1)</script>\"'&"
    tree = UnitTree([
        CampaignUnit("P", evil, Level.PROVINCE),
        *(CampaignUnit(code, evil, Level.DISTRICT, "P") for code in ("a", "b")),
    ])  # fmt: skip
    days = CampaignDays(date(2021, 3, 1), date(2021, 3, 9))
    plan = Plan(evil, tree, Quotas(tree, {"a": 0, "b": 5}), days)
    report = build(plan, Board(tree, days.first, 9), Stage.COLLECTED, days.first)
    text = page(report)
    assert "<script" not in text
    assert text.count("&lt;script&gt;") >= 5
    parser = Balanced()
    parser.feed(text)
    assert not parser.open


def test_what_is_not_quite_done_is_not_shown_as_done() -> None:
    tree = UnitTree([
        CampaignUnit("P", "P", Level.PROVINCE),
        *(CampaignUnit(code, code, Level.DISTRICT, "P") for code in ("a", "b")),
    ])  # fmt: skip
    days = CampaignDays(date(2021, 3, 1), date(2021, 3, 9))
    plan = Plan("x", tree, Quotas(tree, {"a": 1000, "b": 1000}), days)
    board = Board(tree, days.first, 9)
    board.add(
        [Told("a", days.first, Stage.COLLECTED, 999), Told("b", days.first, Stage.COLLECTED, 1)]
    )
    assert "a<b>99%</b>" in page(build(plan, board, Stage.COLLECTED, days.first))


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"fan": 5},
        {"fan": [{}]},
        {"fan": [], "completion": {"early": "x"}},
        {"fan": [{"day": 1}]},
        {"fan": [{"day": "2021-05-01", "low": float("nan"), "middle": 1, "high": 2}]},
        {"fan": [{"day": "2021-05-01", "low": 0, "middle": 1, "high": float("inf")}]},
        {"fan": [{"day": "2021-05-01", "low": 0, "middle": 10**400, "high": 2}]},
        {"fan": [], "chance": float("nan")},
    ],
)
def test_what_is_no_forecast_is_refused(document: dict) -> None:
    with pytest.raises(CampaignError) as caught:
        Fan.of(document)
    assert caught.value.code == "not-a-forecast"


def test_what_is_no_simulation_is_refused() -> None:
    with pytest.raises(CampaignError):
        hue(line={"steps": [{"key": "x"}]})
    for used in (float("nan"), float("inf")):
        step = {"key": "x", "utilisation": {"mean": used}, "wait": {"mean": 1}}
        with pytest.raises(CampaignError):
            hue(line={"steps": [step], "bottleneck": "x"})
    with pytest.raises(CampaignError):
        hue(line={})


def test_reasons_and_blanks() -> None:
    plan, board = country(date(2021, 3, 1))
    board.add([Told("001", board.first, Stage.APPROVED, 100)])
    day = board.first
    report = build(
        plan, board, Stage.COLLECTED, day,
        missing=[Missing("001", Why.WORKING_AWAY, 60), Missing("001", Why.ABSENT, 41)],
        blanks=([30] + [0] * 9, 20),
    )  # fmt: skip
    assert [one.code for one in report.findings] == ["reasons-sum"]  # 100 are missing
    document = report.to_dict()
    assert document["reasons"] == {"working_away": 60, "absent": 41}
    assert document["stock"] == [
        {"day": day, "printed": 50, "waiting": 50, "blanks": 0, "limit": "material"}
    ]
    text = page(report)
    assert "đi làm ăn xa" in text
    assert "thiếu phôi 1 ngày" in text
