"""Lines that come with civid.

The sources name "mô hình 7 người 6 bước" of Đắk Nông and its five minutes a citizen, 700 dossiers a
machine and day, but neither who the seven are nor how long a step takes. The steps here follow the
law's order at the counter (Circular 60/2021 Art 5), with two officers at the prints; the
seconds are assumptions that add up to about five minutes.
"""

from __future__ import annotations

from dataclasses import replace

from civid.campaign.line.steps import Line, Step
from civid.errors import FieldError

_STEPS = (
    Step("reception", "tiếp nhận, đối chiếu CSDL dân cư", 40, elderly=1.3, offline=1.5),
    Step("declaration", "kê khai, bổ sung DC02", 45, elderly=1.5),
    Step(
        "prints", "lấy vân tay", 90, officers=2, machines=2,
        elderly=1.8, again=0.06, fails_every=60, repair=20,
    ),
    Step("photo", "chụp ảnh", 30, spread=0.25, machines=1, elderly=1.3, again=0.03, fails_every=90),
    Step(
        "signing", "in phiếu, kiểm tra, ký", 45, machines=1,
        elderly=1.4, fails_every=40, repair=10,
    ),
    Step("receipt", "lệ phí, giấy hẹn", 35, elderly=1.2),
)  # fmt: skip
_ONE_EACH = tuple(replace(step, officers=1, machines=min(step.machines, 1)) for step in _STEPS)

_LINES = {
    "7-nguoi-6-buoc": Line("7 người 6 bước", _STEPS),
    "6-nguoi-6-buoc": Line("6 người 6 bước (một bàn vân tay)", _ONE_EACH),
    "4-nguoi-luu-dong": Line(
        "4 người, tổ lưu động",
        _ONE_EACH,
        shared=(
            ("reception", "declaration"),
            ("prints",),
            ("photo", "signing"),
            ("receipt", "reception", "signing"),
        ),
        walk=5,
    ),
    "2-nguoi-tai-nha": Line(
        "2 người, làm tại nhà",
        _ONE_EACH,
        shared=(tuple(step.key for step in _STEPS),) * 2,
        walk=3,
    ),
}


def presets() -> tuple[str, ...]:
    """The keys of the lines that come with civid.

    >>> presets()[0]
    '7-nguoi-6-buoc'
    """
    return tuple(_LINES)


def preset(key: str) -> Line:
    """A line that comes with civid; `FieldError` if there is none of that key.

    >>> preset("7-nguoi-6-buoc").staff, len(preset("7-nguoi-6-buoc").steps)
    (7, 6)
    """
    if key not in _LINES:
        raise FieldError("line", f"should be one of {', '.join(_LINES)}")
    return _LINES[key]
