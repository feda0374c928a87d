"""OPML: the lists of feeds that feed readers exchange. Source: https://opml.org/spec2.opml"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from harvester import urls
from harvester.articles.feeds.xml_stream import elements
from harvester.errors import SourceError

MOST_FEEDS = 20_000
"""Of one list; the longest public ones have a quarter of them."""


def feeds(chunks: Iterable[bytes], name: str) -> Iterator[tuple[str, str]]:
    """Yield the resolved address of every feed once, and the address as written, from outlines at any depth.

    Raises SourceError where the list is broken, after all that stands before, and where it names more than MOST_FEEDS.
    """
    given: set[str] = set()
    for element in elements(chunks, name):
        attributes = {key.lower(): value for key, value in element.attributes.items()}
        stated = attributes.get("xmlurl", "").strip() if element.name == "outline" else ""
        url = urls.resolve_web(stated)
        if url and url not in given:
            if len(given) == MOST_FEEDS:
                raise SourceError(f"{name}: names more than {MOST_FEEDS:,} feeds; the rest is left", code="too_large")
            given.add(url)
            yield url, stated
