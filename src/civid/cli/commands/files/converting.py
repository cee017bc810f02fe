"""Which file becomes which, and one of them made at a time."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

from civid.cli.commands.files.reading import unwrapped
from civid.cli.console.problems import Problem, explain, not_written, usage
from civid.cli.console.results import check_kind, check_outside, check_place, write_whole
from civid.errors import CividError
from civid.formats import Format
from civid.formats._door import sniffed
from civid.formats._images import finger_name, images_inside
from civid.formats._registry import FORMATS

#: A folder with more files is no folder of prints.
_MOST = 1_000_000


class Job(NamedTuple):
    """One file to read and one to write."""

    source: Path
    target: Path
    of_folder: bool = False


def jobs(source: Path, target: Path, wanted: Format) -> list[Job]:
    """What is to be done, in a fixed order.

    Raises
    ------
    Problem
        The source is missing, an empty folder, or a folder that would be written into itself.
    """
    if not source.is_dir():
        if target.is_dir():
            return [Job(source, target / f"{source.stem}{_suffix(wanted)}", of_folder=True)]
        check_place(target)
        check_kind(target)
        return [Job(source, target)]
    if target.exists() and not target.is_dir():
        raise not_written(target, FileExistsError(17, "is a file, not a folder"))
    check_outside(target, source)
    files = [path for path in sorted(source.rglob("*")) if path.is_file() and _seen(path, source)]
    if not files:
        advice = "give the folder that the files are in; names that begin with a dot are left out"
        raise Problem("empty-folder", f"{source}: holds no file", advice)
    if len(files) > _MOST:
        raise usage(f"{source}: more than {_MOST:,} files")
    names = [path.relative_to(source).with_suffix(_suffix(wanted)) for path in files]
    twice = Counter(names)
    return [
        Job(path, target / (name if twice[name] == 1 else _whole(path, source, name)), True)
        for path, name in zip(files, names, strict=True)
    ]


def _whole(path: Path, folder: Path, name: Path) -> str:
    """Where two files differ in their suffix alone, both keep it."""
    return f"{path.relative_to(folder)}{name.suffix}"


def _suffix(wanted: Format) -> str:
    return wanted.suffixes[0] if wanted.suffixes else ".bin"


def _seen(path: Path, folder: Path) -> bool:
    return not any(part.startswith(".") for part in path.relative_to(folder).parts)


def run(
    job: Job,
    wanted: Format,
    options: dict[str, Any],
    *,
    member: str | None,
    force: bool,
    written: set[Path],
) -> list[dict[str, object]]:
    """Convert one file; gives what ``--json`` tells of each that was written.

    Where the job is one of a folder, every image of a file that holds several gets its own.
    What goes into ``written`` is not written over, whatever ``force`` says.

    Raises
    ------
    Problem
        It cannot be read, converted or written.
    """
    opened = unwrapped(job.source, member)
    wrappings = {"wrappings": list(opened.wrappings)} if opened.wrappings else {}
    parts = _parts(job, opened.data, wanted, options)
    taken = [one for one, _ in parts if one.exists()]
    for one in taken:
        check_kind(one)
        if one in written:
            text = f"{one}: another file has become it already; nothing was written"
            raise Problem("not-written", text, "rename one of the two, or convert them apart")
    if taken and not force:
        text = f"{taken[0]}: exists already; nothing was written"
        raise Problem("not-written", text, "give another name, or --force to write over it")
    rows = []
    for target, how in parts:
        rows.append(_made(job, target, opened.data, wanted, how) | wrappings)
        written.add(target)
    return rows


def _parts(
    job: Job, data: bytes, wanted: Format, options: dict[str, Any]
) -> list[tuple[Path, dict[str, Any]]]:
    """What is written, each with its options."""
    alone = [(job.target, options)]
    chosen = options["view"] is not None or options["position"] is not None
    found = sniffed(data)
    if not job.of_folder or chosen or found is None or found.kind in ("minutiae", "picture"):
        return alone
    if found.kind == wanted.kind == "image record":
        return alone
    try:
        images = images_inside(found, data, strict=options["strict"])
    except CividError:
        return alone  # which is told when it is converted
    if len(images) < 2:
        return alone
    names, parts = Counter[str](), []
    for view, image in enumerate(images):
        name = finger_name(image.position)
        names[name] += 1
        name += f"_{names[name]}" if names[name] > 1 else ""
        target = job.target.with_stem(f"{job.target.stem}_{name}")
        parts.append((target, options | {"view": view}))
    return parts


def _made(
    job: Job, target: Path, data: bytes, wanted: Format, options: dict[str, Any]
) -> dict[str, object]:
    from civid.fingerprint.conversion import convert

    if sniffed(data) is None and options["source"] is None:
        options = options | {"source": _by_name(job.source)}
    try:
        made = convert(data, wanted.key, **options)
    except CividError as error:
        raise _spoken(error, job.source) from error
    write_whole(target, made.data)
    return {
        "file": str(job.source),
        "written": str(target),
        "source": made.source,
        "target": made.target,
        "notes": list(made.notes),
    }


def _by_name(path: Path) -> str | None:
    """The format of a file that does not say what it is, by its name."""
    suffix = path.suffix.lower()
    return next((one.key for one in FORMATS if not one.says_so and suffix in one.suffixes), None)


def _spoken(error: CividError, path: Path) -> Exception:
    """The problem, with the options of the command in place of those of the function."""
    problem = explain(error, path)
    if problem is None:
        return error
    message, choice, _ = problem.message.partition("; say which one with ")
    if not choice:
        return problem
    advice = "say which one: --view N or --position FINGER"
    if " images: " in message:
        advice += "; or give a folder to write all to"
    return Problem("several-prints", message, advice)
