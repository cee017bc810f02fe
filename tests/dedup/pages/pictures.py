"""The screenshots of ``docs/howto/decide-duplicates.md``: python -m tests.dedup.pages.pictures.

Everybody in them is made up, and so are their prints: nobody has these fingers.
"""

from __future__ import annotations

import io
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image
from tests.dedup.pages.office import enrol, file_case, office, served, sign_in, templates
from tests.register.citizens import citizen

PLACE = Path(__file__).parents[3] / "docs" / "pictures"
FAMILY = {
    "father_name": "Nguyễn Văn Khoa", "mother_name": "Trần Thị Lụa",
    "permanent_residence": "12 Lê Lợi, Huế",
}  # fmt: skip


def main() -> None:
    """Make a case, decide it in a browser, and keep what is seen."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, office(Path(folder)) as room:
        register = room.register
        first, _ = enrol(register, citizen("Nguyễn Thị Hòa", home_town="Huế", **FAMILY), 1)
        register.households.make("HH0017", {first: "chủ hộ"}, address="12 Lê Lợi", unit="46/474")
        again, dossier = enrol(
            register, citizen("NGUYEN THI HOA", home_town="Thừa Thiên Huế", **FAMILY), 1, seed=5,
            station="máy 2",
        )  # fmt: skip
        file_case(register, again, templates(1, 5), dossier)
        room.officer("officer-1")
        args = ["--no-sandbox"] if os.geteuid() == 0 else []
        with served(room) as address, sync_playwright() as driver:
            browser = driver.chromium.launch(
                executable_path=shutil.which("chromium"), args=[*args, "--disable-dev-shm-usage"]
            )
            look = {"width": 1366, "height": 768}
            page = browser.new_context(locale="en-GB", viewport=look).new_page()
            sign_in(page, address, "officer-1", room.passwords["officer-1"])
            page.wait_for_url(address)
            keep(page, "decide-queue", 420)
            page.keyboard.press("n")
            page.wait_for_url("**/case/*")
            keep(page, "decide-case")
            page.keyboard.press("p")
            keep(page, "decide-prints")
            page.keyboard.press("o")
            keep(page, "decide-overlay")
            page.keyboard.press("1")
            page.keyboard.press("Enter")
            page.wait_for_url("**/decide")
            keep(page, "decide-sure", 460)
            page.keyboard.press("Escape")
            page.wait_for_url("**/case/*")
            page.get_by_role("button", name="Tiếng Việt").click()
            page.wait_for_url("**/case/*")
            keep(page, "decide-vi")
            browser.close()


def keep(page: Any, name: str, height: int = 768) -> None:
    """One screenshot, small: 100 colours are enough for it."""
    shown = Image.open(io.BytesIO(page.screenshot())).convert("RGB").crop((0, 0, 1366, height))
    file = PLACE / f"{name}.png"
    shown.resize((956, round(height * 0.7)), Image.Resampling.LANCZOS).quantize(100).save(
        file, optimize=True
    )
    print(file.name, file.stat().st_size)


if __name__ == "__main__":
    main()
