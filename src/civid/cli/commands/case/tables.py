"""Cases as tables, Vietnamese and English."""

from __future__ import annotations

from typing import TYPE_CHECKING

from civid.cli.commands.register.tables import when
from civid.cli.console.output import add_row, table
from civid.people.citizen import FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.table import Table

    from civid.dedup.cases import CaseFile, CaseSummary, Measures, Party, Share

STATES = {
    "waiting": ("chờ", "waiting"), "taken": ("đang xem xét", "taken"),
    "closed": ("đã kết luận", "closed"), "undone": ("đã hủy kết luận", "undone"),
}  # fmt: skip
_EVENTS = {
    "filed": "lập", "filed_again": "bổ sung", "assigned": "giao", "ruled": "kết luận",
    "postponed": "hoãn", "released": "thu lại", "closed": "đóng", "undone": "hủy kết luận",
    "withdrawn": "rút kết luận",
}  # fmt: skip


def summaries_table(cases: Iterable[CaseSummary], language: str) -> Table:
    """One row a case."""
    vi = language == "vi"
    titles = (
        ("vụ việc", "trạng thái", "đơn vị", "lô", "đối tượng", "lập lúc", "kết luận")
        if vi
        else ("case", "state", "unit", "batch", "candidates", "opened", "outcome")
    )
    made = table("", *titles, right=(titles[4],))
    for one in cases:
        state = STATES[one.state.value][0 if vi else 1] + (" *" if one.mine else "")
        add_row(made, one.reference, state, one.unit or "-", one.batch or "-",
                str(one.candidates), when(one.opened), one.outcome or "-")  # fmt: skip
    return made


def file_tables(case: CaseFile, language: str) -> list[str | Table]:
    """A case side by side: what differs is marked, and where nothing is known there is a dash."""
    vi = language == "vi"
    lines: list[str | Table] = [
        f"{'vụ việc' if vi else 'case'} {case.reference}, "
        f"{STATES[case.state.value][0 if vi else 1]}"
    ]
    lines += case.explanation.get(language, ())
    lines.append(_fields(case, vi))
    lines.append(_evidence(case, vi))
    parties = [("A", case.subject)] + [
        (str(place), one.party) for place, one in enumerate(case.candidates, 1)
    ]
    lines += [one for side, party in parties for one in _around(side, party, vi)]
    lines.append(_history(case, vi))
    if case.allowed:
        lines.append("kết luận được phép:" if vi else "what can be said:")
        lines += [
            f"  {one.value}: " + (f"{one.vietnamese}; " if vi else "") + ", ".join(one.reasons)
            for one in case.allowed
        ]
    return lines


def _fields(case: CaseFile, vi: bool) -> Table:
    sides = [str(place) for place, _ in enumerate(case.candidates, 1)]
    made = table("", "trường" if vi else "field", "A", *sides)
    references = [case.subject.reference, *(one.party.reference for one in case.candidates)]
    add_row(made, "mã" if vi else "reference", *references)
    for name, field in FIELDS.items():
        own = case.subject.fields.get(name)
        others = [one.party.fields.get(name) for one in case.candidates]
        if own or any(others):
            marked = [
                (text or "-") + (" ≠" if name in one.differing else "")
                for text, one in zip(others, case.candidates, strict=True)
            ]
            add_row(made, field.vietnamese if vi else name, own or "-", *marked)
    return made


def _evidence(case: CaseFile, vi: bool) -> Table:
    titles = ("", "tổng dB", "thông tin", "vân tay", "điểm", "tìm theo") if vi else (
        "", "all dB", "data", "prints", "score", "found by")  # fmt: skip
    made = table("chứng cứ" if vi else "evidence", *titles, right=titles[1:5])
    for place, one in enumerate(case.candidates, 1):
        found = one.evidence
        if found is None:
            add_row(made, str(place), "-", "-", "-", "-", "-")
            continue
        add_row(made, str(place), f"{found.decibans:+.1f}", f"{found.data:+.1f}",
                f"{found.prints.decibans:+.1f}", f"{found.prints.score:.1f}",
                ", ".join(found.found_by))  # fmt: skip
    return made


