"""The chain: derived renditions prove themselves against declared siblings, then the declared ones follow."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from harvester.choice.accept import Accepted, Refused
from harvester.choice.chain import best_of, compared, failed, following, judged, sibling_for, start, turned_down
from harvester.choice.propose import proposals
from harvester.choice.rank import ranked_variants
from harvester.config import Choice
from harvester.model import Best, Derived, Image, Variant
from harvester.steps import Measured

UPLOADS = "https://site.example/wp-content/uploads/2024/05/harbour"
PICTURE, OTHER, NEAR, SIMILAR = "0f" * 16, "f0" * 16, "0f" * 15 + "0c", "0f" * 14 + "f0f0"


def picture(width: int, fingerprint: str = PICTURE, height: int | None = None) -> Measured:
    return Measured(
        type="image/jpeg", extension="jpg", width=width, height=height or width * 2 // 3, fingerprint=fingerprint
    )


def harbour(settings: Choice | None = None) -> Image:
    variants = tuple(Variant(url=f"{UPLOADS}-{w}x{w * 2 // 3}.jpg", width=w) for w in (300, 768, 1024))
    image = Image(number=1, variants=variants)
    return with_proposals(image, settings or Choice())


def with_proposals(image: Image, settings: Choice) -> Image:
    return replace(image, derived=proposals(image, ranked_variants(image, settings), settings))


def run(image: Image, server: Mapping[str, Measured], settings: Choice | None = None) -> tuple[Best | None, list[str]]:
    """Follow the chain against a server that has these pictures; give what was chosen and a line for each request."""
    chain, asked = start(image, settings or Choice()), []
    while (candidate := following(chain)) is not None:
        came = server.get(candidate.url)
        if came is None:
            asked.append(f"{name(candidate.url)} missing")
            chain = failed(chain, candidate)
            continue
        while (sibling := sibling_for(chain, candidate)) is not None:
            asked.append(f"{name(sibling.url)} compared")
            chain = compared(chain, sibling, server.get(sibling.url))
        verdict = judged(chain, candidate, came, size=1_000_000)
        if isinstance(verdict, Accepted):
            asked.append(f"{name(candidate.url)} accepted")
            return best_of(chain, candidate, came, verdict), asked
        asked.append(f"{name(candidate.url)} {verdict.code if isinstance(verdict, Refused) else 'doubted'}")
        chain = turned_down(chain, candidate, came, verdict)
    return None, asked


def name(url: str) -> str:
    return url.rpartition("/")[2]


def declared(*widths: int) -> dict[str, Measured]:
    return {f"{UPLOADS}-{w}x{w * 2 // 3}.jpg": picture(w) for w in widths}


def test_the_original_is_taken_when_a_sibling_vouches_for_it() -> None:
    best, asked = run(harbour(), {**declared(300, 768, 1024), f"{UPLOADS}.jpg": picture(2400, NEAR)})

    assert asked == ["harbour-300x200.jpg compared", "harbour.jpg accepted"]
    assert best == Best(
        url=f"{UPLOADS}.jpg",
        width=2400,
        reason="original from the CDN (rule wordpress-size), 2400 px against 1024 declared, same picture (distance 2)",
    )


def test_without_an_original_the_largest_declared_is_taken() -> None:
    best, asked = run(harbour(), declared(300, 768, 1024))

    assert asked == ["harbour.jpg missing", "harbour-1024x682.jpg accepted"]
    assert best is not None
    assert best.reason == "1024 px wide, the largest of 3 declared"


def test_a_larger_other_picture_is_refused() -> None:
    best, asked = run(harbour(), {**declared(300, 768, 1024), f"{UPLOADS}.jpg": picture(2400, OTHER)})

    assert asked == ["harbour-300x200.jpg compared", "harbour.jpg other_picture", "harbour-1024x682.jpg accepted"]
    assert best is not None
    assert best.width == 1024


def test_a_smaller_copy_is_refused() -> None:
    best, asked = run(harbour(), {**declared(300, 768, 1024), f"{UPLOADS}.jpg": picture(800)})

    assert asked[1:] == ["harbour.jpg not_larger", "harbour-1024x682.jpg accepted"]
    assert best is not None
    assert best.width == 1024


def test_another_frame_is_kept_out_unless_it_is_wanted() -> None:
    server = {**declared(300, 768, 1024), f"{UPLOADS}.jpg": picture(2400, NEAR, 2400)}

    _, asked = run(harbour(), server)
    wanted, _ = run(harbour(), server, Choice(uncropped=True))

    assert asked[1] == "harbour.jpg uncropped"
    assert wanted is not None
    assert wanted.width == 2400


def test_in_doubt_the_largest_declared_is_asked() -> None:
    small = {f"{UPLOADS}-300x200.jpg": picture(300, SIMILAR)}

    best, asked = run(harbour(), {**declared(768, 1024), **small, f"{UPLOADS}.jpg": picture(2400)})

    assert asked == [
        "harbour-300x200.jpg compared",
        "harbour.jpg doubted",
        "harbour-1024x682.jpg compared",
        "harbour.jpg accepted",
    ]
    assert best is not None
    assert best.width == 2400


def test_doubt_that_stays_is_a_refusal() -> None:
    server = {url: picture(came.width or 0, SIMILAR) for url, came in declared(300, 768, 1024).items()}

    best, asked = run(harbour(), {**server, f"{UPLOADS}.jpg": picture(2400)})

    assert asked[-2:] == ["harbour.jpg other_picture", "harbour-1024x682.jpg accepted"]
    assert best is not None


def test_nothing_is_proved_when_no_sibling_can_be_had() -> None:
    _, asked = run(harbour(), {f"{UPLOADS}.jpg": picture(2400)})

    assert asked[:3] == ["harbour-300x200.jpg compared", "harbour-768x512.jpg compared", "harbour.jpg unproved"]


def test_a_declared_width_that_lies_is_refused_while_something_better_is_left() -> None:
    server = {**declared(300, 768), f"{UPLOADS}-1024x682.jpg": picture(500)}

    best, asked = run(replace(harbour(), derived=()), server)

    assert asked == ["harbour-1024x682.jpg smaller", "harbour-768x512.jpg accepted"]
    assert best is not None
    assert best.reason == "768 px wide, number 2 of 3 declared, after 1 that could not be used"


def test_a_declared_width_that_lies_is_taken_when_nothing_better_is_left() -> None:
    server = {**declared(300), f"{UPLOADS}-1024x682.jpg": picture(900)}

    best, asked = run(replace(harbour(), derived=()), server)

    assert asked == ["harbour-1024x682.jpg accepted"]
    assert best is not None
    assert best.reason == "1024 px wide, the largest of 3 declared; it was 900 px wide and nothing wider was available"


def test_the_lying_one_is_asked_again_when_what_seemed_better_is_missing() -> None:
    server = {**declared(300), f"{UPLOADS}-1024x682.jpg": picture(500)}

    best, asked = run(replace(harbour(), derived=()), server)

    assert asked == ["harbour-1024x682.jpg smaller", "harbour-768x512.jpg missing", "harbour-1024x682.jpg accepted"]
    assert best is not None
    assert best.width == 500


def test_a_declared_rendition_without_a_width_is_tried_first_when_it_may_be_the_original() -> None:
    image = Image(number=1, variants=(*harbour().variants, Variant(url=f"{UPLOADS}.jpg")))

    large, asked = run(image, {**declared(300, 768, 1024), f"{UPLOADS}.jpg": picture(2400)})
    small, also = run(image, {**declared(300, 768, 1024), f"{UPLOADS}.jpg": picture(640)})

    assert asked == ["harbour.jpg accepted"]
    assert also == ["harbour.jpg smaller", "harbour-1024x682.jpg accepted"]
    assert large is not None
    assert small is not None


def test_an_original_smaller_than_a_lying_width_is_taken_after_all() -> None:
    server = {**declared(300), f"{UPLOADS}-1024x682.jpg": picture(700), f"{UPLOADS}.jpg": picture(900)}

    best, asked = run(harbour(), server)

    assert asked == [
        "harbour-300x200.jpg compared",
        "harbour.jpg not_larger",
        "harbour-1024x682.jpg smaller",
        "harbour.jpg accepted",
    ]
    assert best is not None
    assert best.reason == (
        "original from the CDN (rule wordpress-size), 900 px where 1024 were declared but could not be fetched, "
        "same picture (distance 0)"
    )


def test_a_larger_crop_is_no_measure_for_what_a_rule_proposes() -> None:
    crop = Variant(url="https://site.example/square.jpg", width=3000, height=3000, media="(max-width: 600px)")
    image = replace(harbour(), variants=(*harbour().variants, crop))

    best, _ = run(image, {**declared(300, 768, 1024), f"{UPLOADS}.jpg": picture(2400)})

    assert best is not None
    assert best.width == 2400


def test_what_is_declared_without_a_width_is_measured_before_a_proposal_is_judged() -> None:
    image = Image(number=1, variants=(Variant(url="https://cdn.example/x/harbour.jpg?format=webp"),))
    original = "https://cdn.example/x/harbour.jpg"
    image = with_proposals(image, Choice())
    server = {image.variants[0].url: picture(1600), original: picture(1600)}

    best, asked = run(image, server)

    assert asked == ["harbour.jpg?format=webp compared", "harbour.jpg not_larger", "harbour.jpg?format=webp accepted"]
    assert best is not None
    assert best.reason == "of unknown width, the only one declared"


def test_a_rule_that_was_given_up_on_a_host_is_not_tried() -> None:
    chain = start(harbour(), Choice(), given_up={("wordpress-size", "site.example")})

    candidate = following(chain)

    assert candidate is not None
    assert candidate.rule is None


def test_attempts_are_shared_between_derived_and_declared() -> None:
    variants = tuple(Variant(url=f"https://a.example/{w}.jpg", width=w) for w in range(100, 1000, 100))
    derived = tuple(Derived(url=f"https://o.example/{n}.jpg", rule="x", expects="original") for n in range(6))

    chain = start(Image(number=1, variants=variants, derived=derived), Choice(max_attempts=6))

    assert [candidate.rule for candidate in chain.left] == ["x", "x", "x", None, None, None]


def test_a_poster_known_by_its_id_needs_no_sibling() -> None:
    url = "https://i.ytimg.com/vi/6lTJUeCKJXE/maxresdefault.jpg"
    image = Image(number=1, derived=(Derived(url=url, rule="youtube-thumbnail", expects="larger"),))

    best, asked = run(image, {url: picture(1280, height=720)})

    assert asked == ["maxresdefault.jpg accepted"]
    assert best is not None
    assert best.reason.startswith(
        "larger rendition from the CDN (rule youtube-thumbnail), 1280 px, nothing else declared"
    )


def test_the_smallest_that_is_enough_is_taken_without_upgrades() -> None:
    settings = Choice(policy="at-least:700")

    best, asked = run(harbour(settings), declared(300, 768, 1024), settings)

    assert asked == ["harbour-768x512.jpg accepted"]
    assert best is not None
    assert best.reason == "768 px wide, the smallest of 3 declared that has at least 700 px"


def test_too_many_bytes_for_the_policy_are_refused() -> None:
    settings = Choice(policy="at-most-bytes:500000", upgrade=False)

    best, asked = run(harbour(settings), declared(300, 768, 1024), settings)

    assert best is None
    assert asked[0] == "harbour-1024x682.jpg too_many_bytes"


WIDTHS = st.one_of(st.none(), st.integers(1, 3000))
SERVED = st.one_of(st.none(), st.tuples(st.integers(1, 3000), st.sampled_from([PICTURE, NEAR, SIMILAR, OTHER])))


@given(st.lists(st.tuples(WIDTHS, SERVED), max_size=5), st.lists(SERVED, max_size=4), st.booleans())
def test_every_search_ends_and_takes_no_other_picture(
    pages: list[tuple[int | None, tuple[int, str] | None]], rules: list[tuple[int, str] | None], uncropped: bool
) -> None:
    variants = tuple(Variant(url=f"https://a.example/{n}", width=claim) for n, (claim, _) in enumerate(pages))
    derived = tuple(Derived(url=f"https://o.example/{n}", rule="x", expects="original") for n in range(len(rules)))
    served = {
        **{variants[n].url: came for n, (_, came) in enumerate(pages)},
        **dict(zip(_urls(derived), rules, strict=True)),
    }
    server = {url: picture(*came) for url, came in served.items() if came}

    best, asked = run(Image(number=1, variants=variants, derived=derived), server, Choice(uncropped=uncropped))

    assert len(asked) <= 30
    if best and best.url in _urls(derived) and variants:
        vouched = [came[1] for _, came in pages if came]
        assert vouched
        assert server[best.url].fingerprint != OTHER or OTHER in vouched


def _urls(derived: tuple[Derived, ...]) -> list[str]:
    return [one.url for one in derived]
