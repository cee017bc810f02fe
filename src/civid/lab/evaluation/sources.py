"""Find the prints of a set: in a folder, in a manifest, or as templates that others made."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from civid.dedup.folder.naming import IMPRESSION, NamePattern
from civid.errors import CividError, FormatError
from civid.lab.errors import EvaluationError
from civid.lab.evaluation.foreign import (
    is_m1,
    minutiae_csv,
    read_record,
    xyt_rows,
    xyt_template,
)
from civid.lab.evaluation.prints import PrintSet, Sample

_T = TypeVar("_T")
_NAME = re.compile(r"(?P<finger>.+)_(?P<impression>\d+)")
IMAGES = frozenset(
    {".png", ".bmp", ".jpg", ".jpeg", ".tif", ".tiff", ".jp2", ".wsq", ".pgm"}
)  # fmt: skip
_XYT, _RECORDS = ".xyt", frozenset({".iso", ".fmr", ".ist", ".iso-fmr"})
_COLUMNS = {"path", "finger", "impression"}


def read_set(
    path: Path,
    name: str | None = None,
    dpi: float | None = None,
    *,
    pattern: NamePattern | None = None,
) -> PrintSet:
    """Read what a set consists of.

    Parameters
    ----------
    path : Path
        A folder of images or templates (``.xyt``, ISO/IEC 19794-2:2005 records) that are named
        ``finger_impression``; or a manifest, a CSV with the columns ``path, finger, impression``
        and, if known, ``person, position, set, role``, whose paths start at the manifest's folder;
        or a CSV of minutiae with the columns ``finger, impression, x, y, theta_deg``.
    name : str, optional
        How reports call it; by default the last two parts of the path.
    dpi : float, optional
        Resolution of the images; goes before what their files state.
    pattern : NamePattern, optional
        How files of a folder and its subfolders are named, with a field ``{impression}``.

    Raises
    ------
    EvaluationError
        There is nothing to evaluate, or names or columns make no sense.
    """
    if path.is_dir():
        samples = _folder(path) if pattern is None else _by_pattern(path, pattern)
    elif path.is_file() and path.suffix.lower() == ".csv":
        samples = _csv(path)
    elif path.exists():
        raise EvaluationError(f"{path}: neither a folder nor a CSV file")
    else:
        raise EvaluationError(f"{path}: no such folder or manifest")
    given = [sample.given is not None for sample in samples]
    if any(given) and not all(given):
        raise EvaluationError(f"{path}: images and templates are mixed; give them as two sets")
    return PrintSet(name or _called(path), tuple(samples), dpi)


def pooled(sets: list[PrintSet], name: str = "pooled") -> PrintSet:
    """One set of several: impostors also across them.

    Fingers of different sets are different, even under the same name, unless a manifest gives
    them a person.
    """
    if len({one.dpi for one in sets}) > 1:
        raise EvaluationError("sets that are pooled need one dpi")
    samples = [
        sample
        if sample.person
        else replace(sample, finger=f"{one.name}:{sample.finger}", group=sample.group or one.name)
        for one in sets
        for sample in one.samples
    ]
    return PrintSet(name, tuple(samples), sets[0].dpi)


def _called(path: Path) -> str:
    parts = path.resolve().with_suffix("" if path.suffix.lower() == ".csv" else path.suffix).parts
    return "/".join(parts[-2:]) if path.is_dir() else parts[-1]


def _folder(folder: Path) -> list[Sample]:
    found = []
    for path in folder.iterdir():
        suffix = path.suffix.lower()
        match = _NAME.fullmatch(path.stem)
        if match and (suffix in IMAGES or suffix == _XYT or suffix in _RECORDS):
            found.append(Sample(path, match["finger"], int(match["impression"])))
    if not found:
        raise EvaluationError(
            f"{folder}: no file is named finger_impression, like 101_3.png; write a manifest"
        )
    return _with_templates(sorted(found, key=_order))


def _by_pattern(folder: Path, pattern: NamePattern) -> list[Sample]:
    """All fields but the impression (and what is called ``_``) make the finger."""
    if IMPRESSION not in pattern.fields or len(pattern.fields) < 2:
        raise EvaluationError(f"the pattern {pattern.text!r} needs {{impression}} and a finger")
    found = []
    for path in sorted(folder.rglob("*")):
        suffix = path.suffix.lower()
        fields = pattern.read(path.relative_to(folder)) if path.is_file() else None
        if fields is None or not (suffix in IMAGES or suffix == _XYT or suffix in _RECORDS):
            continue
        impression = re.sub(r"\D", "", fields[IMPRESSION])
        if not impression:
            raise EvaluationError(f"{path.name}: the impression is no number")
        finger = "/".join(fields[name] for name in pattern.fields if name != IMPRESSION)
        found.append(Sample(path, finger, int(impression)))
    if not found:
        raise EvaluationError(f"{folder}: no file is named like {pattern.text}")
    return _with_templates(sorted(found, key=_order))


def _order(sample: Sample) -> tuple[tuple[int, str], int, str]:
    finger = sample.finger
    return (int(finger) if finger.isdecimal() else -1, finger), sample.impression, sample.path.name


def _csv(path: Path) -> list[Sample]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            columns = set(reader.fieldnames or ())
            if {"x", "y"} <= columns:
                rows = list(reader)
            elif columns >= _COLUMNS:
                return _manifest(path, list(reader))
            else:
                raise EvaluationError(
                    f"{path}: a manifest needs the columns path,finger,impression"
                )
    except (UnicodeDecodeError, csv.Error) as error:
        raise EvaluationError(f"{path}: not a CSV in UTF-8: {error}") from None
    samples = minutiae_csv(path, rows)
    if not samples:
        raise EvaluationError(f"{path}: there are no minutiae in it")
    return samples


def _manifest(path: Path, rows: list[dict[str, str]]) -> list[Sample]:
    samples = []
    for line, row in enumerate(rows, 2):
        try:
            impression = int(row["impression"])
        except (TypeError, ValueError):
            raise EvaluationError(f"{path}, line {line}: the impression is no number") from None
        if not (row["path"] and row["finger"]):
            raise EvaluationError(f"{path}, line {line}: the path or the finger is missing")
        file = path.parent / row["path"]
        if not file.is_file():
            raise EvaluationError(f"{path}, line {line}: no such file: {file}")
        sample = Sample(
            file,
            row["finger"],
            impression,
            person=row.get("person") or "",
            position=row.get("position") or "",
            group=row.get("set") or "",
            role=_role(path, line, row.get("role") or ""),
        )
        samples.append(sample)
    if not samples:
        raise EvaluationError(f"{path}: the manifest is empty")
    return _with_templates(samples)


def _role(path: Path, line: int, role: str) -> str:
    if role not in ("", "gallery", "probe"):
        raise EvaluationError(f"{path}, line {line}: the role is neither gallery nor probe")
    return role


def _with_templates(samples: list[Sample]) -> list[Sample]:
    """Read the files that are templates, not images."""
    lists = {
        one.path: _read(xyt_rows, one.path) for one in samples if one.path.suffix.lower() == _XYT
    }
    m1 = all(is_m1(rows) for rows in lists.values())
    made = []
    for one in samples:
        if one.path in lists:
            rows = lists[one.path]
            template = _read(lambda _: xyt_template(rows, m1=m1), one.path)  # noqa: B023
            one = replace(one, given=template)
        elif one.path.suffix.lower() in _RECORDS:
            one = replace(one, given=_read(read_record, one.path))
        made.append(one)
    return made


def _read(reader: Callable[[Path], _T], path: Path) -> _T:
    try:
        return reader(path)
    except CividError as error:
        raise FormatError(f"{path}: {error}") from None