def _around(side: str, party: Party, vi: bool) -> list[Table]:
    found = []
    if party.household:
        made = table(f"{side}: {'hộ gia đình' if vi else 'household'}", "", "", "", "")
        for one in party.household:
            add_row(made, one.household, one.relation, one.name, one.birth)
        found.append(made)
    if party.documents:
        made = table(f"{side}: {'giấy tờ' if vi else 'documents'}", "", "", "", "")
        for paper in party.documents:
            add_row(made, paper.generation, paper.number, paper.state, paper.issued)
        found.append(made)
    if party.captures:
        titles = ("lúc", "khung", "lần", "chất lượng", "cán bộ", "trạm") if vi else (
            "when", "frame", "attempt", "quality", "officer", "station")  # fmt: skip
        made = table(f"{side}: {'thu nhận' if vi else 'captures'}", *titles)
        for one_ in party.captures:
            quality = "-" if one_.quality is None else str(one_.quality)
            add_row(made, when(one_.at), one_.frame, str(one_.attempt), quality, one_.officer,
                    one_.station or "-")  # fmt: skip
        found.append(made)
    return found


def _history(case: CaseFile, vi: bool) -> Table:
    titles = ("lúc", "việc", "cán bộ", "lý do") if vi else ("when", "what", "officer", "reason")
    made = table("lịch sử" if vi else "history", *titles)
    for one in case.history:
        what = _EVENTS.get(one.what, one.what) if vi else one.what
        add_row(made, when(one.at), what, one.officer or "-", one.reason or "-")
    for said in case.rulings:
        add_row(made, when(said.at), said.statement.ruling.value, said.officer,
                f"{said.statement.reason.value}, {said.seconds} s")  # fmt: skip
    gone = "đã rút" if vi else "withdrawn"
    for said in case.withdrawn:
        add_row(made, when(said.at), f"({said.statement.ruling.value}: {gone})", said.officer,
                f"{said.statement.reason.value}, {said.seconds} s")  # fmt: skip
    return made


def measures_table(found: Measures, language: str) -> Table:
    """What a report says, with what each share is counted of."""
    vi = language == "vi"
    made = table("", "chỉ số" if vi else "measure", "")
    rows: list[tuple[str, str, str]] = [
        *((f"vụ việc {STATES[state][0]}", f"cases {state}", f"{count:,}")
          for state, count in sorted(found.cases.items())),
        ("số kết luận", "rulings", f"{found.rulings:,}"),
        ("hai cán bộ thống nhất", "second agrees with the first", _share(found.agreement)),
        ("cần người thứ ba", "needed a third", _share(found.third)),
        ("bị hủy", "undone", _share(found.undone)),
        ("kết luận không đứng vững", "rulings overturned", _share(found.overturned)),
        ("thời gian, trung vị (s)", "seconds a ruling, median", _number(found.seconds_median)),
        ("thời gian, 90 % (s)", "seconds a ruling, 90 %", _number(found.seconds_p90)),
        ("sai ở vụ việc mẫu", "errors on known cases", _share(found.known)),
        *((f"sai ở vụ việc thứ {place} của ca", f"errors at {place} of a shift", _share(one))
          for place, one in found.fatigue.items()),
        *((f"lô {batch or '-'}: {why}", f"batch {batch or '-'}: {why}", f"{count:,}")
          for batch, reasons in found.reasons.items() for why, count in reasons.items()),
    ]  # fmt: skip
    for vietnamese, english, value in rows:
        add_row(made, vietnamese if vi else english, value)
    return made


def _share(one: Share) -> str:
    return "-" if one.share is None else f"{one.count} / {one.of} = {one.share:.1%}"


def _number(one: float | None) -> str:
    return "-" if one is None else f"{one:.0f}"
