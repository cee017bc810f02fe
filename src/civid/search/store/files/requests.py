"""Ask the writer that has a gallery open to compact it: files in its folder, one a question.

==================== =====================================================================
file                 what
==================== =====================================================================
``gallery.ask-ID``   a question: JSON, ``purge``; removed when it is answered or given up
``gallery.told-ID``  the answer so far: JSON; ``state`` is began, done or failed
==================== =====================================================================

Plain files, because a folder is all that a writer and another program surely share: no socket whose
path is too long, no pipe that a copy of the folder would wait at. An ID is 16 hexadecimal digits.
The writer looks every half second; what it finds it reads with bounds, and believes no more of than
that it shall compact, which whoever may write to the folder could do anyway.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import time
from contextlib import suppress
from typing import Any, NamedTuple

from civid.search.store.files.held import HeldFolder

_ASK = re.compile(r"gallery\.ask-([0-9a-f]{16})")
_TOLD = re.compile(r"gallery\.told-([0-9a-f]{16})")
_MAX = 4096
#: Seconds after which an answer that nobody has fetched is removed.
_FORGOTTEN = 600.0
BEGAN, DONE, FAILED = "began", "done", "failed"


class Question(NamedTuple):
    """What is asked for."""

    id: str
    purge: bool


class Answer(NamedTuple):
    """How far it is.

    `error` is the name of a class of `civid.errors`, `message` what it said.
    """

    state: str
    done: int = 0
    total: int = 0
    changed: bool = False
    error: str = ""
    message: str = ""


# ---- who asks


def ask(folder: HeldFolder, *, purge: bool) -> Question:
    """Leave a question; end it with `withdraw`."""
    question = Question(secrets.token_hex(8), purge)
    _write(folder, f"gallery.ask-{question.id}", {"purge": purge})
    return question


def answer_to(folder: HeldFolder, question: Question) -> Answer | None:
    """What the writer has said so far; None = nothing."""
    found = _read(folder, f"gallery.told-{question.id}")
    try:
        answer = None if found is None else Answer(**found)
    except TypeError:
        return None
    if answer is None or [type(value) for value in answer] != [str, int, int, bool, str, str]:
        return None
    return answer


def withdraw(folder: HeldFolder, question: Question) -> None:
    """Nobody waits for it any more."""
    with suppress(OSError):
        folder.unlink(f"gallery.ask-{question.id}")
        folder.unlink(f"gallery.told-{question.id}")


# ---- who answers


def questions(folder: HeldFolder) -> list[Question]:
    """What waits for an answer; answers that nobody fetched are removed."""
    found = []
    for name in folder.names():
        if match := _ASK.fullmatch(name):
            document = _read(folder, name)
            if document is None:
                with suppress(OSError):
                    folder.unlink(name)
            else:
                found.append(Question(match[1], document.get("purge") is True))
        elif _TOLD.fullmatch(name):
            with suppress(OSError):
                if time.time() - folder.stat(name).st_mtime > _FORGOTTEN:
                    folder.unlink(name)
    return found


def tell(folder: HeldFolder, question: Question, answer: Answer) -> None:
    """Say how far it is; a disk that is full must not end the work."""
    with suppress(OSError):
        _write(folder, f"gallery.told-{question.id}", answer._asdict())
        if answer.state != BEGAN:
            folder.unlink(f"gallery.ask-{question.id}")


# ---- their files


def _write(folder: HeldFolder, name: str, document: dict[str, Any]) -> None:
    """As a whole: under another name first."""
    unfinished = f"gallery.new-{secrets.token_hex(8)}"
    try:
        descriptor = folder.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
        try:
            os.write(descriptor, json.dumps(document).encode()[:_MAX])
        finally:
            os.close(descriptor)
        own = folder.descriptor
        os.rename(unfinished, name, src_dir_fd=own, dst_dir_fd=own)
    except OSError:
        with suppress(OSError):
            folder.unlink(unfinished)
        raise


def _read(folder: HeldFolder, name: str) -> dict[str, Any] | None:
    try:
        descriptor = folder.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            document = json.loads(os.read(descriptor, _MAX))
        finally:
            os.close(descriptor)
    except (OSError, ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None
