"""One request: who makes it, in which language, and the register as they may use it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any

from civid.dedup.cases import CaseDesk
from civid.dedup.pages.guard import own_path
from civid.dedup.pages.officers import Officer, Officers
from civid.dedup.pages.rendering import render
from civid.dedup.pages.sessions import Sessions
from civid.dedup.pages.words import LANGUAGES, chosen, words
from civid.register import Register

SESSION, LANGUAGE = "civid_session", "civid_language"
#: Longest key of a session that is looked at; ours have 43 letters.
_LONGEST = 100
#: Seconds that a browser keeps the choice of language.
_YEAR = 365 * 86400


@dataclass(frozen=True)
class House:
    """What all requests share.

    Attributes
    ----------
    register : Register
        Open; each officer acts in it with their own rights.
    officers : Officers
        Who may sign in.
    sessions : Sessions
        Who has.
    station : str
        This machine, for the log.
    secure : bool
        Whether cookies may travel over TLS alone.
    """

    register: Register
    officers: Officers
    sessions: Sessions
    station: str = ""
    secure: bool = False


@dataclass
class Visit:
    """One request.

    Attributes
    ----------
    key : str
        Of the session, or of a visitor who has not signed in.
    officer : Officer or None
    language : str
    form : dict
        Fields of a POST.
    notices : list of str
        What to say above the page.
    """

    house: House
    request: Any
    key: str
    officer: Officer | None
    language: str
    form: dict[str, list[str]] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, house: House, request: Any) -> Visit:
        """Who makes a request."""
        key = request.cookies.get(SESSION, "")[:_LONGEST]
        held = house.sessions.of(key) if key else None
        officer = None if held is None else house.officers.get(held.name)
        if officer is None or held is None or officer.digest != held.digest:
            officer = None  # taken away, or a new password since
        accepted = request.headers.get("accept-language", "")
        return cls(
            house, request, key or secrets.token_urlsafe(32), officer,
            chosen(request.cookies.get(LANGUAGE, ""), accepted),
        )  # fmt: skip

    def one(self, name: str) -> str:
        """A field of the form; empty where there is none."""
        return (self.form.get(name) or [""])[-1]

    def say(self, key: str, *gaps: object) -> str:
        """A text in the visitor's language."""
        return words(self.language)(key, *gaps)

    @property
    def register(self) -> Register:
        """The register with the officer's rights."""
        assert self.officer is not None
        return self.house.register.acting_as(self.officer.actor(self.house.station))

    @property
    def desk(self) -> CaseDesk:
        """The cases with the officer's rights."""
        return CaseDesk(self.register)

    def page(self, template: str, *, status: int = 200, **values: Any) -> Any:
        """A page of ours."""
        from starlette.responses import HTMLResponse

        path = self.request.url.path
        query = f"?{self.request.url.query}" if self.request.url.query else ""
        text = render(
            template, self.language, form_key=self._form_key,
            other=LANGUAGES[1 - LANGUAGES.index(self.language)],
            here=own_path(path + query) if self.request.method == "GET" else "/",
            officer=None if self.officer is None else self.officer.name, notices=self.notices,
            **values,
        )  # fmt: skip
        return self.kept(HTMLResponse(text, status))

    def to(self, path: str) -> Any:
        """Off to another page of ours, with GET."""
        from starlette.responses import RedirectResponse

        return self.kept(RedirectResponse(path, 303))

    def kept(self, answer: Any) -> Any:
        """The answer with the visitor's key."""
        if self.request.cookies.get(SESSION) != self.key:
            self._cookie(answer, SESSION, self.key, None)
        return answer

    def remember(self, answer: Any, language: str) -> Any:
        """The answer with the choice of a language."""
        self._cookie(answer, LANGUAGE, language, _YEAR)
        return answer

    def _cookie(self, answer: Any, name: str, value: str, seconds: int | None) -> None:
        answer.set_cookie(
            name, value, max_age=seconds, httponly=True, samesite="strict", path="/",
            secure=self.house.secure,
        )  # fmt: skip

    def _form_key(self) -> Any:
        from markupsafe import Markup

        key = self.house.sessions.form_key(self.key)
        return Markup('<input type="hidden" name="form_key" value="{}">').format(key)
