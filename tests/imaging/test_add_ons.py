"""HEIC and JPEG XL are opened where their add-on is installed, by the same rules as all else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from harvester.config import Thumbnails
from harvester.errors import AssetError
from harvester.imaging.decoding.confined import check_confined
from harvester.imaging.examine import opened
from tests.support.hostile import claiming, flat
from tests.support.pictures import exif, photo, saved

heif = pytest.importorskip("pillow_heif")
pytest.importorskip("pillow_jxl")
heif.register_heif_opener()

FORMS = {"HEIF": ("image/heic", "heic"), "JXL": ("image/jxl", "jxl")}


def encoded(form: str, size: tuple[int, int] = (320, 180), **options: object) -> bytes:
    return saved(photo(size), form, **options)


def code_of(source: bytes, max_pixels: int = 1_000_000) -> str:
    with pytest.raises(AssetError) as caught, opened(source, max_pixels=max_pixels):
        pass
    return caught.value.code


@pytest.mark.parametrize("form", FORMS)
def test_they_are_measured_and_drawn(form: str) -> None:
    with (
        opened(encoded(form), max_pixels=1_000_000) as picture,
        opened(saved(photo((320, 180)), "PNG"), max_pixels=1_000_000) as model,
    ):
        told, (one,) = picture.measured, picture.thumbnails(Thumbnails(widths=(100,)))

    assert (told.type, told.extension) == FORMS[form]
    assert (told.width, told.height, told.frames) == (320, 180, 1)
    assert (one.width, one.height) == (100, 56)
    marks = int(told.fingerprint or "", 16) ^ int(model.measured.fingerprint or "", 16)
    assert marks.bit_count() <= 6


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("form", FORMS)
def test_a_part_of_one_is_refused(form: str, part: float) -> None:
    whole = encoded(form)

    assert code_of(whole[: int(part * len(whole))]) in ("truncated", "broken")


@pytest.mark.parametrize("form", FORMS)
def test_too_many_pixels_are_refused_before_decoding(form: str) -> None:
    assert code_of(encoded(form), max_pixels=320 * 180 - 1) == "too_many_pixels"


def test_a_heic_whose_boxes_claim_less_than_it_codes_is_refused() -> None:
    assert code_of(claiming(flat("HEIF", (1600, 1200)))) in ("broken", "too_many_pixels", "too_complex")


@pytest.mark.parametrize("form", FORMS)
def test_one_that_takes_more_memory_than_is_allowed_is_refused_by_a_process_of_its_own(form: str) -> None:
    with pytest.raises(AssetError) as caught:
        check_confined(flat(form, (6000, 6000)), max_pixels=1)

    assert caught.value.code in ("broken", "too_complex")


@pytest.mark.parametrize("form", FORMS)
def test_the_largest_that_is_allowed_fits_into_that_process(form: str) -> None:
    check_confined(encoded(form, (2000, 2000)), max_pixels=4_000_000)


@pytest.mark.parametrize("size", [(64, 64), (640, 360), (123, 457), (300, 200), (256, 8), (1, 1), (600, 300)])
def test_the_size_of_a_jpeg_xl_is_read_from_its_head(size: tuple[int, int]) -> None:
    for options in ({}, {"exif": exif(1, artist="A")}):  # bare, and in boxes
        whole = saved(Image.new("RGB", size), "JXL", **options)

        assert code_of(whole, max_pixels=size[0] * size[1] - 1) == "too_many_pixels"


def test_a_heic_is_turned_by_its_own_property_and_a_jpeg_xl_not_by_exif() -> None:
    with opened(encoded("HEIF", exif=exif(6)), max_pixels=1_000_000) as picture:
        assert (picture.measured.width, picture.measured.height) == (180, 320)
    with opened(encoded("JXL", exif=exif(6)), max_pixels=1_000_000) as picture:
        assert (picture.measured.width, picture.measured.height) == (320, 180)


WITHOUT = """
import sys
from pathlib import Path
sys.modules["pillow_heif"] = sys.modules["pillow_jxl"] = None  # as if they were not installed
from harvester.errors import AssetError
from harvester.imaging.decoding.confined import check_confined
from harvester.imaging.examine import opened
from tests.support.hostile import claiming, flat
try:
    with opened(Path(sys.argv[1]), max_pixels=1_000_000):
        pass
except AssetError as error:
    print(error.code, error.message)
"""


@pytest.mark.parametrize("form", FORMS)
def test_without_the_add_on_the_command_that_installs_it_is_told(form: str, tmp_path: Path) -> None:
    path = tmp_path / "picture"
    path.write_bytes(encoded(form))

    ran = subprocess.run([sys.executable, "-c", WITHOUT, str(path)], capture_output=True, text=True, check=True)

    assert ran.stdout.startswith("unsupported_type")
    assert "pip install 'media-harvester[formats]'" in ran.stdout
