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


def view_bytes(view: dict[str, Any], extra: int) -> bytes:
    out = u8(view["position"]) + u8(view["number"] * 16 + view["impression"])
    out += u8(view["quality"]) + u8(len(view["minutiae"])) + pack(view["minutiae"])
    return out + blocks(view["blocks"], extra)


def view_json(view: dict[str, Any], **rest: Any) -> dict[str, Any]:
    return {**view, "blocks": [[kind, data.hex()] for kind, data in view["blocks"]], **rest}


def sizes(head: dict[str, int]) -> bytes:
    return b"".join(u16(head[name]) for name in ("width", "height", "x_per_cm", "y_per_cm"))


SIZES = {"width": 300, "height": 400, "x_per_cm": 197, "y_per_cm": 197}


def iso2005(name: str, views: list[dict[str, Any]], extra: int = 4, **changes: int) -> None:
    head = {**SIZES, "capture_device": 0, "certification": 0, **changes}
    body = b"".join(view_bytes(view, extra) for view in views)
    device = head["certification"] * 4096 + head["capture_device"]
    data = b"FMR\0 20\0" + u32(24 + len(body)) + u16(device) + sizes(head)
    data += u8(len(views)) + u8(0) + body
    told = [view_json(view, blocks_count_head=extra == 4 or not view["blocks"]) for view in views]
    write(name, data, {**head, "views": told})


def ansi2004(name: str, views: list[dict[str, Any]], **changes: int) -> None:
    head = {
        **SIZES, "product_owner": 0, "product_type": 0, "capture_device": 0, "compliance": 0,
        **changes,
    }  # fmt: skip
    body = b"".join(view_bytes(view, 4) for view in views)
    size = 26 + len(body)
    length = u16(size) if size < 65536 else u16(0) + u32(size + 4)
    device = head["compliance"] * 4096 + head["capture_device"]
    data = b"FMR\0 20\0" + length + u16(head["product_owner"]) + u16(head["product_type"])
    data += u16(device) + sizes(head) + u8(len(views)) + u8(0) + body
    told = [view_json(view, blocks_count_head=True) for view in views]
    write(name, data, {**head, "views": told})


def ansi2009(name: str, views: list[dict[str, Any]], **changes: int) -> None:
    head = {
        "version": 30, "product_owner": 0x42, "product_type": 0x11, "certification": 0,
        "capture_device": 0xB5, **changes,
    }  # fmt: skip
    own = {"quality_vendor": 5, "quality_algorithm": 0x102, **SIZES}
    body = b""
    for view in views:
        body += u8(view["position"]) + u8(view["number"]) + u8(view["impression"])
        body += u8(view["quality"]) + u16(own["quality_vendor"]) + u16(own["quality_algorithm"])
        body += sizes(own) + u8(len(view["minutiae"])) + pack(view["minutiae"])
        body += blocks(view["blocks"], 4)
    data = b"FMR\x000%d\0" % head["version"] + u32(21 + len(body))
    data += u16(head["product_owner"]) + u16(head["product_type"]) + u8(head["certification"])
    data += u16(head["capture_device"]) + u8(len(views)) + u8(0) + body
    write(name, data, {**head, "views": [view_json(view, **own) for view in views]})


def iso2011(
    name: str, views: list[dict[str, Any]], certified: int = 0, size: int = 6, known: bool = True
) -> None:
    own: dict[str, Any] = {
        **SIZES, "technology": 3, "device_vendor": 0x1A, "device_type": 0xB5,
        "minutia_size": size, "ridge_ending": 1,
        "captured": [2019, 5, 21, 13, 4, 59, 998] if known else None,
        "certifications": [[0x102, 1], [0x103, 3]] if certified else [],
    }  # fmt: skip
    body = b""
    told = []
    for view in views:
        qualities = [[view["quality"], 7, 9], [255, 8, 10]] if view["quality"] else []
        out = b"\xff" * 9
        if known:
            year, *parts, fraction = own["captured"]
            out = u16(year) + b"".join(u8(part) for part in parts) + u16(fraction)
        out += u8(own["technology"]) + u16(own["device_vendor"]) + u16(own["device_type"])
        out += u8(len(qualities)) + b"".join(u8(q) + u16(v) + u16(a) for q, v, a in qualities)
        if certified:
            out += u8(len(own["certifications"]))
            out += b"".join(u16(who) + u8(what) for who, what in own["certifications"])
        out += u8(view["position"]) + u8(view["number"])
        out += u16(own["x_per_cm"]) + u16(own["y_per_cm"]) + u8(view["impression"])
        out += u16(own["width"]) + u16(own["height"]) + u8(size * 16 + own["ridge_ending"])
        rows = view["minutiae"]
        out += u8(len(rows)) + pack(rows, size) + blocks(view["blocks"], 4)
        body += u32(4 + len(out)) + out
        shown = view_json(view, **own, qualities=qualities)
        shown["minutiae"] = rows if size == 6 else [[*row[:4], 0] for row in rows]
        del shown["quality"]
        told.append(shown)
    data = b"FMR\x00030\0" + u32(15 + len(body)) + u16(len(views)) + u8(certified) + body
    write(name, data, {"certified": certified, "views": told})


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

    ansi_one = view(2, minutiae(30, 300, 400, 180, 7), quality=80)
    ansi_many = [
        view(7, minutiae(12, 300, 400, 180, 8), quality=100, blocks=[RIDGES, CORES]),
        view(7, minutiae(7, 300, 400, 180, 9), number=1, impression=1),
        view(2, minutiae(9, 300, 400, 180, 10), blocks=[VENDOR]),
    ]
    ansi2004("ansi378_2004-one-view", [ansi_one])
    ansi2004("ansi378_2004-views", ansi_many, product_owner=0x42, product_type=0x11, compliance=8)
    ansi2004("ansi378_2004-empty", [view(0, [])])
    ansi2009("ansi378_2009-one-view", [ansi_one])
    ansi2009("ansi378_2009-views", ansi_many, certification=0x80)
    ansi2009("ansi378_2009-amendment-1", ansi_many, version=35, capture_device=0)
    ansi2009("ansi378_2009-undefined-quality", [view(0, [], quality=254)], product_owner=0)

    iso2011("iso19794_2_2011-one-view", [view(2, one, quality=80)])
    iso2011("iso19794_2_2011-views", many, certified=1)
    iso2011("iso19794_2_2011-five-bytes", [view(2, one, impression=29)], size=5, known=False)
    iso2011("iso19794_2_2011-empty", [view(14, [])], known=False)


if __name__ == "__main__":
    main()
