"""Fit the network of fields to a set of made prints.

    python -m civid.lab.train.fit PRINTS HELD_OUT RUN [--steps 4000] [--seed 1]

Both sets are folders of `civid.lab.train.prints`, of different seeds. RUN gets ``curve.csv`` with a
line every `EVERY` steps, ``state.pt`` to go on from, and ``weights.npz``, the mean of the last
hundred steps or so. A step draws from its own number alone: a run that was stopped sees the same as
one that was not. One thread.
"""

from __future__ import annotations

import argparse
import copy
import time
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.ndimage import affine_transform

from civid.lab.train.fields import BLOCK
from civid.lab.train.network import FieldsNetwork, torch
from civid.lab.train.prints import Example, read
from civid.spreadsheets import write_rows

functional: Any = torch.nn.functional
CROP, BATCH = 32, 8  # blocks a side, crops a step
EVERY = 100
KEPT = 0.99  # of the mean of the weights, a step: it is what is judged and kept
FASTEST, DECAY = 4e-3, 1e-4  # of the one cycle
ZOOM = 0.75, 1.35  # of a crop: ridges of real sets are up to 12 px apart, of children 5
SCALE, MIDDLE = 64.0, 9.0  # what one is of the picture, and of the period (px)
COLUMNS = ("step", "seconds", "loss", "mask", "direction_rms", "direction_median", "period")


def batch(prints: list[Example], seed: int, step: int) -> tuple[Any, Any]:
    """Crops, enlarged, mirrored and turned by right angles, and their truth: see `losses`."""
    draw = np.random.default_rng([seed, step])
    pictures = np.zeros((BATCH, 1, CROP * BLOCK, CROP * BLOCK), np.float32)
    truths = np.zeros((BATCH, 4, CROP, CROP), np.float32)
    for k in range(BATCH):
        one = prints[int(draw.integers(len(prints)))]
        zoom = float(np.exp(draw.uniform(*np.log(ZOOM))))
        corner = [draw.uniform(0, max(1e-3, side - CROP / zoom)) for side in one.truth.shape]
        pictures[k, 0], truths[k] = _part(one, corner, zoom)
        pictures[k], truths[k] = _turned(pictures[k], truths[k], int(draw.integers(8)))
    gain = draw.uniform(0.7, 1.2, (BATCH, 1, 1, 1)).astype(np.float32)
    noise = draw.standard_normal(pictures.shape, np.float32)
    noise *= draw.uniform(0, 12, (BATCH, 1, 1, 1)).astype(np.float32)
    pictures = np.clip((pictures * gain + noise * (pictures != 0)) / SCALE, -2, 2)
    return torch.from_numpy(pictures), torch.from_numpy(truths)


