"""The size that a URL states: read where it is plain, and nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.renditions import claimed_size, claimed_width
from harvester.renditions.sizes import LARGEST, SHAPES, SMALLEST, Shape


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.example[0])
def test_a_shape_reads_its_example(shape: Shape) -> None:
    path, width, height = shape.example

    assert shape.hint in path
    assert claimed_size(f"https://a.example{path}") == (width, height)


@pytest.mark.parametrize(
    ("url", "size"),
    [
        ("https://a.example/a.jpg?w=640", (640, None)),
        ("https://a.example/a.jpg?width=640&height=360", (640, 360)),
        ("https://a.example/a.jpg?imwidth=640", (640, None)),
        ("https://a.example/a.jpg?h=480", (None, 480)),
        ("https://a.example/a.jpg?resize=770,513", (770, 513)),
        ("https://a.example/a.jpg?resize=770%2C513&ssl=1", (770, 513)),
        ("https://a.example/a.jpg?fit=1024%2C683", (1024, 683)),
        ("https://a.example/a.jpg?size=640x480", (640, 480)),
        ("https://a.example/a.jpg?width=700&dpr=2", (1400, None)),
        ("https://a.example/a.jpg?w=100&dpr=1.5", (150, None)),
        ("https://a.example/a-300x200.jpg?w=640", (640, None)),  # what is asked for is what comes
        ("https://cdn.sanity.io/images/p/d/ab-4000x3000.jpg", (4000, 3000)),
        ("https://ichef.bbci.co.uk/news/800/cpsprodpb/20AB/production/a.jpg.webp", (800, None)),
        ("https://i.ytimg.com/vi/6lTJUeCKJXE/hqdefault.jpg", (480, 360)),
        ("https://upload.wikimedia.org/wikipedia/commons/thumb/a/a9/N.jpg/640px-N.jpg", (640, None)),
        ("https://static.example/resizer/1200x0/smart/a.jpg", (1200, None)),
    ],
)
def test_a_url_states_its_size(url: str, size: tuple[int | None, int | None]) -> None:
    assert claimed_size(url) == size
    assert claimed_width(url) == size[0]


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example/a.jpg",
        "https://a.example/16x9/a.jpg",  # a ratio
        "https://a.example/a-16x9.jpg",
        "https://a.example/IMG_1024.jpg",  # a number
        "https://a.example/2024/05/a.jpg",  # a date
        "https://a.example/a.jpg?fit=crop&size=large",
        "https://a.example/a.jpg?w=auto&width=100%25",
        "https://a.example/a.jpg?w=99999999",
        "https://a.example/a.jpg?q=80&v=640",
        "https://a.example/a.jpg?w=1",  # a pixel
    ],
)
def test_what_is_no_size_is_not_taken_for_one(url: str) -> None:
    assert claimed_size(url) == (None, None)


@given(st.text(alphabet="/?&=.,:%-_x0123456789wh", max_size=80))
def test_a_claim_is_always_a_plausible_number(text: str) -> None:
    for pixels in claimed_size("https://a.example/" + text):
        assert pixels is None or SMALLEST <= pixels <= LARGEST


@pytest.mark.parametrize(
    "form", ["w:{}/a.jpg", "resize:fit:{}/a.jpg", "i/width={},q=8/a.jpg", "ID=w{}", "id/width/{}/a"]
)
def test_a_number_of_thousands_of_digits_is_no_size(form: str) -> None:
    assert claimed_size(f"https://a.example/{form.format('1' * 5_000)}") == (None, None)
