"""The 24 figures of the five source documents, each out of its inputs, as Vietnamese writes them.

Each test names its seed. Where a document states a total alone, the parts that are summed up here
are made: shares of it in whole numbers. What is shown is then the way of the figure through CSV,
board, rate and sentence, not who did how much.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from tests.campaign.hue import FOLDER, board, days

from civid.campaign.numerals import about, read_decimal, written
from civid.campaign.organisation import (
    CampaignDays,
    CampaignUnit,
    Kit,
    Level,
    Plan,
    Quotas,
    Team,
    UnitTree,
    coverage,
    split_quota,
)
from civid.campaign.progress.board import Board, Kind
from civid.campaign.progress.league import commended, league, over_plan
from civid.campaign.progress.periods import TeamDay, above, daily_rates
from civid.campaign.progress.reading import read_reports
from civid.campaign.progress.reports import Report
from civid.campaign.progress.stage import Stage
from civid.campaign.progress.steps import Step, about_minutes
from civid.campaign.rate import Rate, whole_behind
from civid.campaign.sheets.read import read_day
from civid.people.places import find_one, provinces

FIRST, DEADLINE = date(2021, 3, 1), date(2021, 6, 30)
S0, S1, S2, S3, S4 = (
    "000_a8541ca66e3c37c7.txt",
    "001_abe5055a74ad2b95.txt",
    "002_fc445895df267f0c.txt",
    "003_9707403e73088674.txt",
    "004_43eef5fb812147f9.txt",
)
FIGURES = list[tuple[str, str, Callable[[], object]]]()


def figure(seed: str, shown: str) -> Callable[[Callable[[], object]], Callable[[], object]]:
    """A figure of a seed, as it is to be shown."""

    def keep(made: Callable[[], object]) -> Callable[[], object]:
        FIGURES.append((seed, shown, made))
        return made

    return keep


def added_up(total: int, day: date, stage: Stage, without: tuple[str, ...] = ()) -> Board:
    """A total in parts by province, through CSV with Vietnamese numbers, on a board."""
    tree = UnitTree.of_provinces(day)
    names = {unit.code: 1 + int(unit.code) for unit in tree.at(Level.PROVINCE)}
    kept = {code: weight for code, weight in names.items() if tree[code].name not in without}
    parts = split_quota(total, kept)
    lines = [f"{code};{day:%d/%m/%Y};{written(part)}" for code, part in parts.items()]
    content = "\n".join([f"mã;ngày;{stage.value}", *lines]).encode()
    told = read_reports(content, tree, day, day, stages=(stage,), numerals="vi")
    assert not told.findings
    board = Board(tree, day, 1, (stage,), Kind.TOTAL)
    board.add(told.reports)
    return board


def districts(province: str, rates: dict[str, tuple[int, int]]) -> tuple[Board, Quotas]:
    """A board of a province with districts that did so many of so many."""
    units = [CampaignUnit("P", province, Level.PROVINCE)]
    units += [CampaignUnit(name, name, Level.DISTRICT, "P") for name in rates]
    tree = UnitTree(units)
    board = Board(tree, FIRST, 122)
    board.add([Report(name, FIRST, Stage.COLLECTED, done) for name, (done, _) in rates.items()])
    return board, Quotas(tree, {name: of for name, (_, of) in rates.items()})


@figure(S0, "907.763 hồ sơ, đạt tỷ lệ 95,39%, chỉ tiêu 951.584-951.683")
def lam_dong() -> str:
    least, greatest = whole_behind(907_763, read_decimal("95,39", "vi"))
    rates = {Rate(907_763, of).percent(2) for of in (least, greatest)}
    assert len(rates) == 1
    (percent,) = rates
    assert percent is not None
    return (f"{written(907_763)} hồ sơ, đạt tỷ lệ {written(percent)}%, "
            f"chỉ tiêu {written(least)}-{written(greatest)}")  # fmt: skip


@figure(S0, "trên 54 triệu hồ sơ, đạt 108%")
def nationwide_over_fifty_million() -> str:
    done = added_up(54_000_001, date(2021, 6, 22), Stage.COLLECTED).total("VN", Stage.COLLECTED)
    rate = Rate(done, 50_000_000)
    assert rate.is_met
    percent = rate.percent(0)
    assert percent is not None
    return f"{about(done)} hồ sơ, đạt {written(percent)}%"


@figure(S0, "63 điểm cầu")
def conference_points() -> str:
    return f"{len(provinces(date(2021, 6, 22)))} điểm cầu"


@figure(S0, "4: Đạ Huoai, Đức Trọng, Đơn Dương, Di Linh")
def districts_over_plan() -> str:
    # Made counts: that these four are over, in this order, and the others are not, is stated.
    board, quotas = districts("Lâm Đồng", {
        "Bảo Lộc": (98_000, 100_000), "Di Linh": (100_100, 100_000),
        "Đà Lạt": (150_000, 160_000), "Đạ Huoai": (30_900, 30_000), "Đơn Dương": (70_700, 70_000),
        "Đức Trọng": (122_400, 120_000), "Lạc Dương": (17_000, 20_000),
    })  # fmt: skip
    over = over_plan(league(board, quotas, Level.DISTRICT, Stage.COLLECTED))
    return f"{len(over)}: {', '.join(one.name for one in over)}"


@figure(S1, "100% các huyện")
def districts_with_machines() -> str:
    day = date(2021, 3, 11)
    names = ("Lâm Đồng", "Đắc Lắc", "Đắc Nông", "Gia Lai", "Kon Tum")  # as the seed spells them
    codes = [find_one(name, day).code for name in names]
    units = [CampaignUnit(f"{code}-{number}", f"huyện {number}", Level.DISTRICT, code)
             for code in codes for number in range(10)]  # fmt: skip
    tree = UnitTree.of_provinces(day, units)
    rate, without = coverage(tree, [Kit(f"K{one.code}", one.code) for one in units],
                             Level.DISTRICT, day)  # fmt: skip
    assert not without
    percent = rate.percent(0)
    assert percent is not None
    return f"{written(percent)}% các huyện"


@figure(S1, "khoảng 5 phút")
def minutes_a_case() -> str:
    begin = datetime(2021, 3, 10, 18)
    lengths = {"receive": 40, "declare": 55, "prints": 95, "photo": 35, "sign": 45, "fee": 30}
    steps, clock = [], begin
    for name, seconds in lengths.items():
        steps.append(Step("a", name, clock, clock + timedelta(seconds=seconds)))
        clock += timedelta(seconds=seconds)
    return about_minutes(steps)


@figure(S2, "98.713.820 nhân khẩu")
def people_synchronised() -> str:
    board = added_up(98_713_820, date(2021, 5, 4), Stage.DC01)
    return f"{written(board.total('VN', Stage.DC01))} nhân khẩu"


@figure(S2, "33.920.141 hồ sơ (đạt 67,8% so với chỉ tiêu 50 triệu hồ sơ)")
def two_thirds() -> str:
    board = added_up(33_920_141, date(2021, 4, 27), Stage.COLLECTED)
    quotas = Quotas(board.tree, {"VN": 50_000_000})
    rate = board.rate("VN", Stage.COLLECTED, quotas)
    percent = rate.percent()
    assert percent is not None
    target = about(rate.of).removeprefix("trên ")
    return f"{written(rate.done)} hồ sơ (đạt {written(percent)}% so với chỉ tiêu {target} hồ sơ)"


@figure(S3, "gần 17 triệu thẻ từ 21/09/2012 tại 16 địa phương")
def cards_since_2012() -> str:
    day, first = date(2020, 8, 31), date(2012, 9, 21)
    tree = UnitTree.of_provinces(day)
    sixteen = [unit.code for unit in tree.at(Level.PROVINCE)[:16]]
    board = Board(tree, first, (day - first).days + 1, (Stage.DELIVERED,))
    parts = split_quota(16_980_000, dict.fromkeys(sixteen, 1))
    board.add([Report(code, day, Stage.DELIVERED, part) for code, part in parts.items()])
    places = int(board.reported(day, Stage.DELIVERED).sum())
    done = about(board.total("VN", Stage.DELIVERED), under=True)
    return f"{done} thẻ từ {first:%d/%m/%Y} tại {places} địa phương"


def slips(total: int, stage: Stage) -> str:
    day, without = date(2020, 8, 20), ("Hà Nội", "Hải Phòng", "Cần Thơ", "Tây Ninh")
    board = added_up(total, day, stage, without)
    told = int(board.reported(day, stage).sum())
    places = len(board.tree.at(Level.PROVINCE))
    return f"{written(board.total('VN', stage))} phiếu tại {told}/{places} địa phương"


@figure(S3, "82.764.700 phiếu tại 59/63 địa phương")
def slips_dc01() -> str:
    return slips(82_764_700, Stage.DC01)


@figure(S3, "6.117.608 phiếu tại 59/63 địa phương")
def slips_dc02() -> str:
    return slips(6_117_608, Stage.DC02)


@figure(S3, "97,7%")
def hanoi_entered() -> str:
    board, quotas = districts("Hà Nội", {"a": (977, 1000)})
    percent = board.rate("P", Stage.COLLECTED, quotas).percent()
    assert percent is not None
    return f"{written(percent)}%"


@figure(S3, "1.187.439/1.226.109, đạt 96,8%, còn lại 38.670 (chiếm 3,2%)")
def tra_vinh_dc01() -> str:
    return Rate(1_187_439, 1_226_109).text("vi")


@figure(S3, "514.739/558.040, đạt 92,2%, còn lại 43.301 (chiếm 7,8%)")
def tra_vinh_dc02() -> str:
    return Rate(514_739, 558_040).text("vi")


def ranked(place: int) -> str:
    # Made counts of a thousand: the rates and their order are stated.
    board, quotas = districts(
        "Trà Vinh", {"Cầu Kè": (989, 1000), "Càng Long": (993, 1000), "Tiểu Cần": (997, 1000)}
    )
    one = league(board, quotas, Level.DISTRICT, Stage.COLLECTED)[place]
    percent = one.rate.percent()
    assert percent is not None
    return f"{one.rank}. {one.name} ({written(percent)}%)"


@figure(S3, "1. Tiểu Cần (99,7%)")
def first_district() -> str:
    return ranked(0)


@figure(S3, "2. Càng Long (99,3%)")
def second_district() -> str:
    return ranked(1)


@figure(S3, "3. Cầu Kè (98,9%)")
def third_district() -> str:
    return ranked(2)


@figure(S3, "gần 2.000 cán bộ, chiến sỹ")
def staff_mobilised() -> str:
    tree = UnitTree.of_provinces(date(2020, 9, 1))
    plan = Plan(
        "Trà Vinh", tree, Quotas(tree, {}), CampaignDays(FIRST, DEADLINE),
        teams=tuple(Team(f"T{number}", "084", 14) for number in range(142)),
    )  # fmt: skip
    return f"{about(plan.staff, under=True)} cán bộ, chiến sỹ"


def hue() -> tuple[Board, CampaignDays]:
    """A course that meets what is stated: 35 % at first, 210 % at last, eleven days lost."""
    return board(), days()


@figure(S4, "732.000 xong ngày 08/06/2021, trước 23 ngày")
def hue_early() -> str:
    made, _ = hue()
    running = made.series("046", Stage.COLLECTED)
    done = FIRST + timedelta(days=int((running >= 732_000).argmax()))
    early = (date(2021, 7, 1) - done).days
    return f"{written(732_000)} xong ngày {done:%d/%m/%Y}, trước {early} ngày"


@figure(S4, "35% chỉ tiêu/ngày")
def hue_at_first() -> str:
    made, days = hue()
    _, rate = daily_rates(made, "046", Stage.COLLECTED, 732_000, days)[0]
    percent = rate.percent(0)
    assert percent is not None
    return f"{written(percent)}% chỉ tiêu/ngày"


@figure(S4, "vươn lên 210%")
def hue_at_best() -> str:
    made, days = hue()
    rates = daily_rates(made, "046", Stage.COLLECTED, 732_000, days)
    best = max(rate.percent(0) or Decimal(0) for _, rate in rates)
    return f"vươn lên {written(best)}%"


@figure(S4, "95 lượt Tổ cấp CCCD vượt 700 hồ sơ/máy/ngày")
def hue_team_days() -> str:
    content = (FOLDER / "team_days.csv").read_text(encoding="utf-8").splitlines()
    days = [
        TeamDay(row["tổ"], read_day(row["ngày"]), int(row["máy"]), int(row["hồ sơ"]))
        for row in csv.DictReader(content, delimiter=";")
    ]
    made, _ = hue()
    assert sum(one.dossiers for one in days) == made.total("046", Stage.COLLECTED)
    return f"{len(above(days, 700))} lượt Tổ cấp CCCD vượt 700 hồ sơ/máy/ngày"


@figure(S4, "tạm dừng trong hơn 10 ngày")
def hue_paused() -> str:
    _, days = hue()
    lost = days.count - days.worked(days.first, days.deadline)
    assert lost == sum(pause.days for pause in days.suspensions)
    return f"tạm dừng trong hơn {lost - 1} ngày"


@figure(S4, "10 tập thể và 20 cá nhân")
def hue_commended() -> str:
    teams = commended({f"T{number}": 1000 - number for number in range(40)}, 10)
    officers = commended({f"O{number}": 5000 - number for number in range(300)}, 20)
    return f"{len(teams)} tập thể và {len(officers)} cá nhân"


@pytest.mark.parametrize(
    ("seed", "shown", "made"),
    FIGURES,
    ids=[f"{seed[:3]}-{one.__name__}" for seed, _, one in FIGURES],
)
def test_the_figure_of_the_seed(seed: str, shown: str, made: Callable[[], object]) -> None:
    assert made() == shown, seed


def test_all_figures_are_there() -> None:
    assert len(FIGURES) == 24
    assert [seed for seed, _, _ in FIGURES] == [S0] * 4 + [S1] * 2 + [S2] * 2 + [S3] * 10 + [S4] * 6
