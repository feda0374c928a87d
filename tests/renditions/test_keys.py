"""The key of a picture: the same for its renditions, never for another picture."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.renditions import asset_key
from tests.support.patience import cheapest

UUID = "3fdc84c0-53dd-11ee-ad9a-005056a90321"
DIGEST = "96f002eda022f9c70b25ae2e65df8069"

ONE_PICTURE = {
    "types": ("https://a.example/x/harbour.jpg", "https://a.example/x/harbour.webp"),
    "a twin's type": ("https://a.example/x/harbour.jpg", "https://a.example/x/harbour.jpg.webp"),
    "query sizes": ("https://a.example/x/a.jpg?w=640&h=360", "https://a.example/x/a.jpg?w=1280"),
    "query types": ("https://a.example/x/a.jpg?f=webp", "https://a.example/x/a.jpg?as=avif&q=80"),
    "crops": ("https://a.example/a.jpg?rect=0,1,2,3&w=9", "https://a.example/a.jpg?crop=16:9,smart"),
    "cache versions": ("https://a.example/a.jpg?v=1", "https://a.example/a.jpg?v=2"),
    "signatures": ("https://a.example/a.jpg?w=1&sig=abc", "https://a.example/a.jpg?w=2&sig=def"),
    "size suffixes": ("https://a.example/x/harbour-1024x576.jpg", "https://a.example/x/harbour_300x200.jpg"),
    "tilde sizes": (
        "https://a.example/assets/harbour-240~1280x720?cb=1",
        "https://a.example/assets/harbour-240~384x216",
    ),
    "size folders": ("https://a.example/400x400/x/harbour.jpg", "https://a.example/w640/x/harbour.jpg"),
    "ratio folders": ("https://a.example/16x9/x/harbour.jpg", "https://a.example/4x3/x/harbour.jpg"),
    "named folders": ("https://a.example/x/thumbs/harbour.jpg", "https://a.example/x/large/harbour.jpg"),
    "width folders": (
        "https://a.example/picture/6236752/640/harbour-at-night.jpg",
        "https://a.example/picture/6236752/1200/harbour-at-night.jpg",
    ),
    "escapes": ("https://a.example/x/h%C3%A4fen.jpg", "https://a.example/x/h\u00e4fen.jpg"),
    "shards": ("https://img1.a.example/x/harbour.jpg", "https://img3.a.example/x/harbour.jpg"),
    "schemes": ("http://www.a.example/x/harbour.jpg", "https://a.example/x/harbour.jpg"),
    "a UUID anywhere": (f"https://a.example/x/{UUID}.jpg", f"https://b.example/big/{UUID}_w948_r1.778_fpx45.webp"),
    "a UUID among words": (
        f"https://a.example/media.media.{UUID}.16x9_700.jpg",
        f"https://a.example/image-a.media.{UUID}.original?fm=avif&w=1200",
    ),
    "a digest anywhere": (f"https://a.example/x/{DIGEST}.jpg", f"https://cdn.a.example/y/{DIGEST}.webp?w=1"),
    "what stands behind the name": (
        f"https://a.example/i/{DIGEST}00aa=w700",
        f"https://a.example/i/{DIGEST}00aa/2048/jpeg",
    ),
    "nested proxies": (
        "https://news.example/_next/image?url=https%3A%2F%2Fi0.wp.com%2Fb.example%2Fwp-content%2Fuploads%2Fa-300x200.jpg&w=64",
        "https://b.example/wp-content/uploads/a.jpg",
    ),
}
TWO_PICTURES = {
    "camera numbers": ("https://a.example/x/IMG_1024.jpg", "https://a.example/x/IMG_1280.jpg"),
    "numbers in a series": ("https://a.example/x/harbour-1.jpg", "https://a.example/x/harbour-2.jpg"),
    "short names in width folders": ("https://a.example/lot/600/front.jpg", "https://a.example/lot/640/front.jpg"),
    "pages of one id": (f"https://a.example/{UUID}/1.jpg", f"https://a.example/{UUID}/2.jpg"),
    "a UUID and a number": (f"https://a.example/{UUID}-1.jpg", f"https://a.example/{UUID}-2.jpg"),
    "names in the query": ("https://a.example/image?id=1&w=640", "https://a.example/image?id=2&w=640"),
    "a token as the name": ("https://a.example/image?token=abc", "https://a.example/image?token=def"),
    "folders of words": ("https://a.example/us_news/1.jpg", "https://a.example/uk_news/1.jpg"),
    "years": ("https://a.example/1999/05/harbour-at-night.jpg", "https://a.example/1998/05/harbour-at-night.jpg"),
    "drawings and photographs": ("https://a.example/x/logo.svg", "https://a.example/x/logo.png"),
    "frames of a video": ("https://i.ytimg.com/vi/6lTJUeCKJXE/1.jpg", "https://i.ytimg.com/vi/6lTJUeCKJXE/2.jpg"),
    "hosts": ("https://a.example/x/harbour.jpg", "https://b.example/x/harbour.jpg"),
    "numbered sites": ("https://team1.blogs.example/logo.png", "https://team2.blogs.example/logo.png"),
}


@pytest.mark.parametrize(("one", "other"), ONE_PICTURE.values(), ids=ONE_PICTURE.keys())
def test_renditions_share_a_key(one: str, other: str) -> None:
    assert asset_key(one) is not None
    assert asset_key(one) == asset_key(other)


@pytest.mark.parametrize(("one", "other"), TWO_PICTURES.values(), ids=TWO_PICTURES.keys())
def test_two_pictures_share_none(one: str, other: str) -> None:
    assert asset_key(one) != asset_key(other)


@pytest.mark.parametrize(
    "url",
    [
        "data:image/gif;base64,R0lGOD",
        "",
        "/x/harbour.jpg",
        "https://a.example/",
        "https://a.example",
        "https://a.example/?w=640",
    ],
)
def test_what_names_no_picture_has_no_key(url: str) -> None:
    assert asset_key(url) is None


def test_a_url_of_endless_length_has_no_key() -> None:
    assert asset_key("https://a.example/" + "a" * 9000) is None


@pytest.mark.parametrize(
    "hostile",
    [
        "/image/fetch/" * 600,
        "w_1,h_2," * 1000,
        "-300x200" * 1000,
        "/unsafe/" + "smart/" * 1300,
        "/" + "a_b," * 2000,
        "/16x9" * 1600,
        "/dims4/resize/" * 580,
        "/%2F%2f" * 1100,
        "?" + "url=http" * 1000,
        "/eyJ" * 2000,
        "/" + "-" * 8000,
        "/" + "_v1_1_100-@" * 720,
        "/" + "w_1," * 2000 + "/a.jpg",
    ],
    ids=lambda hostile: str(hostile[:14]),
)
def test_no_url_takes_long(hostile: str) -> None:
    assert cheapest(lambda: asset_key("https://a.example" + hostile), enough=0.5) < 0.5


@given(st.text(alphabet="/?&=.,:%-_~@=aw0x19{}ürl", max_size=200))
def test_any_text_has_a_key_or_none(text: str) -> None:
    key = asset_key("https://a.example/" + text)

    assert key is None or key
