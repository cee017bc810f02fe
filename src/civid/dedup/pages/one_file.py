"""A case as one HTML file, for a court or a colleague: nothing is loaded, nothing runs."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime

from civid.dedup.cases import CaseDesk
from civid.dedup.pages import layout
from civid.dedup.pages.rendering import render, static
from civid.dedup.pages.words import DEFAULT, moment, words


def case_as_html(desk: CaseDesk, reference: str, *, reader: str, language: str = DEFAULT) -> str:
    """Everything that the reader may see of a case, images inside.

    Parameters
    ----------
    desk : CaseDesk
        Of a register, acting as the reader: what they may not see is not in it, and the log has
        an entry for each part.
    reference : str
        Of the case.
    reader : str
        Who made the file, for its head.
    language : str
        ``vi`` or ``en``.

    Returns
    -------
    str
        A page of its own. Whoever has the file sees names, numbers, portraits and prints.

    Raises
    ------
    AccessRefusedError
        The case is somebody else's and not decided, or outside the scope.
    NotInRegisterError
        There is no such case.
    UnavailableError
        The extra ``civid[pages]`` is not installed.
    """
    say = words(language)
    file = desk.show(reference)
    ours = layout.prints_of(desk, file.reference, file.subject)
    face = layout.portrait_of(desk, file.reference, file.subject)
    pairs = []
    for which, one in enumerate(file.candidates):
        theirs = layout.prints_of(desk, file.reference, one.party)
        pairs.append(
            layout.pair(desk, file, which, language, face)
            | {"figures": layout.every_figure(ours, theirs, file, which, language)}
        )
    alone = None if pairs else layout.alone(desk, file, language)
    style = static("pages.css").decode()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    now = int(datetime.now(UTC).timestamp() * 1e6)
    return render(
        "file.html", language, file=file, pairs=pairs, alone=alone, style=style,
        style_hash=f"sha256-{digest}",
        made=moment(now), reader=reader, opened=moment(file.opened),
        state=say(f"state.{file.state.value}"), **layout.what_happened(file, language),
    )  # fmt: skip
