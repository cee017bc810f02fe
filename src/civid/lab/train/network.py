"""The network of fields: what the extraction found of a print in, better fields out.

It sees no pixels, but features of each block of 8 x 8 px (`civid.lab.train.features`), which depend
little on the sensor, and gives corrections: so it starts where the extraction is, and learns only
what that gets wrong. A mixing of the features, then a residual step of a 5 x 5 convolution a map
and a mixing of maps for each of `SPREADS`, so that the last ones see the whole print.
"""

from __future__ import annotations

from typing import Any

from civid.extras import need
from civid.lab.train.features import FEATURES, place
from civid.lab.train.weights import SPREADS, TRUST

torch: Any = need("torch", "training a network", "train")
nn: Any = torch.nn

WIDTH = 56
#: Mask (logit); corrections of cosine, sine and the logarithm of the period; trust in the direction
#: that was found.
OUTPUTS = 5


def _conv(a: int, b: int, side: int, spread: int = 1, groups: int = 1) -> Any:
    convolution = nn.Conv2d(a, b, side, 1, spread * (side // 2), spread, groups, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(b))


class _Step(nn.Module):  # type: ignore[misc]
    def __init__(self, spread: int) -> None:
        super().__init__()
        self.wide = _conv(WIDTH, WIDTH, 5, spread, WIDTH)
        self.mix = _conv(WIDTH, WIDTH, 1)

    def forward(self, x: Any) -> Any:
        return torch.relu(x + self.mix(torch.relu(self.wide(x))))


class FieldsNetwork(nn.Module):  # type: ignore[misc]
    """``(N, 62, H, W)`` of features -> ``(N, 4, H, W)``: mask (logit), cosine and sine of twice
    the direction, logarithm of the period over 9 px."""

    def __init__(self) -> None:
        super().__init__()
        self.inp = nn.Sequential(_conv(FEATURES, WIDTH, 1), nn.ReLU())
        self.steps = nn.Sequential(*(_Step(spread) for spread in SPREADS))
        self.head = nn.Conv2d(WIDTH, OUTPUTS, 1)
        nn.init.zeros_(self.head.weight)  # at first it corrects nothing
        nn.init.zeros_(self.head.bias)

    def forward(self, x: Any) -> Any:
        out = self.head(self.steps(self.inp(x)))
        trust = torch.clamp(TRUST + out[:, 4], 0, 1)
        cosine = trust * x[:, place("cosine")] + out[:, 1]
        sine = trust * x[:, place("sine")] + out[:, 2]
        period = x[:, place("period")] + out[:, 3]
        return torch.stack([out[:, 0], cosine, sine, period], 1)


def cost(blocks: int = 49 * 47) -> tuple[int, int]:
    """Weights, and multiplications for a picture of so many blocks (388 x 374 px)."""
    weights = WIDTH * (FEATURES + len(SPREADS) * (25 + WIDTH) + OUTPUTS)
    return weights, weights * blocks
