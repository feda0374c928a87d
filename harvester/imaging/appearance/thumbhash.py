"""ThumbHash (https://github.com/evanw/thumbhash): a blurred preview of a picture in some 25 bytes.

A channel is written as its mean and its lowest frequencies: luminance with up to 7 x 7, two colour differences with
3 x 3, and in a picture with transparency, alpha with 5 x 5 (and luminance then with 5 x 5).
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from functools import cache

from msgspec import Struct

from harvester.imaging.appearance.spectrum import FREQUENCIES

LEVELS = 255
COLOUR, ALPHA, DETAIL, DETAIL_WITH_ALPHA = 3, 5, 7, 5
"""Frequencies of the longer side."""


class Channel(Struct, frozen=True):
    """A mean, the other factors scaled to -1 to 1 in the order of the format, and the scale."""

    mean: float
    factors: Sequence[float]
    scale: float


def thumbhash(planes: Sequence[Sequence[float]], size: tuple[int, int]) -> str:
    """Return the Base64 ThumbHash of a picture of *size* from the spectra of red, green, blue and perhaps alpha."""
    red, green, blue = planes[:3]
    has_alpha = len(planes) > 3
    detail = DETAIL_WITH_ALPHA if has_alpha else DETAIL
    across, down = (max(1, _rounded(detail * side / max(size))) for side in size)
    luminance = _channel([(red[at] + green[at] + blue[at]) / 3 for at in _indices(max(3, across), max(3, down))])
    yellow = _channel([(red[at] + green[at]) / 2 - blue[at] for at in _indices(COLOUR, COLOUR)])
    ruddy = _channel([red[at] - green[at] for at in _indices(COLOUR, COLOUR)])
    alpha = [_channel([planes[3][at] for at in _indices(ALPHA, ALPHA)])] if has_alpha else []
    head = _head(luminance, yellow, ruddy, alpha, size, (across, down))
    return base64.b64encode(head + _packed([luminance, yellow, ruddy, *alpha])).decode("ascii")


def _channel(levels: Sequence[float]) -> Channel:
    mean, *factors = (level / LEVELS for level in levels)
    scale = max(map(abs, factors))
    # Where nothing varies the reference writes zeros, which elsewhere stand for -1.
    return Channel(mean, [factor / scale if scale else -1.0 for factor in factors], scale)


@cache
def _indices(across: int, down: int) -> tuple[int, ...]:
    """Return the indices of a channel's frequencies in a spectrum: a triangle, row by row."""
    rows = range(down)
    return tuple(v * FREQUENCIES + u for v in rows for u in range(across) if u * down < across * (down - v))


def _head(
    luminance: Channel,
    yellow: Channel,
    ruddy: Channel,
    alpha: Sequence[Channel],
    size: tuple[int, int],
    detail: tuple[int, int],
) -> bytes:
    is_landscape = size[0] > size[1]
    means = _rounded(63 * luminance.mean) | _signed(yellow.mean) << 6 | _signed(ruddy.mean) << 12
    first = means | _rounded(31 * luminance.scale) << 18 | bool(alpha) << 23
    shorter = detail[1] if is_landscape else detail[0]
    second = shorter | _rounded(63 * yellow.scale) << 3 | _rounded(63 * ruddy.scale) << 9 | is_landscape << 15
    third = bytes(_rounded(15 * one.mean) | _rounded(15 * one.scale) << 4 for one in alpha)
    return first.to_bytes(3, "little") + second.to_bytes(2, "little") + third


def _packed(channels: Sequence[Channel]) -> bytes:
    """Return all factors in 4 bits each, the first of two in the lower half of a byte."""
    halves = [_rounded(15 * (0.5 + 0.5 * factor)) for channel in channels for factor in channel.factors]
    if len(halves) % 2:
        halves.append(0)
    return bytes(low | high << 4 for low, high in zip(halves[::2], halves[1::2], strict=True))


def _signed(difference: float) -> int:
    return _rounded(31.5 + 31.5 * difference)


def _rounded(number: float) -> int:
    """Return *number* rounded as in the reference: halves upwards."""
    return int(number + 0.5)
