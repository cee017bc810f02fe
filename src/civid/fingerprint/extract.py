"""Minutiae of a print: the Python side of ``native/src/extract``."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from civid._native import address, check, ffi, lib
from civid._native.buffers import aligned
from civid.errors import ImageError, ResolutionError
from civid.fingerprint.image import FingerImage
from civid.fingerprint.native_parameters import CHANGED
from civid.fingerprint.parameters import EXTRACTOR as EXTRACTOR  # what templates of "auto" say
from civid.fingerprint.parameters import METHODS as METHODS
from civid.fingerprint.parameters import ExtractionParameters, extractor_name, is_neural
from civid.fingerprint.template import MAX_MINUTIAE, MINUTIA_DTYPE, Template

_EVERY: Final[tuple[str, ...]] = tuple(
    ffi.string(lib.civid_stage_name(stage)).decode() for stage in range(lib.CIVID_STAGE_COUNT)
)
#: Stages whose result can be captured, in the order in which they run.
STAGES: Final[tuple[str, ...]] = tuple(name for name in _EVERY if name != "features")

_DTYPES: Final[dict[str, np.dtype[Any]]] = {
    "resampled": np.dtype(np.uint8),
    "mask": np.dtype(np.uint8),
    "normalized": np.dtype(np.int8),
    "orientation": np.dtype(np.float32),
    "coherence": np.dtype(np.float32),
    "period": np.dtype(np.float32),
    "enhanced": np.dtype(np.int8),
    "binary": np.dtype(np.uint8),
    "skeleton": np.dtype(np.uint8),
    "raw_minutiae": MINUTIA_DTYPE,
    "quality": np.dtype(np.uint8),
    "features": np.dtype(np.float32),
}
_RAW_MINUTIAE = 2048  # MAX_RAW of extract_params.h


def extract(
    image: FingerImage,
    parameters: ExtractionParameters | None = None,
    *,
    method: str = "auto",
) -> Template:
    """Find the minutiae of a print.

    Parameters
    ----------
    image : FingerImage
        Dark ridges on light ground; (H, W) uint8, any strides. After resampling to 500 dpi each
        side must be 48..2048 px.
    parameters : ExtractionParameters, optional
        Other values than the defaults, for research; the template's ``extractor`` says so.
    method : {"auto", "classical", "neural"}
        "neural": a small network, which has seen made prints only, corrects the directions of
        ridges that filters found, and the print is looked at again with those: fewer errors on
        wet, dry and worn prints, for some three times the time of "classical", which is filters
        alone. "auto" asks the ``method`` of `parameters`, and is "neural" where that says nothing.
        The template's ``extractor`` says which it was: ``civid-neural/1``, ``civid-classical/1``.

    Returns
    -------
    Template
        At most 255 minutiae, best quality first. Positions in px at 500 dpi (y down), angles after
        ISO/IEC 19794-2. An image without a print (blank, noise) is no error: it has few or no
        minutiae and a quality near 0.

    Raises
    ------
    ImageError
        Not a two-dimensional uint8 image, or too small or too large.
    ResolutionError
        The resolution is not a number, or outside 100..4000 dpi.
    ValueError
        `method` is none of `METHODS`.
    TypeError
        `parameters` are none, as where a method stands in their place.

    Notes
    -----
    Thread-safe: no state is shared, and the GIL is released while C runs. The same image gives
    the same bits on every CPU. Each stage is described in ``docs/explain/extraction.md``.

    Examples
    --------
    >>> import numpy as np
    >>> extract(FingerImage(np.full((200, 160), 255, np.uint8), 500.0))
    Template(0 minutiae, quality 0, 160x200 px)
    """
    return run(image, parameters=parameters, method=method)[0]


def explain(
    image: FingerImage,
    stages: Iterable[str] = STAGES,
    parameters: ExtractionParameters | None = None,
    *,
    method: str = "auto",
) -> tuple[Template, dict[str, npt.NDArray[Any]]]:
    """`extract`, and what the named `STAGES` made of the image.

    Parameters
    ----------
    image : FingerImage
        As for `extract`.
    stages : iterable of str
        Names out of `STAGES`; all of them by default.
    parameters : ExtractionParameters, optional
        As for `extract`.
    method : {"auto", "classical", "neural"}
        As for `extract`. "neural" has one more stage, ``features``: what the network saw.

    Returns
    -------
    template : Template
        The same as that of `extract`.
    captured : dict of str to ndarray
        Pictures at 500 dpi of the template's size: ``resampled`` uint8, ``mask``, ``binary`` and
        ``skeleton`` uint8 0 or 255, ``normalized`` and ``enhanced`` int8 (ridges positive). Maps
        with one value a block of 8 x 8 px: ``orientation`` float32 radians [0, pi) of the ridge,
        counter-clockwise, ``coherence`` float32 0..1, ``period`` float32 px, ``quality`` uint8
        0..100. ``raw_minutiae``: (N,) of `MINUTIA_DTYPE` before false ones are taken out.
        ``features``: (62, H, W) float32, a value a block, as `civid.lab.train.features` names them.

    Raises
    ------
    ValueError
        A name is not one of `STAGES`, or `method` none of `METHODS`.
    ImageError, ResolutionError
        As for `extract`.

    Examples
    --------
    >>> import numpy as np
    >>> blank = FingerImage(np.full((200, 160), 255, np.uint8), 500.0)
    >>> _, captured = explain(blank, ["mask", "period"])
    >>> captured["mask"].shape, captured["period"].shape
    ((200, 160), (25, 20))
    """
    template, _, captured = run(
        image, tuple(dict.fromkeys(stages)), parameters=parameters, method=method
    )
    return template, captured


def run(
    image: FingerImage,
    stages: tuple[str, ...] = (),
    *,
    figures: bool = False,
    parameters: ExtractionParameters | None = None,
    fields: Any = None,
    method: str = "auto",
) -> tuple[Template, Any, dict[str, npt.NDArray[Any]]]:
    """One call of C: the template, the ``civid_figures_t`` if wanted, and the stages captured.

    `fields` come from elsewhere and stand in for the extraction's own: see
    `civid.lab.train.fields.Fields`, which has their ``name`` and ``to_native``. They are corrected
    by no network: `method` is "classical" then.
    """
    if method not in METHODS:
        raise ValueError(f"unknown method {method!r}; there are {', '.join(METHODS)}")
    if not (parameters is None or isinstance(parameters, ExtractionParameters)):
        raise TypeError("parameters must be ExtractionParameters; a method is given as method=")
    learned = is_neural(parameters, method)
    if learned and fields is not None:
        raise ValueError("fields stand in for those of the classical method only")
    known = _EVERY if learned else STAGES
    for name in stages:
        if name not in known:
            raise ValueError(f"unknown stage {name!r}; there are {', '.join(known)}")
    if not (hasattr(image, "pixels") and hasattr(image, "dpi")):
        raise ImageError(
            f"a FingerImage is wanted, not {type(image).__name__}; civid.read_image makes one"
        )
    pixels = _pixels(image)
    width, height, size = _sizes(image, learned)
    workspace = aligned(size)
    minutiae = np.zeros(MAX_MINUTIAE, MINUTIA_DTYPE)
    result = ffi.new("civid_print_t *")
    counted = ffi.new("civid_figures_t *") if figures else ffi.NULL
    buffers, captures = _requests(stages, width, height)
    rows, columns = pixels.shape
    given = ffi.NULL if parameters is None else parameters.to_native()
    picture = address(pixels, "uint8_t[]"), columns, rows, columns, float(image.dpi), given
    out = (
        address(workspace, "void *", writable=True),
        size,
        address(minutiae, "civid_minutia_t[]", writable=True),
        MAX_MINUTIAE,
        result,
        counted,
        captures,
        len(stages),
    )
    if learned:
        check(lib.civid_extract_learned(*picture, *out))
    else:
        own = ffi.NULL if fields is None else fields.to_native()
        check(lib.civid_extract_with_fields(*picture, own, *out))
    template = Template(
        minutiae[: result.minutiae],
        result.quality,
        result.width,
        result.height,
        _extractor(extractor_name(parameters, method), fields),
    )
    return (
        template,
        counted,
        {
            name: _view(buffer, request, name)
            for name, buffer, request in zip(stages, buffers, captures, strict=True)
        },
    )


def _extractor(name: str, fields: Any) -> str:
    return name if fields is None else f"{name}{CHANGED}fields={fields.name}"


def _pixels(image: FingerImage) -> npt.NDArray[np.uint8]:
    """The image's pixels as C wants them, or the reason why not."""
    pixels = np.asarray(image.pixels)
    if pixels.ndim != 2 or pixels.dtype != np.uint8:
        raise ImageError(
            "pixels must be a two-dimensional array of uint8, "
            f"not {pixels.ndim}-dimensional {pixels.dtype}"
        )
    return np.ascontiguousarray(pixels)


