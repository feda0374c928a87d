"""Attributes in which players carry the bare id of a video, as data.

Every row has an example, which is its test.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct

from harvester.candidates.videos.providers import ProviderRef


class Marker(Struct, frozen=True, kw_only=True):
    """An attribute in which a custom player carries the bare id of a video. *tag* or *beside* narrow it down.

    *beside* is another attribute that the element must have, and its value (empty: any). *example* is an element and
    the id in it.
    """

    name: str
    attribute: str
    page: str
    example: tuple[str, str]
    tag: str | None = None
    beside: tuple[str, str] | None = None
    form: str = r"\d{5,20}"
    sure: float = 0.9

    def read(self, tag: str, value: str, attributes: Mapping[str, str | None]) -> ProviderRef | None:
        """Return the video that *value* names, or None when the element does not match."""
        if self.tag not in (None, tag) or not re.fullmatch(self.form, value):
            return None
        if self.beside and not self._is_beside(attributes.get(self.beside[0]) or ""):
            return None
        known = {name: text or "default" for name, text in attributes.items()}
        page = self.page.format(**{"data-player": "default", **known, "id": value})
        return ProviderRef(provider=self.name, id=value, url=page, kind="video", linked=False, sure=self.sure)

    def _is_beside(self, value: str) -> bool:
        wanted = self.beside[1] if self.beside else ""
        return value.lower() == wanted if wanted else value != ""


MARKERS: tuple[Marker, ...] = (
    Marker(
        name="vimeo",
        attribute="data-vimeo-id",
        page="https://vimeo.com/{id}",
        example=('<div data-vimeo-id="76979871"></div>', "76979871"),
    ),
    Marker(
        name="vimeo",
        attribute="data-plyr-embed-id",
        beside=("data-plyr-provider", "vimeo"),
        page="https://vimeo.com/{id}",
        example=('<div data-plyr-provider="vimeo" data-plyr-embed-id="76979871"></div>', "76979871"),
    ),
    Marker(
        name="vimeo",
        tag="lite-vimeo",
        attribute="videoid",
        page="https://vimeo.com/{id}",
        example=('<lite-vimeo videoid="76979871"></lite-vimeo>', "76979871"),
    ),
    Marker(
        name="vimeo",
        tag="amp-vimeo",
        attribute="data-videoid",
        page="https://vimeo.com/{id}",
        example=('<amp-vimeo data-videoid="76979871"></amp-vimeo>', "76979871"),
    ),
    Marker(
        name="dailymotion",
        tag="amp-dailymotion",
        attribute="data-videoid",
        form=r"[xk][0-9A-Za-z]{4,19}",
        page="https://www.dailymotion.com/video/{id}",
        example=('<amp-dailymotion data-videoid="x8abcde"></amp-dailymotion>', "x8abcde"),
    ),
    Marker(
        name="dailymotion",
        attribute="data-video",
        beside=("class", "dailymotion-player"),
        form=r"[xk][0-9A-Za-z]{4,19}",
        page="https://www.dailymotion.com/video/{id}",
        example=('<div class="dailymotion-player" data-video="x8abcde"></div>', "x8abcde"),
    ),
    Marker(
        name="x",
        tag="amp-twitter",
        attribute="data-tweetid",
        page="https://x.com/i/status/{id}",
        sure=0.5,
        example=('<amp-twitter data-tweetid="1740000000000000000"></amp-twitter>', "1740000000000000000"),
    ),
    Marker(
        name="instagram",
        tag="amp-instagram",
        attribute="data-shortcode",
        form=r"[A-Za-z0-9_-]{8,40}",
        page="https://www.instagram.com/p/{id}/",
        sure=0.4,
        example=('<amp-instagram data-shortcode="C1a2B3c4D5e"></amp-instagram>', "C1a2B3c4D5e"),
    ),
    Marker(
        name="tiktok",
        tag="blockquote",
        attribute="data-video-id",
        form=r"\d{15,21}",
        page="https://www.tiktok.com/@_/video/{id}",
        example=(
            '<blockquote class="tiktok-embed" data-video-id="7280000000000000001"></blockquote>',
            "7280000000000000001",
        ),
    ),
    Marker(
        name="jwplayer",
        tag="amp-jwplayer",
        attribute="data-media-id",
        form=r"[A-Za-z0-9]{8}",
        page="https://cdn.jwplayer.com/previews/{id}",
        example=('<amp-jwplayer data-media-id="a1B2c3D4"></amp-jwplayer>', "a1B2c3D4"),
    ),
    Marker(
        name="brightcove",
        attribute="data-video-id",
        beside=("data-account", ""),
        form=r"\d{5,20}|ref:\S{1,80}",
        page="https://players.brightcove.net/{data-account}/{data-player}_default/index.html?videoId={id}",
        example=(
            '<video-js data-account="1234567890001" data-player="aB3dE" data-video-id="6300000000001"></video-js>',
            "6300000000001",
        ),
    ),
    Marker(
        name="telegram",
        attribute="data-telegram-post",
        form=r"[A-Za-z]\w{3,40}/\d{1,10}",
        page="https://t.me/{id}",
        sure=0.5,
        example=('<script data-telegram-post="station/1234"></script>', "station/1234"),
    ),
)

BY_ATTRIBUTE = {row.attribute: [m for m in MARKERS if m.attribute == row.attribute] for row in MARKERS}
"""The rows for each attribute, by its name."""
