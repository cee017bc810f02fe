"""Write the golden records: bytes put together field by field, without civid.

``python tests/golden/formats/make.py`` writes ``<name>.bin`` and ``<name>.json`` beside itself.
The byte layouts are those of the standards' tables; minutiae come from a small congruential
generator, not from anybody's finger. The files stay as they are: a reader that stops reading
them has broken somebody's archive.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent


def u8(value: int) -> bytes:
    return value.to_bytes(1, "big")


def u16(value: int) -> bytes:
    return value.to_bytes(2, "big")


def u32(value: int) -> bytes:
    return value.to_bytes(4, "big")


def minutiae(count: int, width: int, height: int, angles: int, seed: int) -> list[list[int]]:
    """Rows of kind, x, y, angle, quality."""
    rows, state = [], seed
    for _ in range(count):
        draw = []
        for limit in (3, width, height, angles, 101):
            state = (state * 1103515245 + 12345) % 2**31
            draw.append((state >> 8) % limit)
        rows.append(draw)
    return rows


def pack(rows: list[list[int]], size: int = 6) -> bytes:
    out = b""
    for kind, x, y, angle, quality in rows:
        out += u16(kind * 16384 + x) + u16(y) + u8(angle)
        out += u8(quality) if size == 6 else b""
    return out


def blocks(items: list[tuple[int, bytes]], extra: int) -> bytes:
    area = b"".join(u16(kind) + u16(len(data) + extra) + data for kind, data in items)
    return u16(len(area)) + area


RIDGES = (1, bytes([0, 0, 1, 5, 1, 2, 7]))
CORES = (2, bytes([1]) + u16(0x4000 | 90) + u16(120) + bytes([33, 0]))
VENDOR = (0x0221, b"\x01\x02")


def write(name: str, data: bytes, record: dict[str, Any]) -> None:
    (HERE / f"{name}.bin").write_bytes(data)
    text = json.dumps(record, indent=1, sort_keys=True)
    (HERE / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def iso2005(name: str, views: list[dict[str, Any]], extra: int = 4, **head: int) -> None:
    head = {
        "width": 300, "height": 400, "x_per_cm": 197, "y_per_cm": 197, "capture_device": 0,
        "certification": 0, **head,
    }  # fmt: skip
    body = b""
    for view in views:
        body += u8(view["position"]) + u8(view["number"] * 16 + view["impression"])
        body += u8(view["quality"]) + u8(len(view["minutiae"])) + pack(view["minutiae"])
        body += blocks(view["blocks"], extra)
    device = head["certification"] * 4096 + head["capture_device"]
    data = b"FMR\0 20\0" + u32(24 + len(body)) + u16(device)
    data += u16(head["width"]) + u16(head["height"])
    data += u16(head["x_per_cm"]) + u16(head["y_per_cm"]) + u8(len(views)) + u8(0) + body
    json_views = [
        {
            **view,
            "blocks": [[kind, content.hex()] for kind, content in view["blocks"]],
            "blocks_count_head": extra == 4 or not view["blocks"],
        }
        for view in views
    ]
    write(name, data, {**head, "views": json_views})


def view(position: int, rows: list[list[int]], **rest: Any) -> dict[str, Any]:
    return {
        "position": position, "number": 0, "impression": 0, "quality": 0, "minutiae": rows,
        "blocks": [], **rest,
    }  # fmt: skip


def main() -> None:
    one = minutiae(30, 300, 400, 256, 1)
    iso2005("iso19794_2_2005-one-view", [view(2, one, quality=80)])
    iso2005("iso19794_2_2005-empty", [view(0, [])])
    iso2005("iso19794_2_2005-full", [view(10, minutiae(255, 300, 400, 256, 2), impression=8)])
    many = [
        view(7, minutiae(12, 300, 400, 256, 3), quality=100, blocks=[RIDGES, CORES]),
        view(7, minutiae(7, 300, 400, 256, 4), number=1, impression=1),
        view(2, minutiae(9, 300, 400, 256, 5), blocks=[VENDOR]),
    ]
    iso2005("iso19794_2_2005-views", many, capture_device=0x0B5, certification=8)
    iso2005("iso19794_2_2005-data-length", many, extra=0)
    large = minutiae(40, 16384, 16384, 256, 6)
    iso2005(
        "iso19794_2_2005-1000dpi", [view(1, large)], width=16384, height=20000, x_per_cm=394,
        y_per_cm=394,
    )  # fmt: skip


if __name__ == "__main__":
    main()
