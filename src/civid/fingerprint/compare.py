"""Compare two prints: is it the same finger?"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from civid import display
from civid._native import address, check, ffi, lib
from civid._native.buffers import aligned, comparison_scratch
from civid.errors import TemplateError
from civid.fingerprint.comparison_parameters import STANDARD, ComparisonParameters
from civid.fingerprint.native_parameters import native_or_null
from civid.fingerprint.scores.calibration import calibrate as calibrate  # its place until 0.1
from civid.fingerprint.scores.extractors import extractor_number, is_measured
from civid.fingerprint.template import MAX_MINUTIAE, Template


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """What the comparison of two templates says.

    Attributes
    ----------
    score : float
        Comparison score, ``-10 log10`` of the false match rate at this similarity: 30 = one
        impostor in a thousand reaches it, 60 = one in a million. See ``docs/explain/score.md``.
    raw : int
        The similarity that the score is made of; has no unit, and changes between versions.
    pairs : (K, 2) int64
        Paired minutiae: index into the probe's, index into the reference's.
    parameters : str
        `ComparisonParameters.name` of what compared.
    calibrated : bool
        Whether `score` is the false match rate that it states. Not where parameters of the
        comparison, or of the extraction of a template, are not the defaults, nor where a template
        is by an extractor that was never measured: it is a number on their scale then.
    """

    score: float
    raw: int
    pairs: npt.NDArray[np.int64]
    parameters: str = STANDARD.name
    calibrated: bool = True

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON.

        >>> made = Comparison(30.0, 900, np.array([[0, 2]])).to_dict()
        >>> made["score"], made["pairs"], made["parameters"], made["calibrated"]
        (30.0, [[0, 2]], 'civid-comparison/2', True)
        """
        return {
            "score": float(self.score),
            "raw": int(self.raw),
            "pairs": self.pairs.tolist(),
            "parameters": self.parameters,
            "calibrated": self.calibrated,
        }

    def __repr__(self) -> str:
        unlike = "" if self.calibrated else ", not calibrated"
        pairs = f"{len(self.pairs)} {'pair' if len(self.pairs) == 1 else 'pairs'}"
        return f"Comparison(score {self.score:.2f}, {pairs} of minutiae{unlike})"

    def _repr_html_(self) -> str:
        return display.html(self)


@dataclass(frozen=True, slots=True, eq=False)
class PreparedBlock:
    """Many prepared templates in one block, which is what a search reads.

    Attributes
    ----------
    block : (B,) uint8
        Prepared templates one behind the other, the first one 64-byte aligned.
    offsets : (N + 1,) uint64
        Template ``i`` lies at ``block[offsets[i]:offsets[i + 1]]``.
    """

    block: npt.NDArray[np.uint8]
    offsets: npt.NDArray[np.uint64]

    def __len__(self) -> int:
        return len(self.offsets) - 1


#: The name until 0.1; in C "packed" is another form (docs/explain/comparison.md).
Packed = PreparedBlock


def aligned_bytes(size: int) -> npt.NDArray[np.uint8]:
    """An array of zeros that starts at a multiple of 64 bytes."""
    return aligned(size, zeroed=True)


class _Scratch(threading.local):
    """One workspace a thread: comparisons allocate nothing, and threads never share one."""

    def __init__(self) -> None:
        self.memory = comparison_scratch()


_scratch = _Scratch()


def prepare(template: Template) -> bytes:
    """The form of a template that is compared: flat, relocatable, the same on every CPU.

    Computed once and kept in the template.

    Parameters
    ----------
    template : Template

    Returns
    -------
    bytes
        64 bytes and 40 a minutia (in steps of eight minutiae). To be compared from memory of
        your own it has to start at a multiple of 8, better 64, bytes.

    Raises
    ------
    TemplateError
        A minutia lies farther than 4096 px from the origin, or has an unknown kind or quality.

    Notes
    -----
    Safe to call from many threads: at worst two of them compute the same bytes.
    """
    _must_be_template(template)
    if template._prepared:
        return template._prepared[0]
    minutiae = template.minutiae
    size = ffi.new("uint64_t *")
    check(lib.civid_prepared_size(len(minutiae), size))
    memory = aligned_bytes(size[0])
    packed = np.ascontiguousarray(minutiae)
    status = lib.civid_prepare(
        address(packed, "civid_minutia_t[]"),
        len(packed),
        extractor_number(template.extractor),
        address(memory, "uint8_t[]", writable=True),
        len(memory),
    )
    if status == lib.CIVID_E_VALUE:
        raise TemplateError("a minutia is out of range: position, kind or quality")
    check(status)
    prepared = memory.tobytes()
    template._prepared.append(prepared)
    return prepared


def _must_be_template(value: object) -> None:
    if not isinstance(value, Template):
        raise TemplateError(
            f"templates are compared, not {type(value).__name__}; civid.extract makes one"
        )


def check_prepared(prepared: bytes | npt.NDArray[np.uint8]) -> None:
    """Refuse bytes that are not an undamaged prepared template.

    Raises
    ------
    TemplateError
        The bytes are cut off, damaged, or of another version.
    """
    memory = _aligned(prepared)
    status = lib.civid_prepared_check(address(memory, "uint8_t[]"), len(memory))
    if status != lib.CIVID_OK:
        raise TemplateError("these bytes are not an undamaged prepared template of this version")


def _as_measured(parameters: ComparisonParameters, *templates: Template) -> bool:
    return parameters == STANDARD and all(is_measured(one.extractor) for one in templates)


