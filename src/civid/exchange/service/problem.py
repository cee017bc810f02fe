"""What is answered when something is not done: problems (RFC 9457), and which error is which.

The table is shown in ``docs/howto/duplicate-check-over-http.md``. It has every error of civid, and
is for services of others, too. Nothing personal is in a problem: messages of civid's errors never
hold values, and what a validator quotes is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from civid import errors

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem.

    Attributes
    ----------
    status : int
        Of HTTP.
    code : str
        Stable, for programs; stands in ``type`` as ``urn:civid:problem:CODE``, too.
    title : str
        The same for every problem of this code.
    detail : str
        This one; may be empty.
    members : mapping
        Field, byte offset, address of the writer ...
    headers : mapping
        Of the answer.
    """

    status: int
    code: str
    title: str
    detail: str = ""
    members: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def to_dict(self, request_id: str) -> dict[str, Any]:
        """The document.

        >>> Refusal("scope").problem.to_dict("r1")["status"]
        403
        """
        body = {"type": f"urn:civid:problem:{self.code}", "title": self.title,
                "status": self.status}  # fmt: skip
        if self.detail:
            body["detail"] = self.detail
        return body | {"code": self.code, "request_id": request_id} | dict(self.members)


#: Codes of the service itself.
OWN: dict[str, tuple[int, str]] = {
    "request": (400, "the request cannot be read"),
    "host": (400, "this service is not called by that name"),
    "no-token": (401, "a bearer token is needed"),
    "token": (401, "the token is not one of this service"),
    "token-expired": (401, "the token has expired"),
    "token-early": (401, "the token is not valid yet"),
    "token-audience": (401, "the token is meant for another service"),
    "token-issuer": (401, "the token comes from somebody else"),
    "scope": (403, "the token lacks the scope for this"),
    "address": (404, "there is nothing at this address"),
    "method": (405, "this address does not know that method"),
    "slow": (408, "the body did not arrive in time"),
    "read-only": (409, "this process only reads; the writer takes changes"),
    "large": (413, "the body is larger than what is taken here"),
    "media-type": (415, "send JSON or multipart/form-data"),
    "poor-print": (422, "the print is too poor to be enrolled; capture it again"),
    "parameter": (422, "a parameter or field cannot be what it says"),
    "pace": (429, "too many requests with this token"),
    "internal": (500, "something went wrong here; it was logged"),
    "log": (503, "the log cannot be written, and nothing is done without it"),
    "busy": (503, "too much is asked at once; try again"),
    "starting": (503, "not ready"),
}  # fmt: skip
#: Errors of civid: the first class that fits decides, so the special ones stand first.
TABLE: tuple[tuple[type[Exception], str, int, str], ...] = (
    (errors.ResolutionError, "resolution", 422, "the image does not say its resolution"),
    (errors.ImageError, "image", 422, "the image cannot be read"),
    (errors.TemplateError, "template", 422, "the template cannot be used"),
    (errors.FormatError, "record", 422, "the record cannot be read"),
    (errors.FieldError, "parameter", 422, "a parameter or field cannot be what it says"),
    (errors.SubjectIdError, "person-id", 422, "the id of a person cannot be that"),
    (errors.SearchError, "search", 422, "the search makes no sense"),
    (errors.SubjectExistsError, "exists", 409, "the person is enrolled already"),
    (errors.SubjectNotFoundError, "not-found", 404, "no such person"),
    (errors.NumberTakenError, "exists", 409, "it is there already"),
    (errors.AlreadyInRegisterError, "exists", 409, "it is there already"),
    (errors.NotInRegisterError, "not-found", 404, "there is no such thing"),
    (errors.ChangedMeanwhileError, "changed", 409, "somebody else changed it first"),
    (errors.TransitionError, "not-now", 409, "this step cannot be taken now"),
    (errors.HeldError, "held", 409, "a legal hold forbids it"),
    (errors.NumbersExhaustedError, "exhausted", 409, "every number of this kind is given out"),
    (errors.RowsRefusedError, "rows", 422, "some rows cannot be taken, and none was"),
    (errors.ForeignRegisterError, "foreign", 422, "it was not packed from this register"),
    (errors.CampaignError, "campaign", 422, "a plan or a count that cannot be"),
    (errors.IncompleteError, "incomplete", 503, "a part of the cluster did not answer"),
    (errors.NotAcknowledgedError, "unacknowledged", 503, "it may be kept or lost; ask again"),
    (errors.ClusterError, "cluster", 503, "the cluster cannot do that now"),
    (errors.GalleryBehindError, "busy", 503, OWN["busy"][1]),
    (errors.GalleryReadOnlyError, "read-only", 409, OWN["read-only"][1]),
    (errors.AccessRefusedError, "scope", 403, OWN["scope"][1]),
    (errors.StorageLockedError, "busy", 503, OWN["busy"][1]),
    (errors.StorageWriteError, "storage", 503, "what is kept cannot be written"),
    (errors.StorageDamagedError, "damaged", 500, "what is kept is damaged"),
    (errors.StorageError, "storage", 503, "what is kept cannot be used"),
    (errors.UnavailableError, "unavailable", 501, "an optional package is missing here"),
)
#: Their messages are about this machine: folders, packages. The log has them.
_QUIET = (
    errors.StorageError,
    errors.ClusterError,
    errors.GalleryBehindError,
    errors.UnavailableError,
)


class Refusal(Exception):
    """Raise it to answer with a problem of `OWN`.

    Parameters
    ----------
    code : str
        Which one.
    detail : str
        About this one.
    headers : mapping
        Of the answer.
    **members
        Further members of the document.

    Examples
    --------
    >>> Refusal("scope").problem.code
    'scope'
    """

    def __init__(
        self, code: str, detail: str = "", *, headers: Mapping[str, str] | None = None,
        **members: Any,
    ):  # fmt: skip
        status, title = OWN[code]
        self.problem = Problem(status, code, title, detail, members, headers or {})
        super().__init__(title)

    @classmethod
    def of(cls, problem: Problem, **members: Any) -> Refusal:
        """A problem with further members, to be raised."""
        made = cls("request")
        made.problem = replace(problem, members={**problem.members, **members})
        made.args = (problem.title,)
        return made


def problem_of(error: BaseException) -> Problem:
    """The problem that an exception is; ``internal`` where it is none of civid's.

    >>> problem_of(errors.FormatError("too short", offset=3, field="length")).members
    {'field': 'length', 'offset': 3}
    """
    if isinstance(error, Refusal):
        return error.problem
    for kind, code, status, title in TABLE:
        if isinstance(error, kind):
            quiet = isinstance(error, _QUIET)
            members = {
                name: value
                for name in ("field", "offset")
                if (value := getattr(error, name, None)) is not None
            }
            said = "" if quiet or str(error) == title else str(error)
            return Problem(status, code, title, said, members)
    return Refusal("internal").problem
