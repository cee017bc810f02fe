"""From the map of ridges to patches of print, cut where two prints touch."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from civid.fingerprint.slaps.ridges import RidgeMap, borrowed

Mask = npt.NDArray[np.bool_]
Labels = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]

#: Least amplitude of ridges: in grey levels; as a share of the amplitude within 100 px, so that a
#: strong print ends where it ends; and of that of the picture, so that a latent print is none.
_FLOOR: Final = 2.5
_SHARE: Final = 0.22
_NEAR: Final = 25  # cells, the side of the square
_LATENT: Final = 0.12
#: What is narrower than twice this (cells of 8 px) is no print: letters, strokes, lines.
_NARROW: Final = 5
_SMALLEST: Final = 140  # cells; the tip of a child's little finger has some 250
#: A neck this much narrower than the narrower of its sides parts two prints.
_NECK: Final = 0.72
#: Share of the amplitude around at which a place is a seam between two prints.
_SEAM: Final = 0.5
_MOST: Final = 24  # pieces that are looked at, the largest first


def foreground(ridges: RidgeMap) -> Mask:
    """Cells of prints, without what is too narrow for one."""
    ndimage = borrowed("scipy.ndimage")

    energy = ndimage.gaussian_filter(ridges.energy, 1.0)
    strong = energy[energy > _FLOOR]
    if strong.size < _SMALLEST:
        return np.zeros(energy.shape, bool)
    around = ndimage.maximum_filter(energy, _NEAR)
    level = np.maximum(max(_FLOOR, _LATENT * float(np.percentile(strong, 85))), _SHARE * around)
    return _opened(_filled(energy > level), _NARROW)


def divided(ridges: RidgeMap, mask: Mask) -> tuple[Labels, dict[int, int]]:
    """Number the prints of a mask, cut where two of them touch.

    Returns the labels (0 = none), and for each label the number of the patch it was cut from.
    """
    ndimage = borrowed("scipy.ndimage")

    firm = _firm(ridges, mask)
    patches, count = ndimage.label(mask)
    labels = np.zeros(mask.shape, np.int32)
    origin: dict[int, int] = {}
    sizes = np.bincount(patches.ravel(), minlength=count + 1)
    boxes = ndimage.find_objects(patches)
    for patch in (np.argsort(-sizes[1:]) + 1).tolist()[:_MOST]:
        if sizes[patch] < _SMALLEST:
            break
        rows, columns = boxes[patch - 1]
        own = np.pad(patches[rows, columns] == patch, 1)
        for part in _parted(own, np.pad(firm[rows, columns], 1) & own):
            if part.sum() >= _SMALLEST:
                label = len(origin) + 1
                labels[rows, columns][part[1:-1, 1:-1]] = label
                origin[label] = patch
    return labels, origin


def _firm(ridges: RidgeMap, mask: Mask) -> Mask:
    """A mask without the thin seams of weak ridges that lie where two prints meet."""
    ndimage = borrowed("scipy.ndimage")

    energy = ndimage.gaussian_filter(ridges.energy, 0.7) * mask
    around = ndimage.gaussian_filter(energy, 6.0)
    share = ndimage.gaussian_filter(mask.astype(np.float32), 6.0)
    firm: Mask = _filled(energy * share > _SEAM * around) & mask
    return firm


def _parted(mask: Mask, firm: Mask) -> list[Mask]:
    """Cut at necks, by watershed on the distance from the rim and from seams."""
    ndimage = borrowed("scipy.ndimage")
    segmentation = borrowed("skimage.segmentation")

    watershed: Any = segmentation.watershed
    depth = ndimage.distance_transform_edt(firm)
    markers = _tops(depth)
    if len(markers) < 2:
        return [mask]
    seeds = np.zeros(mask.shape, np.int32)
    for number, (y, x) in enumerate(markers, 1):
        seeds[y, x] = number
    basins = watershed(-depth, seeds, mask=mask)
    return [basins == number for number in range(1, len(markers) + 1)]


def _tops(depth: Floats) -> list[tuple[int, int]]:
    """Tops of the depth that necks part; a falling level joins them or keeps them apart."""
    ndimage = borrowed("scipy.ndimage")

    best = float(depth.max())
    tops: list[tuple[int, int]] = []
    for level in np.arange(best - 0.5, _NARROW * 0.8, -0.5):
        parts, count = ndimage.label(depth > level)
        if count == 0:
            continue
        taken: dict[int, list[tuple[int, int]]] = {}
        for top in tops:
            taken.setdefault(int(parts[top]), []).append(top)
        for part, inside in taken.items():
            # Two tops have met at this level: the lower one stays if the neck is narrow.
            if part and len(inside) > 1:
                for top in sorted(inside, key=lambda at: float(depth[at]))[:-1]:
                    if level > _NECK * depth[top]:
                        tops.remove(top)
        for part in range(1, count + 1):
            if part not in taken:
                at = int(np.argmax(np.where(parts == part, depth, -1)))
                tops.append((at // depth.shape[1], at % depth.shape[1]))
    return [top for top in tops if depth[top] >= 0.35 * best]


def _filled(mask: Mask) -> Mask:
    """Without the holes that a punch, a scar or a bubble leaves; large ones stay."""
    ndimage = borrowed("scipy.ndimage")

    holes, count = ndimage.label(~mask)
    if not count:
        return mask
    sizes = np.bincount(holes.ravel())
    small = sizes < 350
    small[0] = False
    filled: Mask = mask | small[holes]
    return filled


def _opened(mask: Mask, radius: float) -> Mask:
    """Without what is narrower than a disc; print along the edge of a card is, too."""
    ndimage = borrowed("scipy.ndimage")

    padded = np.pad(mask, 1)
    kept = ndimage.distance_transform_edt(padded)[1:-1, 1:-1] > radius
    if not kept.any():
        return np.zeros_like(mask)
    opened: Mask = mask & (ndimage.distance_transform_edt(~kept) <= radius + 0.5)
    return opened
