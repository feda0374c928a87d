"""What a story needs besides its article: opened once, handed down, never global."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from harvester.config import Config
from harvester.download.videos.engine import VideoEngine
from harvester.events import Emit
from harvester.pipeline.collection import Collection
from harvester.web import Web
from harvester.workers import Workers


@dataclass(frozen=True, slots=True, kw_only=True)
class Kit:
    """The tools of one run.

    *digest* and *access* name what of the configuration decides what is planned, and which pages are had.
    When *stopping* is set nothing new is begun; what is in flight ends well.
    """

    config: Config
    digest: str
    access: str
    run: str
    web: Web
    collection: Collection
    workers: Workers
    emit: Emit
    stopping: asyncio.Event
    videos: VideoEngine
    force: bool = False
