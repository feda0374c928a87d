"""What is harvested: pages with five pictures each. One seed gives the same pages and pictures, byte for byte.

A copy of the corpus has the same pages under other addresses, and pictures that end in bytes of their own: decoders
stop before them, so that ten copies are ten times the work and nothing can be linked.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from random import Random

PICTURES = 5
"""Pictures of a page."""
CANDIDATES = 4
"""Candidates of a srcset; only the widest is served, so that whoever asks for another one is told of by a 404."""
PAGE_BYTES = 66_000
PAGE_HOSTS = ("127.0.0.2", "127.0.0.3")
PICTURE_HOSTS = ("127.0.0.4", "127.0.0.5", "127.0.0.6", "127.0.0.7")

TYPES = {"jpg": 70, "webp": 15, "png": 10, "avif": 3, "gif": 2}
"""Of a hundred pictures, how many have which type."""
MIMES = {"jpg": "image/jpeg"}
FRAMES = {
    (640, 360): 14,
    (800, 532): 12,
    (1024, 576): 16,
    (1200, 676): 17,
    (1280, 720): 25,
    (1600, 900): 8,
    (1920, 1080): 8,
}
"""Of a hundred pictures, how many have which size in pixels."""
WORDS = (
    "bridge council evening harbour library market mayor morning north river school station street tower winter".split()
)


@dataclass(frozen=True)
class Picture:
    """A picture: its page, its place there, and what is drawn."""

    page: int
    place: int
    seed: int
    width: int
    height: int
    extension: str

    @property
    def file(self) -> str:
        """Its name in the corpus's folder, and the end of the URL of its widest rendition."""
        return f"{self.page:05d}-{self.place}-{self.width}.{self.extension}"


def pictures(pages: int, seed: int) -> Iterator[Picture]:
    """Give the pictures of a corpus in the order of its pages."""
    dice = Random(seed)
    for number in range(pages * PICTURES):
        extension = dice.choices(list(TYPES), list(TYPES.values()))[0]
        width, height = dice.choices(list(FRAMES), list(FRAMES.values()))[0]
        yield Picture(number // PICTURES, number % PICTURES, dice.randrange(2**31), width, height, extension)


def drawn(folder: Path, pages: int, seed: int) -> list[Picture]:
    """Draw the pictures of a corpus into *folder* that are not there yet; in processes, so that ours stays small."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = list(pictures(pages, seed))
    missing = [picture for picture in wanted if not (folder / picture.file).exists()]
    with ProcessPoolExecutor() as processes:
        list(processes.map(_draw, missing, [folder] * len(missing), chunksize=4))
    return wanted


def body(folder: Path, file: str, copy: int) -> bytes | None:
    """Give the bytes of a picture in a copy of the corpus; copy 0 is what was drawn."""
    path = folder / file
    if not path.is_file():
        return None
    return path.read_bytes() + (f"copy {copy}".encode() if copy else b"")


def page_url(page: int, copy: int, port: int) -> str:
    """Give the address of a page in a copy of the corpus."""
    return f"http://{PAGE_HOSTS[page % len(PAGE_HOSTS)]}:{port}/{copy}/stories/{page:05d}.html"


def page_html(shown: list[Picture], copy: int, port: int) -> str:
    """Write the page of *shown*: a story with its pictures between paragraphs, and the furniture of a news site."""
    dice = Random(shown[0].page)
    title = f"Story {shown[0].page} of copy {copy}: {_sentence(dice, 6)}"
    story = "".join(f"{_figure(picture, copy, port, dice)}<p>{_sentence(dice, 90)}</p>" for picture in shown)
    page = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta property="article:published_time" content="2026-03-04T05:06:07Z"></head><body>'
        f"{_furniture(dice, 'nav', 40)}<article><h1>{title}</h1><p>{_sentence(dice, 60)}</p>{story}</article>"
    )
    rest = (PAGE_BYTES - len(page)) // 2
    return f"{page}{_furniture(dice, 'aside', rest // 150)}<script>var texts = '{_sentence(dice, rest // 8)}';</script>"


def _draw(picture: Picture, folder: Path) -> None:
    from harvester.imaging import drawing  # the process that measures never loads a decoder

    image = drawing.draw(picture.seed, picture.width, picture.height)
    mime = MIMES.get(picture.extension, f"image/{picture.extension}")
    (folder / picture.file).write_bytes(drawing.encode(image, mime))


def _figure(picture: Picture, copy: int, port: int, dice: Random) -> str:
    base = f"http://{PICTURE_HOSTS[(picture.page + picture.place) % len(PICTURE_HOSTS)]}:{port}/{copy}/pictures"
    stem = f"{base}/{picture.page:05d}-{picture.place}"
    widths = [picture.width * step // CANDIDATES for step in range(1, CANDIDATES + 1)]
    srcset = ", ".join(f"{stem}-{width}.{picture.extension} {width}w" for width in widths)
    return (
        f'<figure><img src="{stem}-{widths[0]}.{picture.extension}" srcset="{srcset}" sizes="100vw" '
        f'alt="{_sentence(dice, 5)}"><figcaption>{_sentence(dice, 12)}</figcaption></figure>'
    )


def _furniture(dice: Random, tag: str, links: int) -> str:
    items = (
        f'<li class="item"><a href="/section/{number}.html">{_sentence(dice, 14)}</a></li>' for number in range(links)
    )
    return f'<{tag} class="{tag}"><ul>{"".join(items)}</ul></{tag}>'


def _sentence(dice: Random, words: int) -> str:
    return " ".join(dice.choices(WORDS, k=words)).capitalize() + "."
