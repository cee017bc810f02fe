"""Records of the card of 2021 and of 2024, of nobody."""

from __future__ import annotations

from datetime import date

import pytest

from civid.cards.card import CardRecord
from civid.people.sex import Sex

QR_2021 = (
    "046301123456|191234567|Nguyễn Thị An|05032001|Nữ|"
    "Tổ 3, Vĩnh Ninh, Thành phố Huế, Thừa Thiên Huế|10062021"
)
MRZ_2021 = (
    "IDVNM3011234567046301123456<<5",
    "0103059F2603058VNM<<<<<<<<<<<0",
    "NGUYEN<<THI<AN<<<<<<<<<<<<<<<<",
)
PERSON = {
    "personal_number": "046301123456",
    "full_name": "Nguyễn Thị An",
    "birth": date(2001, 3, 5),
    "sex": Sex.FEMALE,
    "old_number": "191234567",
    "residence": "Tổ 3, Vĩnh Ninh, Thành phố Huế, Thừa Thiên Huế",
    "origin": "Hương Thủy, Thừa Thiên Huế",
    "birth_registration": "Vĩnh Ninh, Thành phố Huế",
    "ethnic_group": "Kinh",
    "religion": "Không",
    "marks": "Nốt ruồi C: 2cm trên sau cánh mũi phải",
    "father": "Nguyễn Văn Bình",
    "mother": "Trần Thị Cúc",
}


@pytest.fixture
def person() -> dict[str, object]:
    """The fields of a card, to change before making one."""
    return dict(PERSON)


@pytest.fixture
def card(person: dict[str, object]) -> CardRecord:
    """A chip card of 2021."""
    return CardRecord(issued=date(2021, 6, 10), **person)


@pytest.fixture
def new_card(person: dict[str, object]) -> CardRecord:
    """A card of 2024."""
    return CardRecord(issued=date(2024, 8, 1), **person)


@pytest.fixture
def qr_text() -> str:
    """The worked example of 2021."""
    return QR_2021


@pytest.fixture
def zone() -> tuple[str, str, str]:
    """The worked example's machine-readable zone."""
    return MRZ_2021
