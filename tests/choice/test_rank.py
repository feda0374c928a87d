"""The order in which declared renditions are tried: real pixels, then types; crops last; policies."""

from __future__ import annotations

import pytest

from harvester.choice.rank import best_declared, candidates, ranked_variants, vouchers
from harvester.config import Choice
from harvester.model import Best, Image, Variant
from harvester.steps import Candidate


def tried(image: Image, settings: Choice = Choice()) -> tuple[Candidate, ...]:  # noqa: B008 - a frozen value
    return candidates(ranked_variants(image, settings), settings)


def order(*variants: Variant, settings: Choice | None = None) -> list[str]:
    found = tried(Image(number=1, variants=variants), settings or Choice())
    return [candidate.url.rpartition("/")[2] for candidate in found]


def declared_best(image: Image) -> Best | None:
    return best_declared(ranked_variants(image, Choice()), Choice())


def v(name: str, width: int | None = None, **more: object) -> Variant:
    return Variant(url=f"https://a.example/{name}", width=width, **more)  # type: ignore[arg-type]


def test_the_widest_comes_first() -> None:
    assert order(v("a.jpg", 320), v("b.jpg", 1280), v("c.jpg", 640)) == ["b.jpg", "c.jpg", "a.jpg"]


def test_the_width_in_the_url_counts_where_the_page_says_none() -> None:
    assert order(v("a.jpg?w=640"), v("b.jpg?w=1280"), v("c.jpg", 800)) == ["b.jpg?w=1280", "c.jpg", "a.jpg?w=640"]


def test_the_page_is_believed_before_the_url() -> None:
    [candidate] = tried(Image(number=1, variants=(v("a.jpg?w=1200", 1024),)))

    assert candidate.width == 1024


def test_a_height_is_a_width_by_the_ratio_of_the_others() -> None:
    found = tried(Image(number=1, variants=(v("a.jpg", 600, height=400), v("b.jpg", height=800))), Choice())

    assert [(c.url[-5:], c.width) for c in found] == [("b.jpg", 1200), ("a.jpg", 600)]


def test_a_density_is_a_width_by_the_width_of_the_layout() -> None:
    found = tried(Image(number=1, variants=(v("a.jpg", 300), v("b.jpg", density=2.0), v("c.jpg", 500))), Choice())

    assert [(c.url[-5:], c.width) for c in found] == [("b.jpg", 600), ("c.jpg", 500), ("a.jpg", 300)]


def test_without_any_width_the_densest_comes_first() -> None:
    assert order(v("a.jpg"), v("b.jpg", density=2.0), v("c.jpg", density=1.5)) == ["b.jpg", "c.jpg", "a.jpg"]


def test_without_any_number_words_for_sizes_decide() -> None:
    names = ["x_thumb.jpg", "x_large.jpg", "x.jpg", "x_small.jpg", "x_original.jpg"]

    assert order(*map(v, names)) == ["x_original.jpg", "x.jpg", "x_large.jpg", "x_small.jpg", "x_thumb.jpg"]


def test_what_states_no_size_comes_after_what_does() -> None:
    assert order(v("a.jpg"), v("b.jpg", 320)) == ["b.jpg", "a.jpg"]


def test_of_one_width_the_lossless_then_the_camera_types_come_first() -> None:
    assert order(v("a.avif", 800), v("b.webp", 800), v("c.jpg", 800), v("d.png", 800)) == [
        "d.png",
        "c.jpg",
        "b.webp",
        "a.avif",
    ]


def test_of_one_width_the_preferred_type_comes_first() -> None:
    settings = Choice(prefer=("image/avif", "image/webp"))

    assert order(v("d.png", 800), v("a.avif", 800), v("b.webp", 800), settings=settings) == [
        "a.avif",
        "b.webp",
        "d.png",
    ]


def test_a_declared_type_is_believed_before_the_extension() -> None:
    assert order(v("a.jpg", 800, type="image/webp"), v("b", 800, type="image/jpeg")) == ["b", "a.jpg"]


def test_a_larger_type_preferred_less_still_wins_by_width() -> None:
    assert order(v("a.png", 980), v("b.webp", 1280)) == ["b.webp", "a.png"]


def test_a_crop_for_phones_is_not_a_larger_picture() -> None:
    phone = v("square.jpg", 1600, height=1600, media="(max-width: 600px)")

    assert order(phone, v("wide.jpg", 1200, height=675), v("wide2.jpg", 600, height=338)) == [
        "wide.jpg",
        "wide2.jpg",
        "square.jpg",
    ]


