"""The proof against generated pairs: no other picture is taken for the same, and hardly a same one for another.

`python -m tests.choice.test_proof` prints the table of distances in docs/choice.md.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator
from random import Random

import pytest
from msgspec.structs import replace
from PIL import Image, ImageDraw, ImageFilter, ImageOps

from harvester.choice.accept import Accepted, Doubted, distance, prove
from harvester.imaging.drawing import draw, encode
from harvester.imaging.examine import opened
from harvester.steps import Measured

PICTURES = 100
SMALL, LARGE = 240, 480  # px; the declared siblings: the cheapest that serves, and the largest
Change = Callable[[Image.Image, Random], Image.Image]


def original(number: int) -> Image.Image:
    """Every fifth picture is a page of text, a night or a chart; the others are landscapes."""
    kinds = {1: document, 2: night, 3: chart}
    return kinds[number % 5](Random(number)) if number % 5 in kinds and number % 2 else draw(number, 600, 400)


def document(dice: Random) -> Image.Image:
    page = Image.new("RGB", (600, 400), "white")
    pen = ImageDraw.Draw(page)
    for line in range(16, 384, 11):
        left = 24
        while left < 560:
            length = dice.randrange(4, 36)
            pen.rectangle((left, line, left + length, line + 4), fill=(25, 25, 25))
            left += length + 5
    return page


def night(dice: Random) -> Image.Image:
    sky = Image.new("RGB", (600, 400), (6, 6, 12))
    pen = ImageDraw.Draw(sky)
    for _ in range(dice.randrange(8, 30)):
        x, y, r = dice.randrange(600), dice.randrange(400), dice.randrange(2, 12)
        pen.ellipse((x - r, y - r, x + r, y + r), fill=(255, dice.randrange(150, 255), dice.randrange(80, 200)))
    return sky.filter(ImageFilter.GaussianBlur(2))


def chart(dice: Random) -> Image.Image:
    sheet = Image.new("RGB", (600, 400), "white")
    pen = ImageDraw.Draw(sheet)
    for left in range(40, 560, dice.randrange(30, 90)):
        pen.rectangle((left, dice.randrange(40, 360), left + 22, 370), fill=(30, 90, dice.randrange(100, 200)))
    return sheet


def cropped(picture: Image.Image, part: float, *, keep_ratio: bool = True) -> Image.Image:
    width, height = picture.size
    x, y = round(width * part / 2) if keep_ratio else 0, round(height * part / 2)
    return picture.crop((x, y, width - x, height - y))


def banded(picture: Image.Image, dice: Random) -> Image.Image:
    picture = picture.copy()
    width, height = picture.size
    top = round(height * (1 - dice.uniform(0.08, 0.2)))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, top, width, height), fill=(170, 0, 20))
    pen.text((width // 20, top + 4), "What was burnt into this picture", fill="white", font_size=(height - top) // 2)
    return picture


def watermarked(picture: Image.Image, dice: Random) -> Image.Image:
    mark = Image.new("L", picture.size)
    width, height = picture.size
    ImageDraw.Draw(mark).text((width // 5, height // 2), "AGENCY", fill=dice.randrange(60, 110), font_size=height // 8)
    return Image.composite(Image.new("RGB", picture.size, "white"), picture, mark)


def no_image(picture: Image.Image, dice: Random) -> Image.Image:
    card = Image.new("RGB", picture.size, (225, 225, 225))
    ImageDraw.Draw(card).text((180, 180), "No image available", fill=(120, 120, 120), font_size=dice.randrange(20, 34))
    return card


SAME: dict[str, tuple[Change, str, int]] = {
    "rescaled": (lambda picture, dice: picture, "image/png", 0),
    "recompressed": (lambda picture, dice: picture, "image/jpeg", 35),
    "as WebP": (lambda picture, dice: picture, "image/webp", 45),
    "as AVIF": (lambda picture, dice: picture, "image/avif", 45),
    "sharpened": (lambda picture, dice: picture.filter(ImageFilter.UnsharpMask(1, 60, 2)), "image/jpeg", 70),
}
DIFFERENT: dict[str, Change] = {
    "cropped 10-30 %": lambda picture, dice: cropped(picture, dice.uniform(0.1, 0.3)),
    "cropped to another ratio": lambda picture, dice: cropped(picture, 0.16, keep_ratio=False),
    "mirrored": lambda picture, dice: ImageOps.mirror(picture),
    "no image": no_image,
    "other picture": lambda picture, dice: original(dice.randrange(1000, 2000)),
}
BETWEEN: dict[str, Change] = {
    "cropped 5 %": lambda picture, dice: cropped(picture, 0.05),
    "title band of 8-20 %": banded,
    "watermarked": watermarked,
}


def measured(picture: Image.Image, kind: str = "image/jpeg", quality: int = 75, width: int = 0) -> Measured:
    size = (width, round(picture.height * width / picture.width)) if width else picture.size
    with opened(encode(picture.resize(size, Image.Resampling.BICUBIC), kind, quality), max_pixels=10**6) as came:
        return came.measured


def is_accepted(derived: Measured, changed: Image.Image, kind: str, quality: int) -> bool:
    """Go the way of the chain: compare with the small sibling, in doubt with the large one."""
    verdict = prove(derived, measured(changed, kind, quality, SMALL), LARGE)
    if isinstance(verdict, Doubted):
        verdict = prove(derived, measured(changed, kind, quality, LARGE), LARGE)
    return isinstance(verdict, Accepted)


def pairs(numbers: range) -> Iterator[tuple[Measured, str, Image.Image, str, int]]:
    for number in numbers:
        picture, dice = original(number), Random(number)
        derived = measured(picture, quality=90)
        for name, (change, kind, quality) in SAME.items():
            yield derived, name, change(picture, dice), kind, quality
        for name, change in (DIFFERENT | BETWEEN).items():
            yield derived, name, change(picture, dice), "image/jpeg", 75


@pytest.mark.slow
def test_of_a_thousand_pairs_no_other_picture_is_accepted_and_hardly_a_same_one_refused() -> None:
    verdicts = [
        (name, number, is_accepted(derived, changed, kind, quality))
        for number in range(PICTURES)
        for derived, name, changed, kind, quality in pairs(range(number, number + 1))
        if name not in BETWEEN
    ]

    assert len(verdicts) == 1000
    assert [entry for entry in verdicts if entry[0] in DIFFERENT and entry[2]] == []
    assert len([entry for entry in verdicts if entry[0] in SAME and not entry[2]]) <= 5


def test_the_nearest_other_picture_is_far_beyond_the_threshold() -> None:
    prints = [measured(original(number), width=SMALL).fingerprint for number in range(30)]
    apart = [distance(one, other) or 0 for place, one in enumerate(prints) for other in prints[:place]]

    assert min(apart) > 20


def test_one_fingerprint_of_little_content_does_not_vouch_for_another() -> None:
    faint = Measured(type="image/png", extension="png", width=2000, height=1000, fingerprint=f"{0b1111:032x}")
    other = replace(faint, width=200, height=100, fingerprint=f"{0b11110000:032x}")

    assert not isinstance(prove(faint, other, 200), Accepted)


def _table() -> None:
    found: dict[str, list[int]] = {}
    for derived, name, changed, kind, quality in pairs(range(PICTURES)):
        sibling = measured(changed, kind, quality, SMALL)
        found.setdefault(name, []).append(distance(derived.fingerprint, sibling.fingerprint) or 0)
    for name, apart in found.items():
        apart.sort()
        print(
            f"| {name} | {apart[0]} | {statistics.median(apart):.0f} | {apart[len(apart) * 95 // 100]} | {apart[-1]} |"
        )


if __name__ == "__main__":
    _table()
