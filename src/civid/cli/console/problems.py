"""What can go wrong, in words for the person at the keyboard, and the exit code of each."""

from __future__ import annotations

from enum import IntEnum
from pathlib import Path

from civid import problems
from civid.errors import SearchError
from civid.lab.errors import EvaluationError
from civid.problems import Problem, not_written


class Exit(IntEnum):
    """Exit codes of every command. They are documented in ``docs/reference/cli.md``."""

    DONE = 0  #: did what was asked; with compare, search, dedup: and found something
    NOTHING = 1  #: ran to the end: not the same finger, no candidate, no duplicate, nobody
    USAGE = 2  #: the command line makes no sense
    INPUT = 3  #: an image, record or folder cannot be read
    GALLERY = 4  #: gallery or register cannot be read or written, or has it already
    OUTPUT = 5  #: a result cannot be written
    UNAVAILABLE = 6  #: an optional package or instruction set is not here
    INTERNAL = 70  #: a bug in civid
    INTERRUPTED = 130  #: stopped with Ctrl-C


#: Every code of a `Problem`: how the command ends, and what to do where the problem is silent.
CODES: dict[str, tuple[Exit, str]] = {
    "usage": (Exit.USAGE, ""),
    "checkpoint": (Exit.USAGE, ""),
    "subject-id": (
        Exit.USAGE,
        "a subject's id has 1 to 128 characters, none of them a control character",
    ),
    "no-such-file": (Exit.INPUT, "check the path"),
    "no-such-folder": (Exit.INPUT, "check the path"),
    "is-a-folder": (
        Exit.INPUT,
        "give the files in it; for whole folders there is: civid dedup FOLDER",
    ),
    "not-a-folder": (
        Exit.INPUT,
        "for single files use: civid compare, civid enroll or civid search",
    ),
    "empty-folder": (Exit.INPUT, "say with --filename-pattern how files are named"),
    "not-allowed": (Exit.INPUT, "you have no right to open it"),
    "unreadable-file": (Exit.INPUT, ""),
    "unreadable-image": (Exit.INPUT, "is it really the scan of one finger?"),
    "unreadable-record": (Exit.INPUT, "the file is damaged or of another kind"),
    "impossible-field": (Exit.INPUT, "check what was given for it"),
    "campaign": (Exit.INPUT, "correct the row, or say with the options how the file is written"),
    "not-allowed-now": (Exit.INPUT, ""),
    "unusable-template": (Exit.INPUT, ""),
    "no-resolution": (Exit.INPUT, "give the resolution of the scanner, for example: --dpi 500"),
    "no-minutiae": (Exit.INPUT, "look at it with: civid explain, and scan the finger again"),
    "poor-print": (Exit.INPUT, "scan the finger again"),
    "several-prints": (
        Exit.INPUT,
        "take one out of it: civid convert FILE OUT --view N; all of them: civid enroll,"
        " civid search",
    ),
    "evaluation": (Exit.INPUT, ""),
    "nothing": (Exit.INPUT, ""),
    "name": (Exit.INPUT, "rename it, or drop --strict"),
    "same-finger": (Exit.INPUT, "rename it, or drop --strict"),
    "no-such-gallery": (Exit.GALLERY, "check the path, or make one with: civid enroll"),
    "not-a-gallery": (
        Exit.GALLERY,
        "give a folder made by civid, or a path that does not exist yet",
    ),
    "gallery-damaged": (
        Exit.GALLERY,
        "do not write to it; civid gallery verify names the damage; put back the last good copy",
    ),
    "gallery-key": (
        Exit.GALLERY,
        "give the file with the keys of this gallery: --keys FILE; ask whoever runs it for them",
    ),
    "gallery-busy": (
        Exit.GALLERY,
        "another program is writing to it; try again when it is done",
    ),
    "gallery-read-only": (Exit.GALLERY, "nothing was changed; it was opened to be read"),
    "gallery-moved": (
        Exit.GALLERY,
        "nothing was changed; the folder was moved or replaced meanwhile: check it, and try again",
    ),
    "gallery-storage": (Exit.GALLERY, "check the free space and your right to write there"),
    "gallery": (Exit.GALLERY, ""),
    "subject-exists": (
        Exit.GALLERY,
        "nothing was changed; search the gallery to see whether it is the same person",
    ),
    "no-such-subject": (Exit.GALLERY, ""),
    "access-refused": (Exit.GALLERY, "ask whoever administers the register; it was logged"),
    "not-in-register": (Exit.NOTHING, "check the number, or look by name: civid register find"),
    "already-in-register": (Exit.GALLERY, "look the person up: civid register show"),
    "changed-meanwhile": (Exit.GALLERY, "read it again, then decide"),
    "register-damaged": (
        Exit.GALLERY,
        "civid check names what is wrong; put back the last good backup",
    ),
    "not-a-register": (
        Exit.GALLERY,
        "check the path: the folder of a register, or the address of one on a server",
    ),
    "register-key": (
        Exit.GALLERY,
        "give the file with the keys of this register: --keys FILE; ask whoever runs it for them",
    ),
    "register-busy": (Exit.GALLERY, "others are writing; try again"),
    "register-storage": (Exit.GALLERY, "check the free space, your rights, and the server"),
    "register": (Exit.GALLERY, ""),
    "storage-damaged": (Exit.GALLERY, "put back the last good copy"),
    "storage-format": (Exit.GALLERY, "check the path; another version of civid may have made it"),
    "storage-key": (Exit.GALLERY, "put the key back where it was, or give the right one"),
    "storage-busy": (Exit.GALLERY, "another program is writing to it; try again when it is done"),
    "storage-write": (Exit.GALLERY, "check the free space and your right to write there"),
    "storage": (Exit.GALLERY, ""),
    "number-taken": (Exit.GALLERY, "ask for another number"),
    "numbers-exhausted": (Exit.GALLERY, "a case for the central register"),
    "not-written": (Exit.OUTPUT, ""),
    "unavailable": (Exit.UNAVAILABLE, ""),
    "internal": (Exit.INTERNAL, ""),
}