def _part(
    one: Example, corner: list[float], zoom: float
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """A crop from this corner (blocks) on, enlarged; periods grow with it."""
    picture = _enlarged(one.seen.astype(np.float32), [BLOCK * at for at in corner], zoom, BLOCK)
    maps = targets(one.truth)
    maps[3] *= maps[0]
    mask, *others = (_enlarged(plane, corner, zoom, 1) for plane in maps)
    truth = np.stack([mask > 0.5, *(plane / np.maximum(mask, 0.5) for plane in others)])
    truth[3] = np.where(mask > 0.5, truth[3] * zoom, 1)
    return picture, truth.astype(np.float32)


def _enlarged(
    plane: npt.NDArray[np.float32], corner: list[float], zoom: float, size: int
) -> npt.NDArray[np.float32]:
    """`CROP` times `size` values a side, by linear interpolation; zeros outside."""
    start = [at + 0.5 / zoom - 0.5 for at in corner]
    made: npt.NDArray[np.float32] = affine_transform(
        plane, [1 / zoom, 1 / zoom], start, (CROP * size, CROP * size), order=1
    )
    return made


def targets(truth: npt.NDArray[np.void]) -> npt.NDArray[np.float32]:
    """Mask, cosine, sine and period / 9 px of blocks; (4, H, W)."""
    maps = np.stack([truth[name] for name in ("mask", "cosine", "sine", "period")])
    scale = np.array([1, 127, 127, 10 * MIDDLE], np.float32)
    made: npt.NDArray[np.float32] = maps.astype(np.float32) / scale[:, None, None]
    return made


def _turned(
    picture: npt.NDArray[np.float32], truth: npt.NDArray[np.float32], how: int
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """One of the eight ways to lay a square on itself; directions turn with it."""
    if how & 1:  # left to right: the angle a becomes -a
        picture, truth = picture[..., ::-1], truth[..., ::-1].copy()
        truth[2] *= -1
    if how & 2:  # a quarter turn: a + 90 degrees, and twice that is half a turn
        picture, truth = np.rot90(picture, 1, (-2, -1)), np.rot90(truth, 1, (-2, -1)).copy()
        truth[1:3] *= -1
    if how & 4:  # half a turn
        picture, truth = picture[..., ::-1, ::-1], truth[..., ::-1, ::-1]
    return picture, truth


def losses(out: Any, truth: Any) -> Any:
    """Of the mask over all blocks, of direction and period over those that are print."""
    mask = truth[:, 0]
    print_blocks = mask.sum() + 1
    wrong = functional.binary_cross_entropy_with_logits(out[:, 0], mask)
    turned = (((out[:, 1:3] - truth[:, 1:3]) ** 2).sum(1) * mask).sum() / print_blocks
    period = (out[:, 3] - torch.log(truth[:, 3])).abs()
    return wrong + turned + 2 * (period * mask).sum() / print_blocks


def judged(network: Any, prints: list[Example]) -> tuple[float, float, float, float]:
    """Intersection over union of the mask; root mean square and median of the angle between true
    and found direction, degrees; mean share by which the period is wrong."""
    both = either = 0
    angles, periods = [], []
    with torch.no_grad():
        for one in prints:
            picture = torch.from_numpy(one.seen.astype(np.float32) / np.float32(SCALE))
            out = network(picture[None, None])[0].numpy()
            mask, cosine, sine, period = targets(one.truth)
            found, true = out[0] > 0, mask > 0
            both, either = both + int((found & true).sum()), either + int((found | true).sum())
            known = true & (np.hypot(cosine, sine) > 0.5)
            turn = np.arctan2(out[2], out[1]) - np.arctan2(sine, cosine)
            angles.append(np.degrees(np.abs(np.angle(np.exp(1j * turn[known])))) / 2)
            periods.append(np.abs(np.exp(out[3][known]) / period[known] - 1))
    angle = np.concatenate(angles)
    root = float(np.sqrt((angle**2).mean()))
    return both / either, root, float(np.median(angle)), float(np.concatenate(periods).mean())


def fit(prints: list[Example], held_out: list[Example], folder: Path, steps: int, seed: int) -> Any:
    """Train, or go on with what is in `folder`; returns the network."""
    folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    # Twice as fast on a CPU as one channel after the other.
    network = FieldsNetwork().to(memory_format=torch.channels_last)
    adam = torch.optim.AdamW(network.parameters(), FASTEST, weight_decay=DECAY)
    cycle = torch.optim.lr_scheduler.OneCycleLR(adam, FASTEST, steps, pct_start=0.15)
    average = copy.deepcopy(network).eval()
    kept, first, before = folder / "state.pt", 0, 0.0
    if kept.exists():
        state = torch.load(kept)
        for part, name in (
            *((network, "network"), (average, "average")),
            *((adam, "adam"), (cycle, "cycle")),
        ):
            part.load_state_dict(state[name])
        first, before = state["step"], state["seconds"]
    start, total = time.process_time(), 0.0
    for step in range(first, steps):
        picture, truth = batch(prints, seed, step)
        adam.zero_grad()
        loss = losses(network(picture), truth)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        adam.step()
        cycle.step()
        _follow(average, network, min(KEPT, step / (step + 9)))
        total += float(loss.detach())
        done = step + 1
        if done % EVERY and done < steps:
            continue
        seconds = before + time.process_time() - start
        row = (done, seconds, total / ((done - 1) % EVERY + 1), *judged(average, held_out))
        total = 0.0
        _note(folder / "curve.csv", row)
        state = {"network": network.state_dict(), "average": average.state_dict()}
        state |= {"adam": adam.state_dict(), "cycle": cycle.state_dict()}
        state |= {"step": done, "seconds": seconds}
        part = kept.with_suffix(".part")
        torch.save(state, part)
        part.replace(kept)
        save(average, folder / "weights.npz")
    return average


def _follow(average: Any, network: Any, kept: float) -> None:
    """Move the mean of the weights towards those of now; what is counted is taken over."""
    with torch.no_grad():
        for mean, now in zip(
            average.state_dict().values(), network.state_dict().values(), strict=True
        ):
            if mean.is_floating_point():
                mean.lerp_(now, 1 - kept)
            else:
                mean.copy_(now)


def _note(path: Path, row: tuple[float, ...]) -> None:
    new = not path.exists()
    with path.open("a", newline="") as file:
        values = [row[0], *(f"{value:.4g}" for value in row[1:])]
        write_rows(file, [COLUMNS, values] if new else [values])
    print(*(f"{name} {value:.4g}" for name, value in zip(COLUMNS, row, strict=True)), flush=True)


def save(network: Any, path: Path) -> None:
    """All that the network learned, as plain arrays."""
    np.savez(path, **{name: value.numpy() for name, value in network.state_dict().items()})


def load(path: Path) -> Any:
    """A network as `save` kept it, ready to use."""
    network = FieldsNetwork()
    with np.load(path) as kept:
        network.load_state_dict({name: torch.from_numpy(kept[name]) for name in kept.files})
    return network.eval()


def main() -> None:
    parser = argparse.ArgumentParser(description="Fit the network of fields.")
    for name in ("prints", "held_out", "run"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--steps", type=int, default=4000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    fit(read(asked.prints), read(asked.held_out), asked.run, asked.steps, asked.seed)


if __name__ == "__main__":
    main()
