"""Files that claim little and would take much: what makes them, for every type that is opened.

Each stays small by itself. What a decoder would make of it is far beyond `CAP` pixels, or what its picture is worth.
"""

from __future__ import annotations

import struct
import zlib
from functools import cache

from PIL import Image

from tests.support.pictures import chunk, moving, saved

CAP = 4_000_000
"""Pixels that are allowed where these are opened."""
BIG = (3000, 2500)
"""Pixels of a picture that is beyond it."""

SHORT, LONG, FRACTION, BYTES = 3, 4, 5, 7
"""Types of TIFF fields."""


def flat(form: str, size: tuple[int, int] = BIG, mode: str = "RGB", **options: object) -> bytes:
    """Encode a picture of one colour."""
    return saved(Image.new(mode, size, 90), form, **options)


def claiming(whole: bytes, *, small: int = 100) -> bytes:
    """Let every size that the boxes of an AVIF or HEIC claim (`ispe`) be *small* each way."""
    lying, at = bytearray(whole), whole.find(b"ispe")
    while at >= 0:
        lying[at + 8 : at + 16] = struct.pack(">II", small, small)
        at = whole.find(b"ispe", at + 4)
    return bytes(lying)


def box(kind: bytes, *parts: bytes) -> bytes:
    """Write a box of an ISO base media file."""
    body = b"".join(parts)
    return struct.pack(">I", 8 + len(body)) + kind + body


def coded(whole: bytes) -> bytes:
    """Give the AV1 bitstream of an AVIF of one item."""
    at = whole.index(b"mdat")
    return whole[at + 4 : at - 4 + int.from_bytes(whole[at - 4 : at])]


def avif(*items: tuple[bytes, bytes], shared: bool = False) -> bytes:
    """Write an AVIF of items, each a type and its bytes, the first the one that is shown; *shared*: by all others."""
    numbered = list(enumerate(items, 1))
    entries = [box(b"infe", struct.pack(">IHH", 2 << 24, number, 0), kind, b"\0") for number, (kind, _) in numbered]
    kinds = box(b"iinf", bytes(4), struct.pack(">H", len(items)), *entries)
    start = box(b"ftyp", b"avif", bytes(4), b"avifmif1miaf")

    def meta(base: int) -> bytes:
        places, at = [], base
        for number, (_, body) in numbered:
            places.append(struct.pack(">HHHII", number, 0, 1, at, len(body)))
            at += 0 if shared and number > 1 else len(body)
        where = box(b"iloc", bytes(4), b"\x44\0", struct.pack(">H", len(items)), *places)
        shown = box(b"pitm", bytes(4), struct.pack(">H", 1))
        parts = b"".join(struct.pack(">H", number) for number, _ in numbered[1:])
        references = box(b"iref", bytes(4), box(b"dimg", struct.pack(">HH", 1, len(items) - 1), parts))
        handler = box(b"hdlr", bytes(8), b"pict", bytes(13))
        return box(b"meta", bytes(4), handler, shown, where, kinds, references)

    bodies = [body for _, body in items[: 2 if shared else None]]
    return start + meta(len(start) + len(meta(0)) + 8) + box(b"mdat", *bodies)


def grid(rows: int, columns: int, size: tuple[int, int]) -> bytes:
    """Write the item that makes one picture of tiles."""
    return struct.pack(">BBBBHH", 0, 0, rows - 1, columns - 1, *size)


def with_hidden_frames(count: int) -> bytes:
    """Write an AVIF of one item whose bitstream codes its frame again and again."""
    stream = coded(flat("AVIF", (1500, 1500), speed=10))
    at = 0
    while stream[at] >> 3 & 15 != 6:  # the unit that is a frame
        at += 2 + stream[at + 1]
    return avif((b"av01", stream[:at] + stream[at:] * count))


def tiff(*fields: tuple[int, int, list[int] | bytes], tail: bytes = b"") -> bytes:
    """Write a TIFF of fields, each a tag, a type and its values; both halves of a fraction are one number."""
    head = 8 + 2 + 12 * len(fields) + 4
    directory, outside = b"", b""
    for tag, kind, values in fields:
        code = {SHORT: "H", LONG: "I", FRACTION: "Q"}.get(kind)
        raw = values if isinstance(values, bytes) else struct.pack(f"<{len(values)}{code}", *values)
        if len(raw) > 4:
            place = struct.pack("<I", head + len(outside))
            outside += raw + bytes(len(raw) % 2)
        else:
            place = raw.ljust(4, b"\0")
        directory += struct.pack("<HHI", tag, kind, len(values)) + place
    return b"II*\0\x08\0\0\0" + struct.pack("<H", len(fields)) + directory + bytes(4) + outside + tail


