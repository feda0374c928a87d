"""One picture, one image: what joins, and what must not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.pages import addresses, images, only

OG = '<meta property="og:image" content="{}">'


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("/media/lake-1200x630.jpg", "/media/lake-300x200.jpg"),
        ("/media/lake.jpg?w=1200", "/media/lake.jpg?w=300&amp;quality=80"),
        (
            "https://img.example/3fdc84c0-53dd-11ee-ad9a-005056a90321/w:1280/a.png",
            "https://x.example/3fdc84c0-53dd-11ee-ad9a-005056a90321/w:300/a.webp",
        ),
        # not one key, but one name in one folder, one id, one digest
        ("https://cdn.news.example/uploads/2026/10/sunrise-lake.jpg", "/site/uploads/2026/10/sunrise-lake.jpg?w=300"),
        ("/4/report-on-lakes_6246962.jpg", "/290/report-on-lakes_6246962.jpg"),
        ("/social/13862217_W2040C1360.jpg", "/pics/13862217_M1300.jpg"),
        ("/cms/a5dac8b442e34905b98a743f723995be_R.png", "/cms/a5dac8b442e34905b98a743f723995be_P1.png"),
    ],
)
def test_the_social_image_joins_the_picture_of_the_body(head: str, body: str) -> None:
    image = only(OG.format(head) + f'<img src="{body}">')

    assert [v.origin for v in image.variants] == ["img@src", "og:image"]
    assert image.joined


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("/media/lake.jpg", "/media/hill.jpg"),
        ("/media/lake.jpg?id=1", "/media/lake.jpg?id=2"),
        ("/report-7001234-1.jpg", "/report-7001234-2.jpg"),
        ("/2026/01/image.jpg", "/2026/02/image.jpg"),
        ("/20260122_one.jpg", "/20260122_two.jpg"),
        ("https://one.example/a/photo.jpg", "https://two.example/a/photo.jpg"),
    ],
)
def test_two_pictures_never_join_on_a_weak_sign(head: str, body: str) -> None:
    assert len(images(OG.format(head) + f'<img src="{body}">')) == 2


def test_a_list_whose_names_have_nothing_in_common_joins_by_each_of_them() -> None:
    image = only(OG.format("/p/large.jpg") + '<img src="/p/tiny.jpg" srcset="/p/tiny.jpg 300w, /p/large.jpg 1200w">')

    assert [v.width for v in image.variants] == [300, 1200]


def test_a_sign_that_two_pictures_of_the_page_have_joins_none() -> None:
    page = OG.format("/s/13862217_x.jpg") + '<img src="/a/13862217_y.jpg"><img src="/b/13862217_z.jpg">'

    assert len(images(page)) == 3


def test_the_same_picture_at_two_places_is_one_image_at_the_first() -> None:
    first, second = images('<img src="/a.jpg?w=300" alt="A lake"><img src="/b.jpg"><img src="/a.jpg?w=900">')

    assert addresses(first) == ["/a.jpg?w=300", "/a.jpg?w=900"]
    assert addresses(second) == ["/b.jpg"]


def test_every_join_is_told_with_its_sign() -> None:
    image = only(OG.format("/media/lake-1200x630.jpg") + '<img src="/media/lake-300x200.jpg">')

    assert image.joined == ("og:image names the same asset as img (news.example/media/lake)",)


def test_numbers_count_from_one_in_the_order_of_the_page() -> None:
    found = images(OG.format("/head.jpg") + "".join(f'<p><img src="/{name}.jpg">' for name in "cab"))

    assert [image.number for image in found] == [1, 2, 3, 4]
    assert [addresses(i) for i in sorted(found, key=lambda i: i.number) if addresses(i) != ["/head.jpg"]] == [
        ["/c.jpg"],
        ["/a.jpg"],
        ["/b.jpg"],
    ]


def test_a_width_in_the_address_is_claimed_where_nothing_else_is_said() -> None:
    assert [(v.width, v.height) for v in only('<img src="/a-1024x576.jpg">').variants] == [(1024, 576)]


def test_the_same_page_gives_the_same_manifest_whatever_order_sets_have(tmp_path: Path) -> None:
    """A manifest is compared with the one before it: what it says of joins must not change by itself."""
    sources = "".join(f'<source srcset="/crops/pass-{name}.jpg">' for name in ("wide", "tall", "square", "plain"))
    page = tmp_path / "page.html"
    page.write_text(f'<picture>{sources}<img src="/pass.jpg"></picture><div>{sources}<img src="/pass.jpg"></div>' * 2)
    command = [sys.executable, "-m", "harvester", "inspect", str(page), "--base-url", "https://news.example/", "--json"]

    said = {
        subprocess.run(command, capture_output=True, check=True, env={**os.environ, "PYTHONHASHSEED": seed}).stdout
        for seed in ("1", "2", "3", "4")
    }

    assert len(said) == 1
