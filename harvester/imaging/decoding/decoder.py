"""Pillow behind a fence: the only place where bytes from the network reach a decoder.

Decoders are written in C, are fed anything, and raise anything. Here, whatever they raise becomes an AssetError.
"""

from __future__ import annotations

import ctypes
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module

from PIL import (
    AvifImagePlugin,
    BmpImagePlugin,
    GifImagePlugin,
    IcoImagePlugin,
    Image,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    UnidentifiedImageError,
    WebPImagePlugin,
)
from PIL.ImageFile import ImageFile

from harvester.errors import AssetError, HarvesterError
from harvester.imaging.buffers import Buffer, readable
from harvester.imaging.sniff import AVIF, HEIC, JXL, WEBP, Type

DECODERS = (
    AvifImagePlugin,
    BmpImagePlugin,
    GifImagePlugin,
    IcoImagePlugin,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)
"""Importing them registers them; for an unregistered type Pillow would load every plugin, PostScript's too."""
OPTIONAL = {AVIF: AvifImagePlugin.SUPPORTED, WEBP: WebPImagePlugin.SUPPORTED}
"""Types that Pillow may be built without; the one on PyPI has them."""
ADD_ONS = {HEIC: "pillow_heif", JXL: "pillow_jxl"}
"""Types that Pillow decodes with a package of the extra `[formats]`, and its module."""
LONGEST = 200
"""Characters of a decoder's own message that are passed on."""

M_ARENA_MAX = -8
"""The parameter of mallopt(3) in the GNU C library for the number of heaps."""


def _share_one_heap() -> None:
    """Let threads reuse what others freed: with heaps of their own, each keeps the memory of its largest picture."""
    with suppress(AttributeError):  # other C libraries do not have it
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, 1)


_share_one_heap()
# Sizes are checked before every open, against a configured limit; Pillow's own limit would only add warnings.
Image.MAX_IMAGE_PIXELS = None
# One thread per picture: pictures are decoded side by side, and every thread that a decoder starts costs time.
AvifImagePlugin.DEFAULT_MAX_THREADS = 1
# Pillow warns of odd metadata in pictures that it decodes well. Nobody can act on that, and it names no picture.
warnings.filterwarnings("ignore", module=r"PIL\.")


@contextmanager
def fenced() -> Iterator[None]:
    """Turn whatever a decoder raises into AssetError, code `broken`."""
    try:
        yield
    except HarvesterError:
        raise
    except UnidentifiedImageError as error:
        raise AssetError("The picture does not decode (its header makes no sense).", code="broken") from error
    except Exception as error:
        why = " ".join(f"{type(error).__name__}: {error}".split())[:LONGEST]
        raise AssetError(f"The picture does not decode ({why}).", code="broken") from error


def need_decoder(kind: Type) -> None:
    """Make sure that there is a decoder for a type; raises AssetError where what brings it is not installed."""
    if not OPTIONAL.get(kind, True):
        raise AssetError(f"This Pillow was built without {kind.pillow}.", code="unsupported_type")
    if kind in ADD_ONS and kind.pillow not in Image.OPEN:
        _add(kind)


def open_picture(file: Buffer, kind: Type) -> ImageFile:
    """Open a picture as type *kind* and no other; raises AssetError."""
    assert kind.pillow is not None, f"{kind.mime} is never decoded"
    need_decoder(kind)
    with fenced():
        picture = Image.open(readable(file), formats=(kind.pillow,))
    _drop_texts(picture)
    return picture


def load(picture: ImageFile, least: tuple[int, int]) -> None:
    """Decode the whole picture; a JPEG at its smallest scale that still has *least* pixels each way."""
    with fenced():
        picture.draft(None, least)
        picture.load()
    _drop_texts(picture)


def let_go(picture: ImageFile) -> None:
    """Let go of what the decoder of a picture holds that has given its only frame: for a WebP three frames more."""
    if hasattr(picture, "_decoder"):
        picture._decoder = None
        picture.fp = None


def seek(picture: ImageFile, frame: int) -> None:
    """Decode another frame."""
    with fenced():
        picture.seek(frame)
        picture.load()
    _drop_texts(picture)


def _drop_texts(picture: ImageFile) -> None:
    """Drop the texts of a PNG: Pillow mixes them with its own entries, under whatever names the file chooses."""
    for name in [name for name, value in picture.info.items() if isinstance(value, str)]:
        del picture.info[name]


def _add(kind: Type) -> None:
    try:
        add_on = import_module(ADD_ONS[kind])
    except ImportError:
        message = f"To open {kind.mime} pictures run: pip install 'media-harvester[formats]'."
        raise AssetError(message, code="unsupported_type") from None
    if kind is HEIC:
        add_on.register_heif_opener(thumbnails=False, decode_threads=1)
    else:
        add_on.JpegXLImagePlugin.DECODE_THREADS = 0  # its own word for one
