"""The example of README.md runs as it is printed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image

import civid


@pytest.mark.slow  # synthetic prints compile their kernels
def test_the_example_runs(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from civid.lab import synthetic

    finger = synthetic.master(1)
    first, second = (synthetic.impression(finger, seed, difficulty=0.1) for seed in (1, 2))
    Image.fromarray(first.image.pixels).save(
        tmp_path / "right-index.png", dpi=(first.image.dpi, first.image.dpi)
    )
    monkeypatch.chdir(tmp_path)
    text = (root / "README.md").read_text(encoding="utf-8")
    block, people = re.findall(r"```python\n(.*?)```", text, flags=re.S)
    exec(people, {})
    names = {"other": civid.extract(second.image), "probe": civid.extract(second.image)}
    exec(block, names)
    assert names["result"].score > 30  # type: ignore[attr-defined]
    again = civid.Template.from_iso19794_2(names["record"])
    assert len(again) == len(names["template"])
    with civid.Gallery.open("registry.gallery", read_only=True) as gallery:
        assert [c.subject_id for c in gallery.search(names["probe"])] == ["046301123456"]
