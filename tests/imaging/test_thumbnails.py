"""Thumbnails: as wide as configured, never enlarged, in a type browsers show, without the source's secrets."""

from __future__ import annotations

import gc
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat
from PIL.ImageFile import ImageFile

from harvester.config import Thumbnails
from harvester.imaging.animation import MAX_BYTES, MAX_FRAMES, frames_of, is_too_much
from harvester.imaging.examine import opened
from harvester.steps import Drawn
from tests.support.hostile import gif
from tests.support.pictures import ENCODINGS, chunk, exif, moving, photo, png_with, saved, see_through


def drawn(source: bytes | Path, settings: Thumbnails | None = None, widest: int = 640) -> list[Drawn]:
    with opened(source, max_pixels=40_000_000, widest=widest) as picture:
        return picture.thumbnails(settings or Thumbnails())


def shown(thumbnail: Drawn) -> ImageFile:
    picture = Image.open(BytesIO(thumbnail.data))
    picture.load()
    return picture


@pytest.mark.parametrize(
    ("size", "widths", "expected"),
    [
        ((1280, 720), (320, 640), [(640, 360), (320, 180)]),
        ((1200, 675), (320, 640), [(640, 360), (320, 180)]),
        ((800, 533), (640, 320, 640), [(640, 426), (320, 213)]),
        ((500, 300), (320, 640), [(500, 300), (320, 192)]),
        ((200, 100), (320, 640), [(200, 100)]),
        ((640, 361), (320,), [(320, 180)]),
        ((1000, 1), (320,), [(320, 1)]),
        ((3, 900), (320,), [(3, 900)]),
        ((300, 20_000), (320, 640), [(245, 16_333)]),
        ((640, 480), (), []),
    ],
)
@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_sizes_are_those_configured_and_never_larger_than_the_picture(
    form: str, size: tuple[int, int], widths: tuple[int, ...], expected: list[tuple[int, int]]
) -> None:
    thumbnails = drawn(saved(Image.new("RGB", size, (40, 90, 160)), form), Thumbnails(widths=widths))

    assert [(one.width, one.height) for one in thumbnails] == expected
    assert [shown(one).size for one in thumbnails] == expected


@pytest.mark.parametrize("turn", [6, 8])
def test_the_width_of_a_turned_picture_is_the_one_that_is_shown(turn: int) -> None:
    thumbnails = drawn(saved(photo((1200, 800)), "JPEG", exif=exif(turn)))

    assert [shown(one).size for one in thumbnails] == [(640, 960), (320, 480)]


@pytest.mark.parametrize(
    ("form", "mime", "extension"),
    [
        ("auto", "image/jpeg", "jpg"),
        ("jpeg", "image/jpeg", "jpg"),
        ("webp", "image/webp", "webp"),
        ("png", "image/png", "png"),
        ("avif", "image/avif", "avif"),
    ],
)
def test_thumbnails_have_the_type_configured(form: str, mime: str, extension: str) -> None:
    settings = Thumbnails(widths=(100,), format=form)  # type: ignore[arg-type]

    (one,) = drawn(saved(photo(), "PNG"), settings)

    assert (one.type, one.extension) == (mime, extension)
    assert Image.MIME[shown(one).format or ""] == mime


def test_transparency_makes_a_webp() -> None:
    (one,) = drawn(saved(see_through(), "PNG"), Thumbnails(widths=(100,)))

    assert one.type == "image/webp"
    assert shown(one).mode == "RGBA"


def test_alpha_that_hides_nothing_makes_a_jpeg() -> None:
    (one,) = drawn(saved(photo().convert("RGBA"), "WEBP", lossless=True), Thumbnails(widths=(100,)))

    assert one.type == "image/jpeg"


def test_quality_is_the_one_configured() -> None:
    source = saved(photo((640, 360)), "PNG")

    poor, good = (drawn(source, Thumbnails(widths=(640,), quality=quality))[0] for quality in (30, 95))

    assert len(poor.data) * 2 < len(good.data)


