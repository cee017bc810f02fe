"""Read JSON into models with civid's errors, and export the schemas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from civid.errors import FieldError
from civid.people.documents.models import MODELS, Model

M = TypeVar("M", bound=Model)
#: Largest JSON text that is read: a citizen with a long history has some 100 kB.
MAX_BYTES = 1 << 20
#: Objects and lists in it: a citizen has 2,000 claims at most. Every faulty one costs an error.
MAX_PARTS = 10_000
#: What a model says of its limits; the rest of an error's context may repeat what was sent.
_LIMITS = ("pattern", "min_length", "max_length")


def read_json(model: type[M], text: str | bytes) -> M:
    """Read a model from JSON.

    Raises
    ------
    FieldError
        With the first field that is wrong and why, without repeating it.

    >>> from civid.people.documents import CitizenModel
    >>> citizen = read_json(CitizenModel, '{"reference": "p-1", "claims": []}').to_domain()
    >>> citizen.reference
    'p-1'
    """
    if not isinstance(text, (str, bytes)):
        raise FieldError("json", "neither str nor bytes")
    try:
        size = len(text.encode()) if isinstance(text, str) else len(text)
    except UnicodeEncodeError:
        raise FieldError("json", "holds a lone surrogate") from None
    if size > MAX_BYTES:
        raise FieldError("json", f"longer than {MAX_BYTES} bytes")
    raw = text.encode() if isinstance(text, str) else text
    if raw.count(b"{") + raw.count(b"[") > MAX_PARTS:
        raise FieldError("json", f"more than {MAX_PARTS} objects and lists")
    try:
        return model.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(_known(part) for part in first["loc"]) or "json"
        raise FieldError(where, wanted(first)) from None


def wanted(error: Mapping[str, Any]) -> str:
    """What was expected instead, from the model and never from what was sent.

    >>> wanted({"type": "literal_error", "ctx": {"expected": "'M' or 'F'"}})
    "literal error: should be 'M' or 'F'"
    """
    kind, context = str(error["type"]).replace("_", " "), error.get("ctx") or {}
    if "expected" in context:
        return f"{kind}: should be {context['expected']}"
    limits = [f"{name.replace('_', ' ')} {context[name]}" for name in _LIMITS if name in context]
    return f"{kind}: {', '.join(limits)}" if limits else kind


def _known(part: object) -> str:
    """A part of a path; keys that the sender made up are not repeated."""
    if isinstance(part, int) or (isinstance(part, str) and part in _FIELD_NAMES):
        return str(part)
    return "?"


_FIELD_NAMES = frozenset(
    name for model in (*MODELS.values(), *Model.__subclasses__()) for name in model.model_fields
)


def json_schemas() -> dict[str, dict[str, Any]]:
    """JSON Schema (2020-12) of every model by name.

    >>> json_schemas()["Dc02Update"]["properties"]["number"]["pattern"]
    '^[0-9]{12}$'
    """
    return {name: model.model_json_schema() for name, model in MODELS.items()}
