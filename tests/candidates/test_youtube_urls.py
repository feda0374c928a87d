"""What a URL of YouTube names, in every shape it is written in, and what it never names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.candidates.videos.youtube import (
    YouTubeRef,
    is_id,
    looks_drawn,
    page_url,
    posters,
    read_player_url,
    read_url,
)

V = "Zk3-9_aQwXs"
LIST = "PLa1b2c3d4e5f6g7h8i9j0"
CHANNEL = "UCa1b2c3d4e5f6g7h8i9j0kL"

VIDEOS = [
    f"https://www.youtube.com/watch?v={V}",
    f"http://youtube.com/watch?v={V}",
    f"//www.YouTube.com/watch?v={V}",
    f"www.youtube.com/watch?v={V}",
    f"youtu.be/{V}",
    f"https://youtu.be/{V}?si=abcDEF",
    f"https://m.youtube.com/watch?app=desktop&v={V}",
    f"https://music.youtube.com/watch?v={V}",
    f"https://www.youtube.com/watch?feature=player_embedded&amp;v={V}",
    f"https://www.youtube.com/watch?v={V}sharePLa1b2c3",
    f"https://www.youtube.com/watch/?v={V}",
    f"https://www.youtube.com/watch#!v={V}",
    f"https://www.youtube.com/watch_popup?v={V}",
    f"https://www.youtube.com/movie?v={V}",
    f"https://www.youtube.com/embed/{V}",
    f"https://www.youtube.com/embed/{V}&autoplay=1",
    f"https://www.youtube.com/embed/{V}?enablejsapi=1&origin=https%3A%2F%2Fnews.example",
    f"https://www.youtube-nocookie.com/embed/{V}?rel=0",
    f"https://youtube.googleapis.com/v/{V}",
    f"http://www.youtube.com/v/{V}&hl=en&fs=1",
    f"https://www.youtube.com/e/{V}",
    f"https://www.youtube.com/source/{V}/shorts",
    f"https://i.ytimg.com/vi/{V}/maxresdefault.jpg",
    f"https://i3.ytimg.com/vi_webp/{V}/sddefault.webp",
    f"https://img.youtube.com/vi/{V}/0.jpg",
    f"https://www.youtube.com/attribution_link?a=xyz&u=%2Fwatch%3Fv%3D{V}%26feature%3Dshare",
    f"https://consent.youtube.com/m?continue=https%3A%2F%2Fwww.youtube.com%2Fwatch%3Fv%3D{V}&gl=DE",
    f"https://www.youtube.com/oembed?url=https%3A%2F%2Fwww.youtube.com%2Fwatch%3Fv%3D{V}&format=json",
    f"https://web.archive.org/web/20130101000000im_/http://www.youtube.com/v/{V}",
    f"http://download.example/www.youtube.com/watch?v={V}",
    f"https://yewtu.be/watch?v={V}",
    f"https%3A%2F%2Fwww.youtube.com%2Fembed%2F{V}",
    f"  https://www.youtube.com/embed/{V}\n",
]
OTHERS = [
    (f"https://www.youtube.com/shorts/{V}?feature=share", YouTubeRef(kind="short", id=V)),
    (f"https://youtube.com/live/{V}?feature=share", YouTubeRef(kind="live", id=V)),
    (f"https://youtu.be/{V}?list={LIST}", YouTubeRef(kind="video", id=V, list=LIST)),
    (f"https://www.youtube.com/embed/{V}?list={LIST}&index=2", YouTubeRef(kind="video", id=V, list=LIST)),
    (f"https://www.youtube.com/playlist?list={LIST}", YouTubeRef(kind="playlist", id=LIST, list=LIST)),
    (f"https://www.youtube.com/embed/videoseries?list={LIST}", YouTubeRef(kind="playlist", id=LIST, list=LIST)),
    (f"https://www.youtube.com/embed?listType=playlist&list={LIST}", YouTubeRef(kind="playlist", id=LIST, list=LIST)),
    (f"https://www.youtube.com/view_play_list?p={LIST}", YouTubeRef(kind="playlist", id=LIST, list=LIST)),
    (f"https://www.youtube.com/embed/live_stream?channel={CHANNEL}", YouTubeRef(kind="live_channel", id=CHANNEL)),
    (f"https://www.youtube.com/channel/{CHANNEL}/live", YouTubeRef(kind="live_channel", id=CHANNEL)),
    (f"https://www.youtube.com/channel/{CHANNEL}", YouTubeRef(kind="channel", id=CHANNEL)),
    ("https://www.youtube.com/@station/streams", YouTubeRef(kind="channel", id="@station")),
    ("https://www.youtube.com/c/TheStation", YouTubeRef(kind="channel", id="c/TheStation")),
    (
        "https://www.youtube.com/clip/UgkxA1b2C3d4E5f6G7h8I9j0",
        YouTubeRef(kind="clip", id="UgkxA1b2C3d4E5f6G7h8I9j0"),
    ),
]
STARTS = [
    ("?t=90", 90),
    ("?t=90s", 90),
    ("?t=1m30s", 90),
    ("?t=1h2m3s", 3723),
    ("?start=12", 12),
    ("#t=1m30s", 90),
    ("?time_continue=12", None),
    ("?t=soon", None),
    ("", None),
]
NOTHING = [
    "",
    "https://www.youtube.com/",
    "https://www.youtube.com/watch?feature=foo",
    "https://www.youtube.com/watch?v=short",
    "https://www.youtube.com/hashtag/storm",
    "https://www.youtube.com/thestation",
    "https://www.youtube.com/iframe_api",
    f"https://www.youtube.com/embed/%20{V}",
    f"https://www.youtube.com/embed/{V}x",
    "https://www.youtube.com/embed/videoseries",
    "https://www.youtube.com/embed/live_stream",
    "https://accounts.youtube.com/accounts/CheckConnection",
    f"https://notyoutube.com/watch?v={V}",
    f"https://youtube.com.evil.example/watch?v={V}",
    f"https://news.example/share?to=youtube&id={V}",
    f"https://social.example/share?u=https://www.youtube.com/watch?v={V}",
    f'<a href="https://www.youtube.com/watch?v={V}">',
    "mailto:tips@youtube.com",
]


@pytest.mark.parametrize("url", VIDEOS)
def test_every_shape_of_a_video_url_names_its_video(url: str) -> None:
    assert read_url(url) == YouTubeRef(kind="video", id=V)


@pytest.mark.parametrize(("url", "expected"), OTHERS)
def test_shorts_lists_clips_and_channels_are_told_apart(url: str, expected: YouTubeRef) -> None:
    assert read_url(url) == expected


@pytest.mark.parametrize(("rest", "seconds"), STARTS)
def test_a_start_is_given_in_seconds(rest: str, seconds: int | None) -> None:
    assert read_url(f"https://youtu.be/{V}{rest}") == YouTubeRef(kind="video", id=V, start=seconds)


@pytest.mark.parametrize("url", NOTHING)
def test_what_is_no_video_names_nothing(url: str) -> None:
    assert read_url(url) is None


def test_the_player_of_an_embedding_service_shows_the_video_it_carries() -> None:
    inner = f"https%3A%2F%2Fwww.youtube.com%2Fembed%2F{V}%3Ffeature%3Doembed"

    assert read_player_url(f"https://cards.example/widgets/media.html?src={inner}&key=1") == YouTubeRef(
        kind="video", id=V
    )


@pytest.mark.parametrize("url", [*VIDEOS, *(url for url, _ in OTHERS)])
def test_a_page_url_names_what_it_was_made_of(url: str) -> None:
    ref = read_url(url)
    assert ref is not None
    again = read_url(page_url(ref))
    assert again is not None

    assert (again.id, page_url(again)) == (ref.id, page_url(ref))


@pytest.mark.parametrize(
    "word", ["popmake-674", "menu-footer", "svg-youtube", "video_swipe", "_ytid_84399", "Watchvideos"]
)
def test_words_of_eleven_letters_do_not_look_drawn(word: str) -> None:
    assert not looks_drawn(word)


@pytest.mark.parametrize("word", ["videoseries", "live_stream", "Zk3-9_aQwX", "Zk3-9_aQwXsy", "Zk3-9_aQwX "])
def test_youtubes_own_words_and_other_lengths_are_no_ids(word: str) -> None:
    assert not is_id(word)


def test_posters_are_offered_best_first() -> None:
    urls = [poster.url for poster in posters(V)]

    assert urls[0] == f"https://i.ytimg.com/vi_webp/{V}/maxresdefault.webp"
    assert urls[-1] == f"https://i.ytimg.com/vi/{V}/hqdefault.jpg"


@given(st.text(alphabet=st.sampled_from('youtbe.cm/watch?v=&#%:@-_ \\"<>\u0000aZ019'), max_size=300))
def test_any_text_is_read_without_an_error(text: str) -> None:
    read_url(text)
    read_player_url(f"https://www.youtube.com/{text}")


@given(st.text(alphabet="ABCabc012_-", min_size=11, max_size=11))
def test_an_id_survives_with_its_case(video_id: str) -> None:
    found = read_url(f"https://www.youtube.com/embed/{video_id}?rel=0")

    assert found is not None
    assert found.id == video_id
