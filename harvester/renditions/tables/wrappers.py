"""Proxies whose URL contains the picture's: the safest rules, since it is a real URL."""

from __future__ import annotations

from harvester.renditions.rules import Rule

# What thumbor's URLs may contain before the origin: https://thumbor.readthedocs.io/en/latest/usage.html
_THUMBOR = (
    r"/(?:unsafe|[\w-]{20,43}=)/(?:(?:meta|trim(?::[\w-]+)*|\d+x\d+:\d+x\d+|(?:(?:adaptive-|full-)*fit-in)|"
    r"-?(?P<w>\d*)x-?(?P<h>\d*)|left|right|center|top|middle|bottom|smart|filters:[^/]*)/)*"
)
_HOST_PATH = r"[\w-]+(?:\.[\w-]+)*\.[a-z]{2,18}(?::\d+)?(?:/|%2[Ff]).+"  # a URL without its scheme
_ADDRESS = rf"(?P<url>(?:https?(?::|%3[Aa])|{_HOST_PATH[:-2]}).+)"

WRAPPERS: tuple[Rule, ...] = (
    Rule(
        id="photon",
        kind="unwrap_url",
        hosts=("i0.wp.com", "i1.wp.com", "i2.wp.com", "i3.wp.com"),
        find=r"\.wp\.com/(?P<url>[^?]+)\?(?:[^#]*&)?ssl=1",
        into=(r"https://\g<url>",),
        examples=(
            ("https://i0.wp.com/site.example/a/b.jpg?resize=770%2C513&ssl=1", "https://site.example/a/b.jpg"),
            ("https://i2.wp.com/site.example/a/b.png?ssl=1&w=300", "https://site.example/a/b.png"),
        ),
    ),
    Rule(
        id="photon-plain",
        kind="unwrap_url",
        hosts=("i0.wp.com", "i1.wp.com", "i2.wp.com", "i3.wp.com"),
        find=r"\.wp\.com/(?P<url>[^?]+)(?:\?(?!(?:.*&)?ssl=1).*)?$",
        into=(r"http://\g<url>",),
        examples=(("https://i1.wp.com/site.example/a/b.jpg?w=640", "http://site.example/a/b.jpg"),),
    ),
    Rule(
        id="cloudinary-fetch",
        kind="unwrap_url",
        hint="/image/fetch/",
        find=r"/image/fetch/(?:(?!https?(?::|%3[Aa]))[^/?]+/)*(?P<url>https?(?::|%3[Aa])[^?]+)",
        examples=(
            (
                "https://res.cloudinary.com/demo/image/fetch/w_640,c_limit/https://origin.example/a.jpg",
                "https://origin.example/a.jpg",
            ),
            (
                "https://substackcdn.com/image/fetch/$s_!ab12!,w_1456,c_limit,f_auto,q_auto:good/https%3A%2F%2Fsubstack-post-media.s3.amazonaws.com%2Fpublic%2Fimages%2Fa_1600x900.png",
                "https://substack-post-media.s3.amazonaws.com/public/images/a_1600x900.png",
            ),
        ),
    ),
    Rule(
        id="arc-resizer-v1",
        kind="unwrap_url",
        hint="/resizer/",
        find=rf"/resizer{_THUMBOR}{_ADDRESS}",
        examples=(
            (
                "https://www.paper.example/resizer/3a3m4bKSZITk3do3EMqn3-MHFE0=/1200x630/smart/filters:quality(50)/cloudfront-ap-northeast-1.images.arcpublishing.com/paper/C5TD7WETVJI4PD34ZPGQDC5SJM.jpg",
                "https://cloudfront-ap-northeast-1.images.arcpublishing.com/paper/C5TD7WETVJI4PD34ZPGQDC5SJM.jpg",
            ),
        ),
    ),
    Rule(
        id="thumbor",
        kind="unwrap_url",
        hint="=/",
        find=_THUMBOR + _ADDRESS,
        examples=(
            (
                "https://img.example/thumbor/J9nmzjvHCaaSPVgDdAmIeWHa7PI=/0x0:3000x2000/fit-in/640x480/smart/filters:format(webp)/cdn.site.example/uploads/a.jpg",
                "https://cdn.site.example/uploads/a.jpg",
            ),
            (
                "https://s2.example/J9nmzjvHCaaSPVgDdAmIeWHa7PI=/600x0/https%3A%2F%2Forigin.example%2Fphoto%2F1.jpg",
                "https://origin.example/photo/1.jpg",
            ),
        ),
    ),
    Rule(
        id="thumbor-unsafe",
        kind="unwrap_url",
        hint="/unsafe/",
        find=_THUMBOR + _ADDRESS,
        examples=(
            (
                "https://thumbs.example/unsafe/300x200/smart/https://origin.example/a.jpg",
                "https://origin.example/a.jpg",
            ),
            ("https://thumbs.example/unsafe/300x0/origin.example/a.jpg", "https://origin.example/a.jpg"),
        ),
    ),
    Rule(
        id="thumbor-own-store",  # the origin is a name in the server's own store, which cannot be reached from outside
        kind="replace_segment",
        hint="=/",
        find=_THUMBOR + r"(?P<url>[^?]+)$",
        into=(r"/\g<url>",),
        signed="whole",
        leaves=("https://c.site.example/m2/VHrktW72ndaoBIh5n88H1QKMGDQ=/1640x1093/smart/frimg/1/54/79/1547996.jpg",),
    ),
    Rule(
        id="brightspot-dims",
        kind="unwrap_url",
        hint="/dims",
        find=r"^(?>.*?/dims\d/)(?>(?:[^?]*/resize/(?P<w>\d+)x(?P<h>\d+))?[^?]*+)\?(?:[^#]*&)?url=(?P<url>[^&#]+)",
        examples=(
            (
                "https://dims.example/dims4/default/64a9e6d/2147483647/strip/true/crop/3000x2000+0+0/resize/599x399!/quality/90/?url=https%3A%2F%2Fstore-brightspot.s3.amazonaws.com%2F36%2F6a%2Fharbour.jpg",
                "https://store-brightspot.s3.amazonaws.com/36/6a/harbour.jpg",
            ),
        ),
    ),
    Rule(
        id="brightspot-dims-path",
        kind="unwrap_url",
        hint="/dims3/",
        find=r"/dims3/(?:(?!https?:)[^/?]*/)*(?P<url>https?:/.+)",
        examples=(
            (
                "https://o.example/dims3/GLOB/crop/600x400+0+0/resize/300x200!/https://origin.example/a.jpg",
                "https://origin.example/a.jpg",
            ),
        ),
    ),
    Rule(
        id="imrs",
        kind="unwrap_url",
        hint="/imrs.php?",
        find=r"/imrs\.php\?(?:[^#]*&)?src=(?P<url>[^&#]+)",
        examples=(
            (
                "https://www.paper.example/wp-apps/imrs.php?src=https%3A%2F%2Farc.example%2Fpublic%2FABC.jpg&w=1200",
                "https://arc.example/public/ABC.jpg",
            ),
            (
                "https://www.paper.example/wp-apps/imrs.php?src=https://arc.example/public/ABC.jpg&w=916",
                "https://arc.example/public/ABC.jpg",
            ),
        ),
    ),
    Rule(
        id="yahoo",
        kind="unwrap_url",
        hosts=("yimg.com",),
        hint="/api/res/",
        find=r"/api/res/[\d.]+/[^?]*?/(?P<url>https?(?::|%3[Aa]).+)",
        examples=(
            (
                "https://s.yimg.com/ny/api/res/1.2/x_Y1--/YXBwaWQ9aGlnaGxhbmRlcjt3PTEyMDA-/https://media.zenfs.com/en/agency/0a1b2c.jpg",
                "https://media.zenfs.com/en/agency/0a1b2c.jpg",
            ),
        ),
    ),
    Rule(
        id="nuxt-ipx",
        kind="unwrap_url",
        hint="/_ipx/",
        find=r"/_ipx/(?=[^/]*+/[^?])(?:[^/]*?\bw_(?P<w>\d+)[^/]*|[^/]*)/(?P<url>[^?]+)",
        examples=(
            ("https://news.example/_ipx/w_640,q_80/uploads/a.jpg", "https://news.example/uploads/a.jpg"),
            ("https://news.example/_ipx/_/https://cdn.example/a.jpg", "https://cdn.example/a.jpg"),
        ),
    ),
    Rule(
        id="cloudflare-image",
        kind="unwrap_url",
        hint="/cdn-cgi/image/",
        find=r"/cdn-cgi/image/(?=[^/]*+/.)(?:[^/]*?\bwidth=(?P<w>\d+)[^/]*|[^/]*)/(?P<url>.+)",
        examples=(
            (
                "https://www.weekly.example/cdn-cgi/image/width=640,quality=80,format=auto/content-assets/a.jpg",
                "https://www.weekly.example/content-assets/a.jpg",
            ),
            (
                "https://img.example/cdn-cgi/image/fit=cover,width=300/https://origin.example/a.jpg",
                "https://origin.example/a.jpg",
            ),
        ),
    ),
    Rule(
        id="amp-cache",
        kind="unwrap_url",
        hosts=("cdn.ampproject.org",),
        find=r"\.cdn\.ampproject\.org/ii?/(?:w(?P<w>\d+)/)?s/(?P<url>.+)",
        into=(r"https://\g<url>",),
        examples=(
            ("https://site-example.cdn.ampproject.org/i/s/site.example/a.jpg", "https://site.example/a.jpg"),
            ("https://site-example.cdn.ampproject.org/ii/w820/s/site.example/a.jpg", "https://site.example/a.jpg"),
        ),
    ),
    Rule(
        id="ifeng-resizer",
        kind="unwrap_url",
        hosts=("d.ifengimg.com",),
        find=rf"ifengimg\.com/(?:w(?P<w>\d+)_)?(?:h(?P<h>\d+)_)?[^/]*/(?P<url>{_HOST_PATH})",
        examples=(
            (
                "https://d.ifengimg.com/w640_h360_q90_webp/x0.ifengimg.com/ucms/2023_37/0A1B_size99_w1080_h720.jpg",
                "https://x0.ifengimg.com/ucms/2023_37/0A1B_size99_w1080_h720.jpg",
            ),
        ),
    ),
)