def _sizes(image: FingerImage, learned: bool) -> tuple[int, int, int]:
    """Width and height at 500 dpi, bytes of workspace."""
    dpi, (rows, columns) = float(image.dpi), image.pixels.shape
    low, high = lib.CIVID_MIN_DPI, lib.CIVID_MAX_DPI
    if not (math.isfinite(dpi) and low <= dpi <= high):
        raise ResolutionError(f"the resolution is {dpi:g} dpi; supported are {low}..{high}")
    shortest, longest = lib.CIVID_MIN_SIDE, lib.CIVID_MAX_SIDE
    width, height, size = ffi.new("int32_t *"), ffi.new("int32_t *"), ffi.new("uint64_t *")
    sides = [int(side * 500.0 / dpi + 0.5) for side in (columns, rows)]
    if min(sides) < shortest or max(sides) > longest:
        raise ImageError(
            f"the image has {columns}x{rows} px at {dpi:g} dpi, that is {sides[0]}x{sides[1]} px "
            f"at 500 dpi; each side must be {shortest}..{longest}"
        )
    measure = lib.civid_extract_learned_size if learned else lib.civid_extract_size
    check(measure(columns, rows, dpi, width, height, size))
    return width[0], height[0], size[0]


def _requests(stages: tuple[str, ...], width: int, height: int) -> tuple[list[Any], Any]:
    """Buffers that are large enough, and the capture requests that point at them."""
    captures = ffi.new("civid_capture_t[]", len(stages))
    buffers = []
    for request, name in zip(captures, stages, strict=True):
        items = _RAW_MINUTIAE if name == "raw_minutiae" else width * height
        if name == "features":
            items = lib.CIVID_FIELD_FEATURES * -(-width // 8) * -(-height // 8)
        buffer = np.zeros(items, _DTYPES[name])
        request.stage = _EVERY.index(name)
        request.data = address(buffer, "void *", writable=True)
        request.capacity = buffer.nbytes
        buffers.append(buffer)
    return buffers, captures


def _view(buffer: npt.NDArray[Any], request: Any, name: str) -> npt.NDArray[Any]:
    filled = buffer[: request.width * request.height]
    if name == "features":
        filled = filled.reshape(lib.CIVID_FIELD_FEATURES, -1, request.width)
    elif name != "raw_minutiae":
        filled = filled.reshape(request.height, request.width)
    return filled.copy()
