"""OPML: the lists of feeds that readers of feeds exchange. Source: https://opml.org/spec2.opml"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from harvester import urls
from harvester.articles.xml_events import elements
from harvester.errors import SourceError

MOST_FEEDS = 20_000
"""Of one list; the longest public ones have a quarter of them."""


def feeds(chunks: Iterable[bytes], name: str) -> Iterator[str]:
    """Give the address of every feed once, however deep its outline lies.

    Raises SourceError where it is broken, after all that stands before, and where it names more than MOST_FEEDS.
    """
    given: set[str] = set()
    for element in elements(chunks, name):
        attributes = {key.lower(): value for key, value in element.attributes.items()}
        url = urls.resolve_web(attributes.get("xmlurl", "").strip()) if element.name == "outline" else None
        if url and url not in given:
            if len(given) == MOST_FEEDS:
                what = f"more than {MOST_FEEDS:,} feeds; the rest is not read"
                raise SourceError(f"{name}: names {what}", code="too_large")
            given.add(url)
            yield url
