"""What an evaluation keeps, so that a second run computes nothing twice.

Templates lie under the hash of their image and the version of their extractor, scores under the
hash of everything that they depend on. Files are written under another name first and renamed, so
that a run may be stopped at any time.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import uuid
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from civid.errors import TemplateError
from civid.fingerprint.template import MINUTIA_DTYPE, Template

_MAGIC = b"civid-lab-template-1\n"


@dataclass(frozen=True, slots=True)
class Extracted:
    """What became of one print.

    Attributes
    ----------
    template : object
        None where extraction failed, or where a template of a foreign kind was not kept.
    failure : str
        Why there is no template; empty where there is one.
    quality : int, optional
        0..100, where the extractor tells it.
    minutiae : int, optional
        How many, where that can be told.
    seconds : float
        How long it took.
    """

    template: Any
    failure: str = ""
    quality: int | None = None
    minutiae: int | None = None
    seconds: float = 0.0

    @property
    def usable(self) -> bool:
        """Whether the print can be compared."""
        return not self.failure


class Store:
    """A folder of templates and scores.

    Parameters
    ----------
    folder : Path
    fresh : bool
        See nothing that another run has kept.
    """

    def __init__(self, folder: Path, *, fresh: bool = False) -> None:
        self.folder = folder
        self._taken: dict[Path, bool] = {}
        self._run = uuid.uuid4().hex if fresh else ""

    def found(self, path: Path, *, earlier: bool) -> None:
        """Remember where a result came from: from an earlier run, or made in this one."""
        self._taken.setdefault(path, earlier)

    @property
    def reused(self) -> int:
        """How many templates and sets of scores of an earlier run were taken."""
        return sum(self._taken.values())

    def template_path(self, version: str, image: str, dpi: float | None) -> Path:
        """Where the template of an image is, or will be."""
        return (
            self.folder
            / "templates"
            / _short(version, self._run)
            / f"{_short(image, repr(dpi))}.tpl"
        )

    def scores_path(self, name: str, *depends_on: str) -> Path:
        """Where scores are that depend on all these."""
        return (
            self.folder / "scores" / f"{file_name(name)[:80]}-{_short(*depends_on, self._run)}.npz"
        )


def file_name(*parts: str) -> str:
    """A name of a file, without a suffix, that says what it is about.

    >>> file_name("FVC2002/DB1_B", "mine:compare", "fvc")
    'FVC2002_DB1_B-mine_compare-fvc'
    """
    name = "-".join(parts)
    return "".join(one if one.isalnum() or one in "-+." else "_" for one in name)


def save_template(path: Path, found: Extracted) -> None:
    """Keep one; of a template that is neither civid's nor bytes, only that it worked."""
    header: dict[str, Any] = {
        "failure": found.failure,
        "quality": found.quality,
        "minutiae": found.minutiae,
        "seconds": found.seconds,
    }
    body = b""
    if isinstance(found.template, Template):
        template = found.template
        header["kind"], header["extractor"] = "civid", template.extractor
        header["size"] = [template.quality, template.width, template.height]
        body = template.minutiae.tobytes()
    elif isinstance(found.template, bytes):
        header["kind"], body = "bytes", found.template
    write_whole(path, _MAGIC + json.dumps(header).encode() + b"\n" + body)


def load_template(path: Path) -> Extracted | None:
    """Read one back; None where there is none, or it is damaged."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    if not data.startswith(_MAGIC):
        return None
    head, _, body = data[len(_MAGIC) :].partition(b"\n")
    try:
        header = json.loads(head)
        template: Any = None
        if header.get("kind") == "bytes":
            template = body
        elif header.get("kind") == "civid":
            quality, width, height = header["size"]
            minutiae = np.frombuffer(body, MINUTIA_DTYPE)
            # Which calibration a comparison takes depends on the extractor.
            template = Template(minutiae, quality, width, height, header["extractor"])
        return Extracted(
            template,
            str(header["failure"]),
            header["quality"],
            header["minutiae"],
            float(header["seconds"]),
        )
    except (ValueError, KeyError, TypeError, TemplateError):
        return None


def save_arrays(path: Path, **arrays: npt.ArrayLike) -> None:
    """Keep arrays as npz."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **arrays)
    write_whole(path, buffer.getvalue())


def load_arrays(path: Path) -> dict[str, npt.NDArray[Any]] | None:
    """Read them back; None where there are none, or they are damaged."""
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    except (OSError, ValueError, EOFError, KeyError, zipfile.BadZipFile, zlib.error):
        return None


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_bytes(data)
    temporary.replace(path)


def _short(*parts: str) -> str:
    parts = tuple(parts[:-1]) if parts and parts[-1] == "" else parts  # as it was before --fresh
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:24]
