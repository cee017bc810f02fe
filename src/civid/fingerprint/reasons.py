"""What can be wrong with a print, and what an operator does about it, in English and Vietnamese."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Reason(StrEnum):
    """What is wrong with a print."""

    NO_PRINT = "no-print"
    NOT_ONE_FINGER = "not-one-finger"
    TOO_DRY = "too-dry"
    TOO_WET = "too-wet"
    TOO_SMALL = "too-small"
    OFF_CENTRE = "off-centre"
    LOW_CONTRAST = "low-contrast"
    SMEARED = "smeared"

    def advice(self, language: str = "en") -> str:
        """One sentence for the operator.

        Parameters
        ----------
        language : {"en", "vi"}
            English or Vietnamese.

        Raises
        ------
        ValueError
            Another language.

        Examples
        --------
        >>> Reason.TOO_WET.advice()
        'Wipe the finger and the glass dry, and press more lightly.'
        """
        if language not in _LANGUAGES:
            raise ValueError(f"no advice in {language!r}; there are {', '.join(_LANGUAGES)}")
        return _ADVICE[self][_LANGUAGES.index(language)]


_LANGUAGES: Final = ("en", "vi")
_ADVICE: Final = {
    Reason.NO_PRINT: (
        "No print was seen: place the finger on the glass.",
        "Không thấy vân tay: hãy đặt ngón tay lên mặt kính.",
    ),
    Reason.NOT_ONE_FINGER: (
        "This is more than one finger: take one finger at a time, or cut the image up.",
        "Có nhiều hơn một ngón tay: hãy lấy từng ngón một, hoặc tách ảnh ra.",
    ),
    Reason.TOO_DRY: (
        "Moisten the finger a little, and press more firmly.",
        "Làm ẩm nhẹ ngón tay và ấn mạnh hơn.",
    ),
    Reason.TOO_WET: (
        "Wipe the finger and the glass dry, and press more lightly.",
        "Lau khô ngón tay và mặt kính, ấn nhẹ hơn.",
    ),
    Reason.TOO_SMALL: (
        "Lay the finger flat, so that more of it touches the glass.",
        "Đặt ngón tay nằm phẳng để tiếp xúc nhiều hơn với mặt kính.",
    ),
    Reason.OFF_CENTRE: (
        "Move the finger to the middle of the glass.",
        "Đặt ngón tay vào giữa mặt kính.",
    ),
    Reason.LOW_CONTRAST: (
        "Clean the glass, and press a little more firmly.",
        "Lau sạch mặt kính và ấn mạnh hơn một chút.",
    ),
    Reason.SMEARED: (
        "Lift the finger, place it again and hold it still.",
        "Nhấc ngón tay lên, đặt lại và giữ yên.",
    ),
}