def _checked(parameters: ComparisonParameters | None) -> ComparisonParameters:
    if parameters is None:
        return STANDARD
    if not isinstance(parameters, ComparisonParameters):
        raise TemplateError("parameters of a comparison must be ComparisonParameters")
    return parameters


def compare(
    probe: Template, reference: Template, parameters: ComparisonParameters | None = None
) -> Comparison:
    """Compare two templates. Symmetric in the score, deterministic, safe in parallel threads.

    Parameters
    ----------
    probe, reference : Template
        Prepared at their first comparison.
    parameters : ComparisonParameters, optional
        Other values than the defaults, for research; the result says so.

    Returns
    -------
    Comparison

    Raises
    ------
    TemplateError
        A template cannot be prepared (see `prepare`), or `parameters` are none.

    Notes
    -----
    Each pair of extractors has its own calibration (`civid.fingerprint.scores.calibration`). Whose
    impostors were never measured is scored as one who is not named, as in a gallery, and the result
    says that it is not calibrated.

    Examples
    --------
    >>> import numpy as np
    >>> from civid.fingerprint.template import MINUTIA_DTYPE, Template
    >>> rng = np.random.default_rng(7)
    >>> minutiae = np.zeros(40, MINUTIA_DTYPE)
    >>> minutiae["x"], minutiae["y"] = rng.uniform(20, 300, (2, 40))
    >>> minutiae["angle"] = rng.uniform(0, 2 * np.pi, 40)
    >>> print_ = Template(minutiae, quality=80, width=320, height=320)
    >>> comparison = compare(print_, print_)
    >>> len(comparison.pairs), comparison.score > 60
    (40, True)
    """
    meant = _checked(parameters)
    first, second = _aligned(prepare(probe)), _aligned(prepare(reference))
    given = native_or_null(meant)  # held here while C reads it
    out = ffi.new("civid_comparison_t *")
    pairs = np.zeros((MAX_MINUTIAE, 2), dtype=np.uint8)
    scratch = _scratch.memory
    check(
        lib.civid_compare(
            address(first, "uint8_t[]"),
            len(first),
            address(second, "uint8_t[]"),
            len(second),
            given,
            address(scratch, "uint8_t[]", writable=True),
            len(scratch),
            out,
            ffi.cast("civid_pair_t *", address(pairs, "uint8_t[]", writable=True)),
            len(pairs),
        )
    )
    return Comparison(
        float(out.score),
        int(out.raw),
        pairs[: out.pairs].astype(np.int64),
        meant.name,
        _as_measured(meant, probe, reference),
    )


def pack(templates: Sequence[Template]) -> PreparedBlock:
    """Prepare many templates into one block.

    Parameters
    ----------
    templates : sequence of Template

    Returns
    -------
    PreparedBlock
    """
    if not isinstance(templates, Iterable):
        raise TemplateError(f"a sequence of templates is wanted, not {type(templates).__name__}")
    prepared = [prepare(template) for template in templates]
    offsets = np.zeros(len(prepared) + 1, dtype=np.uint64)
    np.cumsum([len(one) for one in prepared], out=offsets[1:], dtype=np.uint64)
    block = aligned_bytes(int(offsets[-1]))
    block[:] = np.frombuffer(b"".join(prepared), dtype=np.uint8)
    return PreparedBlock(block=block, offsets=offsets)


def compare_many(
    probe: Template,
    references: Sequence[Template] | PreparedBlock,
    parameters: ComparisonParameters | None = None,
) -> npt.NDArray[np.float32]:
    """Compare one template with many; the scores that `compare` would give.

    Parameters
    ----------
    probe : Template
    references : sequence of Template or PreparedBlock
        Pack once (`pack`) what is searched more than once.
    parameters : ComparisonParameters, optional
        Other values than the defaults, for research: the scores are no false match rates then.

    Returns
    -------
    (N,) float32
        Comparison scores, in the order of the references.

    Raises
    ------
    TemplateError
        A template cannot be prepared, or the block or `parameters` are something else.

    Notes
    -----
    References of several extractors have each its own calibration, as with `compare`, which says
    of each score whether it is calibrated. Releases the interpreter lock; threads run in parallel.
    """
    given = native_or_null(_checked(parameters))
    _must_be_template(probe)
    if isinstance(references, PreparedBlock):
        return _scores(probe, references, given)
    return _scores(probe, pack(references), given)


def _scores(probe: Template, many: PreparedBlock, given: Any) -> npt.NDArray[np.float32]:
    scores = np.zeros(len(many), dtype=np.float32)
    if len(many) == 0:
        return scores
    if int(many.offsets[-1]) > len(many.block):
        raise TemplateError("the offsets reach beyond the block")
    first, scratch = _aligned(prepare(probe)), _scratch.memory
    status = lib.civid_compare_many(
        address(first, "uint8_t[]"),
        len(first),
        address(many.block, "uint8_t[]"),
        address(many.offsets, "uint64_t[]"),
        len(many),
        given,
        address(scratch, "uint8_t[]", writable=True),
        len(scratch),
        address(scores, "float[]", writable=True),
    )
    if status in (lib.CIVID_E_CORRUPT, lib.CIVID_E_VALUE, lib.CIVID_E_CALIBRATION):
        raise TemplateError("the block does not hold prepared templates at these offsets")
    check(status)
    return scores


def _aligned(prepared: bytes | npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """The same bytes, at an address that C may read words from."""
    memory = np.frombuffer(prepared, dtype=np.uint8)
    if memory.ctypes.data % 8 == 0:
        return memory
    copy = aligned_bytes(len(memory))
    copy[:] = memory
    return copy
