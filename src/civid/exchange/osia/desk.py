"""What operations are and what they work with: a call, an outcome, the engine.

An operation is done in two steps. `prepare` reads images and may take long; it needs no engine and
runs beside others. `run` asks or changes the engine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from civid.errors import CividError
from civid.exchange.osia import faults
from civid.exchange.osia.answers import Error
from civid.exchange.osia.biometrics import Fetch

if TYPE_CHECKING:
    from pydantic import BaseModel

    from civid.exchange.abis import Abis
    from civid.fingerprint.parameters import ExtractionParameters


@dataclass(frozen=True, slots=True, repr=False)
class Call:
    """What somebody asks for.

    Attributes
    ----------
    operation : str
        OSIA's operationId.
    path : mapping
        Ids out of the address.
    options : mapping
        Query parameters that this operation knows.
    body : model, list or None
        What was sent.
    """

    operation: str
    path: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    body: Any = None

    def __repr__(self) -> str:
        return f"Call({self.operation!r})"


class Outcome(NamedTuple):
    """What is answered: a status of HTTP and JSON, or None where nothing is to be said."""

    status: int
    body: Any = None

    @classmethod
    def of(cls, made: BaseModel | list[Any], status: int = 200) -> Outcome:
        """Of models, without what they do not know."""
        return cls(status, plain(made))


def plain(made: Any) -> Any:
    """Models as JSON has them."""
    if isinstance(made, list):
        return [plain(one) for one in made]
    dump = getattr(made, "model_dump", None)
    return made if dump is None else dump(mode="json", by_alias=True, exclude_none=True)


def failed(error: CividError) -> Outcome:
    """What is answered where an operation is not done."""
    fault = faults.of(error)
    return Outcome(fault.status, plain(Error(code=int(fault.code), message=str(fault))))


@dataclass(frozen=True, slots=True)
class Desk:
    """What operations work with.

    Attributes
    ----------
    engine : Abis
        Whose people they are.
    fetch : callable
        Gets what is behind ``imageRef`` and ``templateRef``.
    extraction : ExtractionParameters or None
        By which minutiae are found in images; None = the defaults.
    """

    engine: Abis
    fetch: Fetch
    extraction: ExtractionParameters | None = None


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the interface.

    Attributes
    ----------
    changes : bool
        Whether it changes the engine.
    run : callable
        (desk, call, what was prepared) -> outcome.
    prepare : callable, optional
        (desk, call) -> what `run` needs.
    body : type, optional
        What is sent with it.
    """

    changes: bool
    run: Callable[[Desk, Call, Any], Outcome]
    prepare: Callable[[Desk, Call], Any] | None = None
    body: Any = None