_KEY = ("gallery-key", "register-key")
_KEYS_TOO_MANY = "was opened with keys"
_NO_KEYS_NEEDED = (
    "what is not encrypted is opened without --keys and CIVID_GALLERY_KEYS; see that it is the"
    " folder you mean"
)
_WRAPPED = "unwrap it first"
_UNWRAP = (
    "take the file out of it: civid convert FILE OUT, with --member NAME where it holds several"
)

#: What is wrong is what was asked for, not the file that was read: a word of the message, and its
#: end.
_ASKED = (
    (
        "conversion",
        "conversion",
        "pictures, image records and minutiae records are: docs/formats/index.md has their names",
    ),
    ("owner:", "1..65535", "say who writes it: --product OWNER:TYPE"),
)


def exit_of(problem: Problem) -> Exit:
    """How a command ends that met this problem."""
    return CODES[problem.code][0]


def advice_on(problem: Problem) -> str:
    """What to do about it."""
    return problem.advice or CODES[problem.code][1]


def as_json(problem: Problem) -> dict[str, object]:
    """The document that ``--json`` puts on stderr."""
    body: dict[str, object] = {"code": problem.code, "message": problem.message}
    if advice := advice_on(problem):
        body["advice"] = advice
    return {"error": body | {"exit_code": int(exit_of(problem))}}


def explain(error: Exception, path: Path | str | None = None) -> Problem | None:
    """See `civid.problems.explain`; knows the laboratory's errors, too."""
    if isinstance(error, EvaluationError):
        return problems.named("evaluation", error, path)
    problem = problems.explain(error, path)
    if problem is not None and problem.code in _KEY and _KEYS_TOO_MANY in problem.message:
        return Problem(problem.code, problem.message, _NO_KEYS_NEEDED)
    if problem is not None and not problem.advice and _WRAPPED in problem.message:
        return Problem(problem.code, problem.message, _UNWRAP)
    for word, end, advice in _ASKED if problem is not None else ():
        if problem is not None and word in problem.message and problem.message.endswith(end):
            return Problem("usage", problem.message, advice)
    return problem


def usage(message: str, advice: str = "") -> Problem:
    """The command line makes no sense."""
    return Problem("usage", message, advice)


def of_checkpoint(file: Path, error: SearchError) -> Problem:
    """A sweep cannot go on with its checkpoint."""
    advice = "begin anew with another file"
    if "galleries" in str(error):
        advice = "begin anew with another file; were subjects enrolled or removed since?"
    return Problem("checkpoint", f"{file}: {error}", advice)


__all__ = ["CODES", "Exit", "Problem", "advice_on", "as_json", "exit_of", "explain", "not_written",
           "of_checkpoint", "usage"]  # fmt: skip