def test_a_source_for_phones_of_unknown_shape_comes_last() -> None:
    assert order(v("a.jpg", 1600, media="(max-width: 47em), (max-width: 600px)"), v("b.jpg", 800)) == ["b.jpg", "a.jpg"]


def test_a_source_for_phones_with_the_whole_frame_counts() -> None:
    phone = v("a-1600x900.jpg", 1600, media="(max-width: 600px)")

    assert order(phone, v("b-800x450.jpg", 800, height=450)) == ["a-1600x900.jpg", "b-800x450.jpg"]


def test_one_srcset_has_one_frame_whatever_its_urls_say() -> None:
    assert order(v("a_400x267.jpg", 400), v("b_2040x1530.jpg", 2040), v("c_650x433.jpg", 650))[0] == "b_2040x1530.jpg"


def test_the_social_crop_does_not_beat_the_picture() -> None:
    social = v("og.jpg", 1200, height=630, origin="og:image")

    assert order(social, v("a.jpg", 1000, height=667), v("b.jpg", 500, height=333))[0] == "a.jpg"


def test_a_url_declared_twice_stands_once_with_its_largest_width() -> None:
    found = tried(Image(number=1, variants=(v("a.jpg"), v("b.jpg", 800), v("a.jpg", 900))), Choice())

    assert [(c.url[-5:], c.width) for c in found] == [("a.jpg", 900), ("b.jpg", 800)]


@pytest.mark.parametrize(
    ("least", "expected"),
    [(500, ["b.jpg", "c.jpg", "a.jpg"]), (700, ["c.jpg", "b.jpg", "a.jpg"]), (2000, ["c.jpg", "b.jpg", "a.jpg"])],
)
def test_at_least_takes_the_smallest_that_is_enough_else_the_largest(least: int, expected: list[str]) -> None:
    settings = Choice(policy=f"at-least:{least}")

    assert order(v("a.jpg", 320), v("b.jpg", 640), v("c.jpg", 1280), settings=settings) == expected


def test_the_reason_is_a_sentence() -> None:
    best = declared_best(Image(number=1, variants=(v("a.jpg", 320), v("b.jpg", 1280))))

    assert best is not None
    assert best.reason == "1280 px wide, the largest of 2 declared"


def test_nothing_declared_has_no_best() -> None:
    assert declared_best(Image(number=1)) is None


def test_what_may_be_the_original_is_tried_first_but_not_called_the_best() -> None:
    image = Image(number=1, variants=(v("uploads/a-300x200.jpg", 300), v("uploads/a.jpg")))

    best = declared_best(image)

    assert [c.url[-5:] for c in tried(image)] == ["a.jpg", "0.jpg"]
    assert best is not None
    assert best.width == 300


@pytest.mark.parametrize("origin", ["a@href", "img@data-orig-file", "img@data-full-src", "img@data-hi-res-src"])
def test_the_file_that_a_thumbnail_links_to_is_tried_first(origin: str) -> None:
    assert order(v("thumb.jpg", 150), v("harbour.jpg", origin=origin)) == ["harbour.jpg", "thumb.jpg"]


def test_the_attribute_of_a_lazy_loader_promises_nothing() -> None:
    assert order(v("a.jpg", 150), v("harbour.jpg", origin="img@data-original")) == ["a.jpg", "harbour.jpg"]


def test_the_cheapest_that_serves_vouches_and_no_crop_does() -> None:
    variants = (
        v("a.jpg", 100),
        v("b.jpg", 246),
        v("c.jpg", 1280),
        v("d.jpg", 240, height=240),
        v("e.jpg", 60, height=40),
    )

    image = Image(number=1, variants=(*variants, v("f.jpg", 30, height=20)))
    found = vouchers(ranked_variants(image, Choice()), Choice())

    assert [c.url[-5:] for c in found] == ["b.jpg", "c.jpg", "a.jpg", "e.jpg", "f.jpg"]


def test_a_hundred_thousand_variants_are_ranked() -> None:
    many = tuple(v(f"{n}.jpg", n + 1, height=2 * n + 3) for n in range(100_000))

    best = declared_best(Image(number=1, variants=many))

    assert best is not None
    assert best.width is not None
