"""The examples in the provider tables are their tests."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yt_dlp.extractor import gen_extractor_classes

from harvester import markup
from harvester.candidates.page.dom import Dom
from harvester.candidates.videos.embeds import sightings
from harvester.candidates.videos.markers import MARKERS, Marker
from harvester.candidates.videos.provider_table import PROVIDERS, Provider
from harvester.candidates.videos.providers import read_url
from harvester.download.videos.engine import EXTRACTORS


@pytest.mark.parametrize(("row", "url", "video"), [(row, *example) for row in PROVIDERS for example in row.examples])
def test_a_providers_url_names_its_video(row: Provider, url: str, video: str) -> None:
    found = read_url(url)

    assert found is not None
    assert (found.provider, found.id) == (row.name, video)
    assert found.url.startswith(("https://", "http://"))


@pytest.mark.parametrize("row", [row for row in PROVIDERS if row.page and row.linked])
def test_the_canonical_url_of_a_linkable_video_names_it_again(row: Provider) -> None:
    for url, video in row.examples:
        found = read_url(url)
        assert found is not None
        again = read_url(found.url)

        assert again is not None
        assert (again.provider, again.id.removeprefix("av")) == (row.name, video.removeprefix("av"))


@pytest.mark.parametrize("row", MARKERS, ids=lambda row: f"{row.name}-{row.attribute}")
def test_a_players_attribute_names_its_video(row: Marker) -> None:
    html, video = row.example
    document = markup.parse(html, "https://news.example/")
    found = list(sightings(document, Dom(document)))

    assert [(s.provider, s.id, s.embedded) for s in found] == [(row.name, video, True)]


@pytest.mark.parametrize(
    "url",
    [
        "https://vimeo.com/about",
        "https://notvimeo.com/76979871",
        "https://vimeo.com.evil.example/76979871",
        "https://www.dailymotion.com/thestation",
        "https://www.facebook.com/station",
        "https://www.facebook.com/sharer.php?u=https://news.example",
        "https://twitter.com/station",
        "https://x.com/intent/post?text=storm",
        "https://www.instagram.com/station/",
        "https://t.me/station",
        "https://www.kaltura.com/p/1/thumbnail/entry_id/1_a1b2c3d4",
        "https://rumble.com/c/station",
        "",
    ],
)
def test_profiles_share_buttons_and_strangers_name_no_video(url: str) -> None:
    assert read_url(url) is None


def test_every_provider_can_be_asked_for() -> None:
    named = {row.name for row in PROVIDERS} | {row.name for row in MARKERS} | {"youtube"}
    known = {extractor.IE_NAME.lower() for extractor in gen_extractor_classes()}

    assert named == set(EXTRACTORS)
    assert [name for name, form in EXTRACTORS.items() if not any(re.fullmatch(form, one) for one in known)] == []


@given(st.text(alphabet=st.sampled_from("vimeo.comfacebk/?&=#%:@x1 \u0000"), max_size=200))
def test_any_text_is_read_without_an_error(text: str) -> None:
    read_url(f"https://player.vimeo.com/{text}")
    read_url(text)
