"""A file without its tail is an error, whatever its type; what follows a whole picture is nobody's business."""

from __future__ import annotations

import struct

import pytest

from harvester.errors import AssetError
from harvester.imaging.examine import opened
from harvester.steps import Measured
from tests.support.pictures import ENCODINGS, chunk, photo, png_with, saved

HEADS = {"image/png": 8, "image/gif": 6, "image/webp": 12, "image/bmp": 26, "image/avif": 16}
"""Bytes without which a type is not known; of others a few will do."""


def measured(source: bytes) -> Measured:
    with opened(source, max_pixels=40_000_000) as picture:
        return picture.measured


def code_of(source: bytes) -> str:
    with pytest.raises(AssetError) as caught:
        measured(source)
    return caught.value.code


@pytest.mark.parametrize("part", [0.02, 0.1, 0.33, 0.5, 0.75, 0.9, 0.99])
@pytest.mark.parametrize("name", ENCODINGS)
def test_a_part_of_a_picture_is_truncated(name: str, part: float) -> None:
    mime, make = ENCODINGS[name]
    whole = make()

    cut = whole[: max(HEADS.get(mime, 8), int(part * len(whole)))]

    assert code_of(cut) == "truncated"


@pytest.mark.parametrize("missing", [1, 2, 3, 7, 12, 20])
@pytest.mark.parametrize("name", sorted(ENCODINGS.keys() - {"tiff pages"}))
def test_a_picture_without_its_last_bytes_is_truncated(name: str, missing: int) -> None:
    whole = ENCODINGS[name][1]()

    assert code_of(whole[:-missing]) == "truncated"


def test_a_tiff_without_its_second_page_is_truncated() -> None:
    whole = ENCODINGS["tiff pages"][1]()  # padded behind its last page

    assert code_of(whole[:-40]) == "truncated"


@pytest.mark.parametrize("name", ENCODINGS)
def test_what_follows_a_picture_is_no_part_of_it(name: str) -> None:
    whole = ENCODINGS[name][1]()

    assert measured(whole + b"<!-- cached by proxy 7 -->\n" * 3) == measured(whole)


def test_a_png_whose_pixels_end_early_is_refused_though_its_end_is_there() -> None:
    whole = saved(photo(), "PNG")
    pixels = whole.index(b"IDAT")
    length = int.from_bytes(whole[pixels - 4 : pixels])
    half = whole[pixels + 4 : pixels + 4 + length // 2]

    assert code_of(whole[: pixels - 4] + chunk(b"IDAT", half) + chunk(b"IEND", b"")) == "broken"


def test_a_damaged_png_chunk_is_found_by_its_check_sum() -> None:
    whole = bytearray(saved(photo(), "PNG"))
    whole[len(whole) // 2] ^= 0x10

    assert code_of(bytes(whole)) == "broken"


def test_a_lost_frame_of_an_animated_png_is_found() -> None:
    whole = ENCODINGS["png moving"][1]()
    last = whole.rindex(b"fdAT")

    assert code_of(whole[: last + 40]) == "truncated"


@pytest.mark.parametrize("name", ["jpeg", "jpeg progressive", "webp lossless", "avif", "gif", "tiff lzw"])
def test_a_header_with_nothing_sensible_behind_it_is_refused(name: str) -> None:
    whole = ENCODINGS[name][1]()

    spoilt = whole[:60] + bytes(len(whole) - 62) + whole[-2:]

    assert code_of(spoilt) in ("truncated", "broken")


@pytest.mark.parametrize("name", ["gif", "gif moving"])
def test_a_gif_that_ends_where_a_block_should_start_is_broken(name: str) -> None:
    whole = ENCODINGS[name][1]()

    assert code_of(whole[:-1] + b"\x77") == "broken"


def test_a_gif_padded_before_its_trailer_is_taken() -> None:
    whole = ENCODINGS["gif"][1]()

    assert measured(whole[:-1] + b"\0\0;").frames == 1


def test_directories_in_a_circle_are_refused() -> None:
    whole = bytearray(saved(photo(), "TIFF"))
    first = int.from_bytes(whole[4:8], "little")
    (entries,) = struct.unpack_from("<H", whole, first)
    struct.pack_into("<I", whole, first + 2 + entries * 12, first)

    assert code_of(bytes(whole)) == "broken"


def test_a_little_junk_between_two_segments_is_passed_over() -> None:
    whole = saved(photo(), "JPEG")
    second = whole.index(b"\xff\xdb")

    assert measured(whole[:second] + bytes(100) + whole[second:]).width == 200
    assert code_of(whole[:second] + bytes(100_000) + whole[second:]) == "broken"


def test_a_compressed_comment_that_is_damaged_spoils_nothing() -> None:
    assert measured(png_with(chunk(b"zTXt", b"Comment\0\0nonsense"))).width == 200
