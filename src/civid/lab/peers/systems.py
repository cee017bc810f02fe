"""Find extractors and matchers by name, and put them together to systems."""

from __future__ import annotations

import importlib
import inspect
import uuid
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import entry_points
from typing import Any, Literal

from civid.errors import UnavailableError
from civid.fingerprint.template import Template
from civid.lab.errors import EvaluationError
from civid.lab.peers.interface import Extractor, Matcher
from civid.lab.peers.own import CividExtractor, CividMatcher
from civid.lab.peers.source import source_digest, state_digest
from civid.search.parameters import ParameterFile

Kind = Literal["extractor", "matcher"]

#: Ready adapters: name -> where.
EXTRACTORS = {
    "civid": "civid.lab.peers.own:CividExtractor",
    "civid-classical": "civid.lab.peers.own:classical",
    "civid-neural": "civid.lab.peers.own:neural",
    "nbis": "civid.lab.peers.nbis_package:NbisExtractor",
    "mindtct": "civid.lab.peers.nbis_programs:Mindtct",
    "sourceafis": "civid.lab.peers.sourceafis:SourceAfisExtractor",
    "leader": "civid.lab.peers.leader:Leader",
}
MATCHERS = {
    "civid": "civid.lab.peers.own:CividMatcher",
    "nbis": "civid.lab.peers.nbis_package:NbisMatcher",
    "bozorth3": "civid.lab.peers.nbis_programs:Bozorth3",
    "sourceafis": "civid.lab.peers.sourceafis:SourceAfisMatcher",
}
#: Which extractor a matcher is used with when nobody says another.
_USUAL = {"bozorth3": "mindtct"}


@dataclass(slots=True)
class System:
    """An extractor and a matcher.

    Attributes
    ----------
    name : str
        How reports call it.
    extractor, matcher : callable
        See `civid.lab.peers.interface`. Without an extractor only templates can be compared.
    extractor_version, matcher_version : str
        Results are kept under them. Empty: what the source of the callable says, with all that it
        imports, the versions of packages that it uses, and what it carries along (attributes,
        arguments of a ``partial``, closures); where that cannot be told (a notebook, a C function,
        an object that cannot be pickled), results are not kept for another run.
    """

    name: str
    extractor: Extractor | None
    matcher: Matcher
    extractor_version: str = ""
    matcher_version: str = ""
    _open: list[Any] = field(default_factory=list, repr=False)

    def __post_init__(self) -> None:
        if self.extractor is not None:
            self.extractor_version = self.extractor_version or _version_or_never(self.extractor)
        self.matcher_version = self.matcher_version or _version_or_never(self.matcher)

    def minutiae(self, template: Any) -> Template | None:
        """A template as one of civid's, for pictures; None where it cannot be told."""
        if isinstance(template, Template):
            return template
        show = getattr(self.extractor, "minutiae", None)
        if show is None:
            return None
        with suppress(Exception):
            shown = show(template)
            return shown if isinstance(shown, Template) else None
        return None

    def fuse(self, scores: Sequence[float]) -> float:
        """One score of several fingers: the matcher's own ``fuse``, else their sum."""
        own = getattr(self.matcher, "fuse", None)
        return float(own(scores)) if callable(own) else float(sum(scores))

    def close(self) -> None:
        """End what the plug-ins run."""
        for one in (self.extractor, self.matcher):
            close = getattr(one, "close", None)
            if callable(close):
                close()


