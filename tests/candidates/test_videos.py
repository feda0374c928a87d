"""Where videos stand in pages: every shape of an embed, what is only linked, and what is no video at all."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester import markup
from harvester.candidates.page.dom import Dom
from harvester.candidates.videos.finding import find_videos
from harvester.markup import Document
from harvester.model import Video
from harvester.steps import Offer
from tests.support.patience import cheapest

V, W = "Zk3-9_aQwXs", "b7RtYu2oPqM"
LIST = "PLa1b2c3d4e5f6g7h8i9j0"
CHANNEL = "UCa1b2c3d4e5f6g7h8i9j0kL"
WATCH = f"https://www.youtube.com/watch?v={V}"
EMBED = f"https://www.youtube.com/embed/{V}"
BASE = "https://news.example/2024/storm.html"
PACKED = b64encode(f'<iframe width="640" src="{EMBED}"></iframe>'.encode()).decode()

EMBEDS = [
    f'<iframe src="{EMBED}"></iframe>',
    f"<iframe src={EMBED}></iframe>",
    f"<iframe src='{EMBED}?start=5'></iframe>",
    f'<iframe data-src="{EMBED}"></iframe>',
    f'<iframe data-lazy-src="//www.youtube.com/embed/{V}"></iframe>',
    f'<iframe data-litespeed-src="{EMBED}"></iframe>',
    f'<iframe data-cookieconsent-src="{EMBED}"></iframe>',
    f'<iframe data-whatever-its-name="{EMBED}"></iframe>',
    f'<iframe srcdoc="&lt;a href={EMBED}?autoplay=1&gt;&lt;iframe src=&quot;{EMBED}&quot;&gt;"></iframe>',
    f'<iframe srcdoc="&lt;a href={EMBED}?autoplay=1&gt;&lt;img src=/play.png&gt;&lt;/a&gt;"></iframe>',
    f'<script type="text/template">{PACKED}</script>',
    f'<div data-consent-content="{PACKED}"></div>',
    f'<iframe src="https://cards.example/media.html?src=https%3A%2F%2Fwww.youtube.com%2Fembed%2F{V}"></iframe>',
    f'<object data="http://www.youtube.com/v/{V}&amp;hl=en"></object>',
    f'<object><param name="movie" value="http://www.youtube.com/v/{V}"></object>',
    f'<embed src="https://youtube.com/v/{V}?fs=1">',
    f'<noscript><iframe src="{EMBED}"></iframe></noscript>',
    f'<template><iframe src="{EMBED}"></iframe></template>',
    f"<p>&lt;iframe width=560 src=&quot;{EMBED}&quot;&gt;&lt;/iframe&gt;</p>",
    f'<video><source type="video/youtube" src="https://youtu.be/{V}?_=1"></video>',
    f'<lite-youtube videoid="{V}"></lite-youtube>',
    f'<amp-youtube data-videoid="{V}"></amp-youtube>',
    f'<youtube-video src="{WATCH}"></youtube-video>',
    f'<video-player video-id="{V}" video-type="youtube"></video-player>',
    f'<div data-youtube-id="{V}"></div>',
    f'<div class="player" data-video-id="{V}" data-provider="YouTube"></div>',
    f'<div class="youtube-player" data-id="{V}"></div>',
    f'<div class="youtube" id="{V}"></div>',
    f'<figure class="video--youtube"><button data-video-id="{V}">Play</button></figure>',
    f'<div data-plyr-provider="youtube" data-plyr-embed-id="{V}"></div>',
    f'<div data-embed-url="{WATCH}"></div>',
    f'<div data-type="youtube" data-url="{WATCH}"></div>',
    f'<div data-embed-frame="&lt;iframe src=&quot;{EMBED}&quot;&gt;&lt;/iframe&gt;"></div>',
    f"""<div data-block-json='{{"type":"youtube","id":"{V}"}}'></div>""",
    f'<figure class="wp-block-embed"><div class="wp-block-embed__wrapper">\n{WATCH}\n</div></figure>',
    f'<div class="facade"><img src="https://i.ytimg.com/vi/{V}/hqdefault.jpg"></div>',
    f"<div style=\"background-image: url('https://i.ytimg.com/vi/{V}/hqdefault.jpg')\"></div>",
    f'<meta property="og:video:url" content="{EMBED}">',
    f'<meta name="twitter:player" content="{EMBED}">',
    f'<meta itemprop="embedURL" content="{WATCH}">',
    f'<link rel="alternate" type="application/json+oembed" href="https://www.youtube.com/oembed?url={quote(WATCH)}">',
    f'<script type="application/ld+json">{{"@graph":[{{"@type":"VideoObject","embedUrl":"{EMBED}"}}]}}</script>',
    f'<script type="application/ld+json">{{"@type":["VideoObject"],"contentUrl":"{WATCH}"}}</script>',
    f'<script type="application/ld+json">{{"@type":"VideoObject","embedUrl":"{EMBED}" damaged</script>',
]
SCRIPTS = [
    f'{{"body":"<p>x<\\/p><iframe src=\\"https:\\/\\/www.youtube.com\\/embed\\/{V}?rel=0\\"><\\/iframe>"}}',
    f'{{"body":"\\u003ciframe src=\\"https:\\u002F\\u002Fwww.youtube.com\\u002Fembed\\u002F{V}\\"\\u003e"}}',
    f'window.__STATE__ = {{"media":{{"youtubeId":"{V}"}}}};',
    f'{{"youtube_id":"{V}","caption":"storm"}}',
    f"{{youTubeVideoID: '{V}'}}",
    f'{{"youtube":{{"width":640,"id":"{V}"}}}}',
    f'{{"provider":"youtube","thumb":{{"id":"aaBB11ccDD2"}},"videoId":"{V}"}}',
    f'{{"id":"{V}","type":"YouTube"}}',
    f'{{"attribs":{{"src":"//www.youtube.com/embed/{V}?wmode=transparent"}}}}',
    f'{{"type":"oembed","url":"{WATCH}"}}',
    f"new YT.Player('player', {{height: '390', videoId: '{V}', events: {{}}}});",
    f'player.loadVideoById("{V}");',
    f"$('#box').html('<iframe src=\"{EMBED}\"></iframe>');",
]
LINKS = [
    f'<a href="{WATCH}">watch</a>',
    f'<a href="https://youtu.be/{V}?t=5">watch</a>',
    f'<map><area href="{WATCH}"></map>',
    f'<a href="{WATCH}" data-label="{WATCH}" title="{WATCH}"><img src="https://i.ytimg.com/vi/{V}/0.jpg"></a>',
    f'<a href="https://web.archive.org/web/2013/{WATCH}">archived</a>',
    f"<p>See {WATCH}, it says.</p>",
    f"<div onclick=\"open('{WATCH}')\">watch</div>",
    f'<script>{{"text":"<a href=\\"{WATCH}\\">x</a>"}}</script>',
    f'<script>site.livestream = "{WATCH}";</script>',
    f'<script>{{"demo":{{"builders":"{EMBED}"}}}}</script>',
]
NOTHING = [
    f'<!-- <iframe src="{EMBED}"></iframe> -->',
    '<iframe src="https://www.youtube.com/embed/videoseries"></iframe>',
    '<iframe src="https://www.youtube.com/embed/live_stream"></iframe>',
    '<a href="https://www.youtube.com/@station">our channel</a>',
    '<a href="https://www.youtube.com/c/TheStation">our channel</a>',
    '<div class="youtube" id="menu-footer"></div>',
    '<div class="youtube-popup popmake-674" data-id="popmake-674"></div>',
    '<button data-video="video_swipe">swipe</button>',
    '<svg class="svg-youtube" id="svg-youtube"></svg>',
    '<iframe class="youtube" id="_ytid_84399" src="about:blank"></iframe>',
    f'<pre><code>&lt;iframe src="{EMBED}"&gt;</code></pre>',
    f'<textarea>&lt;iframe src="{EMBED}"&gt;</textarea>',
    f'<a href="/other.html"><img src="https://i.ytimg.com/vi/{V}/hqdefault.jpg"></a>',
    f'<a href="https://social.example/share?u={WATCH}">share</a>',
    f'<script>var poster = "https://i.ytimg.com/vi/{V}/hqdefault.jpg";</script>',
    f'<script>var shelf = {{"articleId": "{V}", "title": "On YouTube"}}</script>',
    f'<div data-article-token="{V}"></div>',
    '<video src="blob:https://news.example/1"></video>',
    '<video src=""></video>',
]


def videos_of(html: str) -> tuple[Video, ...]:
    return found_in(markup.parse(html, BASE))


def found_in(document: Document, offers: Sequence[Offer] = ()) -> tuple[Video, ...]:
    return find_videos(document, Dom(document), offers)


@pytest.mark.parametrize("html", EMBEDS)
def test_every_shape_of_an_embed_is_found_once(html: str) -> None:
    found = videos_of(html)

    assert [(v.provider, v.id, v.url, v.embedded) for v in found] == [("youtube", V, WATCH, True)]


@pytest.mark.parametrize("script", SCRIPTS)
def test_players_that_a_script_makes_are_found(script: str) -> None:
    found = videos_of(f"<script>{script}</script>")

    assert [(v.id, v.embedded) for v in found] == [(V, True)]
    assert found[0].origin.startswith("script")


@pytest.mark.parametrize("html", LINKS)
def test_what_only_leads_to_a_video_is_linked_and_says_so(html: str) -> None:
    found = videos_of(html)

    assert [(v.id, v.embedded) for v in found] == [(V, False)]
    assert "link" in found[0].origin


@pytest.mark.parametrize("html", NOTHING)
def test_what_is_no_video_is_not_found(html: str) -> None:
    assert videos_of(html) == ()


def test_two_facts_of_one_object_are_not_taken_for_an_id() -> None:
    assert videos_of(f'<script>{{"provider_name":"YouTube","provider_id":"{V}"}}</script>') == ()


@pytest.mark.parametrize(
    ("html", "kind", "playlist", "url"),
    [
        (
            f'<iframe src="https://www.youtube.com/embed/videoseries?list={LIST}"></iframe>',
            "playlist",
            LIST,
            f"https://www.youtube.com/playlist?list={LIST}",
        ),
        (
            f'<lite-youtube playlistid="{LIST}"></lite-youtube>',
            "playlist",
            LIST,
            f"https://www.youtube.com/playlist?list={LIST}",
        ),
        (
            f'<iframe src="https://www.youtube.com/embed/live_stream?channel={CHANNEL}"></iframe>',
            "channel",
            None,
            f"https://www.youtube.com/channel/{CHANNEL}/live",
        ),
        (
            f'<amp-youtube data-live-channelid="{CHANNEL}"></amp-youtube>',
            "channel",
            None,
            f"https://www.youtube.com/channel/{CHANNEL}/live",
        ),
    ],
)
def test_lists_and_running_channels_have_a_url_but_no_video_id(
    html: str, kind: str, playlist: str | None, url: str
) -> None:
    (found,) = videos_of(html)

    assert (found.kind, found.id, found.list, found.url, found.embedded) == (kind, None, playlist, url, True)


def test_shorts_and_live_broadcasts_keep_their_kind() -> None:
    found = videos_of(
        f'<a href="https://www.youtube.com/shorts/{V}">s</a><a href="https://www.youtube.com/live/{W}">l</a>'
    )

    assert [(v.kind, v.url) for v in found] == [("short", WATCH), ("live", f"https://www.youtube.com/watch?v={W}")]


def test_a_video_in_a_list_keeps_both_and_its_start() -> None:
    (found,) = videos_of(f'<iframe src="{EMBED}?list={LIST}&amp;start=42"></iframe>')

    assert (found.id, found.list, found.start) == (V, LIST, 42)


def test_one_video_is_one_video_and_the_player_wins_over_the_link() -> None:
    found = videos_of(f'<a href="{WATCH}&amp;t=9">x</a><iframe src="{EMBED}?start=5"></iframe><a href="{WATCH}">y</a>')

    assert [(v.number, v.embedded, v.origin, v.start) for v in found] == [(1, True, "iframe[src]", 5)]


def test_a_video_named_in_a_text_is_numbered_where_the_text_stands() -> None:
    ids = [f"Zk3-9_aQwX{letter}" for letter in "abcdef"]
    a, b, c, d, e, f = (f"https://youtu.be/{video}" for video in ids)
    found = videos_of(f'<div>{a} <p>{b} <a href="{c}">x</a> {d}</p> {e}</div><iframe src="{f}"></iframe>')

    assert [video.id for video in found] == ids


def test_videos_are_numbered_in_the_order_of_the_page() -> None:
    found = videos_of(f'<a href="https://youtu.be/{W}">x</a><iframe src="{EMBED}"></iframe>')

    assert [(v.number, v.id) for v in found] == [(1, W), (2, V)]


def test_the_case_of_an_id_is_kept_where_a_glued_tag_is_mended() -> None:
    (found,) = videos_of(f'<div><iframesrc="{EMBED}?rel=0"width="560"></iframe></div>')

    assert found.id == V


def test_a_youtube_video_has_its_posters_best_first() -> None:
    (found,) = videos_of(f'<iframe src="{EMBED}"></iframe>')

    assert found.poster is not None
    assert found.poster.variants == ()
    assert found.poster.derived[0].rule == "youtube-thumbnail"
    assert found.poster.derived[0].url == f"https://i.ytimg.com/vi_webp/{V}/maxresdefault.webp"


def test_a_poster_that_the_page_declares_is_a_variant_and_not_derived_again() -> None:
    declared = f"https://i.ytimg.com/vi/{V}/hq720.jpg"
    (found,) = videos_of(
        f'<iframe src="{EMBED}"></iframe><script type="application/ld+json">{{"@type":"VideoObject",'
        f'"embedUrl":"{EMBED}","thumbnailUrl":["{declared}","/p.jpg"],'
        f'"thumbnail":{{"@type":"ImageObject","url":"/q.jpg","width":"1280","height":720}}}}</script>'
    )

    assert found.poster is not None
    assert [(v.url, v.width) for v in found.poster.variants] == [
        (declared, None),
        ("https://news.example/p.jpg", None),
        ("https://news.example/q.jpg", 1280),
    ]
    assert declared not in [d.url for d in found.poster.derived]


@pytest.mark.parametrize(
    ("html", "url"),
    [
        ('<video src="/clips/a.mp4" poster="/a.jpg"></video>', "https://news.example/clips/a.mp4"),
        (
            '<video poster="/a.jpg"><source src="a.m3u8"><source src="a.webm"><source src="a.mp4"></video>',
            "https://news.example/2024/a.mp4",
        ),
        ('<video data-src="https://cdn.example/a.mp4?x=1" poster="/a.jpg"></video>', "https://cdn.example/a.mp4?x=1"),
    ],
)
def test_a_plain_video_is_a_file_with_its_poster(html: str, url: str) -> None:
    (found,) = videos_of(html)

    assert (found.provider, found.kind, found.url, found.embedded) == ("file", "file", url, True)
    assert found.poster is not None
    assert [v.url for v in found.poster.variants] == ["https://news.example/a.jpg"]


def test_a_plain_sound_is_a_file_without_a_poster() -> None:
    (found,) = videos_of('<audio><source src="/a.mp3" type="audio/mpeg"></audio>')

    assert (found.provider, found.url, found.poster) == ("file", "https://news.example/a.mp3", None)


def test_what_a_feed_offers_is_among_the_videos() -> None:
    offers = (
        Offer(url=f"https://www.youtube.com/v/{V}?version=3", type="application/x-shockwave-flash"),
        Offer(url="https://media.example/episode", type="audio/mpeg"),
        Offer(url="https://media.example/picture.jpg", type="image/jpeg"),
    )
    found = found_in(markup.parse("<p>x</p>", BASE), offers)

    assert [(v.number, v.provider, v.url, v.origin) for v in found] == [
        (1, "youtube", WATCH, "offer"),
        (2, "file", "https://media.example/episode", "offer"),
    ]


def test_a_quoted_post_is_an_embed_of_less_confidence_and_a_mere_link_to_one_is_not() -> None:
    post = "https://twitter.com/station/status/1740000000000000000"
    (found,) = videos_of(f'<blockquote class="twitter-tweet"><p>x</p><a href="{post}">d</a></blockquote>')

    assert (found.provider, found.embedded) == ("x", True)
    assert found.confidence <= 0.5
    assert videos_of(f'<p><a href="{post}">d</a></p>') == ()


def test_other_providers_are_found_in_players_links_and_waiting_elements() -> None:
    found = videos_of(
        '<iframe src="https://player.vimeo.com/video/76979871"></iframe>'
        '<a href="https://www.dailymotion.com/video/x8abcde">x</a>'
        '<div class="consent" data-embed="https://rumble.com/embed/v1a2b3c/"></div>'
        '<div class="fb-video" data-href="https://www.facebook.com/station/videos/123456789012345/"></div>'
        '<script src="https://cdn.jwplayer.com/players/a1B2c3D4-e5F6g7H8.js"></script>'
    )

    assert [(v.provider, v.embedded) for v in found] == [
        ("vimeo", True),
        ("dailymotion", False),
        ("rumble", True),
        ("facebook", True),
        ("jwplayer", True),
    ]


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 10_000 + f'<iframe src="{EMBED}">',
        "<script>" + '"youtube.com/' * 200_000 + "</script>",
        "<script>" + '{"type":"youtube",' * 50_000 + "</script>",
        f'<div data-x="{"youtube " * 100_000}"></div>',
        "<p>" + "<iframe src=youtube " * 50_000,
        "<p>youtube</p>" * 100_000,
        ("<script>" + '"youtube.com/' * 1_000 + "</script>") * 200,
        '<a href="https://www.youtube.com/a">x</a>' * 100_000,
        '<script type="application/ld+json">' + '{"@type":"VideoObject","a":' * 100_000 + "</script>",
        '<a href="https://www.youtube.com/' + "a/http://" * 400 + '">',
    ],
    ids=["nested", "urls", "objects", "attribute", "tags", "texts", "scripts", "links", "json", "wrapped"],
)
def test_hostile_pages_are_read_in_bounded_time(html: str) -> None:
    document = markup.parse(html, BASE)
    dom = Dom(document)

    assert cheapest(lambda: find_videos(document, dom), enough=4) < 4


@given(
    st.lists(
        st.sampled_from(["<iframe src=", EMBED, '"', "'", ">", "<", "\\/", "&quot;", "{", "}", "youtube", ":", V, "\0"])
    )
)
def test_damaged_markup_is_read_without_an_error(parts: list[str]) -> None:
    found = videos_of("".join(parts)) + videos_of("<script>" + "".join(parts))

    assert all(video.id in (V, None) or len(video.id or "") == 11 for video in found)
