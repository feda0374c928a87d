"""Proxies that carry the address of the picture in their own: the safest rules, since the origin is a real address."""

from __future__ import annotations

from harvester.renditions.rules import Rule

WRAPPERS: tuple[Rule, ...] = (
    Rule(
        id="next-image",
        kind="unwrap_url",
        hint="/_next/image?",
        find=r"/_next/image\?(?:[^#]*&)?url=(?P<url>[^&#]+)",
        examples=(
            (
                "https://news.example/_next/image?url=https%3A%2F%2Fcdn.example%2Fa.jpg&w=1080&q=75",
                "https://cdn.example/a.jpg",
            ),
            ("https://news.example/_next/image?url=%2Fmedia%2Fa.jpg&w=640&q=75", "https://news.example/media/a.jpg"),
        ),
    ),
)