def tiled(size: tuple[int, int], tile: tuple[int, int], tiles: int, compression: int = 8) -> bytes:
    """Write a grey TIFF whose tiles are all the same few bytes."""
    body = _zeros(2_000_000)
    start = 8 + 2 + 12 * 10 + 4 + (8 * tiles if tiles > 1 else 0)
    return tiff(
        (256, LONG, [size[0]]),
        (257, LONG, [size[1]]),
        (258, SHORT, [8]),
        (259, SHORT, [compression]),
        (262, SHORT, [1]),
        (277, SHORT, [1]),
        (322, LONG, [tile[0]]),
        (323, LONG, [tile[1]]),
        (324, LONG, [start] * tiles),
        (325, LONG, [len(body) // (1 if tiles == 1 else tiles)] * tiles),
        tail=body,
    )


def striped(size: tuple[int, int], rows: int, strips: int, length: int, *more: tuple[int, int, list[int]]) -> bytes:
    """Write a grey, uncompressed TIFF whose strips are all the same bytes."""
    start = 8 + 2 + 12 * (9 + len(more)) + 4 + (8 * strips if strips > 1 else 0) + sum(len(v) * 8 for _, _, v in more)
    return tiff(
        (256, LONG, [size[0]]),
        (257, LONG, [size[1]]),
        (258, SHORT, [8]),
        (259, SHORT, [1]),
        (262, SHORT, [1]),
        (273, LONG, [start] * strips),
        (277, SHORT, [1]),
        (278, LONG, [rows]),
        (279, LONG, [length] * strips),
        *more,
        tail=bytes(length),
    )


def shared_fields(fields: int = 4_000, size: int = 60_000) -> bytes:
    """Write a directory whose fields all name the same bytes."""
    start = 8 + 2 + 12 * fields + 4
    entries = b"".join(struct.pack("<HHII", 40_000 + tag % 20_000, BYTES, size, start) for tag in range(fields))
    return b"II*\0\x08\0\0\0" + struct.pack("<H", fields) + entries + bytes(4) + bytes(size)


def fractions(count: int = 900_000) -> bytes:
    """Write an EXIF block whose one field is a list of fractions."""
    return tiff((33_434, FRACTION, [1 << 32 | 3] * count))


@cache
def _zeros(size: int) -> bytes:
    deflate = zlib.compressobj(1)
    return b"".join(deflate.compress(bytes(1_000_000)) for _ in range(size // 1_000_000)) + deflate.flush()


def webp(canvas: tuple[int, int], *chunks: tuple[bytes, bytes], flags: int = 0) -> bytes:
    """Write a WebP of chunks behind a head that claims *canvas*."""
    sides = b"".join((side - 1).to_bytes(3, "little") for side in canvas)
    parts = [(b"VP8X", struct.pack("<I", flags) + sides), *chunks]
    body = b"".join(kind + struct.pack("<I", len(raw)) + raw + bytes(len(raw) % 2) for kind, raw in parts)
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + body


def coded_webp(size: tuple[int, int] = BIG) -> tuple[bytes, bytes]:
    """Give the one chunk of a lossless WebP."""
    whole = flat("WEBP", size, lossless=True, method=0)
    return whole[12:16], whole[20:]


def webp_frame(size: tuple[int, int], claimed: tuple[int, int]) -> tuple[bytes, bytes]:
    """Write a frame of an animated WebP that claims a size."""
    kind, raw = coded_webp(size)
    sides = b"".join((side - 1).to_bytes(3, "little") for side in claimed)
    return b"ANMF", bytes(6) + sides + bytes(4) + kind + struct.pack("<I", len(raw)) + raw + bytes(len(raw) % 2)


def icon(picture: bytes, claimed: int = 16) -> bytes:
    """Write an icon that claims to be small."""
    return b"\0\0\1\0\1\0" + struct.pack("<BBBBHHII", claimed, claimed, 0, 0, 1, 32, len(picture), 22) + picture


def apng(claimed: tuple[int, int]) -> bytes:
    """Write an animated PNG whose second frame claims a size."""
    whole = moving("PNG", frames=2, size=(40, 30))
    at = whole.rindex(b"fcTL")
    body = whole[at + 4 : at + 8] + struct.pack(">IIII", *claimed, 0, 0) + whole[at + 24 : at + 30]
    return whole[: at - 4] + chunk(b"fcTL", body) + whole[at + 34 :]


def gif(size: tuple[int, int], *frames: tuple[int, int]) -> bytes:
    """Write a GIF of frames of one clear code each; what is missing of one stays clear."""
    head = b"GIF89a" + struct.pack("<HHBBB", *size, 0x80, 0, 0) + bytes(3) + b"\xff\x80\x20"
    blocks = (b"\x2c" + struct.pack("<HHHHB", 0, 0, *frame, 0) + _gif_pixels(frame) for frame in frames)
    return head + b"".join(blocks) + b";"


@cache
def _gif_pixels(frame: tuple[int, int]) -> bytes:
    whole = saved(Image.new("P", frame), "GIF")
    at = whole.index(b"\x2c", 13)
    flags = whole[at + 9]
    return whole[at + 10 + (3 << ((flags & 7) + 1) if flags & 0x80 else 0) : -1]
