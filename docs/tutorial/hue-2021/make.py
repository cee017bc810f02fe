"""Makes the data of the tutorial: a campaign that meets what was said of Thừa Thiên Huế in 2021.

    python docs/tutorial/hue-2021/make.py

Stated, by the conference of 10 June 2021: a quota of 732,000 before 1 July, met 23 days early; 35 %
of a day's quota at first and 210 % at best; over ten days lost to Covid-19; 95 days of teams with
more than 700 dossiers a machine. Everything else is made: districts' shares, teams, and which day
had how many. The suspension is put into May.
"""

from __future__ import annotations

import csv
import json
import math
from datetime import date, timedelta
from pathlib import Path

from civid.campaign.organisation import split_quota

HERE = Path(__file__).resolve().parent
FIRST, LAST, DEADLINE = date(2021, 3, 1), date(2021, 6, 8), date(2021, 6, 30)
QUOTA, A_DAY, PER_KIT, BEST_DAYS = 732_000, 6_000, 700, 95
PAUSE = date(2021, 5, 5), date(2021, 5, 15)
#: Code, name, weight of the quota, teams; each team has one machine.
DISTRICTS = (
    ("474", "Thành phố Huế", 36, 9), ("476", "Phong Điền", 9, 2), ("477", "Quảng Điền", 8, 2),
    ("478", "Phú Vang", 18, 4), ("479", "Hương Thủy", 11, 3), ("480", "Hương Trà", 12, 3),
    ("481", "A Lưới", 5, 2), ("482", "Phú Lộc", 14, 4), ("483", "Nam Đông", 3, 1),
)  # fmt: skip


def course() -> dict[date, int]:
    """Dossiers of the province by day: 35 % at first, 210 % at best, the quota met on the last."""
    days = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]
    worked = [day for day in days if not PAUSE[0] <= day <= PAUSE[1]]
    low, best = 35 * A_DAY // 100, 210 * A_DAY // 100

    def counts(steepness: float) -> list[int]:
        made = []
        for number, day in enumerate(worked):
            risen = min(1.0, max(0, number - 9) / 45) ** steepness
            week = 0.94 + 0.06 * math.cos(2 * math.pi * day.weekday() / 7)
            made.append(round(low + (best * 0.93 * week - low) * risen) if number > 9 else low)
        made[-12] = best
        return made

    flat, steep = 0.05, 4.0
    while steep - flat > 1e-9:
        middle = (flat + steep) / 2
        flat, steep = (middle, steep) if sum(counts(middle)) > QUOTA else (flat, middle)
    return dict(zip(worked, counts(flat), strict=True))


def team_days(by_day: dict[date, int]) -> list[tuple[date, str, str, int]]:
    """Day, team, district, dossiers; the teams of the city are the fastest."""
    teams = [(f"T{code}-{number + 1}", code,
              share * 100 // count + 35 * (count - 1 - 2 * number) * (count > 4))
             for code, _, share, count in DISTRICTS for number in range(count)]  # fmt: skip
    rows = []
    for number, (day, count) in enumerate(by_day.items()):
        weights = {team: weight + (number * 7 + place * 13) % 50
                   for place, (team, _, weight) in enumerate(teams)}  # fmt: skip
        parts = split_quota(count, weights)
        rows += [(day, team, code, parts[team]) for team, code, _ in teams]
    return _marked(rows)


def _marked(rows: list[tuple[date, str, str, int]]) -> list[tuple[date, str, str, int]]:
    """Exactly so many days above the mark; what is moved stays in the province on its day."""
    order = sorted(range(len(rows)), key=lambda at: -rows[at][3])
    best, counts = set(order[:BEST_DAYS]), [row[3] for row in rows]
    by_day = dict[date, list[int]]()
    for at, row in enumerate(rows):
        by_day.setdefault(row[0], []).append(at)
    for places in by_day.values():
        moved = 0
        for at in places:
            wanted = (
                max(counts[at], PER_KIT + 1 + at % 40) if at in best else min(counts[at], PER_KIT)
            )
            moved += counts[at] - wanted
            counts[at] = wanted
        others = [at for at in places if at not in best]
        for number, at in enumerate(others):
            left = len(others) - number
            share = math.trunc(moved / left)
            share = min(share, PER_KIT - counts[at])
            counts[at] += share
            moved -= share
        assert moved == 0
    return [(*row[:3], count) for row, count in zip(rows, counts, strict=True)]


def write(name: str, titles: list[str], rows: list[list[object]]) -> None:
    """A CSV file beside this one."""
    with (HERE / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\n")
        writer.writerow(titles)
        writer.writerows(rows)


def main() -> None:
    """Write all files."""
    rows = team_days(course())
    weights = {code: share for code, _, share, _ in DISTRICTS}
    quotas = split_quota(QUOTA, weights)

    def shown(count: int) -> str:
        return f"{count:,}".replace(",", ".")

    units = [[code, name, "huyện", "046", shown(quotas[code])] for code, name, _, _ in DISTRICTS]
    units.insert(0, ["046", "Thừa Thiên Huế", "tỉnh", "", shown(QUOTA)])
    write("units.csv", ["mã", "tên", "cấp", "cấp trên", "chỉ tiêu"], units)
    teams = [
        (f"T{code}-{number + 1}", code)
        for code, _, _, count in DISTRICTS
        for number in range(count)
    ]
    write("kits.csv", ["mã", "đơn vị"], [[f"K{team[1:]}", code] for team, code in teams])
    write("teams.csv", ["mã", "đơn vị", "quân số", "các máy", "ca"],
          [[team, code, 7, f"K{team[1:]}", "sáng|chiều|tối"] for team, code in teams])  # fmt: skip
    days = [[f"{day:%d/%m/%Y}", team, code, 1, count] for day, team, code, count in rows]
    write("team_days.csv", ["ngày", "tổ", "đơn vị", "máy", "hồ sơ"], days)
    summed = dict[tuple[date, str], int]()
    for day, _, code, count in rows:
        summed[day, code] = summed.get((day, code), 0) + count
    counts = [[code, f"{day:%d/%m/%Y}", shown(count)] for (day, code), count in summed.items()]
    write("progress.csv", ["mã", "ngày", "thu nhận"], counts)
    head = {
        "name": "Cấp CCCD Thừa Thiên Huế 2021", "first": f"{FIRST}", "deadline": f"{DEADLINE}",
        "weekends": True, "holidays": True,
        "suspensions": [{"first": f"{PAUSE[0]}", "last": f"{PAUSE[1]}", "reason": "Covid-19"}],
        "shifts": [
            {"name": "sáng", "begins": "07:00", "ends": "11:30"},
            {"name": "chiều", "begins": "13:00", "ends": "17:30"},
            {"name": "tối", "begins": "18:00", "ends": "23:00"},
        ],
    }  # fmt: skip
    text = json.dumps(head, ensure_ascii=False, indent=1) + "\n"
    (HERE / "campaign.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
