"""More wrappers: proxies that take the picture's URL as a parameter, in base64, or anywhere in their path."""

from __future__ import annotations

from harvester.renditions.rules import Rule

_PICTURE = r"(?:jpe?g|png|webp|avif|gif|tiff?|heic)"

PROXIES: tuple[Rule, ...] = (
    Rule(
        id="next-image",
        kind="unwrap_url",
        hint="/_next/image",
        find=r"/_next/image/?\?(?:[^#]*&)?url=(?P<url>[^&#]+)",
        examples=(
            (
                "https://news.example/_next/image?url=https%3A%2F%2Fcdn.example%2Fa.jpg&w=1080&q=75",
                "https://cdn.example/a.jpg",
            ),
            ("https://news.example/_next/image?url=%2Fmedia%2Fa.jpg&w=640&q=75", "https://news.example/media/a.jpg"),
        ),
    ),
    Rule(
        id="vercel-image",
        kind="unwrap_url",
        hint="/_vercel/image",
        find=r"/_vercel/image/?\?(?:[^#]*&)?url=(?P<url>[^&#]+)",
        examples=(
            ("https://news.example/_vercel/image?url=%2Fmedia%2Fa.jpg&w=640&q=75", "https://news.example/media/a.jpg"),
        ),
    ),
    Rule(
        id="netlify-image",
        kind="unwrap_url",
        hint="/.netlify/images",
        find=r"/\.netlify/images/?\?(?:[^#]*&)?url=(?P<url>[^&#]+)",
        examples=(("https://news.example/.netlify/images?url=/media/a.jpg&w=640", "https://news.example/media/a.jpg"),),
    ),
    Rule(
        id="astro-image",
        kind="unwrap_url",
        hint="/_image?",
        find=r"/_image\?(?:[^#]*&)?href=(?P<url>[^&#]+)",
        examples=(
            ("https://news.example/_image?href=%2Fmedia%2Fa.png&w=640&f=webp", "https://news.example/media/a.png"),
        ),
    ),
    Rule(
        id="origami",
        kind="unwrap_url",
        hint="/raw/",
        find=r"/(?:__origami/service/image/v\d/images/raw|v\d/image/raw)/(?P<url>https?(?::|%3[Aa])[^?]+)",
        examples=(
            (
                "https://www.paper.example/__origami/service/image/v2/images/raw/https%3A%2F%2Fd1.cloudfront.net%2Fproduction%2Fa.jpg?source=next&width=700",
                "https://d1.cloudfront.net/production/a.jpg",
            ),
            (
                "https://images.paper.example/v3/image/raw/https%3A%2F%2Fd1.cloudfront.net%2Fa.jpg?width=700",
                "https://d1.cloudfront.net/a.jpg",
            ),
        ),
    ),
    Rule(
        id="weserv",
        kind="unwrap_url",
        hosts=("images.weserv.nl", "wsrv.nl"),
        find=r"[?&]url=(?:ssl(?::|%3[Aa]))?(?P<url>[^&#]+)",
        examples=(
            ("https://images.weserv.nl/?url=origin.example/a.jpg&w=300", "https://origin.example/a.jpg"),
            ("https://wsrv.nl/?url=https%3A%2F%2Forigin.example%2Fa.jpg&w=300", "https://origin.example/a.jpg"),
        ),
    ),
    Rule(
        id="safe-image",
        kind="unwrap_url",
        hint="safe_image.php",
        find=r"/safe_image\.php\?(?:[^#]*&)?url=(?P<url>[^&#]+)",
        examples=(
            (
                "https://external.fbcdn.net/safe_image.php?d=AQ&w=540&url=https%3A%2F%2Forigin.example%2Fa.jpg&_nc_hash=x",
                "https://origin.example/a.jpg",
            ),
        ),
    ),
    Rule(
        id="imgproxy",
        kind="unwrap_url",
        hint="/plain/",
        find=r"/plain/(?P<url>https?(?::|%3[Aa])[^?]+?)(?:@\w{3,4})?$",
        examples=(
            (
                "https://img.example/insecure/rs:fit:640:360/plain/https://origin.example/a.jpg@webp",
                "https://origin.example/a.jpg",
            ),
        ),
    ),
    Rule(
        id="base64-address",
        kind="unwrap_url",
        hint="/aHR0c",  # `http` in base64
        find=r"/(?P<url>aHR0c[\w/=-]+)(?:\.\w{3,4})?(?:$|\?)",
        codec="base64",
        examples=(
            (
                "https://img.example/insecure/w:640/aHR0cHM6Ly9vcmlnaW4uZXhhbXBsZS9hLmpwZw.webp",
                "https://origin.example/a.jpg",
            ),
        ),
    ),
    Rule(
        id="aws-image-handler",
        kind="unwrap_url",
        hint="/eyJ",  # `{"` in base64
        find=r"/(?P<url>eyJ[\w=+-]{16,})(?:$|\?)",
        codec="edits",
        examples=(
            (
                "https://d1.cloudfront.net/eyJidWNrZXQiOiJiIiwia2V5IjoiYS5qcGciLCJlZGl0cyI6eyJyZXNpemUiOnsid2lkdGgiOjY0MH19fQ==",
                "https://d1.cloudfront.net/eyJidWNrZXQiOiJiIiwia2V5IjoiYS5qcGcifQ==",
            ),
        ),
    ),
    Rule(
        id="address-in-path",
        kind="unwrap_url",
        hint="/http",
        find=rf"^https?://(?=[^?]*\.{_PICTURE}(?:\?|$))[^/?]+/(?:[^?]*/)?"
        rf"(?P<url>https?(?:://?|%3[Aa]%2[Ff]%2[Ff])(?:(?!%2[Ff])[^/?])++(?:/|%2[Ff])[^?]*\.{_PICTURE})(?:\?|$)",
        examples=(
            (
                "https://ix.example/https%3A%2F%2Forigin.example%2Fa.jpg?auto=format&w=1200&s=34e941c9",
                "https://origin.example/a.jpg",
            ),
            ("https://resize.example/640x480/https://origin.example/a.jpg", "https://origin.example/a.jpg"),
        ),
    ),
    Rule(
        id="address-in-query",
        kind="unwrap_url",
        hint="=http",
        find=rf"[?&](?:url|u|src|img|image|imgurl|image_url|image_uri|href|source|file)="
        rf"(?P<url>https?(?::|%3[Aa])[^&#]*?\.{_PICTURE}(?:(?:\?|%3[Ff])[^&#]*)?)(?:&|$)",
        examples=(
            ("https://proxy.example/iu/?u=https%3A%2F%2Forigin.example%2Fa.jpg&f=1", "https://origin.example/a.jpg"),
            ("https://proxy.example/resize?w=300&url=https://origin.example/a.jpg", "https://origin.example/a.jpg"),
        ),
    ),
)
