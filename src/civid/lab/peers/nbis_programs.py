"""NBIS' own programs ``mindtct`` and ``bozorth3``, where the user has them on the PATH."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from civid.errors import ImageError
from civid.fingerprint.image import FingerImage
from civid.fingerprint.template import MAX_MINUTIAE, MINUTIA_DTYPE, Template
from civid.lab.digest import file_digest
from civid.lab.evaluation.foreign import xyt_rows
from civid.lab.peers.java import tool

_INSTALL = "build NBIS (https://www.nist.gov/services-resources/software) and add its bin folder"
_SECONDS = 60.0  # bozorth3 can take very long on very many minutiae


@cache
def _version(program: str) -> str:
    return file_digest(Path(tool(program, _INSTALL)))[:12]


class Mindtct:
    """``mindtct``: image -> minutiae at the image's own resolution, scaled to 500 dpi here.

    NBIS takes pixels for 500 dpi whatever the image is; so the image is scaled to 500 dpi first.
    """

    parallel = True  # each call is a process of its own

    def __init__(self) -> None:
        self.version = _version("mindtct")

    def __call__(self, image: FingerImage) -> Template:
        pixels = _at_500_dpi(image)
        height, width = pixels.shape
        with tempfile.TemporaryDirectory() as folder:
            source, root = Path(folder) / "print.ihead", Path(folder) / "print"
            source.write_bytes(ihead(pixels))
            _run([tool("mindtct", _INSTALL), str(source), str(root)])
            rows = np.array(xyt_rows(root.with_suffix(".xyt"))).reshape(-1, 4)
        minutiae = np.zeros(min(len(rows), MAX_MINUTIAE), MINUTIA_DTYPE)
        x, y, theta, quality = rows[np.argsort(-rows[:, 3], kind="stable")[:MAX_MINUTIAE]].T
        minutiae["x"], minutiae["y"] = x, height - y
        minutiae["angle"] = np.mod(np.radians(theta + 180), 2 * np.pi)
        minutiae["quality"] = np.clip(quality, 0, 100)
        mean = round(float(minutiae["quality"].mean())) if len(minutiae) else 0
        return Template(minutiae, quality=mean, width=width, height=height)


class Bozorth3:
    """``bozorth3`` on any minutiae; many references in one process."""

    parallel = True

    def __init__(self) -> None:
        self.version = _version("bozorth3")

    def __call__(self, probe: Template, reference: Template) -> float:
        return float(self.many(probe, [reference])[0])

    def many(self, probe: Template, references: Sequence[Template]) -> npt.NDArray[np.float64]:
        """One probe against many."""
        program = tool("bozorth3", _INSTALL)
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "probe.xyt").write_text(xyt(probe), "ascii")
            files = []
            for number, one in enumerate(references):
                files.append(folder / f"{number}.xyt")
                files[-1].write_text(xyt(one), "ascii")
            (folder / "list").write_text("".join(f"{file}\n" for file in files), "utf-8")
            words = [program, "-A", "maxfiles=100000", "-p", str(folder / "probe.xyt")]
            # "-G": the gallery is a list of files
            done = _run([*words, "-G", str(folder / "list")], _SECONDS + len(references))
        scores = [float(line) for line in done.split()]
        if len(scores) != len(references):
            raise RuntimeError(f"bozorth3 gave {len(scores)} scores for {len(references)} pairs")
        return np.array(scores)


def xyt(template: Template) -> str:
    """A template as NIST's own form of ``.xyt``: y upwards, degrees, the other way round.

    bozorth3 also reads the form ``-m1``, but errs twice as often on the same minutiae then.
    """
    rows = template.minutiae
    degrees = np.degrees(rows["angle"].astype(np.float64)) - 180
    theta = np.rint(degrees).astype(int) % 360
    quality = np.maximum(rows["quality"].astype(int), 1)
    x = np.rint(rows["x"]).astype(int)
    y = template.height - np.rint(rows["y"]).astype(int)
    columns = (column.tolist() for column in (x, y, theta, quality))
    return "".join(f"{a} {b} {c} {d}\n" for a, b, c, d in zip(*columns, strict=True))


def ihead(pixels: npt.NDArray[np.uint8]) -> bytes:
    """Grey pixels in NIST's IHead form, which needs no image library on the other side."""
    height, width = pixels.shape

    def field(text: str, size: int) -> bytes:
        return text.encode("ascii").ljust(size, b"\0")

    head = b"".join(
        [
            field("print", 80),
            field("", 26),
            *(field(str(value), 8) for value in (width, height, 8, 500, 0, 0, 8, 8)),
            b"0",  # significant bit: first
            b"0",  # byte order: high first
            *(field(str(value), 8) for value in (0, 255)),  # offset of the pixels, white
            b"u000",  # unsigned, rows, top to bottom, left to right
            field("", 80),
            *(field("0", 8) for _ in range(2)),
        ]
    )
    return field(str(len(head)), 8) + head + pixels.tobytes()


def _at_500_dpi(image: FingerImage) -> npt.NDArray[np.uint8]:
    if abs(image.dpi - 500) < 1:
        return np.ascontiguousarray(image.pixels)
    from PIL import Image

    height, width = image.pixels.shape
    size = round(width * 500 / image.dpi), round(height * 500 / image.dpi)
    scaled = Image.fromarray(np.ascontiguousarray(image.pixels)).resize(
        size, Image.Resampling.BICUBIC
    )
    return np.asarray(scaled)


def _run(words: list[str], seconds: float = _SECONDS) -> str:
    done = subprocess.run(
        words, capture_output=True, text=True, errors="replace", timeout=seconds, check=False
    )
    if done.returncode:
        raise ImageError(f"{Path(words[0]).name} ended with {done.returncode}")
    return done.stdout
