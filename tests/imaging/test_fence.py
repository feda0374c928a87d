"""Whatever bytes come, a picture or an AssetError comes out: no other error, no warning, no word on the terminal."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.config import Thumbnails
from harvester.errors import AssetError, StorageError
from harvester.imaging.examine import opened
from harvester.steps import Drawn, Measured
from tests.support.pictures import ENCODINGS, chunk, exif, jpeg_with, photo, saved

CODES = {
    "not_a_picture",
    "unsupported_type",
    "truncated",
    "broken",
    "too_many_pixels",
    "too_many_frames",
    "too_much_metadata",
    "too_complex",
}
TYPES = {mime for mime, _ in ENCODINGS.values()} | {"image/svg+xml"}
WHOLE = {name: make() for name, (_, make) in ENCODINGS.items()}
# Pillow's own warnings are silenced where the package is imported; the test runner makes errors of them again.
pytestmark = pytest.mark.filterwarnings(r"ignore:::PIL\.")


def examined(source: bytes | Path) -> str:
    """Give what became of a file: its type or the error's code."""
    try:
        with opened(source, max_pixels=2_000_000) as picture:
            picture.thumbnails(Thumbnails(animated=True))
            return picture.measured.type
    except AssetError as error:
        return error.code if error.message.endswith(".") else f"unfinished: {error.message}"


@given(st.binary(max_size=400))
def test_any_bytes_are_a_picture_or_refused(source: bytes) -> None:
    assert examined(source) in CODES | TYPES


@pytest.mark.parametrize("name", ENCODINGS)
@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_a_spoilt_picture_is_a_picture_or_refused(name: str, seed: int) -> None:
    dice = Random(seed)
    spoilt = bytearray(WHOLE[name])
    for _ in range(dice.randrange(1, 12)):
        at = dice.randrange(min(len(spoilt), 2 ** dice.randrange(4, 20)))
        spoilt[at : at + dice.choice((1, 1, 1, 0, 4))] = dice.randbytes(dice.choice((1, 1, 1, 4)))

    assert examined(bytes(spoilt)) in CODES | TYPES


@pytest.mark.parametrize("name", ["png", "png palette", "png alpha", "png moving"])
@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_a_png_of_odd_chunks_is_a_picture_or_refused(name: str, seed: int) -> None:
    dice = Random(seed)
    odd = WHOLE[name][:8]
    for kind, body in _chunks(WHOLE[name]):
        changed = bytearray(body)
        if body and dice.random() < 0.4:
            changed[dice.randrange(min(len(body), 40))] = dice.choice((0, 1, 3, 4, 8, 16, 255))
        odd += chunk(kind, bytes(changed))
        if dice.random() < 0.2:
            odd += chunk(dice.choice((b"tRNS", b"PLTE", b"iCCP", b"eXIf", b"acTL", b"fcTL")), dice.randbytes(26))

    assert examined(odd) in CODES | TYPES


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    position = 8
    while position < len(png):
        length = int.from_bytes(png[position : position + 4])
        yield png[position + 4 : position + 8], png[position + 8 : position + 8 + length]
        position += length + 12


@given(st.binary(max_size=300))
@settings(deadline=None)
def test_any_metadata_leave_the_picture_alone(block: bytes) -> None:
    whole = jpeg_with(
        (0xE1, b"Exif\0\0II*\0\x08\0\0\0" + block),
        (0xED, b"Photoshop 3.0\0" + block),
        (0xE2, b"ICC_PROFILE\0\1\1" + block),
        (0xE2, b"MPF\0" + block),
        picture=WHOLE["jpeg"],
    )

    assert examined(whole) in ("image/jpeg", "too_many_pixels")


def test_a_file_gives_what_its_bytes_give(tmp_path: Path) -> None:
    for name, whole in WHOLE.items():
        path = tmp_path / "picture"
        path.write_bytes(whole)
        with opened(whole, max_pixels=2_000_000) as one, opened(path, max_pixels=2_000_000) as other:
            assert one.measured == other.measured, name
            assert one.thumbnails(Thumbnails()) == other.thumbnails(Thumbnails()), name


