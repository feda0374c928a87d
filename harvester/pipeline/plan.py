"""What would be downloaded: an article, its images and videos, and the order in which to try. Pure."""

from __future__ import annotations

from msgspec.structs import replace

from harvester import __version__
from harvester.articles.metadata.about import describe
from harvester.articles.opening import parse_page
from harvester.candidates.find import find
from harvester.choice import videos
from harvester.choice.propose import proposals
from harvester.choice.rank import best_declared, ranked_variants
from harvester.config import Choice, Config, digest
from harvester.model import Image, Manifest
from harvester.steps import Opened

GENERATOR = f"harvester {__version__}"


def plan(opened: Opened, config: Config) -> Manifest:
    """Return the manifest as it stands before anything is downloaded. No network, no disk, no clock."""
    document = parse_page(opened)
    article = describe(document, opened)
    found = find(document, article, opened.lead.offers, config.candidates)
    return Manifest(
        generator=GENERATOR,
        run=None,
        config_digest=digest(config),
        harvested_at=None,
        article=article,
        images=tuple(_chosen(image, config.choice) for image in found.images),
        left_out=found.left_out,
        videos=tuple(videos.planned(video, config.videos) for video in found.videos),
    )


def _chosen(image: Image, choice: Choice) -> Image:
    """Return which declared rendition is the best, and what rules propose besides."""
    ranked = ranked_variants(image, choice)
    return replace(image, best=best_declared(ranked, choice), derived=proposals(image, ranked, choice))