def load_system(name: str, parameters: ParameterFile | None = None) -> System:
    """The system of a name.

    Parameters
    ----------
    name : str
        A matcher, with the extractor that belongs to it (civid's, for a matcher given as
        ``module:name``), or ``extractor+matcher``. Each is a name
        of `EXTRACTORS` or `MATCHERS`, of an entry point in the groups ``civid.extractors`` and
        ``civid.matchers``, or ``module:name`` of a function, of an object that can be called, or
        of a class without arguments.
    parameters : ParameterFile, optional
        Of civid, where it extracts or compares; the system's name says what they change.

    Raises
    ------
    EvaluationError
        There is no such plug-in, it cannot be called, or has none of these parameters.
    UnavailableError
        It needs something that is not installed; the message says what.

    >>> load_system("civid").name
    'civid'
    """
    first, plus, second = name.partition("+")
    matcher_name = second if plus else first
    extractor_name = first if plus else _USUAL.get(first, first)
    matcher = _load(matcher_name, "matcher")
    if not plus and ":" in first:  # a matcher of one's own: on civid's templates
        extractor_name = "civid"
    if not plus and not _exists(extractor_name, "extractor"):
        raise EvaluationError(f"say which extractor goes with {first}: EXTRACTOR+{first}")
    extractor = _load(extractor_name, "extractor")
    told = []
    if parameters is not None:
        if isinstance(extractor, CividExtractor) and parameters.extraction is not None:
            extractor = extractor.with_parameters(parameters.extraction)
            told.append(extractor.parameters.name)
        if isinstance(matcher, CividMatcher) and parameters.search.changes():
            matcher = CividMatcher(parameters.search)
            told.append(matcher.parameters.name)
        if not told:
            raise EvaluationError(f"{name} has none of these parameters")
    return System(
        f"{name} ({', '.join(told)})" if told else name,
        extractor,
        matcher,
        _version(extractor_name, extractor),
        _version(matcher_name, matcher),
    )


def names(kind: Kind) -> list[str]:
    """All plug-ins that can be named, whether what they need is installed or not."""
    ready = EXTRACTORS if kind == "extractor" else MATCHERS
    return sorted({*ready, *(point.name for point in entry_points(group=f"civid.{kind}s"))})


def _exists(name: str, kind: Kind) -> bool:
    return name in names(kind)


def _load(name: str, kind: Kind) -> Any:
    ready = EXTRACTORS if kind == "extractor" else MATCHERS
    found: Any = None
    if name in ready:
        found = _import(ready[name], name)
    elif ":" in name:
        found = _import(name, name)
    else:
        points = entry_points(group=f"civid.{kind}s", name=name)
        if not points:
            known = ", ".join(names(kind))
            raise EvaluationError(f"no {kind} is called {name}; there are {known}, or module:name")
        found = next(iter(points)).load()
    if inspect.isclass(found):
        found = found()
    if not callable(found):
        raise EvaluationError(f"the {kind} {name} cannot be called")
    return found


def _import(where: str, name: str) -> Any:
    module_name, _, attribute = where.partition(":")
    try:
        found: Any = importlib.import_module(module_name)
        for part in attribute.split("."):
            found = getattr(found, part)
    except UnavailableError:
        raise
    except ImportError as error:
        hint = ""
        if getattr(error, "name", None) == module_name.partition(".")[0]:
            hint = "; Python looks where PYTHONPATH says: PYTHONPATH=. for this folder"
        raise EvaluationError(f"the plug-in {name} cannot be imported: {error}{hint}") from None
    except AttributeError:
        raise EvaluationError(f"there is no {attribute} in {module_name}") from None
    return found


def _version_or_never(plugin: Callable[..., Any]) -> str:
    """The version of a callable without a name; one that never comes again where nothing tells."""
    try:
        return _version(getattr(plugin, "__qualname__", type(plugin).__qualname__), plugin)
    except EvaluationError:
        return _never()


def _version(name: str, plugin: Callable[..., Any]) -> str:
    """What the plug-in says; the hash of its source with all that it imports; its state.

    A plug-in that states a version speaks for its state, too.
    """
    parts = [name]
    stated = getattr(plugin, "version", None)
    if isinstance(stated, str):
        parts.append(stated)
    known: Any = plugin.func if isinstance(plugin, partial) else plugin
    kind = known if inspect.isroutine(known) else type(known)
    if source := source_digest(kind):
        parts.append(source)
    if len(parts) == 1:
        raise EvaluationError(f"{name} has neither a version nor a source file")
    if not isinstance(stated, str):
        state = state_digest(plugin)
        parts += [_never() if state is None else state]
    return "-".join(part for part in parts if part)


def _never() -> str:
    return f"unknown-{uuid.uuid4().hex}"