def test_pictures_decoded_side_by_side_are_as_those_decoded_alone() -> None:
    def examined_in_full(source: bytes) -> tuple[Measured, list[Drawn]]:
        with opened(source, max_pixels=2_000_000) as picture:
            return picture.measured, picture.thumbnails(Thumbnails())

    alone = [examined_in_full(whole) for whole in WHOLE.values()]
    with ThreadPoolExecutor(4) as threads:
        side_by_side = list(threads.map(examined_in_full, WHOLE.values()))

    assert side_by_side == alone


def test_an_empty_file_is_no_picture(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()

    assert examined(tmp_path / "empty") == "not_a_picture"


def test_a_file_that_is_not_there_is_an_error_of_the_disk(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot be read"), opened(tmp_path / "gone", max_pixels=1):
        pass


QUIET = """
import sys
from pathlib import Path
from harvester.config import Thumbnails
from harvester.imaging.examine import opened
for path in sys.argv[1:]:
    with opened(Path(path), max_pixels=400_000_000) as picture:
        picture.thumbnails(Thumbnails())
"""


def odd_pictures() -> dict[str, bytes]:
    """Pictures that are good and about which Pillow has something to say."""
    block = bytearray(exif(artist="A. Photographer"))
    block[-30:] = b"\xff" * 30
    return {
        "exif beyond its end": jpeg_with((0xE1, b"Exif\0\0II*\0\x08\0\0\0\1\0\x3b\1\2\0\xff\0\0\0\xff\xff\0\0")),
        "exif damaged": jpeg_with((0xE1, bytes(block))),
        "multi-picture damaged": jpeg_with((0xE2, b"MPF\0II*\0\x08\0\0\0\1\0\1\xb0\4\0\1\0\0\0\2\0\0\0")),
        "palette with transparency": saved(photo().quantize(8), "PNG", transparency=bytes(range(0, 240, 30))),
        "icon of another size": _mislabelled_icon(),
        "large": saved(photo((60, 40)).resize((10_000, 9_500)), "JPEG", quality=20),
    }


def _mislabelled_icon() -> bytes:
    icon = bytearray(WHOLE["ico png"])
    icon[6:8] = b"\x30\x30"
    return bytes(icon)


def test_no_warning_and_no_word_reaches_the_user(tmp_path: Path) -> None:
    for name, whole in odd_pictures().items():
        (tmp_path / name).write_bytes(whole)
    files = map(str, sorted(tmp_path.iterdir()))

    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", QUIET, *files], capture_output=True, text=True, check=False
    )

    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


def test_loaders_that_start_programs_are_not_even_imported(tmp_path: Path) -> None:
    for name, whole in WHOLE.items():
        (tmp_path / name).write_bytes(whole)
    files = map(str, tmp_path.iterdir())
    script = QUIET + "print(*sorted(name for name in sys.modules if name.startswith('PIL.') and 'Plugin' in name))"

    ran = subprocess.run([sys.executable, "-c", script, *files], capture_output=True, text=True, check=True)

    loaded = {name.removeprefix("PIL.").removesuffix("ImagePlugin") for name in ran.stdout.split()}
    assert loaded == {"Avif", "Bmp", "Gif", "Ico", "Jpeg", "Png", "Ppm", "Tiff", "WebP"}


def test_a_large_file_is_not_read_into_memory(tmp_path: Path) -> None:
    path = tmp_path / "large.png"
    with path.open("wb") as file:
        file.write(WHOLE["png"])
        file.truncate(400_000_000)  # what follows a picture is no part of it
    script = QUIET + "print(next(line for line in open('/proc/self/status') if line.startswith('VmHWM')).split()[1])"

    ran = subprocess.run([sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True)

    assert int(ran.stdout) < 150_000  # kB
