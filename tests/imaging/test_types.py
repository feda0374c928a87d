"""What a picture is told by its bytes, and what is no picture is refused by its name."""

from __future__ import annotations

import pytest

from harvester.config import Thumbnails
from harvester.errors import AssetError
from harvester.imaging.examine import opened
from harvester.steps import Measured
from tests.support.pictures import ENCODINGS, SIZE, exif, moving, photo, saved

LIMIT = 40_000_000
ICONS = {"ico png", "ico bmp"}
FRAMES = {"png moving": 4, "gif moving": 4, "webp moving": 4, "avif moving": 4, "tiff pages": 2}
EXTENSIONS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/avif": "avif",
    "image/tiff": "tif",
    "image/bmp": "bmp",
    "image/x-icon": "ico",
}
SVG_TEXT = b'<svg xmlns="http://www.w3.org/2000/svg" width="%s" height="%s" viewBox="0 0 9 9"><path d="M0 0"/></svg>'


def measured(source: bytes, max_pixels: int = LIMIT) -> Measured:
    with opened(source, max_pixels=max_pixels) as picture:
        return picture.measured


def refused(source: bytes) -> AssetError:
    with pytest.raises(AssetError) as caught:
        measured(source)
    return caught.value


@pytest.mark.parametrize("name", ENCODINGS)
def test_every_type_is_measured_by_its_bytes(name: str) -> None:
    mime, make = ENCODINGS[name]

    told = measured(make())

    assert (told.type, told.extension) == (mime, EXTENSIONS[mime])
    assert (told.width, told.height) == ((64, 64) if name in ICONS else SIZE)
    assert told.frames == FRAMES.get(name, 1)
    assert told.fingerprint is not None
    assert len(told.fingerprint) == 32
    assert told.thumbhash


@pytest.mark.parametrize("orientation", range(1, 9))
def test_width_and_height_are_those_shown(orientation: int) -> None:
    told = measured(saved(photo(), "JPEG", exif=exif(orientation)))

    assert (told.width, told.height) == (SIZE if orientation < 5 else SIZE[::-1])


@pytest.mark.parametrize("orientation", [0, 9, 300])
def test_an_orientation_that_is_none_turns_nothing(orientation: int) -> None:
    told = measured(saved(photo(), "JPEG", exif=exif(orientation)))

    assert (told.width, told.height) == SIZE


@pytest.mark.parametrize("name", ["tiff lzw", "tiff"])
def test_a_tiff_is_turned_once(name: str) -> None:
    compression = {"tiff lzw": "tiff_lzw"}.get(name)
    told = measured(saved(photo(), "TIFF", compression=compression, tiffinfo={274: 6}))

    assert (told.width, told.height) == SIZE[::-1]


@pytest.mark.parametrize(
    ("width", "height", "size"),
    [
        (b"640", b"480", (640, 480)),
        (b"640px", b"479.6px", (640, 480)),
        (b"100%", b"10em", (None, None)),
        (b"", b"480", (None, 480)),
    ],
)
def test_an_svg_is_kept_and_never_rendered(width: bytes, height: bytes, size: tuple[int | None, int | None]) -> None:
    with opened(SVG_TEXT % (width, height), max_pixels=LIMIT) as picture:
        told, thumbnails = picture.measured, picture.thumbnails(Thumbnails())

    assert (told.type, told.extension, told.width, told.height) == ("image/svg+xml", "svg", *size)
    assert told.fingerprint is None
    assert told.thumbhash is None
    assert thumbnails == []


@pytest.mark.parametrize(
    "before",
    [
        b"",
        b"\xef\xbb\xbf",
        b'<?xml version="1.0" encoding="utf-8"?>\n',
        b"<!-- Generator: by hand --> <!-- twice -->\n",
        b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "svg11.dtd" [ <!ENTITY a "b"> ]>',
    ],
)
def test_an_svg_is_known_by_its_first_tag(before: bytes) -> None:
    assert measured(before + SVG_TEXT % (b"1", b"1")).type == "image/svg+xml"


def test_an_svg_of_a_size_beyond_all_numbers_has_none() -> None:
    told = measured(SVG_TEXT % (b"9" * 400, b"12.3456789012345"))

    assert (told.width, told.height) == (None, 12)


def test_an_svg_without_its_end_is_truncated() -> None:
    assert refused((SVG_TEXT % (b"1", b"1"))[:-8]).code == "truncated"
    assert refused(b'<svg width="10" ').code == "truncated"


NO_PICTURES = {
    "HTML": (b"\n<!DOCTYPE html><html><head><title>Not found", "HTML"),
    "HTML without a type": (b"<html><body>", "HTML"),
    "XHTML": (b'<?xml version="1.0"?><!-- x --><html xmlns="http://www.w3.org/1999/xhtml">', "HTML"),
    "JSON": (b'{"error": 404}', "JSON"),
    "PDF": (b"%PDF-1.7", "PDF"),
    "MP4": (b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom", "video"),
    "WebM": (b"\x1aE\xdf\xa3\x01\0\0\0", "video"),
    "ZIP": (b"PK\x03\x04\x14\0", "archive"),
    "text": (b"BMW sells more cars than last year, says the company", "No picture"),
    "nothing": (b"", "empty"),
}
NOT_TAKEN = {
    "PostScript": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "PostScript"),
    "Photoshop": (b"8BPS\0\x01", "Photoshop"),
    "JPEG 2000": (b"\0\0\0\x0cjP  \r\n\x87\n", "JPEG 2000"),
}


@pytest.mark.parametrize(("source", "word"), NO_PICTURES.values(), ids=NO_PICTURES)
def test_what_is_no_picture_is_called_by_its_name(source: bytes, word: str) -> None:
    error = refused(source)

    assert error.code == "not_a_picture"
    assert word in error.message


@pytest.mark.parametrize(("source", "word"), NOT_TAKEN.values(), ids=NOT_TAKEN)
def test_a_type_that_is_not_on_the_list_is_not_opened(source: bytes, word: str) -> None:
    error = refused(source)

    assert error.code == "unsupported_type"
    assert word in error.message


@pytest.mark.parametrize("form", ["PPM", "TGA", "SGI", "PCX", "DDS", "ICNS", "QOI"])
def test_what_pillow_could_open_but_the_list_does_not_name_is_refused(form: str) -> None:
    assert refused(saved(photo((64, 64)).convert("RGB"), form)).code == "not_a_picture"


def test_a_compressed_bmp_is_not_opened() -> None:
    whole = bytearray(saved(photo().quantize(16), "BMP"))
    whole[30:34] = (1).to_bytes(4, "little")  # run-length coded, it says

    assert refused(bytes(whole)).code == "unsupported_type"


def test_comments_before_the_first_tag_cost_no_time() -> None:
    assert refused(b"<!-- -->" * 500 + b"x").code == "not_a_picture"


def test_more_pixels_than_allowed_are_refused_before_decoding() -> None:
    whole = saved(photo(), "PNG")

    assert measured(whole, max_pixels=SIZE[0] * SIZE[1]).width == SIZE[0]
    with pytest.raises(AssetError, match="200 x 120 pixels are more than the 23,999") as caught:
        measured(whole, max_pixels=SIZE[0] * SIZE[1] - 1)
    assert caught.value.code == "too_many_pixels"


def test_an_animated_picture_counts_its_frames() -> None:
    assert measured(moving("WEBP", frames=7)).frames == 7
