"""Pictures drawn by code: one seed is one picture, at any size and in any type."""

from __future__ import annotations

import pytest

from harvester.imaging.drawing import SAVING, draw, encode
from harvester.imaging.examine import opened


def fingerprint(source: bytes) -> int:
    with opened(source, max_pixels=4_000_000) as picture:
        return int(picture.measured.fingerprint or "", 16)


def test_one_seed_draws_one_picture() -> None:
    assert draw(7, 160, 90, "Harbour").tobytes() == draw(7, 160, 90, "Harbour").tobytes()
    assert draw(7, 160, 90).tobytes() != draw(8, 160, 90).tobytes()


def test_its_sizes_are_renditions_of_each_other() -> None:
    large, small = (fingerprint(encode(draw(7, width, width * 9 // 16), "image/jpeg")) for width in (1280, 240))

    assert (large ^ small).bit_count() <= 12


@pytest.mark.parametrize("kind", SAVING)
def test_it_is_encoded_as_asked(kind: str) -> None:
    with opened(encode(draw(7, 160, 90), kind, quality=60), max_pixels=100_000) as picture:
        assert (picture.measured.type, picture.measured.width, picture.measured.height) == (kind, 160, 90)


@pytest.mark.parametrize("size", [(1, 1), (3, 400), (400, 2)])
def test_the_oddest_sizes_are_drawn(size: tuple[int, int]) -> None:
    assert draw(1, *size, "label").size == size
