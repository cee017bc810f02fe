"""``civid campaign``: plan, progress, sample."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.cli.conftest import Run
from tests.register.citizens import WEEKDAYS, citizen

from civid.register import Register

Civid = Callable[..., Run]
LINES = "mã;ngày;thu nhận\n"


@pytest.fixture
def hue(root: Path) -> Path:
    return root / "docs" / "tutorial" / "hue-2021"


def small(folder: Path, units: str = "", quota: str = "10") -> Path:
    folder.mkdir()
    head = {"name": "x", "first": "2021-03-01", "deadline": "2021-06-30"}
    (folder / "campaign.json").write_text(json.dumps(head), encoding="utf-8")
    text = (
        units or f"code,name,level,parent,quota\nP,Tỉnh,province,,\nA,=cmd(),district,P,{quota}\n"
    )
    (folder / "units.csv").write_text(text, encoding="utf-8")
    return folder


def test_a_plan_in_both_languages(civid: Civid, hue: Path) -> None:
    told = civid("campaign", "plan", hue, "--numbers", "vi", "--lang", "vi")
    assert told.code == 0
    assert "732.000" in told.out
    assert "tạm dừng từ 05/05/2021 đến 15/05/2021: 11 ngày" in told.out
    document = civid("campaign", "plan", hue, "--json").json
    assert (document["days"], document["days_worked"]) == (122, 111)
    assert document["units"][0]["quota"] == 732_000
    assert document["units"][0]["per_day_able"] == 21_000


def test_progress_a_week_into_it(civid: Civid, hue: Path) -> None:
    told = civid("campaign", "progress", hue, hue / "progress.csv", "--numbers", "vi",
                 "--day", "07/03/2021", "--json").json  # fmt: skip
    assert (told["done"], told["of"], told["remaining"]) == (14_700, 732_000, 717_300)
    assert round(told["required_per_day"]) == 6_237  # nobody knows of the pause in May yet
    assert sum(one["done"] for one in told["units"]) == told["done"]
    assert not told["findings"]


def test_tables_for_spreadsheets(civid: Civid, tmp_path: Path) -> None:
    folder = small(tmp_path / "plan")
    counts, sheet = tmp_path / "c.csv", tmp_path / "out.csv"
    counts.write_text(f"{LINES}A;01/03/2021;1.500\n", encoding="utf-8")
    told = civid("campaign", "progress", folder, counts, "--numbers", "vi", "-o", sheet)
    assert told.code == 0
    row = list(csv.reader(sheet.read_text(encoding="utf-8-sig").splitlines()))[1]
    assert row[1:4] == ["A", "'=cmd()", "1,500"]
    pytest.importorskip("openpyxl")
    assert civid("campaign", "progress", folder, counts, "-o", tmp_path / "o.xlsx").code == 0
    assert (tmp_path / "o.xlsx").read_bytes()[:2] == b"PK"


def test_rows_that_do_not_count_are_named_and_the_exit_code_says_so(
    civid: Civid, tmp_path: Path
) -> None:
    folder, counts = small(tmp_path / "plan", quota="0"), tmp_path / "c.csv"
    counts.write_text(f"{LINES}A;01/03/2021;5\nB;01/03/2021;5\nA;01/03/2099;1\n", encoding="utf-8")
    told = civid("campaign", "progress", folder, counts, "--lang", "vi")
    assert told.code == 1
    assert "dòng 3, đơn vị B: không có đơn vị này" in told.err
    assert "ngày chưa đến" in told.err
    assert "chỉ tiêu bằng 0" in told.err
    assert "không có tỷ lệ" in told.out


def test_running_totals_that_fall(civid: Civid, tmp_path: Path) -> None:
    folder, counts = small(tmp_path / "plan"), tmp_path / "c.csv"
    counts.write_text(f"{LINES}A;01/03/2021;50\nA;02/03/2021;40\n", encoding="utf-8")
    told = civid("campaign", "progress", folder, counts, "--total", "--json").json
    assert told["done"] == 40
    assert [one["code"] for one in told["findings"]] == ["count-falls"]


def test_as_it_was_known(civid: Civid, tmp_path: Path) -> None:
    folder, counts = small(tmp_path / "plan"), tmp_path / "c.csv"
    counts.write_text("unit,day,collected,received\nA,2021-03-01,5,2021-03-01\n"
                      "A,2021-03-01,9,2021-03-05\n", encoding="utf-8")  # fmt: skip
    now = civid("campaign", "progress", folder, counts, "--json").json
    then = civid("campaign", "progress", folder, counts, "--json", "--known-on", "2021-03-04").json
    assert (now["done"], then["done"]) == (9, 5)


@pytest.mark.parametrize(
    ("units", "word"),
    [
        (
            "code,name,level,parent\nP,a,province,\nA,a,district,P\nA,b,district,P\n",
            "row 4, unit A",
        ),
        ("code,name,level,parent\nP,a,province,\nA,a,district,X\n", "row 3, unit A"),
        ("code,name,level,parent\nP,a,planet,\n", "row 2, unit P"),
        ("code,name,level,parent,quota\nP,a,province,,-5\n", "row 2, unit P"),
        ("name,level\na,province\n", "code"),
    ],
)
def test_a_plan_that_cannot_be(civid: Civid, tmp_path: Path, units: str, word: str) -> None:
    told = civid("campaign", "plan", small(tmp_path / "plan", units), "--json")
    assert told.code == 3
    assert told.error["code"] == "campaign"
    assert word in told.error["message"]


def test_no_folder_and_no_json(civid: Civid, tmp_path: Path) -> None:
    assert civid("campaign", "plan", tmp_path / "no", "--json").error["code"] == "no-such-folder"
    (tmp_path / "campaign.json").write_text("[1", encoding="utf-8")
    assert civid("campaign", "plan", tmp_path).code == 3


def test_a_sample_out_and_back(civid: Civid, tmp_path: Path) -> None:
    records, sheet = tmp_path / "r.csv", tmp_path / "sheet.csv"
    lines = [f"r{number},{'A' if number % 3 else 'B'},Nguyễn Thị Hoà" for number in range(600)]
    records.write_text("\n".join(["reference,unit,name", *lines]), encoding="utf-8")
    drawn = civid("campaign", "sample", "draw", records, "--fields", "name", "-o", sheet,
                  "--margin", "0.1", "--json").json  # fmt: skip
    assert drawn["records"] == 600
    rows = list(csv.DictReader(sheet.read_text(encoding="utf-8-sig").splitlines()))
    assert len(rows) == drawn["drawn"] == sum(one["drawn"] for one in drawn["units"])
    for row in rows:
        row["name_found"] = "Nguyễn Thị Hòa" if row["unit"] == "A" else "Trần Văn Bê"
    with sheet.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    back = tmp_path / "back.csv"
    told = civid("campaign", "sample", "check", records, sheet, "--fields", "name",
                 "--margin", "0.1", "--limit", "0.06", "-o", back, "--json")  # fmt: skip
    assert told.code == 1
    verdicts = {one["unit"]: one["verdict"] for one in told.json["decisions"]}
    assert (verdicts["A"], verdicts["B"]) == ("accept", "send_back")
    sent = list(csv.reader(back.read_text(encoding="utf-8-sig").splitlines()))
    assert sent[1] == ["B", "", "'*"] or sent[1] == ["B", "", "*"]
    assert len(sent) == 2 + sum(row["unit"] == "B" for row in rows)
    shown = civid("campaign", "sample", "check", records, sheet, "--fields", "name",
                  "--margin", "0.1", "--lang", "vi")  # fmt: skip
    assert "trả lại" in shown.out


def test_another_seed_finds_a_sheet_that_is_not_of_it(civid: Civid, tmp_path: Path) -> None:
    records, sheet = tmp_path / "r.csv", tmp_path / "sheet.csv"
    lines = [f"r{number},A,x" for number in range(300)]
    records.write_text("\n".join(["reference,unit,name", *lines]), encoding="utf-8")
    civid("campaign", "sample", "draw", records, "--fields", "name", "-o", sheet)
    told = civid("campaign", "sample", "check", records, sheet, "--fields", "name",
                 "--seed", "2", "--json").json  # fmt: skip
    assert {"not-drawn", "not-returned"} <= {one["code"] for one in told["findings"]}


@pytest.mark.parametrize("fields", ["", "name,name", "unit", "x_found"])
def test_fields_that_make_no_sense(civid: Civid, tmp_path: Path, fields: str) -> None:
    (tmp_path / "r.csv").write_text("reference,unit,name\n", encoding="utf-8")
    told = civid("campaign", "sample", "draw", tmp_path / "r.csv", "--fields", fields,
                 "-o", tmp_path / "s.csv")  # fmt: skip
    assert told.code == 2


def test_a_report_in_every_format(civid: Civid, hue: Path, tmp_path: Path) -> None:
    pytest.importorskip("openpyxl")
    forecast, dossiers = tmp_path / "f.json", tmp_path / "d.csv"
    fan = [{"day": "2021-06-08", "low": 1, "middle": 2, "high": 3}]
    forecast.write_text(json.dumps({"completion": {}, "fan": fan}), encoding="utf-8")
    lines = ["unit,stage,filed,due,cause", "474,approved,2021-03-01,2021-03-10,material",
             "X,approved,2021-03-01,,", "474,printed,2021-03-32,,"]  # fmt: skip
    dossiers.write_text("\n".join(lines), encoding="utf-8")
    files = [tmp_path / f"r{suffix}" for suffix in (".html", ".json", ".csv", ".xlsx")]
    wanted = [word for path in files for word in ("-o", path)]
    told = civid("campaign", "report", hue, hue / "progress.csv", "--numbers", "vi", "--day",
                 "2021-04-20", "--forecast", forecast, "--dossiers", dossiers, "--lang", "vi",
                 "--json", *wanted)  # fmt: skip
    assert told.code == 1  # two rows of the dossiers do not count, and are named
    assert told.json["overdue"]["by_cause"] == {"material": 1}
    assert [(one["code"], one["row"]) for one in told.json["findings"]] == [
        ("no-such-unit", 3), ("not-a-day", 4)
    ]  # fmt: skip
    assert json.loads(files[1].read_text(encoding="utf-8")) == told.json
    assert files[0].read_text(encoding="utf-8").startswith("<!doctype html>")
    assert told.json["pauses"] == []  # the one in May is not known yet
    assert "310.473" in files[2].read_text(encoding="utf-8-sig")
    assert files[3].read_bytes()[:2] == b"PK"


def test_a_report_makes_its_forecast(civid: Civid, hue: Path) -> None:
    words = ("campaign", "report", hue, hue / "progress.csv", "--numbers", "vi", "--json")
    early = civid(*words, "--day", "2021-03-07").json["forecast"]
    assert early["chance"] == 0
    assert early["completion"]["early"] > "2021-06-30"
    assert civid(*words).json["forecast"] is None  # done
    assert civid(*words, "--day", "2021-03-07", "--no-forecast").json["forecast"] is None


def test_a_report_needs_somewhere_to_go_and_a_format(
    civid: Civid, hue: Path, tmp_path: Path
) -> None:
    counts = hue / "progress.csv"
    assert civid("campaign", "report", hue, counts).code == 2
    assert civid("campaign", "report", hue, counts, "-o", tmp_path / "x.pdf").code == 2
    (tmp_path / "f.json").write_text("[]", encoding="utf-8")
    told = civid("campaign", "report", hue, counts, "--forecast", tmp_path / "f.json", "--json")
    assert told.error["code"] == "campaign"


def test_progress_and_delay_out_of_a_register(civid: Civid, tmp_path: Path) -> None:
    today = date.today()
    begin = today - timedelta(days=40)
    where, folder = tmp_path / "register", tmp_path / "plan"
    with Register.open(where, create=True) as register:
        for unit in ("46/474", "46/474", "46", "79"):
            person = register.people.add(citizen(), unit=unit)
            register.dossiers.open(person.reference, filed=begin, unit=unit, calendar=WEEKDAYS)
    folder.mkdir()
    head = {"name": "x", "first": f"{begin}", "deadline": f"{today + timedelta(days=9)}"}
    (folder / "campaign.json").write_text(json.dumps(head), encoding="utf-8")
    (folder / "units.csv").write_text(
        "code,name,level,parent,quota\n046,Huế,province,,\n474,TP Huế,district,046,4\n",
        encoding="utf-8",
    )
    words = (folder, "--register", where, "--stage", "opened", "--json")
    told = civid("campaign", "progress", *words)
    assert told.code == 1
    assert [(one["code"], one["unit"]) for one in told.json["findings"]] == [("no-such-unit", "79")]
    assert told.json["done"] == 3
    assert told.json["units"][0]["percent"] == 50.0
    report = civid("campaign", "report", *words).json
    assert report["overdue"]["count"] == report["overdue"]["pending"] == 4
    assert sum(report["overdue"]["by_cause"].values()) == 4
    assert civid("campaign", "progress", folder).code == 2


def test_the_register_logs_who_counted(civid: Civid, tmp_path: Path) -> None:
    where, folder = tmp_path / "register", small(tmp_path / "plan")
    with Register.open(where, create=True):
        pass
    told = civid("campaign", "progress", folder, "--register", where)
    assert told.code == 0
    with Register.open(where) as register:
        assert "dossier.counts" in {one.operation for one in register.audit.entries()}


def test_an_invitation_list_and_its_notices(civid: Civid, tmp_path: Path) -> None:
    folder, people = small(tmp_path / "plan"), tmp_path / "p.csv"
    lines = [
        "mã;họ tên;ngày sinh;thường trú;tạm trú;trường;đã có thẻ;ngày mời;ngày đến",
        "1;Nguyễn Thị An;05/03/1990;A;;;;01/05/2021;02/05/2021",
        "2;=Bình;05/03/2006;A;;S;;01/05/2021;", "3;Chi;05/03/2010;A;;;;;",
        "4;Dũng;05/03/1990;A;;;có;;", "5;E;05/03/1990;X;;;;;", "6;F;31/02/1990;A;;;;;",
        "1;G;05/03/1990;A;;;;;", "7;H;05/03/1980;P;A;;;;",
    ]  # fmt: skip
    people.write_text("\n".join(lines), encoding="utf-8")
    sheet, notices = tmp_path / "list.csv", tmp_path / "n.txt"
    told = civid("campaign", "invite", folder, people, "--day", "2021-05-08", "--lang", "vi",
                 "-o", sheet, "--notices", notices, "--place", "Nhà văn hóa",
                 "--when", "2021-05-09T18:00", "--until", "21:30")  # fmt: skip
    assert told.code == 1
    assert "danh sách 3 người: 1 đã đến, 1 đã mời chưa đến, 1 chưa mời" in told.out
    assert "dòng 6, đơn vị X: không có đơn vị này" in told.err
    assert "31/02" not in told.err
    assert "'=Bình" in sheet.read_text(encoding="utf-8-sig")
    assert notices.read_text(encoding="utf-8").count("GIẤY MỜI") == 3
    document = civid("campaign", "invite", folder, people, "--day", "2021-05-08", "--json").json
    assert document["states"] == {"waiting": 1, "invited": 1, "came": 1}
    assert [(one["code"], one["row"]) for one in document["findings"]] == [
        ("no-such-unit", 6), ("not-a-day", 7), ("resident-twice", 8)
    ]  # fmt: skip
    pupils = civid("campaign", "invite", folder, people, "--day", "2021-05-08", "--school", "S",
                   "--json").json  # fmt: skip
    assert pupils["listed"] == 1
    assert civid("campaign", "invite", folder, people, "--notices", notices).code == 2


def test_a_work_sheet_in_excel_goes_out_and_comes_back(civid: Civid, tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    records, sheet = tmp_path / "r.csv", tmp_path / "sheet.xlsx"
    lines = [f"r{number},A,Nguyễn Thị Hoà,05/03/2001" for number in range(50)]
    records.write_text("\n".join(["reference,unit,name,birth", *lines]), encoding="utf-8")
    words = (records, "--fields", "name,birth", "--margin", "0.1")
    assert civid("campaign", "sample", "draw", *words, "-o", sheet).code == 0
    book = openpyxl.load_workbook(sheet)
    for row in book.worksheets[0].iter_rows(min_row=2):
        row[3].value, row[5].value = "Nguyễn Thị Hòa", date(2001, 3, 5)
    book.save(sheet)
    told = civid(
        "campaign", "sample", "check", records, sheet, *words[1:], "--limit", "0.2", "--json"
    )
    assert told.code == 0
    assert told.json["checked"] == told.json["drawn"] > 20
    assert all(one["wrong"] == 0 for one in told.json["rates"])


@pytest.mark.parametrize(
    ("units", "told"),
    [
        ("mã,tên,cấp,cấp trên\nP,a,tỉnh,\nA,a,huyện,P\nA,b,huyện,P\n",
         "dòng 4, đơn vị A: units.csv: đơn vị bị trùng, lần đầu ở dòng 3"),
        ("mã,tên,cấp,cấp trên\nP,a,tỉnh,\nA,a,huyện,X\n", "không có đơn vị cấp trên"),
        ("tên,cấp\na,tỉnh\n", "thiếu cột code"),
        ("mã,tên,cấp,chỉ tiêu\nP,a,tỉnh,-5\n", "không phải số lượng"),
    ],
)  # fmt: skip
def test_errors_in_vietnamese(civid: Civid, tmp_path: Path, units: str, told: str) -> None:
    found = civid("campaign", "plan", small(tmp_path / "plan", units), "--lang", "vi")
    assert told in found.err
    assert "sửa dòng đó" in found.err


def test_a_record_without_a_unit_is_not_taken_for_the_whole(civid: Civid, tmp_path: Path) -> None:
    records = tmp_path / "r.csv"
    records.write_text("reference,unit,name\nA,U,x\nB,,y\n", encoding="utf-8")
    told = civid("campaign", "sample", "draw", records, "--fields", "name", "-o",
                 tmp_path / "s.csv", "--json")  # fmt: skip
    assert (told.code, told.error["code"]) == (3, "campaign")
    assert "row 3" in told.error["message"]
    assert not (tmp_path / "s.csv").exists()


def test_a_result_does_not_take_the_place_of_what_is_read(civid: Civid, tmp_path: Path) -> None:
    folder, counts = small(tmp_path / "plan"), tmp_path / "c.csv"
    counts.write_text(f"{LINES}A;01/03/2021;5\n", encoding="utf-8")
    for command in ("progress", "report"):
        told = civid("campaign", command, folder, counts, "-o", counts)
        assert told.code == 2
        assert counts.read_text(encoding="utf-8").startswith(LINES)
    units = folder / "units.csv"
    assert civid("campaign", "plan", folder, "-o", units).code == 2


def test_two_files_that_say_different_things_of_one_day(civid: Civid, tmp_path: Path) -> None:
    folder, files = small(tmp_path / "plan"), [tmp_path / "a.csv", tmp_path / "b.csv"]
    for path, count in zip(files, (5, 9), strict=True):
        path.write_text(f"{LINES}A;01/03/2021;{count}\n", encoding="utf-8")
    told = civid("campaign", "progress", folder, *files, "--json").json
    assert told["done"] == 9
    assert [(one["code"], one["file"], one["row"]) for one in told["findings"]] == [
        ("told-differently", "b.csv", 2)
    ]
    assert "a.csv" in told["findings"][0]["message"]


def test_rows_that_do_not_count_are_told_by_report_and_forecast_too(
    civid: Civid, tmp_path: Path
) -> None:
    folder, counts = small(tmp_path / "plan"), tmp_path / "c.csv"
    counts.write_text(f"{LINES}A;01/03/2021;5\nA;02/03/2021;6\nzz;01/03/2021;5\n", encoding="utf-8")
    told = civid("campaign", "report", folder, counts, "--json")
    assert (told.code, [one["code"] for one in told.json["findings"]]) == (1, ["no-such-unit"])
    told = civid("campaign", "forecast", folder, counts, "--json")
    assert [(one["code"], one["row"]) for one in told.json["findings"]] == [("no-such-unit", 4)]


def test_a_pause_of_a_unit_names_it(civid: Civid, tmp_path: Path) -> None:
    folder = small(tmp_path / "plan", "code,name,level,parent\nP,Tỉnh,province,\nA,Di Linh,xã,P\n")
    path = folder / "campaign.json"
    head = json.loads(path.read_text(encoding="utf-8"))
    pause = {"first": "2021-05-05", "last": "2021-05-06", "unit": "A", "reason": "bão"}
    path.write_text(json.dumps(head | {"suspensions": [pause]}), encoding="utf-8")
    assert "2 ngày bão Di Linh" in civid("campaign", "plan", folder, "--lang", "vi").out
