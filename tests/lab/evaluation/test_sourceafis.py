"""The Java process: compiled once, many at a time, errors told. Runs where SourceAFIS is."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import pytest

from civid.errors import UnavailableError
from civid.fingerprint.image import FingerImage
from civid.fingerprint.template import Template
from civid.lab import synthetic
from civid.lab.peers import java
from civid.lab.peers.sourceafis import SourceAfisExtractor, SourceAfisMatcher


@pytest.mark.slow
def test_sourceafis_tells_fingers_apart() -> None:
    try:
        extract, compare = SourceAfisExtractor(), SourceAfisMatcher()
    except UnavailableError as error:
        pytest.skip(str(error))
    try:
        fingers = [synthetic.master(seed) for seed in (1, 2)]
        images = [
            synthetic.impression(finger, k, difficulty=0.1).image
            for finger in fingers
            for k in (1, 2)
        ]
        a, b, c, _ = templates = extract.many(images)
        assert all(isinstance(one, bytes) for one in templates)
        scores = compare.many(a, [b, c])  # type: ignore[arg-type,list-item]
        assert scores[0] > 40 > scores[1]
        assert compare(a, b) == scores[0]  # type: ignore[arg-type]
        shown = extract.minutiae(a)  # type: ignore[arg-type]
        assert len(shown) > 10
        assert (shown.width, shown.height) == images[0].pixels.shape[::-1]
        assert compare(shown, b) > 20  # type: ignore[arg-type]
        assert compare.many(a, [b"no template"])[0] == -np.inf  # type: ignore[arg-type]
        blank = FingerImage(np.full((300, 300), 255, np.uint8), 500.0)
        (result,) = extract.many([blank])
        assert isinstance(result, (bytes, RuntimeError))
    finally:
        extract.close()


def test_a_process_that_dies_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "java"
    program.write_text("#!/bin/sh\necho out of memory >&2\nexit 3\n")
    program.chmod(0o755)
    (tmp_path / "sourceafis-9.jar").write_bytes(b"")
    monkeypatch.setenv(java.VARIABLE, str(tmp_path))
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(java, "compiled", lambda class_path: tmp_path)
    batch = java.Batch()
    try:
        with pytest.raises((java.JavaError, BrokenPipeError), match="out of memory"):
            batch.extract([(500.0, b"")])
    finally:
        batch.close()


def test_a_class_that_javac_refuses_is_not_available(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(java, "tool", lambda name, advice: "javac")
    monkeypatch.setattr(
        java.subprocess,  # type: ignore[attr-defined]
        "run",
        lambda words, **rest: subprocess.CompletedProcess(words, 1, "", "package not found"),
    )
    with pytest.raises(UnavailableError, match="package not found"):
        java.compiled("nowhere.jar")


def test_only_templates_can_be_compared() -> None:
    from civid.lab.peers.sourceafis import _key

    template = Template([(10, 20, 1.5, 1, 90)], quality=80, width=300, height=400)  # type: ignore[arg-type]
    assert _key(template) == (True, template.to_iso19794_2())
    with pytest.raises(TypeError, match="its own templates"):
        _key("words")  # type: ignore[arg-type]
