"""What one picture costs: `python benchmarks/imaging.py` draws a mix of pictures and times what is done with each.

The mix is that of news sites (70 % JPEG, 15 % WebP, 10 % PNG, 3 % AVIF, 2 % GIF; 640 to 1920 px wide). Compared are the
usual way (decode for each thumbnail, LANCZOS) and harvester's (one decode for check, measures, fingerprint, ThumbHash,
rights and both thumbnails), in processor time, by turns, the best of several tries: machines differ, ratios hardly do.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from io import BytesIO

from PIL import Image

from harvester.config import Thumbnails
from harvester.imaging.drawing import draw, encode
from harvester.imaging.examine import opened

WIDTHS = (640, 320)
SIZES = ((1280, 720), (1200, 676), (1024, 576), (640, 360), (800, 532), (1600, 900), (1920, 1080), (720, 1280))
SHARES = {"image/jpeg": 0.70, "image/webp": 0.15, "image/png": 0.10, "image/avif": 0.03, "image/gif": 0.02}
TRIES = 5


def usual(source: bytes) -> None:
    """Decode, shrink and encode once for every thumbnail, as most programs do."""
    for width in WIDTHS:
        picture = Image.open(BytesIO(source)).convert("RGB")
        if picture.width > width:
            height = round(picture.height * width / picture.width)
            picture = picture.resize((width, height), Image.Resampling.LANCZOS)
        picture.save(BytesIO(), "JPEG", quality=80)


def ours(source: bytes) -> None:
    """Do all that harvester does with a picture, but hash and write it."""
    with opened(source, max_pixels=40_000_000) as picture:
        picture.thumbnails(Thumbnails(widths=WIDTHS, format="jpeg"))


WAYS: dict[str, Callable[[bytes], None]] = {"usual": usual, "harvester": ours}


def milliseconds(way: Callable[[bytes], None], source: bytes) -> float:
    """Give the processor time of one try."""
    started = time.process_time()
    way(source)
    return 1000 * (time.process_time() - started)


def main() -> None:
    """Print a row for each type and one for the mix."""
    means = {name: dict.fromkeys(SHARES, 0.0) for name in WAYS}
    for kind in SHARES:
        sources = [encode(draw(seed, *size), kind) for seed, size in enumerate(SIZES)]
        for source in sources:
            tries = [{name: milliseconds(way, source) for name, way in WAYS.items()} for _ in range(TRIES)]
            for name in WAYS:
                means[name][kind] += min(one[name] for one in tries) / len(sources)
    print(f"{'ms a picture':14}{'usual':>10}{'harvester':>12}{'ratio':>8}")
    for kind in SHARES:
        print(_row(kind.removeprefix("image/"), means["usual"][kind], means["harvester"][kind]))
    mix = {name: sum(means[name][kind] * share for kind, share in SHARES.items()) for name in WAYS}
    print(_row("mix", mix["usual"], mix["harvester"]))


def _row(label: str, usual_ms: float, our_ms: float) -> str:
    return f"{label:14}{usual_ms:10.1f}{our_ms:12.1f}{usual_ms / our_ms:7.1f}x"


if __name__ == "__main__":
    main()
