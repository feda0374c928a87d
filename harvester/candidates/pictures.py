"""Pictures that elements show: `img` with its `picture` and sources, and their kin."""

from __future__ import annotations

from collections.abc import Iterator

from harvester.candidates.places import Place
from harvester.candidates.survey import Survey
from harvester.model import Variant


def pictures(survey: Survey) -> Iterator[Place]:
    """Give every place where an element shows a picture."""
    for number in survey.tagged("img"):
        url = survey.resolve(survey.outline.attributes(number).get("src") or "")
        if url:
            yield Place(
                kind="img",
                number=number,
                node=survey.outline.nodes[number],
                origin="img",
                variants=(Variant(url=url, origin="img@src"),),
            )
