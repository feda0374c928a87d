"""The other video providers that news pages embed, as data: whose player a URL is, and which video it shows.

A row's pattern is matched against the path and query, decoded once, of a URL on one of its hosts or their subdomains.
Every row has examples, which are its tests. A new provider is a new row.
"""

from __future__ import annotations

from msgspec import Struct

from harvester.model import VideoKind


class Provider(Struct, frozen=True, kw_only=True):
    """One form of a provider's URLs. *page* is the canonical URL; a row without one keeps the URL as it is.

    *linked* says that a plain link of this form certainly leads to a video. *sure* is the confidence that an embed of
    this form contains a video: a post need not have one.
    """

    name: str
    hosts: tuple[str, ...]
    pattern: str
    examples: tuple[tuple[str, str], ...]
    page: str | None = None
    linked: bool = False
    sure: float = 0.95
    kind: VideoKind = "video"


PROVIDERS: tuple[Provider, ...] = (
    Provider(
        name="vimeo",
        hosts=("player.vimeo.com",),
        pattern=r"/video/(?P<id>\d{5,12})\?(?:[^#]*&)?h=(?P<key>[0-9a-f]{6,16})",
        page="https://vimeo.com/{id}/{key}",
        examples=(("https://player.vimeo.com/video/76979871?h=8272103f6e&title=0", "76979871"),),
    ),
    Provider(
        name="vimeo",
        hosts=("vimeo.com",),
        pattern=r"/(?:video/|channels/[^/?]+/|groups/[^/?]+/videos/|album/\d+/video/|event/)?(?P<id>\d{5,12})(?![^/?])",
        page="https://vimeo.com/{id}",
        linked=True,
        examples=(
            ("//player.vimeo.com/video/76979871", "76979871"),
            ("https://vimeo.com/76979871", "76979871"),
            ("https://vimeo.com/channels/staffpicks/76979871?share=copy", "76979871"),
        ),
    ),
    Provider(
        name="dailymotion",
        hosts=("dailymotion.com",),
        pattern=r"/(?:player(?:/\w{3,12})?\.html\?(?:[^#]*&)?video=|(?:embed/|swf/)?video/|swf/)(?P<id>[xk][0-9A-Za-z]{4,19})(?![0-9A-Za-z])",
        page="https://www.dailymotion.com/video/{id}",
        linked=True,
        examples=(
            ("https://www.dailymotion.com/embed/video/x8abcde?autoplay=1", "x8abcde"),
            ("https://geo.dailymotion.com/player/x1a2b.html?video=x8abcde&mute=true", "x8abcde"),
            ("https://www.dailymotion.com/video/x8abcde_a-title", "x8abcde"),
        ),
    ),
    Provider(
        name="dailymotion",
        hosts=("dai.ly",),
        pattern=r"/(?P<id>[xk][0-9A-Za-z]{4,19})(?![0-9A-Za-z])",
        page="https://www.dailymotion.com/video/{id}",
        linked=True,
        examples=(("https://dai.ly/x8abcde", "x8abcde"),),
    ),
    Provider(
        name="facebook",
        hosts=("facebook.com",),
        pattern=r"/(?:plugins/video\.php\?(?:[^#]*&)?href=https?://(?:[a-z-]+\.)?facebook\.com/)?(?:[^/?#]+/videos/(?:[^/?#]+/)?|watch/?\?(?:[^#]*&)?v=|video\.php\?(?:[^#]*&)?v=|reel/|[^/?#]+/reels?/)(?P<id>\d{6,20})",
        page="https://www.facebook.com/watch/?v={id}",
        linked=True,
        examples=(
            (
                "https://www.facebook.com/plugins/video.php?height=314&href=https%3A%2F%2Fwww.facebook.com%2Fstation%2Fvideos%2F123456789012345%2F&show_text=false",
                "123456789012345",
            ),
            ("https://www.facebook.com/station/videos/a-title/123456789012345/", "123456789012345"),
            ("https://www.facebook.com/watch/?v=123456789012345", "123456789012345"),
            ("https://m.facebook.com/reel/123456789012345", "123456789012345"),
        ),
    ),
    Provider(
        name="x",
        hosts=("twitter.com", "x.com"),
        pattern=r"/(?:i/(?:web/)?|\w{1,20}/)(?:status|statuses|videos)/(?:tweet/)?(?P<id>\d{8,20})",
        page="https://x.com/i/status/{id}",
        sure=0.5,
        examples=(
            ("https://twitter.com/station/status/1740000000000000000?ref_src=twsrc", "1740000000000000000"),
            ("https://x.com/i/status/1740000000000000000", "1740000000000000000"),
        ),
    ),
    Provider(
        name="x",
        hosts=("platform.twitter.com", "platform.x.com"),
        pattern=r"/embed/(?:Tweet|index)\.html\?(?:[^#]*&)?id=(?P<id>\d{8,20})",
        page="https://x.com/i/status/{id}",
        sure=0.5,
        examples=(
            ("https://platform.twitter.com/embed/Tweet.html?dnt=true&id=1740000000000000000", "1740000000000000000"),
        ),
    ),
    Provider(
        name="tiktok",
        hosts=("tiktok.com",),
        pattern=r"/(?:@[^/?#]*/video/|embed/(?:v[23]/)?|player/v1/|v/)(?P<id>\d{15,21})",
        page="https://www.tiktok.com/@_/video/{id}",
        linked=True,
        examples=(
            ("https://www.tiktok.com/@station/video/7280000000000000001?lang=en", "7280000000000000001"),
            ("https://www.tiktok.com/embed/v2/7280000000000000001", "7280000000000000001"),
            ("https://www.tiktok.com/player/v1/7280000000000000001?autoplay=1", "7280000000000000001"),
        ),
    ),
    Provider(
        name="instagram",
        hosts=("instagram.com",),
        pattern=r"/(?:[\w.]{1,40}/)?(?:reels?|tv)/(?P<id>[A-Za-z0-9_-]{8,40})(?![A-Za-z0-9_-])",
        page="https://www.instagram.com/reel/{id}/",
        linked=True,
        kind="short",
        examples=(("https://www.instagram.com/reel/C1a2B3c4D5e/embed/captioned/", "C1a2B3c4D5e"),),
    ),
    Provider(
        name="instagram",
        hosts=("instagram.com",),
        pattern=r"/(?:[\w.]{1,40}/)?p/(?P<id>[A-Za-z0-9_-]{8,40})(?![A-Za-z0-9_-])",
        page="https://www.instagram.com/p/{id}/",
        sure=0.4,
        examples=(("https://www.instagram.com/p/C1a2B3c4D5e/?utm_source=ig_embed", "C1a2B3c4D5e"),),
    ),
    Provider(
        name="jwplayer",
        hosts=("cdn.jwplayer.com", "content.jwplatform.com"),
        pattern=r"/(?:players|previews|manifests|v2/media|jw6)/(?P<id>[A-Za-z0-9]{8})(?![A-Za-z0-9])",
        page="https://cdn.jwplayer.com/previews/{id}",
        examples=(
            ("https://cdn.jwplayer.com/players/a1B2c3D4-e5F6g7H8.html", "a1B2c3D4"),
            ("//content.jwplatform.com/players/a1B2c3D4-e5F6g7H8.js", "a1B2c3D4"),
        ),
    ),
    Provider(
        name="brightcove",
        hosts=("players.brightcove.net",),
        pattern=r"/(?P<account>\d{5,20})/(?P<player>[\w-]{1,60}_[\w-]{1,20})/(?:index\.html)?\?(?:[^#]*&)?videoId=(?P<id>\d{5,20}|ref:[^&#]{1,80})",
        page="https://players.brightcove.net/{account}/{player}/index.html?videoId={id}",
        examples=(
            (
                "https://players.brightcove.net/1234567890001/default_default/index.html?videoId=6300000000001&autoplay=1",
                "6300000000001",
            ),
            ("https://players.brightcove.net/1234567890001/aB3dE_default/index.html?videoId=ref:clip-7", "ref:clip-7"),
        ),
    ),
    Provider(
        name="brightcove",
        hosts=("link.brightcove.com", "c.brightcove.com"),
        pattern=r"/services/\w+/[^?#]*\?(?:[^#]*&)?(?:bctid|videoId|@videoPlayer)=(?P<id>\d{5,20})",
        examples=(
            ("http://link.brightcove.com/services/player/bcpid1234567890001?bctid=6300000000001", "6300000000001"),
        ),
    ),
    Provider(
        name="kaltura",
        hosts=("kaltura.com",),
        pattern=r"/(?![^?]*/thumbnail/)[^#]*?(?:entry_?id[=/]|/entryId/)(?P<id>[01]_[a-z0-9]{8})",
        examples=(
            (
                "https://cdnapisec.kaltura.com/p/1234567/sp/123456700/embedIframeJs/uiconf_id/23456789/partner_id/1234567?iframeembed=true&entry_id=0_a1b2c3d4",
                "0_a1b2c3d4",
            ),
            ("https://www.kaltura.com/index.php/extwidget/preview/entry_id/1_a1b2c3d4/embed/iframe", "1_a1b2c3d4"),
        ),
    ),
    Provider(
        name="rumble",
        hosts=("rumble.com",),
        pattern=r"/embed/(?:[0-9a-z]{1,12}\.)?(?P<id>v[0-9a-z]{4,10})(?![0-9a-z])",
        page="https://rumble.com/embed/{id}/",
        examples=(
            ("https://rumble.com/embed/v1a2b3c/?pub=4", "v1a2b3c"),
            ("https://rumble.com/embed/ufe9n.v1a2b3c/", "v1a2b3c"),
        ),
    ),
    Provider(
        name="rumble",
        hosts=("rumble.com",),
        pattern=r"/(?P<id>v[0-9a-z]{4,10})-[^/?#]{1,200}\.html",
        linked=True,
        examples=(("https://rumble.com/v1a2b3c-a-title.html", "v1a2b3c"),),
    ),
    Provider(
        name="bilibili",
        hosts=("bilibili.com",),
        pattern=r"/(?:(?:video/)|(?:blackboard/)?(?:html5mobile)?player\.html\?(?:[^#]*&)?bvid=)(?P<id>BV[0-9A-Za-z]{10}|av\d{1,12})",
        page="https://www.bilibili.com/video/{id}",
        linked=True,
        examples=(
            ("//player.bilibili.com/player.html?isOutside=true&bvid=BV1xx411c7mD&p=1", "BV1xx411c7mD"),
            ("https://www.bilibili.com/video/BV1xx411c7mD/", "BV1xx411c7mD"),
            ("https://www.bilibili.com/video/av170001", "av170001"),
        ),
    ),
    Provider(
        name="bilibili",
        hosts=("player.bilibili.com",),
        pattern=r"/player\.html\?(?:[^#]*&)?aid=(?P<id>\d{1,12})",
        page="https://www.bilibili.com/video/av{id}",
        examples=(("https://player.bilibili.com/player.html?aid=170001&cid=279786", "170001"),),
    ),
    Provider(
        name="telegram",
        hosts=("t.me", "telegram.me"),
        pattern=r"/(?:s/)?(?P<id>[A-Za-z]\w{3,40}/\d{1,10})(?![\w/])",
        page="https://t.me/{id}",
        sure=0.5,
        examples=(("https://t.me/station/1234?embed=1&mode=tme", "station/1234"),),
    ),
    Provider(
        name="soundcloud",
        hosts=("w.soundcloud.com",),
        pattern=r"/player/?\?(?:[^#]*&)?url=(?:https?:)?//api\.soundcloud\.com/(?P<id>(?:tracks|playlists)/(?:soundcloud:\w+:)?\d{4,14})",
        page="https://api.soundcloud.com/{id}",
        examples=(
            (
                "https://w.soundcloud.com/player/?url=https%3A//api.soundcloud.com/tracks/123456789&color=%23ff5500",
                "tracks/123456789",
            ),
        ),
    ),
    Provider(
        name="soundcloud",
        hosts=("w.soundcloud.com",),
        pattern=r"/player/?\?(?:[^#]*&)?url=(?:https?:)?//(?:m\.|www\.)?soundcloud\.com/(?P<id>[\w-]{1,60}/(?:sets/)?[\w-]{1,200})",
        page="https://soundcloud.com/{id}",
        examples=(
            ("https://w.soundcloud.com/player/?url=https://soundcloud.com/station/an-episode", "station/an-episode"),
        ),
    ),
)
