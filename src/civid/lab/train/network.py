"""The smallest network that is worth a try: mask, ridge direction and period at stride 8.

Three strided convolutions take the picture to a block of 8 x 8 px a value; then `DEPTH` residual
steps of a 5 x 5 convolution a channel, spread 1, 2, 4, 1, 2, 4 blocks apart so that the last ones
see the whole print, and a mixing of channels. No more than convolutions, batch norms (which fold
into them) and ReLU: integer arithmetic can do all of it.
"""

from __future__ import annotations

from typing import Any

from civid.extras import need

torch: Any = need("torch", "training a network", "train")
nn: Any = torch.nn

#: Channels at strides 2, 4 and 8.
WIDTHS = (8, 24, 64)
SPREADS = (1, 2, 4, 1, 2, 4)
#: Mask (logit), cosine and sine of twice the direction, logarithm of the period over 9 px.
OUTPUTS = 4


def _conv(a: int, b: int, side: int, stride: int = 1, spread: int = 1, groups: int = 1) -> Any:
    convolution = nn.Conv2d(
        a, b, side, stride, spread * ((side - stride + 1) // 2), spread, groups, bias=False
    )
    return nn.Sequential(convolution, nn.BatchNorm2d(b))


class _Step(nn.Module):  # type: ignore[misc]
    def __init__(self, width: int, spread: int) -> None:
        super().__init__()
        self.wide = _conv(width, width, 5, spread=spread, groups=width)
        self.mix = _conv(width, width, 1)

    def forward(self, x: Any) -> Any:
        return torch.relu(x + self.mix(torch.relu(self.wide(x))))


class FieldsNetwork(nn.Module):  # type: ignore[misc]
    """``(N, 1, 8 H, 8 W)`` of the ``normalized`` stage / 64 -> ``(N, 4, H, W)``, see `OUTPUTS`."""

    def __init__(self, widths: tuple[int, int, int] = WIDTHS) -> None:
        super().__init__()
        a, b, c = widths
        # Kernels of even sides keep the blocks' middles in the middle: 6, 4, 4 of stride 2.
        self.stem = nn.Sequential(
            _conv(1, a, 6, 2), nn.ReLU(), _conv(a, b, 4, 2), nn.ReLU(), _conv(b, c, 4, 2), nn.ReLU()
        )
        self.steps = nn.Sequential(*(_Step(c, spread) for spread in SPREADS))
        self.head = nn.Conv2d(c, OUTPUTS, 1)

    def forward(self, x: Any) -> Any:
        return self.head(self.steps(self.stem(x)))


def cost(widths: tuple[int, int, int] = WIDTHS, pixels: int = 388 * 374) -> tuple[int, int]:
    """Weights, and multiplications for a picture of so many pixels."""
    a, b, c = widths
    stem = (36 * a, 16 * a * b, 16 * b * c)
    each = 25 * c + c * c
    deep = len(SPREADS) * each + OUTPUTS * c
    at = [pixels // 4, pixels // 16, pixels // 64]
    return sum(stem) + deep, sum(n * w for n, w in zip(at, stem, strict=True)) + at[2] * deep
