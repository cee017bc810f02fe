"""Files of other systems: what is wrong is named by row and field, what is good is taken."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from civid.errors import AccessRefusedError, FieldError, FormatError, RowsRefusedError
from civid.register import Actor, Capability, Register
from civid.register.bulk import Refused
from civid.register.bulk.files import csv_file
from civid.register.bulk.files.mapping import columns_of

MAPPING = {"Mã": "external", "Họ tên": "name", "Số": "number", "Sinh": "birth", "ĐV": "unit"}
TITLES = "Mã,Họ tên,Số,Sinh,ĐV,Ghi chú"
GOOD = "1,Nguyễn Thị An,046301123456,05/03/2001,46/474,x"
LAST = '9,"Trần, Văn Ba",046201000001,1999,,"a ""b"""'


def written(folder: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path = folder / "people.csv"
    path.write_bytes("\r\n".join((TITLES, *lines, "")).encode(encoding, "surrogateescape"))
    return path


def taken(register: Register, path: Path, **how: Any) -> Any:
    return register.bulk.import_csv(path, MAPPING, source="old", unit="46", **how)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_a_file_is_taken_in_whatever_encoding(
    register: Register, tmp_path: Path, encoding: str
) -> None:
    path = written(tmp_path, GOOD, "", LAST, encoding=encoding)
    made = taken(register, path)
    assert (made.given, made.new, made.refused) == (2, 2, 0)
    held = register.person("046301123456")
    assert (held.name, held.unit) == ("Nguyễn Thị An", "46/474")
    assert register.find(name="Trần, Văn Ba").people[0].unit == "46"
    assert taken(register, path).same == 2


@pytest.mark.parametrize(
    ("line", "code", "field"),
    [
        ("2,Lê An,04630112345,2001,,", "number", "number"),
        ("2,Lê An,4.6301E+10,2001,,", "number", "number"),
        ("2,=cmd|' /C calc'!A0,,2001,,", "formula", "name"),
        ("2,＝1+1,,2001,,", "formula", "name"),
        ('2,"\t=1+1",,2001,,', "formula", "name"),
        ("2,Lê An,,-SUM(1),,", "formula", "birth"),
        ("2,-,,2001,,", "name", "name"),
        ("2,Lê\0An,,2001,,", "text", "name"),
        ("2,L\udcff An,,2001,,", "text", "name"),
        ("2,Lê An,,20\udcff01,,", "text", "birth"),
        ("2,Lê An", "shape", ""),
        ("2,Lê An,,2001,,,", "shape", ""),
        ("2" + "," * 1_000_000, "quoting", ""),
        ('2,"Lê An,,2001,,', "quoting", ""),
        ('2,"Lê" An,,2001,,', "quoting", ""),
        (",Lê An,,2001,,", "external", ""),
        ("2,Lê An,,2001,46//1,", "unit", ""),
        ("2,,,2001,,", "name", "name"),
    ],
)
def test_a_bad_line_is_named_and_the_good_ones_are_taken(
    tmp_path: Path, line: str, code: str, field: str
) -> None:
    path = written(tmp_path, GOOD, line, LAST)
    with Register.open(tmp_path / "register", create=True) as register:
        found = register.bulk.survey(path, MAPPING, as_of=date(2024, 1, 1))
        if line == "2,,,2001,,":  # whether somebody new needs a name, the register has to say
            assert not found.refused
        else:
            assert found.named == (Refused(2, code, field),)
        with pytest.raises(RowsRefusedError):
            taken(register, path, all_or_nothing=True)
        assert not register.find(number="046301123456").people
        made = taken(register, path)
        assert (made.new, made.named) == (2, (Refused(2, code, field),))


def test_a_quote_that_is_never_closed_costs_one_line(tmp_path: Path) -> None:
    lines = [GOOD] * 50
    lines[10] = '2,"Lê An,,2001,,'
    rows = list(csv_file.read(written(tmp_path, *lines), columns_of(MAPPING)))
    assert [i for i, one in enumerate(rows, 1) if isinstance(one, Refused)] == [11]
    lines[10] = '2,"Lê\r\nAn",,2001,,'
    rows = list(csv_file.read(written(tmp_path, *lines), columns_of(MAPPING)))
    assert len(rows) == 50
    assert rows[10] == {"external": "2", "name": "Lê\r\nAn", "number": "", "birth": "2001",
                        "unit": ""}  # fmt: skip


def test_the_delimiter_is_found_out(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    for mark in ",;\t|":
        path.write_text(f"Mã{mark}Họ tên\n1{mark}Lê An\n", encoding="utf-8")
        rows = list(csv_file.read(path, columns_of({"Mã": "external", "Họ tên": "name"})))
        assert rows == [{"external": "1", "name": "Lê An"}]
    with pytest.raises(FieldError):
        list(csv_file.read(path, columns_of({"Mã": "external"}), delimiter='"'))


def test_files_that_are_none(tmp_path: Path) -> None:
    columns = columns_of(MAPPING)
    path = tmp_path / "people.csv"
    with pytest.raises(FormatError, match="read"):
        list(csv_file.read(path, columns))
    with pytest.raises(FormatError):
        list(csv_file.read(tmp_path, columns))
    for content, error in (
        (b"", FieldError), (b"a,b\n1,2\n", FieldError), (b"M\0\xe3\0", FormatError),
        (b"\xff\xfeM\0\xe3", FormatError), (b"," * 1_000_000, FormatError),
        (b"," * 5000 + b"\n", FormatError), (b"\x89PNG\r\n\x1a\n\0\0", FieldError),
        ((TITLES + ",Mã\n").encode(), FieldError),
    ):  # fmt: skip
        path.write_bytes(content)
        with pytest.raises(error):
            list(csv_file.read(path, columns))
    with pytest.raises(FieldError):
        list(csv_file.read(path, columns, encoding="no such encoding"))
    for start in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b"):
        path.write_bytes(start + b"\x14\0\x06" * 100)
        with pytest.raises(FormatError, match="save it as CSV"):
            list(csv_file.read(path, columns))


def test_a_line_for_the_spreadsheet_is_no_title(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    for mark in ";\t|":
        path.write_text(f"sep={mark}\r\nMã{mark}Họ tên\r\n1{mark}Lê An\r\n", encoding="utf-8-sig")
        rows = list(csv_file.read(path, columns_of({"Mã": "external", "Họ tên": "name"})))
        assert rows == [{"external": "1", "name": "Lê An"}]


@pytest.mark.parametrize(
    "mapping",
    [
        {}, {"Họ tên": "name"}, {"Mã": "external", "Họ tên": "names"},
        {"Mã": "external", "": "name"}, {"Mã": "external", "Số": "external"}, {"Mã": 5},
        {"x" * 201: "external"},
    ],
)  # fmt: skip
def test_a_mapping_is_checked(tmp_path: Path, mapping: Any) -> None:
    with pytest.raises(FieldError):
        columns_of(mapping)
    path = tmp_path / "mapping.json"
    path.write_text(json.dumps(mapping), encoding="utf-8")
    with pytest.raises(FieldError):
        columns_of(path)


def test_a_mapping_lies_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "mapping.json"
    path.write_text(json.dumps(MAPPING), encoding="utf-8-sig")
    assert columns_of(path) == columns_of(str(path)) == columns_of(MAPPING)
    for content in ("", "[]", "{", "[" * 100_000):
        path.write_text(content)
        with pytest.raises(FieldError):
            columns_of(path)
    with pytest.raises(FieldError):
        columns_of(tmp_path / "no such file")


def test_people_are_known_again_by_their_number_where_there_is_no_id(
    register: Register, tmp_path: Path
) -> None:
    mapping = {"Họ tên": "name", "Số": "number"}
    path = written(tmp_path, GOOD, LAST)
    assert register.bulk.import_csv(path, mapping, source="old", unit="46").new == 2
    path = written(tmp_path, GOOD.replace("046301123456", "046 301 123 456"), "3,Lê An,,,,")
    again = register.bulk.import_csv(path, mapping, source="old", unit="46")
    assert (again.new, again.reasons) == (0, {"external": 1})
    assert again.same + again.changed == 1


def test_a_survey_counts_by_rule_and_axis_and_writes_nobody(
    register: Register, tmp_path: Path
) -> None:
    path = written(tmp_path, GOOD, "2,Lê An,046201000001,31/04/1960,46,", LAST, "4,,,2001,,")
    found = register.bulk.survey(path, MAPPING, as_of=date(2024, 1, 1))
    assert found.rows == 4
    assert found.refused == {}
    assert found.rules["birth.impossible"] == 1
    assert found.rules["name.missing"] == 1
    assert found.axes["đủ"] >= 1
    assert {one.unit for one in found.units} == {"", "46", "46/474"}
    assert json.loads(json.dumps(found.to_dict()))["rules"] == found.rules
    assert not register.find(name="Lê An").people
    assert not register.bulk.runs()
    assert [e.operation for e in register.audit.entries()][:1] == ["bulk.survey"]
    blind = register.acting_as(Actor("x", frozenset({Capability.ENROL})))
    with pytest.raises(AccessRefusedError):
        blind.bulk.survey(path, MAPPING)


def test_a_parquet_file_is_taken(register: Register, tmp_path: Path) -> None:
    arrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "people.parquet"
    columns = {
        "Mã": [1, 2, 3, 4], "Họ tên": ["Nguyễn Thị An", "Lê An", None, "Trần Ba"],
        "Số": [None, 46301123456, None, None], "Sinh": [date(2001, 3, 5), None, None, None],
        "ĐV": ["46/474", None, None, None], "Ghi chú": [[1.5], [], None, []],
    }  # fmt: skip
    parquet.write_table(arrow.table(columns), path)
    made = register.bulk.import_parquet(path, MAPPING, source="old", unit="46")
    assert (made.given, made.new) == (4, 2)
    assert made.named == (Refused(2, "number", "number"), Refused(3, "empty"))
    an = register.find(name="Nguyễn Thị An", birth="05/03/2001").people[0]
    assert an.unit == "46/474"
    assert register.bulk.survey(path, MAPPING).refused == {"number": 1, "empty": 1}
    again = register.bulk.import_parquet(path, MAPPING, source="old", unit="46")
    assert (again.same, again.refused) == (2, 2)
    odd = {**MAPPING, "Ghi chú": "home_town"}
    assert register.bulk.survey(path, odd).named[0] == Refused(1, "text", "home_town")
    with pytest.raises(FieldError):
        register.bulk.import_parquet(path, {"Nr": "external"}, source="old", unit="46")
    for content in (b"", b"PAR1", path.read_bytes()[:-20]):
        path.write_bytes(content)
        with pytest.raises(FormatError):
            register.bulk.import_parquet(path, MAPPING, source="old", unit="46")
    with pytest.raises(FormatError):
        register.bulk.import_parquet(tmp_path / "none", MAPPING, source="old", unit="46")