@pytest.mark.parametrize("form", ["auto", "webp", "png", "avif"])
def test_nothing_of_the_sources_metadata_is_in_a_thumbnail(form: str) -> None:
    block = exif(1, artist="A. Photographer", description="taken at home")
    source = saved(photo(), "JPEG", exif=block, comment=b"secret", xmp=b"<secret/>", icc_profile=b"secret")

    (one,) = drawn(source, Thumbnails(widths=(100,), format=form))  # type: ignore[arg-type]

    assert not {"exif", "comment", "xmp", "icc_profile"} & set(shown(one).info)
    assert b"secret" not in one.data
    assert b"Photographer" not in one.data


@pytest.mark.parametrize("width", [1280, 1200, 960, 700])
@pytest.mark.parametrize("progressive", [False, True])
def test_a_jpeg_decoded_small_looks_like_one_decoded_whole(width: int, progressive: bool) -> None:
    picture = photo((width, width * 9 // 16))

    for one in drawn(saved(picture, "JPEG", quality=92, progressive=progressive), Thumbnails(format="png")):
        exact = picture.resize((one.width, one.height), Image.Resampling.LANCZOS)
        difference = ImageStat.Stat(ImageChops.difference(shown(one).convert("RGB"), exact))
        assert max(difference.rms) < 6  # of 255, mostly film grain; JPEG at quality 80 alone makes about 5


def test_wider_thumbnails_than_announced_are_not_blown_up() -> None:
    source = saved(photo((1600, 900)), "JPEG", quality=95)

    (late,) = drawn(source, Thumbnails(widths=(1500,)), widest=1)
    (early,) = drawn(source, Thumbnails(widths=(1500,)), widest=1500)

    assert late == early


def test_the_same_picture_gives_the_same_thumbnails() -> None:
    source = saved(photo((1000, 700)), "JPEG")

    assert drawn(source) == drawn(source)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF", "BMP"])
def test_the_whole_frame_is_let_go_before_anything_is_drawn(form: str) -> None:
    source = saved(photo((900, 600)), form)
    gc.collect()

    with opened(source, max_pixels=40_000_000):
        frames = [one for one in gc.get_objects() if isinstance(one, ImageFile)]

    assert frames == []


def test_the_source_is_left_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "picture"
    file.write_bytes(source := ENCODINGS["jpeg"][1]())
    before = file.stat()

    drawn(file)

    assert file.read_bytes() == source
    assert file.stat().st_mtime_ns == before.st_mtime_ns


ANIMATED = Thumbnails(widths=(64, 100), animated=True)


@pytest.mark.parametrize("name", ["gif moving", "webp moving", "png moving", "avif moving"])
def test_an_animation_gives_its_first_frame(name: str) -> None:
    (one,) = drawn(ENCODINGS[name][1](), Thumbnails(widths=(100,), format="png"))

    difference = ImageStat.Stat(ImageChops.difference(shown(one).convert("RGB"), photo(seed=0).resize((100, 60))))
    assert max(difference.rms) < 20
    assert getattr(shown(one), "n_frames", 1) == 1


@pytest.mark.parametrize("name", ["gif moving", "webp moving", "png moving", "avif moving"])
def test_an_animation_moves_where_that_is_wanted(name: str) -> None:
    thumbnails = drawn(ENCODINGS[name][1](), ANIMATED)

    assert [(one.width, one.height, one.type) for one in thumbnails] == [
        (100, 60, "image/webp"),
        (64, 38, "image/webp"),
    ]
    for one in thumbnails:
        moving_one = shown(one)
        assert getattr(moving_one, "n_frames", 1) == 4
        assert _durations(moving_one) == [80, 80, 80, 80]
        assert moving_one.info["loop"] == 0


def test_a_still_picture_stays_still() -> None:
    (one, _) = drawn(saved(photo(), "PNG"), ANIMATED)

    assert one.type == "image/jpeg"


def test_pages_of_a_tiff_are_no_animation() -> None:
    (one, _) = drawn(ENCODINGS["tiff pages"][1](), ANIMATED)

    assert one.type == "image/jpeg"


def test_a_long_animation_keeps_its_time_in_fewer_frames() -> None:
    (one,) = drawn(moving("GIF", frames=150, size=(40, 30)), Thumbnails(widths=(40,), animated=True))

    frames = getattr(shown(one), "n_frames", 1)

    assert MAX_FRAMES // 2 < frames <= MAX_FRAMES
    assert sum(_durations(shown(one))) == 150 * 80


def test_an_animation_has_a_budget_of_bytes() -> None:
    noise = [Image.effect_noise((400, 300), 200) for _ in range(12)]
    source = saved(noise[0], "GIF", save_all=True, append_images=noise[1:], duration=50)

    (one,) = drawn(source, Thumbnails(widths=(400,), animated=True, quality=95))

    assert len(one.data) <= MAX_BYTES
    assert 1 < getattr(shown(one), "n_frames", 1) < 12


@pytest.mark.parametrize(
    ("count", "pixels", "sizes", "expected"),
    [
        (300, 1280 * 720, [(640, 360), (320, 180)], False),
        (5_000, 1280 * 720, [(640, 360), (320, 180)], False),  # only the first 300 are looked at
        (60, 2560 * 1440, [(640, 360)], False),
        (300, 1920 * 1080, [(640, 360)], True),
        (12, 40_000_000, [(320, 240)], True),
        (2, 640 * 32_000, [(640, 16_000), (320, 8_000)], False),
        (2, 5_000 * 5_000, [(5_000, 5_000)], True),  # not even two can be drawn
    ],
)
def test_an_animation_has_a_budget_of_pixels(
    count: int, pixels: int, sizes: list[tuple[int, int]], expected: bool
) -> None:
    assert is_too_much(count, pixels, sizes) is expected


def test_an_animation_beyond_its_budget_stands_still_and_says_so() -> None:
    whole = gif((3_000, 2_500), *[(8, 8)] * 60)
    with opened(whole, max_pixels=40_000_000) as picture:
        (one,) = picture.thumbnails(Thumbnails(widths=(320,), animated=True))

        assert getattr(shown(one), "n_frames", 1) == 1
        assert "do not move" in (picture.remark or "")


def test_large_moving_thumbnails_keep_their_time_in_fewer_frames() -> None:
    source = Image.open(BytesIO(moving("GIF", frames=50, size=(40, 30))))
    assert isinstance(source, ImageFile)

    kept = frames_of(source, 50, [(2_000, 1_000), (500, 250)], lambda frame: frame.copy())

    assert 10 < len(kept) < 20
    assert sum(duration for _, duration in kept) == 50 * 80


def test_an_animation_within_its_budget_has_nothing_to_be_said_of_it() -> None:
    with opened(ENCODINGS["gif moving"][1](), max_pixels=40_000_000) as picture:
        picture.thumbnails(ANIMATED)

        assert picture.remark is None


def test_an_animation_that_breaks_off_shows_what_there_is() -> None:
    whole = bytearray(moving("PNG"))
    last = whole.rindex(b"fcTL")
    whole[last + 4 : last + 8] = (99).to_bytes(4)  # a number out of sequence, with its check sum made right
    whole[last + 30 : last + 34] = zlib.crc32(bytes(whole[last : last + 30])).to_bytes(4)

    (one, _) = drawn(bytes(whole), ANIMATED)

    assert getattr(shown(one), "n_frames", 1) == 3


def test_without_widths_nothing_is_drawn() -> None:
    assert drawn(ENCODINGS["gif moving"][1](), Thumbnails(widths=(), animated=True)) == []


def test_texts_in_a_png_pass_for_nothing_else() -> None:
    names = ("transparency", "duration", "loop", "icc_profile", "gamma", "srgb", "exif", "xmp", "interlace")
    texts = [chunk(b"tEXt", name.encode() + b"\0nonsense") for name in names]

    (one, _) = drawn(png_with(*texts), ANIMATED)

    assert one.type == "image/jpeg"


@pytest.mark.parametrize("form", ["jpeg", "webp", "png", "avif"])
@pytest.mark.parametrize("size", [(1, 1), (1, 700), (700, 1), (2, 3), (1, 20_000), (20_000, 1)])
def test_the_oddest_sizes_are_drawn_in_every_type(form: str, size: tuple[int, int]) -> None:
    settings = Thumbnails(format=form)  # type: ignore[arg-type]

    assert all(shown(one).size == (one.width, one.height) for one in drawn(saved(photo(size), "PNG"), settings))


def _durations(picture: ImageFile) -> list[int]:
    result = []
    for number in range(getattr(picture, "n_frames", 1)):
        picture.seek(number)
        picture.load()
        result.append(int(picture.info["duration"]))
    return result
