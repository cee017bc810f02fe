"""Fit the network of fields to a set of made prints.

    python -m civid.lab.train.fit PRINTS HELD_OUT RUN [--steps 4500] [--seed 1]

Both sets are folders of `civid.lab.train.prints`, of different seeds. RUN gets ``curve.csv`` with a
line every `EVERY` steps, ``state.pt`` to go on from, and ``weights.npz``, the mean of the last two
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

from civid.lab.train.features import FEATURES, turned
from civid.lab.train.network import FieldsNetwork, torch
from civid.lab.train.prints import Example, read
from civid.spreadsheets import write_rows

functional: Any = torch.nn.functional
CROP, BATCH = 32, 8  # blocks a side, crops a step
EVERY = 250
KEPT = 0.995  # of the mean of the weights, a step: it is what is judged and kept
FASTEST, DECAY = 4e-3, 1e-3  # of the one cycle
COLUMNS = ("step", "seconds", "loss", "mask", "direction_rms", "direction_median", "period")

Floats = npt.NDArray[np.float32]


def batch(prints: list[Example], seed: int, step: int) -> tuple[Any, Any, Any]:
    """Crops, mirrored and turned by right angles, their truth, and where there is a picture."""
    draw = np.random.default_rng([seed, step])
    seen = np.zeros((BATCH, FEATURES, CROP, CROP), np.float32)
    truth = np.zeros((BATCH, 4, CROP, CROP), np.float32)
    there = np.zeros((BATCH, CROP, CROP), np.float32)
    for k in range(BATCH):
        one = prints[int(draw.integers(len(prints)))]
        maps, true = turned(one.seen, one.truth, int(draw.integers(8)))
        y, x = (int(draw.integers(max(1, side - CROP + 1))) for side in true.shape[1:])
        maps, true = (part[:, y : y + CROP, x : x + CROP] for part in (maps, true))
        rows, cols = true.shape[1:]
        seen[k, :, :rows, :cols], truth[k, :, :rows, :cols] = maps, true
        there[k, :rows, :cols] = 1
    laid = torch.from_numpy(seen).contiguous(memory_format=torch.channels_last)
    return laid, torch.from_numpy(truth), torch.from_numpy(there)


def losses(out: Any, truth: Any, there: Any) -> Any:
    """Of the mask over all blocks, of direction and period over those that are print."""
    known = truth[:, 0] * there
    blocks = known.sum() + 1
    wrong = functional.binary_cross_entropy_with_logits(out[:, 0], truth[:, 0], reduction="none")
    length = torch.sqrt((out[:, 1:3] ** 2).sum(1) + 1e-4)
    along = (out[:, 1:3] * truth[:, 1:3]).sum(1) / length
    turned_by = ((out[:, 1:3] - truth[:, 1:3]) ** 2).sum(1) + 1 - along
    period = (out[:, 3] - truth[:, 3]).abs()
    masked = (wrong * there).sum() / (there.sum() + 1)
    return 0.5 * masked + 2 * ((turned_by + period) * known).sum() / blocks


def judged(network: Any, prints: list[Example]) -> tuple[float, float, float, float]:
    """Intersection over union of the mask; root mean square and median of the angle between true
    and found direction, degrees; mean share by which the period is wrong."""
    both = either = 0
    angles, periods = [], []
    with torch.no_grad():
        for one in prints:
            out = network(torch.from_numpy(one.seen.astype(np.float32))[None])[0].numpy()
            mask, cosine, sine, period = one.truth.astype(np.float32)
            found, true = out[0] > 0, mask > 0
            both, either = both + int((found & true).sum()), either + int((found | true).sum())
            known = true & (np.hypot(cosine, sine) > 0.5)
            turn = np.arctan2(out[2], out[1]) - np.arctan2(sine, cosine)
            angles.append(np.degrees(np.abs(np.angle(np.exp(1j * turn[known])))) / 2)
            periods.append(np.abs(np.exp(out[3] - period)[known] - 1))
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
    cycle = torch.optim.lr_scheduler.OneCycleLR(adam, FASTEST, steps, pct_start=0.1)
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
        seen, truth, there = batch(prints, seed, step)
        adam.zero_grad()
        loss = losses(network(seen), truth, there)
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
    parser.add_argument("--steps", type=int, default=4500)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    fit(read(asked.prints), read(asked.held_out), asked.run, asked.steps, asked.seed)


if __name__ == "__main__":
    main()
