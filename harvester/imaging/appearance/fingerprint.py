"""A perceptual fingerprint: nearly equal for renditions of one picture, different for other pictures.

128 bits, written as 32 hexadecimal digits. Each bit says whether one of the 128 lowest frequencies of the common frame
is present with a positive sign; two fingerprints are compared by counting the bits in which they differ.
"""

from __future__ import annotations

from collections.abc import Sequence

from harvester.imaging.appearance.spectrum import FREQUENCIES

BITS = 128
RED, GREEN, BLUE = 0.299, 0.587, 0.114
"""Brightness of red, green and blue (ITU-R BT.601): what lossy types preserve best, and all that a grey copy has."""
NOTHING = 0.1
"""Levels of 255 below which a frequency is compression noise: for a picture of one colour all bits are 0."""

_BY_FREQUENCY = sorted(range(FREQUENCIES**2), key=lambda at: (sum(divmod(at, FREQUENCIES)), at))
_LOWEST = _BY_FREQUENCY[1 : BITS + 1]  # without the mean


def fingerprint(planes: Sequence[Sequence[float]]) -> str:
    """Return the fingerprint of a picture from the spectra of red, green and blue, in levels of 255."""
    red, green, blue = planes
    bright = (RED * red[at] + GREEN * green[at] + BLUE * blue[at] for at in _LOWEST)
    bits = "".join("1" if level > NOTHING else "0" for level in bright)
    return f"{int(bits, 2):0{BITS // 4}x}"
