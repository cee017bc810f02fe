"""Columns of a table of people: all text as the register has it, empty where missing."""

from __future__ import annotations

#: Column -> Vietnamese term. Every one may be left out of a table.
COLUMNS: dict[str, str] = {
    "reference": "khóa bản ghi",
    "unit": "đơn vị quản lý",
    "number": "số định danh cá nhân",
    "name": "họ và tên",
    "sex": "giới tính",
    "birth": "ngày sinh",
    "registration_code": "mã nơi đăng ký khai sinh (3 số)",
    "registered": "ngày đăng ký khai sinh",
    "ethnic": "mã dân tộc",
    "ethnic_version": "phiên bản danh mục dân tộc",
    "ethnic_name": "tên dân tộc",
    "nationality": "quốc tịch",
    "cmnd9": "số CMND 9 số",
    "marital": "tình trạng hôn nhân",
    "household": "số hồ sơ cư trú",
    "relation": "quan hệ với chủ hộ",
    "father_number": "số định danh của cha",
    "mother_number": "số định danh của mẹ",
    "spouse_number": "số định danh của vợ hoặc chồng",
    "province_code": "mã tỉnh nơi thường trú",
    "province_list": "phiên bản danh mục tỉnh (63 hoặc 34)",
    "province_name": "tên tỉnh nơi thường trú",
    "address": "địa chỉ thường trú",
    "temporary_until": "thời hạn tạm trú",
    "absent_since": "vắng mặt từ ngày",
    "life": "trạng thái (sống, chết)",
    "death": "ngày chết",
    "confirmed": "ngày xác nhận gần nhất",
    "card_issued": "ngày cấp thẻ",
    "card_expires": "ngày hết hạn thẻ",
    "paper_name": "họ tên trên giấy tờ khác",
    "paper_birth": "ngày sinh trên giấy tờ khác",
}
